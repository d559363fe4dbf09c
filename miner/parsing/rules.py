"""Rules: tables drawn with lines, found from the page's path objects.

pdfplumber's table geometry (edges, intersections, cells) is used on pdfium's paths: its own
page reading is sixty times slower than pdfium's, its geometry alone is not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells
from pdfplumber.table import merge_edges as merge

from miner.parsing.glyphs import Frame, Word

Bounds = tuple[float, float, float, float]
_THIN = 3.0
_MAX_PATHS = 3000
"""More paths than this is a drawing or a map."""


def objects_of(page: pdfium.PdfPage, limit: int = 20_000) -> Iterator[tuple[int, Any]]:
    """(type, raw object) of the page's objects, those within forms included."""
    stack: list[tuple[Any, int, bool]] = [(page, raw.FPDFPage_CountObjects(page), True)]
    seen = 0
    while stack:
        holder, count, is_page = stack.pop()
        get = raw.FPDFPage_GetObject if is_page else raw.FPDFFormObj_GetObject
        for index in range(max(count, 0)):
            item = get(holder, index)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_FORM and is_page:
                stack.append((item, raw.FPDFFormObj_CountObjects(item), False))
            yield kind, item
            seen += 1
            if seen >= limit:
                return


def edges_of(page: pdfium.PdfPage, frame: Frame) -> list[dict[str, Any]]:
    """Horizontal and vertical edges as pdfplumber takes them; none for a drawing."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    width, height = page.get_size()
    edges: list[dict[str, Any]] = []
    paths = 0
    for kind, item in objects_of(page):
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        paths += 1
        if paths > _MAX_PATHS:
            return []
        if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            continue
        box = frame.box(left.value, bottom.value, right.value, top.value)
        if box[2] - box[0] > 0.97 * width and box[3] - box[1] > 0.9 * height:
            continue
        edges += _edges_of_box(box)
    return edges


def _edges_of_box(box: Bounds) -> list[dict[str, Any]]:
    x0, y0, x1, y1 = box
    if y1 - y0 <= _THIN and x1 - x0 > 4:
        return [_edge("h", x0, x1, (y0 + y1) / 2)]
    if x1 - x0 <= _THIN and y1 - y0 > 4:
        return [_edge("v", y0, y1, (x0 + x1) / 2)]
    if x1 - x0 < 8 or y1 - y0 < 6:
        return []
    return [
        _edge("h", x0, x1, y0),
        _edge("h", x0, x1, y1),
        _edge("v", y0, y1, x0),
        _edge("v", y0, y1, x1),
    ]


def _edge(way: str, start: float, end: float, at: float) -> dict[str, Any]:
    flat = way == "h"
    x0, x1, top, bottom = (start, end, at, at) if flat else (at, at, start, end)
    return {
        "orientation": way, "x0": x0, "x1": x1, "top": top, "bottom": bottom,
        "width": x1 - x0, "height": bottom - top, "object_type": "line",
    }  # fmt: skip


def tables_of(edges: list[dict[str, Any]]) -> list[list[Bounds]]:
    """The cells of each table of at least two rows and two columns."""
    ways = [edge["orientation"] for edge in edges]
    if ways.count("h") < 3 or ways.count("v") < 2 or len(edges) > 4 * _MAX_PATHS:
        return []
    merged = merge(edges, 3, 3, 3, 3)
    cells = intersections_to_cells(edges_to_intersections(merged, 3, 3))
    tables: list[list[Bounds]] = []
    for table in cells_to_tables(cells):
        rows = {round(cell[1]) for cell in table}
        columns = {round(cell[0]) for cell in table}
        if len(table) >= 4 and len(rows) >= 2 and len(columns) >= 2:
            tables.append(list(table))
    return tables


def fill(cells: list[Bounds], words: list[Word]) -> list[list[list[Word]]] | None:
    """Rows of cells of words; None where the lines frame prose rather than a table."""
    rows: dict[int, list[tuple[float, list[Word]]]] = {}
    for x0, y0, x1, y1 in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        inside = [
            word
            for word in words
            if x0 <= (word.x0 + word.x1) / 2 < x1 and y0 <= (word.y0 + word.y1) / 2 < y1
        ]
        key = next((top for top in rows if abs(top - y0) <= 2), round(y0))
        rows.setdefault(key, []).append((x0, inside))
    filled = [[cell for _, cell in sorted(row, key=lambda c: c[0])] for row in rows.values()]
    counts = [len(cell) for row in filled for cell in row if cell]
    if len(counts) < 4 or sum(len([c for c in row if c]) >= 2 for row in filled) < 2:
        return None
    if max(counts) > 250 or sum(counts) / len(counts) > 90:
        return None
    return filled
