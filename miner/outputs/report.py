"""Printable reports: one document, or one region, against a framework, as one HTML page.

The page needs nothing from elsewhere and no script; every claim has its quote and page, and the
references say where to look it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from miner.coverage import Cell, Level, Mark, Matrix, Source
from miner.coverage.cell import level_rule
from miner.outputs.palette import BADGES
from miner.taxonomy import Framework

_SHOWN = 3
_QUOTE = 320
# A passage that is less probable than this comes near nothing.
_NEAR = 0.03
_TEMPLATES = ("base.html.j2", "parts.html.j2", "document.html.j2", "region.html.j2", "report.css")


@cache
def environment() -> Environment:
    """The templates; everything is escaped that is not marked as HTML by this package."""
    folder = files("miner.outputs") / "templates"
    loaded = {name: (folder / name).read_text("utf-8") for name in _TEMPLATES}
    return Environment(
        loader=DictLoader(loaded),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, **context: Any) -> str:
    """A page of the report."""
    return (
        environment()
        .get_template(template)
        .render(
            generator=f"Policy Miner {version('policy-miner')}",
            badges=list(BADGES.values()),
            **context,
        )
    )


def drawn(svg: str) -> Markup:
    """A chart of this package, whose texts are escaped already."""
    return Markup(svg)


def group_title(name: str) -> str:
    """A framework's group as a heading: the plural of what the shipped ones call it."""
    plural = {"dimension": "Dimensions", "principle": "Principles", "norm": "Norms"}
    return plural.get(name, name.replace("_", " ").replace("-", " ").capitalize())


def figure(value: object, name: str) -> dict[str, str]:
    """A number with its name."""
    return {"value": str(value), "name": name}


def two(value: float) -> str:
    """A number with two decimals."""
    return f"{value:.2f}"


def mark(found: Mark, level: Level, *, most: int = _QUOTE) -> dict[str, Any]:
    """A passage as the templates show it; level: of the cell that it stands for."""
    text = " ".join(found.quote.split())
    said = f"probability {found.probability:.2f}"
    if level is Level.LIKELY:
        said = f"not sure enough by itself, {said}"
    elif level in (Level.COMMITTED, Level.DESCRIBED):
        said = f"{found.stance.replace('_', ' ')}, {said}, strength {found.strength:.2f}"
    else:
        said = f"nearest miss, {said}"
    return {
        "text": text[:most].rsplit(" ", 1)[0] if len(text) > most else text,
        "cut": len(text) > most,
        "page": found.page,
        "said": said,
        "short": found.passage[:8],
    }


def evidence(cell: Cell, most: int = _SHOWN) -> list[dict[str, Any]]:
    """The passages of a cell that are shown; words that repeat are shown once."""
    held: dict[str, dict[str, Any]] = {}
    for one in cell.evidence:
        shown = mark(one, cell.level)
        held.setdefault(shown["text"].lower(), shown)
    return list(held.values())[:most]


def absence(cell: Cell) -> str:
    """What is said where no passage counts."""
    if cell.level is Level.UNCLEAR:
        return "Too little of the document could be read to tell."
    known = "How much the tagging model misses of this concept is not known."
    if cell.recall is not None:
        rate = cell.recall
        known = (
            f"Of {rate.n} labelled passages on this concept in other documents the tagging model "
            f"finds {rate.value:.0%} (95 % interval {rate.low:.0%} to {rate.high:.0%})."
        )
    near = " Nearest misses:" if misses(cell) else " No passage comes near."
    return f"No passage found. {known}{near}"


def misses(cell: Cell, most: int = 2) -> list[dict[str, Any]]:
    """The nearest misses that are worth a look."""
    near = [one for one in cell.nearest if one.probability >= _NEAR]
    return [mark(one, cell.level) for one in near[:most]]


def counts(cells: Iterable[Cell]) -> dict[Level, int]:
    """How many cells are at each level."""
    held = dict.fromkeys(Level, 0)
    for cell in cells:
        held[cell.level] += 1
    return held


def short_source(source: Source) -> str:
    """A document in a few words: "Singapore 2016"."""
    who = source.country_name or source.country or source.issuing_body or source.title
    return f"{who} {source.year or 'n.d.'}"


def reference(source: Source) -> dict[str, str]:
    """A document in the list of references."""
    who = source.issuing_body or source.country_name or source.country or ""
    place = source.country_name if source.issuing_body and source.country_name else ""
    parts = [who, source.title, place or "", str(source.year or "n.d.")]
    url = source.url or ""
    return {
        "anchor": f"ref-{source.document}",
        "id": source.document,
        "text": ", ".join(part for part in parts if part) + ".",
        "url": url if url.startswith(("http://", "https://")) else "",
    }


def versions(matrix: Matrix) -> list[tuple[str, str]]:
    """What a report was made with, for whoever makes it again."""
    return [
        ("Framework", f"{matrix.framework.id}, version {matrix.framework.version}"),
        ("Scoring rule", matrix.rule),
        ("Rule for “committed”", f"{matrix.level_rule}: {level_rule().why}"),
        ("Tagging model", ", ".join(matrix.models) or "none"),
        ("Policy Miner", version("policy-miner")),
    ]


def made_with(framework: Framework, matrix: Matrix) -> str:
    """One line of versions for the foot of the page."""
    return (
        f"Framework {framework.id} {framework.version}, scoring rule {matrix.rule}, level rule "
        f"{matrix.level_rule}, {', '.join(matrix.models)}."
    )


def listed(names: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def columns_of(framework: Framework) -> Mapping[str, list[int]]:
    """The columns of each group of a framework, in its order."""
    return {
        group: [n for n, concept in enumerate(framework.concepts) if concept.group == group]
        for group in framework.groups
    }


def clipped(text: str, most: int) -> str:
    """Words on one line, cut between two of them."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]}…"
