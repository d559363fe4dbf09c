"""PDF from a report's HTML, by WeasyPrint, which needs Debian's libpango."""

from __future__ import annotations

import logging
import warnings

from miner.errors import MissingExtra

_STEP = (
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 and pip install "
    "weasyprint; or write the report as .html and print it from a browser."
)


def pdf(html: str) -> bytes:
    """A tagged PDF of a page that needs nothing from elsewhere; nothing is fetched.

    Raises MissingExtra where WeasyPrint or a library that it needs is missing.
    """
    try:
        with warnings.catch_warnings():
            # WeasyPrint 70 deprecates doing without HarfBuzz-Subset, and then subsets by fontTools.
            warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
            from weasyprint import HTML
    except (ImportError, OSError) as error:
        cause = " ".join(str(error).split())[:160]
        raise MissingExtra("PDF report", f"WeasyPrint cannot be used ({cause})", _STEP) from error
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    made: bytes | None = HTML(string=html, url_fetcher=_refuse).write_pdf(pdf_variant="pdf/ua-1")
    return made or b""


def _refuse(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"reports fetch nothing: {url}")
