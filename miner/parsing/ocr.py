"""OCR: words and boxes of a page image, by the `tesseract` program."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from functools import lru_cache
from statistics import median

import pypdfium2 as pdfium

from miner.errors import UnreadableDocument
from miner.parsing.glyphs import Word

_DPI = 300
_TIMEOUT = 120
_MIN_CONFIDENCE = 30.0
_WANTED = ("eng", "fra", "spa", "por", "deu", "rus", "ara")
"""Languages given to the program where its data for them is installed."""


def available() -> bool:
    """Whether the `tesseract` program is on the path."""
    return shutil.which("tesseract") is not None


@lru_cache(maxsize=1)
def _languages() -> str:
    done = subprocess.run(
        ["tesseract", "--list-langs"], capture_output=True, text=True, timeout=30, check=False
    )
    installed = set(done.stdout.split())
    return "+".join(code for code in _WANTED if code in installed) or "eng"


def words_of(page: pdfium.PdfPage, name: str, number: int) -> list[Word]:
    """The words recognised on `page`, boxes in points from the top left.

    Raises UnreadableDocument where the program fails or takes over two minutes.
    """
    image = page.render(scale=_DPI / 72, grayscale=True).to_pil()
    stream = io.BytesIO()
    image.save(stream, format="png", dpi=(_DPI, _DPI))
    command = ["tesseract", "stdin", "stdout", "-l", _languages(), "--dpi", str(_DPI), "tsv"]
    try:
        done = subprocess.run(
            command,
            input=stream.getvalue(),
            capture_output=True,
            timeout=_TIMEOUT,
            check=True,
            # Pages are read by several processes at once; threads within one only get in the way.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise UnreadableDocument(
            name, f"OCR failed on page {number}", "Check tesseract, or parse with OCR off"
        ) from error
    return _words(done.stdout.decode("utf-8", "replace"))


def _words(table: str) -> list[Word]:
    scale = 72 / _DPI
    words: list[Word] = []
    lines: dict[tuple[str, ...], int] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row["level"] != "5" or not text or float(row["conf"]) < _MIN_CONFIDENCE:
            continue
        key = (row["block_num"], row["par_num"], row["line_num"])
        line = lines.setdefault(key, len(lines))
        x0, y0 = int(row["left"]) * scale, int(row["top"]) * scale
        x1, y1 = x0 + int(row["width"]) * scale, y0 + int(row["height"]) * scale
        words.append(Word(text, x0, y0, x1, y1, 0.0, 400, line))
    return _even(words)


def _even(words: list[Word]) -> list[Word]:
    """Words of a line given one height: boxes of single words follow their letters."""
    spans: dict[int, tuple[float, float]] = {}
    for word in words:
        low, high = spans.get(word.line, (word.y0, word.y1))
        spans[word.line] = (min(low, word.y0), max(high, word.y1))
    usual = median([y1 - y0 for y0, y1 in spans.values()]) if spans else 0.0
    even = []
    for word in words:
        y0, y1 = spans[word.line]
        # A line without tall letters measures less: only a real step is another size.
        height = usual if 0.65 * usual < y1 - y0 < 1.4 * usual else y1 - y0
        size = round(height * 2 * 0.85) / 2
        even.append(Word(word.text, word.x0, y0, word.x1, y1, size, 400, word.line))
    return even
