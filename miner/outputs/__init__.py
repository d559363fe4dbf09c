"""What other programs and people on paper get: tables, citations, annotations, reports."""
