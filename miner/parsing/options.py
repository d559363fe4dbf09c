"""What a caller may ask of the parser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """Limits and choices; picklable, so that a process pool can carry them.

    ocr: `auto` reads pages without a text layer with the `tesseract` program where it is
        installed; `off` never does.
    max_pages: most pages a document may have.
    max_bytes: most bytes a file may have.
    password: opens a protected PDF.
    tables: whether ruled tables are looked for.
    """

    ocr: Literal["auto", "off"] = "auto"
    max_pages: int = 5000
    max_bytes: int = 500 * MIB
    password: str | None = None
    tables: bool = True
