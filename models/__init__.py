"""What the project knows and has learnt: the taxonomy, frameworks and trained weights, as data."""
