"""What the API takes and gives: one model per noun, each with an example.

Answers are read from the domain's own dataclasses (`from_attributes`); names are the same.
"""
