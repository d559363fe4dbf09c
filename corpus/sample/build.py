"""Build the sample corpus: documents/ and manifest.tsv from the Markdown texts in source/.

Run ``python -m corpus.sample.build`` to build in place, ``--out DIR`` to build elsewhere and
``--list`` to print what the corpus holds. The same sources give the same bytes on each run with
the same library versions.

A source text opens with YAML front matter (its manifest row, its layout and its running header)
and uses a small part of Markdown: headings, paragraphs, ``- `` bullets, tables, fenced lines,
``[^1]`` footnotes, and two comments: ``<!-- page -->`` for a page break and ``<!-- toc -->`` for
a contents page that has page numbers.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import yaml
from docx.enum.text import WD_BREAK
from PIL import Image, ImageChops
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Preformatted,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "path",
    "title",
    "country",
    "country_code",
    "organisations",
    "year",
    "language",
    "issuing_body",
    "type",
    "url",
    "licence",
    "notes",
)
LICENCE = "CC0-1.0"
NOTE_MARK = re.compile(r"\[\^(\d+)\]")
SCAN_DPI = 125


@dataclass(frozen=True)
class Block:
    """One block: a heading, paragraph, bullet, table, fenced lines, footnote or comment."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Source:
    """One source text: its front matter, its Markdown body and the blocks of that body."""

    meta: dict[str, str]
    body: str
    blocks: tuple[Block, ...]


def read_source(path: Path) -> Source:
    """Read one Markdown file with front matter."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    meta = {key: str(value) for key, value in yaml.safe_load(front).items()}
    return Source(meta, body.strip() + "\n", tuple(parse(body)))


def read_sources() -> list[Source]:
    """Read every source text, in the order of the file names."""
    return [read_source(path) for path in sorted((HERE / "source").glob("*.md"))]


def parse(body: str) -> Iterator[Block]:
    """Split the body into blocks; each paragraph and bullet of a source is one line."""
    lines = iter(body.splitlines())
    table: list[tuple[str, ...]] = []
    for line in lines:
        if line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if not all(set(cell) <= set("-:") for cell in cells):
                table.append(cells)
            continue
        if table:
            yield Block("table", rows=tuple(table))
            table = []
        if line.startswith("```"):
            fenced = []
            for inner in lines:
                if inner.startswith("```"):
                    break
                fenced.append(inner)
            yield Block("fenced", "\n".join(fenced))
        elif line.startswith("<!--"):
            yield Block(line.strip("<!-> "))
        elif match := re.match(r"(#+) (.*)", line):
            yield Block("heading", match[2], len(match[1]))
        elif match := re.match(r"\[\^(\d+)\]: (.*)", line):
            yield Block("note", match[2], int(match[1]))
        elif line.startswith("- "):
            yield Block("bullet", line[2:])
        elif line.strip():
            yield Block("paragraph", line)
    if table:
        yield Block("table", rows=tuple(table))


# ---- text formats


def build_md(source: Source) -> bytes:
    """Give the body as it stands, without the comments."""
    return re.sub(r"<!--.*?-->\n\n?", "", source.body).encode()


def build_txt(source: Source) -> bytes:
    """Wrap at 78 columns; each page has a header and a number, and form feeds part the pages."""
    pages: list[list[str]] = [[]]
    for block in source.blocks:
        page = pages[-1]
        if block.kind == "page":
            pages.append([])
        elif block.kind == "heading":
            page += [
                "",
                *textwrap.wrap(block.text.upper() if block.level < 3 else block.text, 78),
                "",
            ]
        elif block.kind == "bullet":
            page += textwrap.wrap(block.text, 78, initial_indent="  * ", subsequent_indent="    ")
        elif block.kind == "table":
            page += [*text_table(block.rows), ""]
        elif block.kind == "fenced":
            page += [*block.text.splitlines(), ""]
        else:
            page += [*textwrap.wrap(NOTE_MARK.sub(r" (\1)", block.text), 78), ""]
    framed = [
        "\n".join([source.meta["header"], "", *page, f"- {number} -".center(78).rstrip(), ""])
        for number, page in enumerate(pages, 1)
    ]
    return "\f".join(framed).encode()


def text_table(rows: tuple[tuple[str, ...], ...]) -> list[str]:
    """Lay a table out in columns of at most 44 characters."""
    widths = [min(44, max(map(len, column))) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [textwrap.wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        for index in range(max(map(len, cells))):
            parts = [cell[index] if index < len(cell) else "" for cell in cells]
            lines.append(
                "  ".join(
                    part.ljust(width) for part, width in zip(parts, widths, strict=True)
                ).rstrip()
            )
    return lines


def build_html(source: Source) -> bytes:
    """Make a web page with a banner, navigation, the text and a footer."""
    title = escape(source.meta["title"])
    nav, main, in_list = [], [], False
    for number, block in enumerate(source.blocks):
        if in_list != (block.kind == "bullet"):
            in_list = not in_list
            main.append("<ul>" if in_list else "</ul>")
        text = NOTE_MARK.sub(r"<sup>\1</sup>", escape(block.text))
        if block.kind == "heading":
            if block.level == 2:
                nav.append(f'<li><a href="#s{number}">{text}</a></li>')
            main.append(f'<h{block.level} id="s{number}">{text}</h{block.level}>')
        elif block.kind == "bullet":
            main.append(f"<li>{text}</li>")
        elif block.kind == "table":
            tags = ["th", *["td"] * (len(block.rows) - 1)]
            rows = [
                "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"
                for tag, row in zip(tags, block.rows, strict=True)
            ]
            main += ["<table>", *rows, "</table>"]
        elif block.text:
            main.append(f"<p>{text}</p>")
    page = [
        "<!DOCTYPE html>",
        f'<html lang="{source.meta["language"]}">',
        f'<head><meta charset="utf-8"><title>{title}</title>',
        "<style>body{max-width:46em;margin:auto}td,th{border:1px solid}</style></head>",
        f"<body><header><p>{escape(source.meta['header'])}</p></header>",
        "<nav><p>On this page</p><ul>",
        *nav,
        "</ul></nav><main>",
        *main,
        "</main><footer><p>Contact | Accessibility | Privacy notice</p></footer></body></html>",
    ]
    return ("\n".join(page) + "\n").encode()


def build_docx(source: Source) -> bytes:
    """Make a Word document with heading styles, a running header, page breaks and ruled tables."""
    document = docx.Document()
    fixed = datetime(2020, 1, 1)
    properties = document.core_properties
    properties.author, properties.title = source.meta["issuing_body"], source.meta["title"]
    properties.created = properties.modified = fixed
    document.sections[0].header.paragraphs[0].text = source.meta["header"]
    for block in source.blocks:
        if block.kind == "page":
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif block.kind == "heading":
            document.add_heading(block.text, block.level - 1)
        elif block.kind == "table":
            table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
            for row in block.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        else:
            document.add_paragraph(
                block.text, style="List Bullet" if block.kind == "bullet" else None
            )
    buffer, fixed_zip = io.BytesIO(), io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(fixed_zip, "w") as new:
        for name in old.namelist():
            new.writestr(
                zipfile.ZipInfo(name, fixed.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED
            )
    return fixed_zip.getvalue()


# ---- PDF


@dataclass(frozen=True)
class Layout:
    """The fonts and measures of one PDF layout."""

    font: str = "Times-Roman"
    bold: str = "Times-Bold"
    size: float = 12
    leading: float = 17
    margin: float = 28 * mm
    columns: int = 1


LAYOUTS = {
    "pdf": Layout(),
    "pdf-contents": Layout(size=11, leading=15.5),
    "pdf-two-column": Layout("Helvetica", "Helvetica-Bold", 9.5, 14.5, 22 * mm, 2),
    "pdf-scan": Layout("Courier", "Courier-Bold", 10, 14.5, 24 * mm),
}


class FootOfPage(Flowable):  # type: ignore[misc]
    """Footnotes under a short rule at the foot of the page; they take all the room left there."""

    def __init__(self, notes: list[Paragraph]) -> None:
        """Keep the notes."""
        super().__init__()
        self.notes = notes

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Ask for the rest of the page, or for more than there is when the notes do not fit."""
        self.heights = [note.wrap(width, height)[1] for note in self.notes]
        return width, max(height - 1, sum(self.heights) + 6)

    def draw(self) -> None:
        """Draw the notes upwards from the foot."""
        y = 0.0
        for note, height in reversed(list(zip(self.notes, self.heights, strict=True))):
            note.drawOn(self.canv, 0, y)
            y += height
        self.canv.line(0, y + 3, 60 * mm, y + 3)


class Report(BaseDocTemplate):  # type: ignore[misc]
    """A document that tells its contents page where each numbered heading fell."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (the name is reportlab's)
        """Enter headings of the second and third level in the contents."""
        level = getattr(flowable, "contents_level", None)
        if level is not None:
            self.notify("TOCEntry", (level, flowable.getPlainText(), self.page))


def soften(text: str) -> str:
    """Put soft hyphens in long words, so that narrow columns can break them."""
    vowel, consonant = "aeiouy", "bcdfglmnprstvz"
    split = re.compile(
        f"(?<=[{vowel}])(?=[{consonant}][{vowel}])|(?<=[lmnrs])(?=[bcdfgpstv][{vowel}])"
    )

    def word(match: re.Match[str]) -> str:
        return match[0][:2] + split.sub("\u00ad", match[0][2:-3]) + match[0][-3:]

    return re.sub(r"[A-Za-z]{7,}", word, text)


def build_pdf(source: Source) -> bytes:
    """Set the text in its layout, with running header, footer and page numbers."""
    layout = LAYOUTS[source.meta["layout"]]
    buffer = io.BytesIO()
    report = Report(
        buffer,
        pagesize=A4,
        invariant=1,
        title=source.meta["title"],
        author=source.meta["issuing_body"],
    )
    report.addPageTemplates(page_templates(source, layout))
    report.multiBuild(story(source.blocks, layout))
    return buffer.getvalue()


def page_templates(source: Source, layout: Layout) -> list[PageTemplate]:
    """Give the page templates; two columns have a first page, later pages and a full-width page."""
    width, height, margin = A4[0], A4[1], layout.margin
    inner, tall, head, gap = width - 2 * margin, height - 50 * mm, 34 * mm, 7 * mm

    def furniture(canvas: Canvas, report: Report) -> None:
        canvas.setFont(layout.font, 8)
        if report.page > 1 and "header" in source.meta:
            canvas.drawString(margin, height - 15 * mm, source.meta["header"])
            canvas.line(margin, height - 17 * mm, width - margin, height - 17 * mm)
        if layout.columns == 2:
            canvas.drawString(margin, 13 * mm, source.meta["issuing_body"])
            canvas.drawRightString(width - margin, 13 * mm, f"Page {report.page}")
        else:
            canvas.drawCentredString(width / 2, 13 * mm, str(report.page))

    def frame(x: float, wide: float, high: float, y: float = 24 * mm) -> Frame:
        return Frame(x, y, wide, high, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)

    full = PageTemplate("full", [frame(margin, inner, tall)], onPage=furniture)
    if layout.columns == 1:
        return [full]
    column = (inner - gap) / 2
    first = [frame(margin, inner, head, 24 * mm + tall - head)]
    first += [frame(x, column, tall - head) for x in (margin, margin + column + gap)]
    later = [frame(x, column, tall) for x in (margin, margin + column + gap)]
    return [
        PageTemplate("first", first, onPage=furniture, autoNextPageTemplate="columns"),
        PageTemplate("columns", later, onPage=furniture),
        full,
    ]


def story(blocks: tuple[Block, ...], layout: Layout) -> list[Flowable]:
    """Turn the blocks into the flowables of a PDF."""
    two = layout.columns == 2
    body = ParagraphStyle(
        "body",
        fontName=layout.font,
        fontSize=layout.size,
        leading=layout.leading,
        spaceAfter=layout.leading / 2,
        alignment=TA_JUSTIFY if layout.font != "Courier" else 0,
    )
    bullet = ParagraphStyle("bullet", body, leftIndent=12, bulletIndent=2)
    small = ParagraphStyle("small", body, fontSize=8.5, leading=10.5, spaceAfter=1)
    cell = ParagraphStyle("cell", small, alignment=0, spaceAfter=0)
    heads = {
        level: ParagraphStyle(
            f"h{level}",
            fontName=layout.bold,
            fontSize=size,
            leading=size * 1.3,
            spaceBefore=6,
            spaceAfter=5,
            keepWithNext=1,
        )
        for level, size in ((1, 18), (2, layout.size + 2.5), (3, layout.size + 0.5))
    }
    flow: list[Flowable] = []
    notes: list[Paragraph] = []
    paragraphs = 0
    for block in blocks:
        text = NOTE_MARK.sub(
            r"<super>\1</super>", escape(soften(block.text) if two else block.text)
        )
        if block.kind == "note":
            notes.append(Paragraph(f"{block.level} {text}", small))
        elif block.kind == "page":
            flow += [FootOfPage(notes)] if notes else []
            flow += [NextPageTemplate("full")] if two else []
            flow.append(PageBreak())
            notes = []
        elif block.kind == "toc":
            entries = [
                ParagraphStyle(f"t{n}", body, leftIndent=14 * n, alignment=0, spaceAfter=0)
                for n in (0, 1)
            ]
            flow += [
                Paragraph("Contents", heads[2]),
                TableOfContents(dotsMinLevel=0, levelStyles=entries),
            ]
        elif block.kind == "heading":
            heading = Paragraph(escape(block.text), heads[block.level])
            if re.match(r"\d", block.text):
                heading.contents_level = block.level - 2
            flow.append(heading)
        elif block.kind == "bullet":
            flow.append(Paragraph(text, bullet, bulletText="\u2022"))
        elif block.kind == "fenced":
            flow.append(Preformatted(block.text, body))
        elif block.kind == "table":
            grid = [[Paragraph(escape(value), cell) for value in row] for row in block.rows]
            wide = (A4[0] - 2 * layout.margin) / (len(grid[0]) + 1)
            ruled = Table(grid, [2 * wide, *[wide] * (len(grid[0]) - 1)], repeatRows=1)
            rules = [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
            ]
            ruled.setStyle(TableStyle(rules))
            flow += [ruled, Spacer(1, layout.leading)]
        else:
            flow.append(Paragraph(text, body))
            paragraphs += 1
            if two and paragraphs == 1:
                flow.append(FrameBreak())
    return [*flow, FootOfPage(notes)] if notes else flow


def build_scan(source: Source) -> bytes:
    """Set the text, then keep only pictures of the pages: slightly turned, noisy and grey."""
    dice = random.Random(2009)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    with pypdfium2.PdfDocument(build_pdf(source)) as pdf:
        for page in pdf:
            image: Image.Image = page.render(scale=SCAN_DPI / 72).to_pil().convert("L")
            image = image.rotate(dice.uniform(-0.5, 0.5), Image.Resampling.BICUBIC, fillcolor=255)
            noise = Image.frombytes("L", image.size, dice.randbytes(image.width * image.height))
            image = ImageChops.subtract(image, noise.point([value // 18 for value in range(256)]))
            jpeg = io.BytesIO()
            image.save(jpeg, "JPEG", quality=42, dpi=(SCAN_DPI, SCAN_DPI))
            jpeg.seek(0)
            canvas.drawImage(ImageReader(jpeg), 0, 0, *A4)
            canvas.showPage()
    canvas.save()
    return buffer.getvalue()


BUILDERS: dict[str, Callable[[Source], bytes]] = {
    "md": build_md,
    "txt": build_txt,
    "html": build_html,
    "docx": build_docx,
    "pdf": build_pdf,
    "pdf-contents": build_pdf,
    "pdf-two-column": build_pdf,
    "pdf-scan": build_scan,
}


# ---- the corpus


def build(out: Path = HERE) -> list[Path]:
    """Build every document and the manifest under ``out``; return the paths of the documents."""
    rl_config.useA85 = 0
    sources, written = read_sources(), []
    for source in sources:
        path = out / source.meta["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(BUILDERS[source.meta["layout"]](source))
        written.append(path)
    with (out / "manifest.tsv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.DictWriter(
            stream, COLUMNS, delimiter="\t", lineterminator="\n", extrasaction="ignore"
        )
        rows.writeheader()
        rows.writerows({"url": "", "licence": LICENCE, **source.meta} for source in sources)
    return written


def count_pages(source: Source, path: Path) -> int:
    """Count the pages of a built document; formats without pages count as one."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            return len(pdf)
    if path.suffix in {".txt", ".docx"}:
        return 1 + sum(block.kind == "page" for block in source.blocks)
    return 1


def describe(out: Path = HERE) -> Iterator[str]:
    """Give one line for each built document and a last line with the totals."""
    totals = [0, 0, 0]
    for source in read_sources():
        path = out / source.meta["path"]
        numbers = [count_pages(source, path), len(source.body.split()), path.stat().st_size]
        totals = [total + number for total, number in zip(totals, numbers, strict=True)]
        pages, words, size = numbers
        counts = f"{pages:3} pages {words:6} words {size:8} bytes"
        yield f"{source.meta['path']:48} {counts}  {source.meta['layout']}"
    pages, words, size = totals
    yield f"{len(read_sources())} documents, {pages} pages, {words} words, {size} bytes"


def main(arguments: list[str] | None = None) -> None:
    """Build the corpus, or list it."""
    parser = argparse.ArgumentParser(
        description="Build the invented sample corpus of Policy Miner."
    )
    parser.add_argument(
        "--out", type=Path, default=HERE, help="folder for documents/ and manifest.tsv"
    )
    parser.add_argument(
        "--list", action="store_true", help="list the built documents and build nothing"
    )
    options: Any = parser.parse_args(arguments)
    if not options.list:
        build(options.out)
    print("\n".join(describe(options.out)))


if __name__ == "__main__":
    main()
