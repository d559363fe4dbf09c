"""Reference data on countries and on organisations with dated membership."""
