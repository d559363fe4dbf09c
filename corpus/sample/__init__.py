"""The invented sample corpus: source texts, built documents and their manifest."""
