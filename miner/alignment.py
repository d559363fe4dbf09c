"""Alignment: how far a document addresses a framework, concept by concept, with the passages.

The rule (version 1, weights in `RULE`), per concept:

- presence: the probability that at least one passage addresses the concept, from the strongest
  passages only, so that a long document gains nothing by the sum of many small doubts. The
  concept is present where a passage is decided for it; or, where none is, where presence reaches
  0.15: whole documents that people read showed that a strategy which nearly says a thing mostly
  does (`python -m evaluation alignment`). The passages of at least 0.1 count then;
- depth: the share of the document's policy prose that addresses it, on a saturating scale
  (3 % of the words, or three passages in a short text, is half way);
- commitment: how firmly the addressing passages bind, 1.0 for a commitment, 0.6 for a measure
  in place, 0.2 for a description, weighted by their probabilities, the strongest counted double.

The concept's score is presence times (0.4 + 0.3 depth + 0.3 commitment) where it is present, and
half its presence probability times 0.4 where it is not. A passage that the document repeats
counts once. Groups are means of their concepts, the overall score is the mean of the groups.
Intervals are bootstrap intervals over passages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from miner.document import BlockType, Box
from miner.passages import Passage
from miner.tagging.tag import Evidence, Tag, TaggedPassage
from miner.taxonomy import Framework, Stance

RULE_VERSION = "1"

RULE: Mapping[str, float] = {
    "presence": 0.4,
    "depth": 0.3,
    "commitment": 0.3,
    "depth_half": 0.03,
    "in_place": 0.6,
    "descriptive": 0.2,
    "commitment_stance": 1.0,
    "strongest": 3.0,
    "nearly": 0.1,
    "present": 0.15,
}

_RESAMPLES = 200
_PROSE = {BlockType.BODY, BlockType.LIST, BlockType.TABLE}


@dataclass(frozen=True, slots=True)
class EvidencePassage:
    """A passage that counts (or nearly did): where it is, what it says and how sure the tag is.

    quote: the words the tag rests on. start, end: the quote's span in the document's text.
    """

    passage: str
    page: int
    heading_path: tuple[str, ...]
    quote: str
    start: int
    end: int
    text: str
    probability: float
    stance: Stance
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class ConceptAlignment:
    """One concept's score and what it rests on.

    present: at least one passage counts for the concept (see the rule). presence, depth,
    commitment and score lie in 0 to 1. interval: 95 % bootstrap interval of the score.
    evidence: all passages that count, most probable first. nearest: where nothing counts, the
    best that did not.
    """

    concept: str
    label: str
    group: str
    score: float
    present: bool
    presence: float
    depth: float
    commitment: float
    interval: tuple[float, float]
    evidence: tuple[EvidencePassage, ...]
    nearest: tuple[EvidencePassage, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupAlignment:
    """A group's score, or the overall one (group `overall`), with its 95 % interval."""

    group: str
    score: float
    interval: tuple[float, float]
    present: int
    concepts: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """A document against a framework. `cautions` say what lowers what can be claimed."""

    document: str
    title: str
    framework: str
    framework_version: str
    rule: str
    model: str
    passages: int
    prose_words: int
    overall: GroupAlignment
    groups: tuple[GroupAlignment, ...]
    concepts: tuple[ConceptAlignment, ...]
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Measured:
    """The passages that can count, as arrays of n rows.

    probabilities, decided: (n, concepts). firmness: (n,). words: (n,).
    """

    probabilities: NDArray[np.float64]
    decided: NDArray[np.bool_]
    firmness: NDArray[np.float64]
    words: NDArray[np.float64]


def align(
    document: str,
    title: str,
    passages: Sequence[tuple[Passage, TaggedPassage]],
    framework: Framework,
    *,
    warnings: Sequence[str] = (),
    most: int = 50,
    nearest: int = 3,
) -> Alignment:
    """Align tagged passages to a framework.

    Args:
        document, title: name the document in the answer.
        passages: all of the document's passages, in order.
        framework: concepts of the tagging model's codebook.
        warnings: what could not be read of the document; repeated as cautions.
        most: evidence passages listed per concept. nearest: misses listed where there are none.
    """
    prose = _once([pair for pair in passages if pair[0].kind in _PROSE and _speaks(pair[1])])
    measured = _measure(prose, framework)
    scores = _scores(measured)
    counts = _counts(measured, scores[0])
    draws = _bootstrap(measured)
    rows = tuple(
        _concept(framework, column, scores, draws, prose, counts[:, column], most, nearest)
        for column in range(len(framework.concepts))
    )
    groups = tuple(_group(framework, name, scores, draws) for name in framework.groups)
    return Alignment(
        document=document,
        title=title,
        framework=framework.id,
        framework_version=framework.version,
        rule=RULE_VERSION,
        model=passages[0][1].model if passages else "",
        passages=len(passages),
        prose_words=int(measured.words.sum()),
        overall=_overall(framework, scores, draws),
        groups=groups,
        concepts=rows,
        cautions=_cautions(passages, prose, warnings),
    )


def _once(
    prose: Sequence[tuple[Passage, TaggedPassage]],
) -> list[tuple[Passage, TaggedPassage]]:
    """The passages without those whose words came before."""
    found: dict[str, tuple[Passage, TaggedPassage]] = {}
    for pair in prose:
        found.setdefault(" ".join(pair[0].text.lower().split()), pair)
    return list(found.values())


def _speaks(tagged: TaggedPassage) -> bool:
    return tagged.abstained is None and tagged.stance.label is not Stance.NOISE


def _measure(prose: Sequence[tuple[Passage, TaggedPassage]], framework: Framework) -> _Measured:
    ids = [concept.id for concept in framework.concepts]
    found = [{tag.concept: tag for tag in tagged.tags} for _, tagged in prose]
    shape = (len(prose), len(ids))
    return _Measured(
        np.array([[tags[i].probability for i in ids] for tags in found], float).reshape(shape),
        np.array([[tags[i].decided for i in ids] for tags in found], bool).reshape(shape),
        np.array([_firmness(tagged) for _, tagged in prose], float),
        np.array([len(passage.text.split()) for passage, _ in prose], float),
    )


def _firmness(tagged: TaggedPassage) -> float:
    return {
        Stance.COMMITMENT: RULE["commitment_stance"],
        Stance.IN_PLACE: RULE["in_place"],
    }.get(tagged.stance.label, RULE["descriptive"])


def _scores(measured: _Measured) -> NDArray[np.float64]:
    """Rows presence, depth, commitment, score; one column per concept: (4, concepts)."""
    p = measured.probabilities
    if not len(p):
        return np.zeros((4, p.shape[1]))
    presence = _presence(p)
    counts = _counts(measured, presence)
    counted = np.where(counts, p, 0.0)
    share = (counted * measured.words[:, None]).sum(axis=0) / max(measured.words.sum(), 1000.0)
    depth = share / (share + RULE["depth_half"])
    weight = counted.sum(axis=0)
    firm = counted * measured.firmness[:, None]
    typical = firm.sum(axis=0) / np.maximum(weight, 1e-9)
    strongest = firm.max(axis=0)
    commitment = np.where(weight > 0, (typical + strongest) / 2, 0.0)
    present = counts.any(axis=0)
    firmness = RULE["presence"] + RULE["depth"] * depth + RULE["commitment"] * commitment
    score = np.where(present, presence * firmness, 0.5 * RULE["presence"] * presence)
    return np.stack([presence, depth, commitment, score])


def _presence(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability that at least one of the strongest passages is right, per concept."""
    best = np.sort(p, axis=0)[::-1][: int(RULE["strongest"])]
    return np.asarray(1 - np.prod(1 - best * (best >= RULE["nearly"]), axis=0))


def _counts(measured: _Measured, presence: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which passages count for which concept, given its presence: (n, concepts)."""
    p, decided = measured.probabilities, measured.decided
    likely = ~decided.any(axis=0) & (presence >= RULE["present"])
    return np.asarray(decided | (likely & (p >= RULE["nearly"])))


def _bootstrap(measured: _Measured) -> NDArray[np.float64]:
    """Scores of resampled passages: (resamples, concepts)."""
    size = len(measured.words)
    if size == 0:
        return np.zeros((_RESAMPLES, measured.probabilities.shape[1]))
    generator = np.random.default_rng(20260101)
    draws = []
    for _ in range(_RESAMPLES):
        rows = generator.integers(0, size, size)
        draws.append(
            _scores(
                _Measured(
                    measured.probabilities[rows],
                    measured.decided[rows],
                    measured.firmness[rows],
                    measured.words[rows],
                )
            )[3]
        )
    return np.stack(draws)


def _interval(draws: NDArray[np.float64], score: float) -> tuple[float, float]:
    """95 % interval: the spread of the resamples around their own mean, laid around the score.

    A resample holds fewer different passages than the document and so finds less on average;
    taken as they are, its percentiles would lie below the score.
    """
    low, high = np.percentile(draws, [2.5, 97.5]) - draws.mean()
    return round(max(score + float(low), 0.0), 4), round(min(score + float(high), 1.0), 4)


def _concept(
    framework: Framework,
    column: int,
    scores: NDArray[np.float64],
    draws: NDArray[np.float64],
    prose: Sequence[tuple[Passage, TaggedPassage]],
    counts: NDArray[np.bool_],
    most: int,
    nearest: int,
) -> ConceptAlignment:
    concept = framework.concepts[column]
    tagged = [
        (bool(count), passage, tags, next(tag for tag in tags.tags if tag.concept == concept.id))
        for (passage, tags), count in zip(prose, counts, strict=True)
    ]
    ordered = sorted(tagged, key=lambda row: (not row[0], -row[3].probability))
    evidence = tuple(_evidence(*row[1:]) for row in ordered if row[0])[:most]
    missed = () if evidence else tuple(_evidence(*row[1:]) for row in ordered[:nearest])
    presence, depth, commitment, score = (float(value) for value in scores[:, column])
    return ConceptAlignment(
        concept=concept.id,
        label=concept.label,
        group=concept.group,
        score=round(score, 4),
        present=bool(evidence),
        presence=round(presence, 4),
        depth=round(depth, 4),
        commitment=round(commitment, 4),
        interval=_interval(draws[:, column], round(score, 4)),
        evidence=evidence,
        nearest=missed,
        note="" if evidence else "no passage found",
    )


def _evidence(passage: Passage, tagged: TaggedPassage, tag: Tag) -> EvidencePassage:
    whole = Evidence(0, len(passage.text), passage.text)
    words = tag.evidence[0] if tag.evidence else whole
    return EvidencePassage(
        passage=passage.id,
        page=passage.page,
        heading_path=passage.heading_path,
        quote=words.quote,
        start=passage.start + words.start,
        end=passage.start + words.end,
        text=passage.text,
        probability=tag.probability,
        stance=tagged.stance.label,
        boxes=passage.boxes,
    )


def _columns(framework: Framework, group: str) -> list[int]:
    return [n for n, concept in enumerate(framework.concepts) if concept.group == group]


def _group(
    framework: Framework, name: str, scores: NDArray[np.float64], draws: NDArray[np.float64]
) -> GroupAlignment:
    columns = _columns(framework, name)
    score = round(float(scores[3, columns].mean()), 4)
    present = int((scores[2, columns] > 0).sum())
    return GroupAlignment(
        name, score, _interval(draws[:, columns].mean(axis=1), score), present, len(columns)
    )


def _overall(
    framework: Framework, scores: NDArray[np.float64], draws: NDArray[np.float64]
) -> GroupAlignment:
    parts = [_columns(framework, name) for name in framework.groups]
    score = round(float(np.mean([scores[3, columns].mean() for columns in parts])), 4)
    drawn = np.mean([draws[:, columns].mean(axis=1) for columns in parts], axis=0)
    present = int((scores[2] > 0).sum())
    interval = _interval(drawn, score)
    return GroupAlignment("overall", score, interval, present, len(framework.concepts))


def _cautions(
    passages: Sequence[tuple[Passage, TaggedPassage]],
    prose: Sequence[tuple[Passage, TaggedPassage]],
    warnings: Sequence[str],
) -> tuple[str, ...]:
    silent = sum(tagged.abstained is not None for _, tagged in passages)
    said = list(warnings)
    if silent:
        said.append(
            f"{silent} of {len(passages)} passages are in a language or form the tagging model "
            "has no figures for; what they say is not counted."
        )
    if len(prose) < 5:
        said.append(f"Only {len(prose)} passages of prose: scores rest on very little text.")
    return tuple(said)
