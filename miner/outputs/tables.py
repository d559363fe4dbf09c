"""The tables of an export: passages, tags, commitments, alignment, coverage, matrix, bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from miner.alignment import Alignment, ConceptAlignment, EvidencePassage
from miner.bodies import Body, Involvement, Role
from miner.commitments.ledger import Entry
from miner.coverage import Matrix
from miner.evidence import Evidence
from miner.outputs.table import Table, Value, columns
from miner.search import citation
from miner.store import StoredDocument, StoredPassage
from miner.taxonomy import codebook

_Row = tuple[Value, ...]
_ABOUT = "document title country country_name year type url"


def passages(found: Iterable[StoredPassage]) -> Table:
    """One row per passage, with the ids of its concepts."""
    names = columns(
        f"passage {_ABOUT.replace('year', 'year:i')} page:i last_page:i section start:i end:i "
        "language kind stance stance_probability:n abstained concepts text citation model"
    )
    return Table("passages", names, (_passage(stored) for stored in found))


def _passage(stored: StoredPassage) -> _Row:
    passage, tagged = stored.passage, stored.tagged
    return (
        passage.id,
        *_about(passage.document, stored),
        passage.page,
        passage.last_page,
        " > ".join(passage.heading_path),
        passage.start,
        passage.end,
        passage.language,
        passage.kind.value,
        tagged.stance.label.value,
        round(tagged.stance.probability, 4),
        tagged.abstained,
        " ".join(tag.concept for tag in tagged.decided),
        passage.text,
        citation(stored),
        tagged.model,
    )


def _about(document: str, stored: StoredPassage | StoredDocument) -> _Row:
    about = stored.metadata
    return (
        document, about.title, about.country, about.country_name, about.year, about.type, about.url,
    )  # fmt: skip


def tags(found: Iterable[StoredPassage]) -> Table:
    """One row per decided tag and evidence; start and end count in the document's text."""
    names = columns(
        f"passage {_ABOUT.replace('year', 'year:i')} page:i concept label group probability:n by "
        "stance stance_probability:n quote start:i end:i citation model"
    )
    return Table("tags", names, (row for stored in found for row in _tags(stored)))


def _tags(stored: StoredPassage) -> Iterator[_Row]:
    passage, tagged = stored.passage, stored.tagged
    said = citation(stored)
    for tag in tagged.decided:
        concept = codebook().get(tag.concept)
        for words in tag.evidence or (Evidence(0, len(passage.text), passage.text),):
            yield (
                passage.id,
                *_about(passage.document, stored),
                passage.page,
                tag.concept,
                concept.label if concept else "",
                concept.group if concept else "",
                tag.probability,
                tag.by,
                tagged.stance.label.value,
                round(tagged.stance.probability, 4),
                words.quote,
                passage.start + words.start,
                passage.start + words.end,
                said,
                tagged.model,
            )


def commitments(found: Iterable[Entry]) -> Table:
    """One row per commitment: who has promised what by when, with its citation."""
    names = columns(
        f"{_ABOUT.replace('year', 'year:i')} actor modal class what action object deadline due "
        "resource beneficiary strength:n in_place:f sentence page:i concepts passage start:i end:i "
        "citation"
    )
    return Table("commitments", names, (_commitment(entry) for entry in found))


def _commitment(entry: Entry) -> _Row:
    one, stored = entry.commitment, entry.stored
    return (
        *_about(stored.passage.document, stored),
        entry.who or None,
        _words(one.modal),
        one.strength.modal,
        entry.what,
        _words(one.action),
        _words(one.object),
        one.deadline.quote if one.deadline else None,
        one.deadline.due if one.deadline else None,
        _words(one.resource),
        _words(one.beneficiary),
        one.strength.value,
        one.in_place,
        " ".join(one.sentence.quote.split()),
        stored.passage.page,
        " ".join(entry.concepts),
        stored.passage.id,
        entry.start,
        entry.end,
        entry.citation,
    )


def _words(span: Evidence | None) -> str | None:
    return None if span is None else " ".join(span.quote.split())


def alignment(found: Iterable[tuple[StoredDocument, Alignment]]) -> Table:
    """One row per concept and passage that counts for it (one without a passage where none
    does): with the weights of the rule, scores can be computed again from these rows."""
    names = columns(
        f"{_ABOUT.replace('year', 'year:i')} framework framework_version rule concept label group "
        "claim score:n low:n high:n presence:n depth:n commitment:n counted:i share:n "
        "prose_words:i counts:f passage page:i quote start:i end:i probability:n stance words:i "
        "strength:n modal"
    )
    return Table(
        "alignment",
        names,
        (
            (*head, *line)
            for stored, aligned in found
            for concept in aligned.concepts
            for head in [_aligned(stored, aligned, concept)]
            for line in _lines(concept)
        ),
    )


def _aligned(stored: StoredDocument, aligned: Alignment, concept: ConceptAlignment) -> _Row:
    low, high = concept.interval
    return (
        *_about(stored.id, stored),
        aligned.framework,
        aligned.framework_version,
        aligned.rule,
        concept.concept,
        concept.label,
        concept.group,
        concept.claim,
        concept.score,
        low,
        high,
        concept.presence,
        concept.depth,
        concept.commitment,
        concept.counted,
        concept.share,
        aligned.prose_words,
    )


def _lines(concept: ConceptAlignment) -> Iterator[_Row]:
    for one in concept.evidence:
        yield _line(one, counts=True)
    for one in concept.nearest:
        yield _line(one, counts=False)
    if not concept.evidence and not concept.nearest:
        yield (False, *([None] * 9))


def _line(one: EvidencePassage, *, counts: bool) -> _Row:
    return (
        counts,
        one.passage,
        one.page,
        one.quote,
        one.start,
        one.end,
        one.probability,
        one.stance.value,
        one.words,
        one.commitment.value,
        one.commitment.modal,
    )


def coverage(found: Matrix) -> Table:
    """One row per cell, with its firmest passage."""
    names = columns(
        "row label year:i framework framework_version rule level_rule concept concept_label group "
        "level score:n low:n high:n presence:n depth:n commitment:n counted:i document title "
        "passage page:i quote start:i end:i probability:n stance strength:n"
    )
    return Table("coverage", names, _cells(found))


def _cells(found: Matrix) -> Iterator[_Row]:
    framework = found.framework
    version = framework.version
    for row in found.rows:
        sources = {source.document: source for source in row.sources}
        for concept, cell in zip(found.concepts, row.cells, strict=True):
            source = sources[cell.document]
            mark = cell.evidence[0] if cell.evidence else None
            last: _Row = (None,) * 8
            if mark is not None:
                last = (
                    mark.passage, mark.page, mark.quote, mark.start, mark.end, mark.probability,
                    mark.stance.value, mark.strength,
                )  # fmt: skip
            yield (
                row.key,
                row.label,
                source.year,
                framework.id,
                version,
                found.rule,
                found.level_rule,
                concept.id,
                concept.label,
                concept.group,
                cell.level.value,
                cell.score,
                *cell.interval,
                cell.presence,
                cell.depth,
                cell.commitment,
                cell.counted,
                cell.document,
                source.title,
                *last,
            )


def matrix(found: Matrix) -> Table:
    """One row per country or document, one column per concept: its level."""
    names = columns("row label year:i documents score:n " + " ".join(c.id for c in found.concepts))
    return Table(
        "matrix",
        names,
        (
            (
                row.key,
                row.label,
                max((source.year or 0 for source in row.sources), default=0) or None,
                " ".join(source.document for source in row.sources),
                row.overall.score,
                *(cell.level.value for cell in row.cells),
            )
            for row in found.rows
        ),
    )


def bodies(
    found: Iterable[Involvement],
    known: Mapping[str, Body],
    documents: Mapping[str, StoredDocument],
    labels: Mapping[Role, str],
) -> Table:
    """One row per place where a document names a body."""
    names = columns(
        f"body name kind {_ABOUT.replace('year', 'year:i')} role role_label member:f passage "
        "page:i quote sentence start:i end:i"
    )
    return Table(
        "bodies",
        names,
        (
            (
                one.body,
                known[one.body].name,
                known[one.body].kind.value,
                *_about(one.document, documents[one.document]),
                mention.role.value,
                labels[mention.role],
                one.member,
                mention.passage,
                mention.page,
                mention.quote,
                mention.sentence,
                mention.start,
                mention.end,
            )
            for one in found
            for mention in one.mentions
        ),
    )
