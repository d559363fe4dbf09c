"""Modality: the words by which a text binds somebody ("shall", "Establish ...") or tells of a
measure ("has adopted"). They are a stance's evidence, and commitments are graded by them.
"""
