"""The report of a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from miner.bodies import Body, Involvement, Role
from miner.coverage import Gap, Gaps, Level, Region, Row
from miner.coverage.gaps import Voice, reliability
from miner.outputs import report
from miner.outputs.chart import Stack, stacks
from miner.outputs.palette import BADGES
from miner.outputs.report import two

_VOICES = 3
_BODIES = 40
_WORDS = 180
_TIES = (Role.MEMBER, Role.TAKES_PART, Role.WORKS_WITH)
_ORDER = (Level.COMMITTED, Level.DESCRIBED, Level.LIKELY, Level.UNCLEAR, Level.ABSENT)


def region_report(
    gaps: Gaps,
    *,
    involvements: Sequence[Involvement] = (),
    bodies: Mapping[str, Body] | None = None,
) -> str:
    """A page of HTML on a region: who commits to what, what nobody does, who takes part in what."""
    region = gaps.region
    matrix = region.matrix
    framework = matrix.framework
    documented = [member for member in region.members if member.documented]
    everyone = sum(len(rolled.committed) == len(matrix.rows) for rolled in region.concepts)
    dated = any(member.since for member in region.members)
    return report.page(
        "region.html.j2",
        kicker="Region report",
        title=region.name if dated else "All countries with documents",
        subtitle=f"{'Members on ' if dated else ''}{region.on} · against: {framework.title}",
        summary=_summary(gaps, len(documented), everyone),
        figures=[
            report.figure(f"{len(documented)} of {len(region.members)}", "members with a document"),
            report.figure(everyone, "concepts to which all of them commit"),
            report.figure(len(gaps.alone), "concepts to which one country alone commits"),
            report.figure(len(gaps.nobody), "concepts to which nobody commits"),
        ],
        cautions=_cautions(region),
        members_caption=f"Members on {region.on}" if dated else "Countries",
        dated=dated,
        members=_members(region),
        groups=[
            _group(number, name, columns, region)
            for number, (name, columns) in enumerate(report.columns_of(framework).items())
        ],
        reliability=reliability(gaps),
        nobody=[_gap(gap, gaps) for gap in gaps.nobody],
        alone=[{**_gap(gap, gaps), "country": gap.voices[0].name} for gap in gaps.alone],
        bodies=_bodies(involvements, bodies or {}),
        countries=[_country(row, region) for row in matrix.rows],
        framework=framework,
        versions=report.versions(matrix),
        references=[report.reference(source) for row in matrix.rows for source in row.sources],
        made_with=report.made_with(framework, matrix),
    )


def _summary(gaps: Gaps, documented: int, everyone: int) -> str:
    total = len(gaps.region.concepts)
    if not documented:
        return "No document of any member is stored: nothing can be said."
    return (
        f"Of {total} concepts all {documented} countries with a document commit to {everyone}, "
        f"several to {len(gaps.shared) - everyone}, one alone to {len(gaps.alone)} and nobody to "
        f"{len(gaps.nobody)}."
    )


def _cautions(region: Region) -> list[str]:
    said = []
    if region.undocumented:
        names = report.listed([member.name for member in region.undocumented])
        said.append(
            f"Nothing is known of {names}: no document of theirs is stored, and they count neither "
            "as having a commitment nor as having none."
        )
    for row in region.matrix.rows:
        unclear = sum(cell.level is Level.UNCLEAR for cell in row.cells)
        if unclear:
            said.append(f"{row.label}: too little could be read to tell of {unclear} concepts.")
        said += [
            f"{row.label}: a newer document ({source.title}, {source.year}) was passed over, too "
            "little of it could be read."
            for source in row.passed
        ]
    return said


def _members(region: Region) -> list[dict[str, Any]]:
    rows = {row.key: row for row in region.matrix.rows}
    found = []
    for member in region.members:
        row = rows.get(member.country)
        source = row.sources[0] if row else None
        found.append(
            {
                "name": member.name,
                "since": str(member.since or ""),
                "until": str(member.until or ""),
                "document": source.title if source else "none stored",
                "anchor": f"ref-{source.document}" if source else "",
                "year": (source.year or "") if source else "",
                "score": two(row.overall.score) if row else "",
            }
        )
    return found


def _group(number: int, name: str, columns: Sequence[int], region: Region) -> dict[str, Any]:
    matrix = region.matrix
    title = report.group_title(name)
    concepts = [matrix.concepts[n] for n in columns]
    counted = [report.counts(row.cells[n] for row in matrix.rows) for n in columns]
    return {
        "title": title,
        "concepts": concepts,
        "rows": [
            {"name": row.label, "cells": [BADGES[row.cells[n].level] for n in columns]}
            for row in matrix.rows
        ],
        "committed": [at[Level.COMMITTED] for at in counted],
        "chart": report.drawn(
            stacks(
                [
                    Stack(concept.label, tuple((level, at[level]) for level in _ORDER))
                    for concept, at in zip(concepts, counted, strict=True)
                ],
                name=f"stack-{number}",
                title=f"{title}: countries at each level",
                description="; ".join(
                    f"{concept.label}: {at[Level.COMMITTED]} committed, "
                    f"{at[Level.ABSENT]} nothing found"
                    for concept, at in zip(concepts, counted, strict=True)
                ),
            )
        ),
    }


def _gap(gap: Gap, gaps: Gaps) -> dict[str, Any]:
    voices = [_voice(voice, gaps.region) for voice in gap.voices[:_VOICES]]
    return {
        "label": gap.label,
        "note": gap.note,
        "voices": [voice for voice in voices if voice is not None],
    }


def _voice(voice: Voice, region: Region) -> dict[str, Any] | None:
    cell = voice.cell
    shown = report.evidence(cell, 1) or report.misses(cell, 1)
    return {"source": _source(cell.document, region), "mark": shown[0]} if shown else None


def _source(document: str, region: Region) -> str:
    sources = {s.document: s for row in region.matrix.rows for s in row.sources}
    return report.short_source(sources[document])


def _country(row: Row, region: Region) -> dict[str, Any]:
    rows = [
        {
            "label": concept.label,
            "badge": BADGES[cell.level],
            "score": two(cell.score),
            "mark": report.mark(cell.evidence[0], cell.level, most=_WORDS),
            "source": _source(cell.document, region),
        }
        for concept, cell in zip(region.matrix.concepts, row.cells, strict=True)
        if cell.evidence and cell.level in (Level.COMMITTED, Level.DESCRIBED)
    ]
    absent = [
        concept.label
        for concept, cell in zip(region.matrix.concepts, row.cells, strict=True)
        if cell.level is Level.ABSENT
    ]
    return {"name": row.label, "rows": rows, "absent": ", ".join(absent)}


def _bodies(found: Sequence[Involvement], known: Mapping[str, Body]) -> list[dict[str, Any]]:
    held: dict[str, list[Involvement]] = {}
    for one in found:
        held.setdefault(one.body, []).append(one)
    tied = {
        name: several for name, several in held.items() if any(o.role in _TIES for o in several)
    }
    ranked = sorted(tied.items(), key=lambda pair: (-len(pair[1]), known[pair[0]].short))
    return [
        {
            "name": known[name].short,
            "member": _who(several, Role.MEMBER),
            "takes_part": _who(several, Role.TAKES_PART),
            "works_with": _who(several, Role.WORKS_WITH),
            "named": len({one.country or one.document for one in several}),
        }
        for name, several in ranked[:_BODIES]
    ]


def _who(several: Sequence[Involvement], role: Role) -> str:
    said = sorted(
        f"{one.country} ({one.mentions[0].page})"
        for one in several
        if one.role is role and one.country
    )
    return ", ".join(dict.fromkeys(said))
