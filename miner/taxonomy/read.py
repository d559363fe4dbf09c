"""Reading a framework out of plain data: every fault is found, named and placed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from miner.taxonomy.codebook import codebook
from miner.taxonomy.concept import Concept, Match, Relation
from miner.taxonomy.framework import Framework, Source

MOST_CONCEPTS = 500
_LONGEST = 4000
_ID = re.compile(r"[A-Za-z0-9][\w.:-]{0,99}")
_TOP = ("id", "title", "edition", "citation", "sources", "subject", "groups", "concepts")
_CONCEPT = (
    "id", "group", "label", "definition", "source", "citation", "labels", "hidden", "negative",
    "include", "exclude", "examples", "maps_to",
)  # fmt: skip
_LABELS = ("preferred", "alt", "hidden", "negative")
_SOURCE = ("id", "title", "body", "symbol", "date", "url")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a framework. With an `error` it cannot be used; a `warning` is advice."""

    level: Literal["error", "warning"]
    where: str
    cause: str
    next_step: str


@dataclass(slots=True)
class Reading:
    """Takes fields out of data and keeps what is wrong with them."""

    findings: list[Finding] = field(default_factory=list)

    def error(self, where: str, cause: str, next_step: str) -> None:
        self.findings.append(Finding("error", where, cause, next_step))

    def warn(self, where: str, cause: str, next_step: str) -> None:
        self.findings.append(Finding("warning", where, cause, next_step))

    def text(self, value: Any, where: str, *, needed: bool = False) -> str:
        """One text; numbers and dates are texts that YAML took for something else."""
        if value is None or value == "":
            if needed:
                self.error(where, "it is missing or empty", "Give it a text.")
            return ""
        if isinstance(value, bool | list | dict):
            self.error(where, f"it is {value!r:.40}", "Write one text; quote words like “yes”.")
            return ""
        found = " ".join(str(value).split())
        if len(found) > _LONGEST:
            self.error(where, f"it has over {_LONGEST:,} characters", "Shorten it.")
        return found[:_LONGEST]

    def texts(self, value: Any, where: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        found = [self.text(item, where, needed=True) for item in items]
        return tuple(dict.fromkeys(item for item in found if item))

    def fields(self, value: Any, known: Sequence[str], where: str) -> Mapping[str, Any]:
        """A mapping; fields that nobody reads are told."""
        if not isinstance(value, dict):
            cause = "it is empty" if value is None else f"it is {value!r:.40}"
            self.error(where, cause, f"Write fields: {', '.join(known)}.")
            return {}
        for name in value:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, 1)
                self.warn(
                    f"{where}, field {name!r:.60}",
                    "no such field is read",
                    f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}.",
                )
        return value


def read(data: Any) -> tuple[Framework | None, list[Finding]]:
    """A framework out of plain data (docs/frameworks.md), and all that is wrong with it.

    The framework is None where there is an error among the findings.
    """
    reading = Reading()
    top = reading.fields(data, _TOP, "framework")
    rows = top.get("concepts")
    if rows is not None and not isinstance(rows, list):
        reading.error("framework, field 'concepts'", "it is no list", "List the concepts.")
    elif not rows and isinstance(data, dict):
        reading.error("framework", "it has no concepts", "List at least one.")
    rows = rows if isinstance(rows, list) else []
    if len(rows) > MOST_CONCEPTS:
        reading.error("framework", f"it has over {MOST_CONCEPTS} concepts", "Split it.")
    concepts = tuple(
        _concept(reading, row, number) for number, row in enumerate(rows[:MOST_CONCEPTS], 1)
    )
    found = Framework(
        id=_id(reading, top.get("id"), "framework, field 'id'"),
        title=reading.text(top.get("title"), "framework, field 'title'", needed=True),
        citation=reading.text(top.get("citation"), "framework, field 'citation'"),
        groups=_groups(reading, top.get("groups"), concepts),
        concepts=concepts,
        edition=reading.text(top.get("edition"), "framework, field 'edition'"),
        sources=tuple(_sources(reading, top.get("sources"))),
        subject=reading.texts(top.get("subject"), "framework, field 'subject'"),
    )
    failed = any(finding.level == "error" for finding in reading.findings)
    return (None if failed else found), reading.findings


def _id(reading: Reading, value: Any, where: str) -> str:
    found = reading.text(value, where, needed=True)
    if found and not _ID.fullmatch(found):
        reading.error(
            where, f"{found!r:.60} is no id", "Use letters, digits and . _ : - (100 at most)."
        )
    return found


def _concept(reading: Reading, row: Any, number: int) -> Concept:
    named = row.get("id") if isinstance(row, dict) else None
    where = f"concept {named!r:.60}" if named else f"concept {number}"
    given = reading.fields(row, _CONCEPT, where)
    words = given.get("labels")
    by_kind: Mapping[str, Any] = {"alt": words}
    if isinstance(words, dict):
        by_kind = reading.fields(words, _LABELS, f"{where}, field 'labels'")

    def texts(name: str, kind: str | None = None) -> tuple[str, ...]:
        value = given.get(name) if name != "labels" else None
        own = reading.texts(value, f"{where}, field {name!r}")
        more = by_kind.get(kind) if kind else None
        return own + reading.texts(more, f"{where}, field 'labels.{kind}'")

    label = given.get("label") or by_kind.get("preferred")
    return Concept(
        id=_id(reading, given.get("id"), f"{where}, field 'id'") if given else "",
        group=reading.text(given.get("group"), f"{where}, field 'group'") or "concepts",
        label=reading.text(label, f"{where}, field 'label'", needed=bool(given)),
        definition=reading.text(
            given.get("definition"), f"{where}, field 'definition'", needed=bool(given)
        ),
        source=reading.text(given.get("source"), f"{where}, field 'source'"),
        include=texts("include"),
        exclude=texts("exclude"),
        labels=texts("labels", "alt"),
        hidden=texts("hidden", "hidden"),
        negative=texts("negative", "negative"),
        citation=reading.text(given.get("citation"), f"{where}, field 'citation'"),
        examples=texts("examples"),
        maps_to=tuple(_matches(reading, given.get("maps_to"), f"{where}, field 'maps_to'")),
    )


def _matches(reading: Reading, value: Any, where: str) -> Iterator[Match]:
    """`[id, ...]` (the same concept), or `{relation: [id, ...]}`."""
    if value is None:
        return
    by_relation = value if isinstance(value, dict) else {Relation.EXACT.value: value}
    for name, targets in by_relation.items():
        if name not in list(Relation):
            reading.error(where, f"{name!r:.40} is no relation", f"Known: {', '.join(Relation)}.")
            continue
        for target in reading.texts(targets, where):
            if ":" not in target and target not in codebook():
                near = difflib.get_close_matches(target, list(codebook()), 1)
                reading.error(
                    where,
                    f"{target!r:.60} is no concept of the codebook",
                    f"Did you mean {near[0]!r}?" if near else "List them: `miner frameworks`.",
                )
                continue
            yield Match(Relation(name), target)


def _groups(reading: Reading, value: Any, concepts: Sequence[Concept]) -> tuple[str, ...]:
    """The groups that concepts are in; in the order given, or that of the concepts."""
    used = tuple(dict.fromkeys(concept.group for concept in concepts))
    given = reading.texts(value, "framework, field 'groups'")
    for name in given:
        if name not in used:
            reading.error("framework, field 'groups'", f"no concept is in {name!r}", "Drop it.")
    return tuple(dict.fromkeys([*given, *used]))


def _sources(reading: Reading, value: Any) -> Iterator[Source]:
    rows = value if isinstance(value, list) else [] if value is None else [value]
    for number, row in enumerate(rows, 1):
        where = f"source {number}"
        given = reading.fields(row, _SOURCE, where)
        if given:
            yield Source(
                **{
                    name: reading.text(
                        given.get(name), f"{where}, field {name!r}", needed=name in ("id", "title")
                    )
                    for name in _SOURCE
                }
            )
