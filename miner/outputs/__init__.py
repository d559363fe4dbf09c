"""What is given to other programs and to people on paper: tables, citations, annotations, reports."""
