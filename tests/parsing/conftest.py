"""Small PDFs made on the spot."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    """Bytes of a PDF whose pages the given functions draw, one function a page."""

    def make(*pages: Callable[[Any], None], **options: Any) -> bytes:
        stream = io.BytesIO()
        canvas = Canvas(stream, pagesize=A4, **options)
        for draw in pages:
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return stream.getvalue()

    return make
