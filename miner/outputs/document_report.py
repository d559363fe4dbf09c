"""The report of one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from miner.bodies import Body, Involvement, Role
from miner.commitments.ledger import Entry
from miner.coverage import Cell, Level, Matrix
from miner.outputs import report
from miner.outputs.chart import Bar, bars
from miner.outputs.palette import BADGES, group_colour
from miner.outputs.report import two
from miner.taxonomy import Concept

_MOST = 12


def document_report(
    matrix: Matrix,
    *,
    involvements: Sequence[Involvement] = (),
    bodies: Mapping[str, Body] | None = None,
    labels: Mapping[Role, str] | None = None,
    commitments: Sequence[Entry] = (),
) -> str:
    """A page of HTML on the one document of a matrix.

    Args:
        matrix: by document, with one row.
        involvements, bodies, labels: the bodies it names, and what roles are called.
        commitments: the firmest first.
    """
    row, framework = matrix.rows[0], matrix.framework
    source = row.sources[0]
    at = report.counts(row.cells)
    total = row.overall
    low, high = map(two, total.interval)
    where = ", ".join(str(p) for p in (source.country_name or source.country, source.year) if p)
    return report.page(
        "document.html.j2",
        kicker="Document report",
        title=source.title,
        subtitle=f"{where + ' · ' if where else ''}against: {framework.title}",
        summary=_summary(row.cells, at),
        figures=[
            report.figure(two(total.score), f"overall score, 95 % interval {low} to {high}"),
            report.figure(f"{at[Level.COMMITTED]} of {len(row.cells)}", "concepts committed to"),
            report.figure(source.passages, "passages read and tagged"),
            report.figure(f"{row.read:.0%}", "of the document could be read"),
        ],
        cautions=row.cautions,
        groups=[
            _group(number, name, columns, matrix)
            for number, (name, columns) in enumerate(report.columns_of(framework).items())
        ],
        source=report.short_source(source),
        commitments=_commitments(commitments),
        commitments_total=len(commitments),
        bodies=[
            _body(one, (bodies or {})[one.body], labels or {})
            for one in sorted(involvements, key=lambda one: list(Role).index(one.role))
        ],
        framework=framework,
        versions=[*report.versions(matrix), ("Document", f"{source.document}")],
        references=[report.reference(source)],
        made_with=report.made_with(framework, matrix),
    )


def _summary(cells: Sequence[Cell], at: Mapping[Level, int]) -> str:
    said = [f"Of {len(cells)} concepts the document commits to {at[Level.COMMITTED]}"]
    for level, words in ((Level.DESCRIBED, "describes"), (Level.LIKELY, "likely addresses")):
        if at[level]:
            said.append(f"{words} {at[level]}")
    parts = report.listed(said)
    if at[Level.UNCLEAR]:
        parts += f"; of {at[Level.UNCLEAR]} nothing can be said, too little could be read"
    return f"{parts}; for {at[Level.ABSENT]} no passage was found."


def _group(number: int, name: str, columns: Sequence[int], matrix: Matrix) -> dict[str, Any]:
    row, framework = matrix.rows[0], matrix.framework
    total = next(one for one in row.groups if one.group == name)
    pairs = [(framework.concepts[n], row.cells[n]) for n in columns]
    title = report.group_title(name)
    said = "; ".join(f"{concept.label}: {cell.score:.2f}" for concept, cell in pairs)
    return {
        "title": title,
        "score": two(total.score),
        "low": two(total.interval[0]),
        "high": two(total.interval[1]),
        "chart": report.drawn(
            bars(
                [_bar(concept, cell, group_colour(number)) for concept, cell in pairs],
                name=f"chart-{number}",
                title=f"{title}: scores with their 95 % intervals",
                description=said,
            )
        ),
        "concepts": [_concept(concept, cell) for concept, cell in pairs],
    }


def _bar(concept: Concept, cell: Cell, colour: str) -> Bar:
    return Bar(concept.label, cell.score, *cell.interval, colour, BADGES[cell.level].sign)


def _concept(concept: Concept, cell: Cell) -> dict[str, Any]:
    shown = report.evidence(cell)
    return {
        "anchor": f"c-{concept.id.replace('.', '-')}",
        "label": concept.label,
        "definition": concept.definition,
        "badge": BADGES[cell.level],
        "score": two(cell.score),
        "low": two(cell.interval[0]),
        "high": two(cell.interval[1]),
        "presence": two(cell.presence),
        "depth": two(cell.depth),
        "commitment": two(cell.commitment),
        "counted": cell.counted,
        "evidence": shown,
        "more": max(cell.counted - len(shown), 0),
        "absence": report.absence(cell),
        "nearest": report.misses(cell),
    }


def _commitments(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The firmest, each sentence once."""
    shown = {row["sentence"]: row for row in map(_commitment, reversed(entries[: 4 * _MOST]))}
    return list(reversed(shown.values()))[:_MOST]


def _commitment(entry: Entry) -> dict[str, Any]:
    one = entry.commitment
    return {
        "who": entry.who,
        "sentence": report.clipped(one.sentence.quote, 260),
        "due": (one.deadline.due or one.deadline.quote) if one.deadline else "",
        "strength": two(one.strength.value),
        "page": entry.stored.passage.page,
    }


def _body(one: Involvement, body: Body, labels: Mapping[Role, str]) -> dict[str, Any]:
    pages = sorted({mention.page for mention in one.mentions})
    shown = ", ".join(map(str, pages[:6])) + (" …" if len(pages) > 6 else "")
    return {
        "name": body.short if body.short == body.name else f"{body.short} ({body.name})",
        "role": labels.get(one.role, one.role.value),
        "member": one.member,
        "sentence": report.clipped(one.mentions[0].sentence, 200),
        "pages": shown,
    }
