"""What stands in the files that the commands read: labelled passages, queries, judgements.

Each fault is an InputError that names file and line, the cause and the next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evaluation.lines import Id, Line, lines, unique_lines
from miner.taxonomy import Stance, codebook

__all__ = [
    "Id",
    "LabelledRow",
    "PassageRow",
    "QueryRow",
    "labelled_row",
    "read_labelled",
    "read_passages",
    "read_qrels",
    "read_queries",
]


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A passage read by a person.

    concepts: what it addresses. undecided: what the readers left open (not scored).
    stance: None where left open. source: the document's path, None where not known.
    country: as the file writes it, None where it does not.
    """

    id: Id
    text: str
    concepts: frozenset[str]
    undecided: frozenset[str] = frozenset()
    stance: Stance | None = None
    source: str | None = None
    language: str | None = None
    country: str | None = None

    @property
    def document(self) -> str:
        """What is drawn as one in a bootstrap: the document, else the row."""
        return self.source if self.source is not None else f"row {self.id}"

    @property
    def folder(self) -> str:
        """First segment of the source's path; `(none)` where it has no folder."""
        return self.source.split("/")[0] if self.source and "/" in self.source else "(none)"


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage to be searched, with the name of its document."""

    id: Id
    doc: str
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A query."""

    id: Id
    text: str


def read_labelled(path: Path) -> list[LabelledRow]:
    """Labelled passages: id, text, concepts, stance; optional undecided, source, language,
    country."""
    return [labelled_row(line) for line in unique_lines(path)]


def labelled_row(line: Line) -> LabelledRow:
    """One labelled passage. Raises InputError that names what is wrong with the line."""
    concepts = _concepts(line, "concepts")
    undecided = _concepts(line, "undecided") if "undecided" in line.values else frozenset()
    if both := sorted(concepts & undecided):
        raise line.fault(
            f"{both[0]!r} is both in 'concepts' and in 'undecided'", "Leave it in one of them."
        )
    return LabelledRow(
        line.id(),
        line.text("text"),
        concepts,
        undecided,
        _stance(line),
        line.optional_text("source"),
        line.optional_text("language"),
        line.optional_text("country"),
    )


def read_passages(path: Path) -> list[PassageRow]:
    """Passages to be searched: id, doc, text; optional language (ISO 639-1, else English)."""
    return [
        PassageRow(
            line.id(), line.text("doc"), line.text("text"), line.optional_text("language") or "en"
        )
        for line in unique_lines(path)
    ]


def read_queries(path: Path) -> list[QueryRow]:
    """Queries: id, text."""
    return [QueryRow(line.id(), line.text("text")) for line in unique_lines(path)]


def read_qrels(
    path: Path, queries: list[QueryRow], passages: list[PassageRow]
) -> dict[str, dict[str, int]]:
    """Grades by query and passage (ids as text): 0 not, 1 partly, 2 or more fully relevant.

    Raises InputError also for ids that are not among `queries` and `passages`: a passage that
    cannot be found would count as missed.
    """
    known = {str(query.id) for query in queries}
    there = {str(passage.id) for passage in passages}
    grades: dict[str, dict[str, int]] = {}
    for line in lines(path):
        query = str(line.id("query"))
        row = line.value("grades", dict, 'passage ids with grades, e.g. {"12": 2}')
        if query not in known:
            raise line.fault(f"query {query} is not in the queries' file", "Drop it or add it.")
        if query in grades:
            raise line.fault(f"query {query} occurs twice", "Put its grades into one line.")
        for passage, grade in row.items():
            if isinstance(grade, bool) or not isinstance(grade, int) or grade < 0:
                raise line.fault(f"the grade of passage {passage} is {grade!r}", "Write 0, 1 or 2.")
            if passage not in there:
                raise line.fault(
                    f"passage {passage} is not in the passages' file", "Drop it or add it."
                )
        grades[query] = dict(row)
    return grades


def _concepts(line: Line, name: str) -> frozenset[str]:
    values = line.value(name, list, "a list of concept ids")
    for value in values:
        if not isinstance(value, str) or value not in codebook():
            raise line.fault(
                f"{value!r} in {name!r} is no concept of the codebook",
                "See models/taxonomy/codebook.yaml for the ids.",
            )
    return frozenset(values)


def _stance(line: Line) -> Stance | None:
    if "stance" not in line.values:
        raise line.fault("the field 'stance' is missing", "Add it; null leaves it open.")
    value = line.values["stance"]
    if value is None:
        return None
    if value not in list(Stance):
        raise line.fault(f"{value!r} is no stance", f"Write one of {', '.join(Stance)}, or null.")
    return Stance(value)
