"""Clusters: commitments of several countries that promise the same thing.

Average linkage over the probability that two commitments promise the same, cut where a reader
found that they do (docs/changes.md). The same commitments always make the same clusters, with the
same ids.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from miner.changes.across import groups
from miner.changes.differences import differences
from miner.changes.pledge import Pledge, pledges, whole
from miner.changes.rule import rule
from miner.changes.vectors import of_texts
from miner.embedding import Encoder
from miner.errors import InputError
from miner.index import Filter
from miner.lexical import stems
from miner.similar.background import background
from miner.similar.duplicates import folded
from miner.store import Store, StoredPassage
from miner.taxonomy import Stance

MOST = 20_000
MAX_LIMIT = 200
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class ClusterRequest:
    """where: filters; only passages that commit or tell of a measure in place are read.

    countries: how many a cluster must hold. alike: probability that the commitments of a cluster
    promise the same, above 0 and below 1; higher makes smaller clusters of nearer commitments,
    and None is the measured one.
    """

    where: Filter = field(default_factory=Filter)
    limit: int = 20
    offset: int = 0
    countries: int = 2
    alike: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A commitment of a cluster. closeness: mean probability that it and the others promise the
    same, 0 to 1.

    folded: further commitments of the cluster of the same document, or in the same words.
    """

    pledge: Pledge
    closeness: float
    folded: tuple[Pledge, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Commitments that promise the same thing, the one nearest to all others first.

    id: made from the commitments. cohesion: mean closeness. concepts: those of at least half of
    its members. countries: codes, in the order of the members. differences: sentences for people
    on who stands out: the firmest and the weakest, who names a deadline, a resource, an actor.
    """

    id: str
    members: tuple[Member, ...]
    countries: tuple[str, ...]
    concepts: tuple[str, ...]
    cohesion: float
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clusters:
    """clusters: those asked for, the ones of most countries first. total: how many there are.

    passages: how many were read; commitments: how many they hold; alone: how many of these are
    in no cluster.
    """

    clusters: tuple[Cluster, ...]
    total: int
    passages: int
    commitments: int
    alone: int


def clusters_of(
    store: Store, encoder: Encoder, request: ClusterRequest, patience: float | None = None
) -> Clusters:
    """The clusters among the commitments of the passages that satisfy the filters.

    English passages only: commitments of others cannot be told. Passages that were never read
    are, which takes about 20 ms each, and their commitments are embedded; both are kept.

    Raises:
        InputError: a number is out of range, or more than 20,000 passages satisfy the filters.
        NotYet: patience (seconds, for each of the two) ran out.
    """
    _check(request)
    passages = _passages(store, _binding(request.where))
    found = [one for one in pledges(store, passages, patience) if whole(one.commitment)]
    gists = of_texts(store, encoder, [one.gist for one in found], patience)
    made = groups(
        gists,
        [frozenset(stems(one.gist)) for one in found],
        rule().across,
        background(store, encoder, "sentence"),
        request.alike,
    )
    every = [_cluster([found[at] for at in rows], logits) for rows, logits in made]
    wide = [one for one in every if len(one.countries) >= request.countries]
    wide.sort(key=lambda one: (-len(one.countries), -one.cohesion, one.id))
    inside = sum(1 + len(member.folded) for one in wide for member in one.members)
    return Clusters(
        clusters=tuple(wide[request.offset : request.offset + request.limit]),
        total=len(wide),
        passages=len(passages),
        commitments=len(found),
        alone=len(found) - inside,
    )


def _check(request: ClusterRequest) -> None:
    for name, value, low, high in (
        ("limit", request.limit, 1, MAX_LIMIT),
        ("countries", request.countries, 1, 300),
        ("alike", 0.5 if request.alike is None else request.alike, 0.01, 0.99),
    ):
        if not low <= value <= high:
            raise InputError(
                f"{name} {value}", f"it must lie between {low} and {high}", "Give another."
            )
    if request.offset < 0:
        raise InputError(f"offset {request.offset}", "it must not be negative", "Begin with 0.")


def _binding(where: Filter) -> Filter:
    """The filter with its stances narrowed to those that bind."""
    binding = [Stance.COMMITMENT.value, Stance.IN_PLACE.value]
    asked = where.any_of.get("stance")
    kept = binding if asked is None else [name for name in binding if name in asked]
    return Filter({**where.any_of, "stance": kept or [""]}, where.none_of, where.years)


def _passages(store: Store, where: Filter) -> list[StoredPassage]:
    """The passages that satisfy a filter and belong to a country, by id."""

    def ask(live: Filter) -> list[StoredPassage]:
        total = store.count(live)
        if total > MOST:
            raise InputError(
                "clusters",
                f"{total:,} passages satisfy the filters, and {MOST:,} at most are read",
                "Narrow them, e.g. to a concept or an organisation.",
            )
        held = {
            stored.passage.id: stored
            for document in store.facet("document", live, limit=MOST)
            for stored in store.passages(document)
            if stored.metadata.country is not None
        }
        ids = sorted(held)
        # What the index gives no vector for does not satisfy the filter.
        return [
            held[name]
            for start in range(0, len(ids), _CHUNK)
            for name in sorted(store.index.vectors(ids[start : start + _CHUNK], live))
        ]

    return store.read(ask, where)


def _cluster(pledges: Sequence[Pledge], logits: NDArray[np.float64]) -> Cluster:
    likely = 1 / (1 + np.exp(-logits))
    others = (likely.sum(axis=1) - likely.diagonal()) / (len(pledges) - 1)
    rows = [(pledges[at], round(float(others[at]), 3)) for at in range(len(pledges))]
    rows.sort(key=lambda row: (-row[1], _key(row[0])))
    members = _members(rows)
    counts = Counter(concept for member in members for concept in member.pledge.concepts)
    return Cluster(
        id=hashlib.sha256("\n".join(sorted(map(_key, pledges))).encode()).hexdigest()[:16],
        members=tuple(members),
        countries=tuple(dict.fromkeys(m.pledge.passage.metadata.country or "" for m in members)),
        concepts=tuple(name for name, many in counts.most_common() if 2 * many >= len(members)),
        cohesion=round(float(others.mean()), 3),
        differences=tuple(differences([member.pledge for member in members])),
    )


def _key(pledge: Pledge) -> str:
    return f"{pledge.passage.passage.id}:{pledge.commitment.action.start}"


def _members(rows: Sequence[tuple[Pledge, float]]) -> list[Member]:
    """One member per document and per wording: the rest is folded into it."""
    by_document: dict[str, list[tuple[Pledge, float]]] = {}
    for pledge, closeness in rows:
        by_document.setdefault(pledge.passage.passage.document, []).append((pledge, closeness))
    leads = [group[0] for group in by_document.values()]
    members = []
    for group in folded(pledge.quote.quote for pledge, _ in leads):
        # Two documents of one country may repeat each other; two countries are two members.
        for country in dict.fromkeys(leads[at][0].passage.metadata.country for at in group):
            own = [leads[at] for at in group if leads[at][0].passage.metadata.country == country]
            first, closeness = own[0]
            rest = [
                pledge
                for lead, _ in own
                for pledge, _ in by_document[lead.passage.passage.document]
                if pledge is not first
            ]
            members.append(Member(first, closeness, tuple(rest)))
    return members
