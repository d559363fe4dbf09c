"""Tagging: which concepts a passage addresses, what it does with them, and the words for it."""
