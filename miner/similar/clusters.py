"""Clusters: passages of several countries that promise the same thing.

Average linkage over the likeness of the passages' embeddings, cut where a reader found that pairs
still promise the same (docs/changes.md). The same passages always make the same clusters, with the
same ids.
Source: Sokal and Michener (1958), as scipy computes it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from miner.embedding import Encoder
from miner.errors import InputError
from miner.index import Filter
from miner.similar.background import background
from miner.similar.duplicates import folded
from miner.store import Store, StoredPassage
from miner.taxonomy import Stance

MOST = 8_000
MAX_LIMIT = 200
# Likeness (see Background) from which passages go together; chosen on judged pairs.
ALIKE = 4.0
_LEAST_WORDS = 12
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class ClusterRequest:
    """where: filters; only passages that commit or tell of a measure in place are clustered.

    countries: how many a cluster must hold. alike: likeness within a cluster, in units of the
    background's spread; higher makes smaller clusters of nearer passages.
    """

    where: Filter = field(default_factory=Filter)
    limit: int = 20
    offset: int = 0
    countries: int = 2
    alike: float = ALIKE


@dataclass(frozen=True, slots=True)
class Member:
    """A passage of a cluster. closeness: its mean likeness to the others.

    folded: further passages of the cluster that repeat it, or say the same in the same document.
    """

    passage: StoredPassage
    closeness: float
    folded: tuple[StoredPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Passages that promise the same thing, the one nearest to all others first.

    id: made from the passages. cohesion: mean likeness of its passages. concepts: decided on at
    least half of its members. countries: codes, in the order of the members.
    """

    id: str
    members: tuple[Member, ...]
    countries: tuple[str, ...]
    concepts: tuple[str, ...]
    cohesion: float


@dataclass(frozen=True, slots=True)
class Clusters:
    """clusters: those asked for, the ones of most countries first. total: how many there are.
    passages: how many were clustered; alone: how many of these are in no cluster."""

    clusters: tuple[Cluster, ...]
    total: int
    passages: int
    alone: int


def clusters_of(store: Store, encoder: Encoder, request: ClusterRequest) -> Clusters:
    """The clusters among the passages that satisfy the filters.

    Raises InputError where a number is out of range, or more than 8,000 passages satisfy them.
    """
    _check(request)
    where = _binding(request.where)

    def ask(live: Filter) -> tuple[list[StoredPassage], dict[str, NDArray[np.float32]]]:
        total = store.count(live)
        if total > MOST:
            raise InputError(
                "clusters",
                f"{total:,} passages satisfy the filters, and {MOST:,} at most are clustered",
                "Narrow them, e.g. to a concept or an organisation.",
            )
        held = [
            stored
            for document in store.facet("document", live, limit=MOST)
            for stored in store.passages(document)
        ]
        ids = [stored.passage.id for stored in held if _clear(stored)]
        vectors: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(ids), _CHUNK):
            vectors.update(store.index.vectors(ids[start : start + _CHUNK], live))
        return held, vectors

    held, vectors = store.read(ask, where)
    # The index has applied the filters: what it gave no vector for does not satisfy them.
    rows = [stored for stored in held if stored.passage.id in vectors]
    rows.sort(key=lambda stored: stored.passage.id)
    if len(rows) < 2:
        return Clusters((), 0, len(rows), len(rows))
    matrix = np.stack([vectors[stored.passage.id] for stored in rows])
    alike = background(store, encoder, "passage").alike(matrix, matrix)
    groups = _groups(alike, request.alike)
    found = [_cluster([rows[at] for at in group], alike[np.ix_(group, group)]) for group in groups]
    wide = [one for one in found if len(one.countries) >= request.countries]
    wide.sort(key=lambda one: (-len(one.countries), -one.cohesion, one.id))
    inside = sum(1 + len(member.folded) for one in wide for member in one.members)
    shown = tuple(wide[request.offset : request.offset + request.limit])
    return Clusters(shown, len(wide), len(rows), len(rows) - inside)


def _check(request: ClusterRequest) -> None:
    for name, value, low, high in (
        ("limit", request.limit, 1, MAX_LIMIT),
        ("countries", request.countries, 1, 300),
        ("alike", request.alike, 0.5, 20.0),
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


def _clear(stored: StoredPassage) -> bool:
    """Whether a passage can be put beside others: of a country, and more than a heading."""
    return stored.metadata.country is not None and (
        len(stored.passage.text.split()) >= _LEAST_WORDS
    )


def _groups(alike: NDArray[np.float32], least: float) -> list[list[int]]:
    """Rows by average linkage; groups of one are left out."""
    top = float(alike.max())
    distances = squareform(np.maximum(top - alike, 0.0), checks=False)
    labels = fcluster(linkage(distances, "average"), top - least, "distance")
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def _cluster(rows: Sequence[StoredPassage], alike: NDArray[np.float32]) -> Cluster:
    many = len(rows)
    others = (alike.sum(axis=1) - alike.diagonal()) / (many - 1)
    order = sorted(range(many), key=lambda at: (-float(others[at]), rows[at].passage.id))
    members = _members([(rows[at], round(float(others[at]), 3)) for at in order])
    counts = Counter(tag.concept for m in members for tag in m.passage.tagged.decided)
    concepts = [name for name, count in counts.most_common() if 2 * count >= len(members)]
    digest = hashlib.sha256("\n".join(sorted(row.passage.id for row in rows)).encode())
    return Cluster(
        id=digest.hexdigest()[:16],
        members=tuple(members),
        countries=tuple(dict.fromkeys(m.passage.metadata.country or "" for m in members)),
        concepts=tuple(concepts),
        cohesion=round(float(others.mean()), 3),
    )


def _members(rows: Sequence[tuple[StoredPassage, float]]) -> list[Member]:
    """One member per document and per wording: the rest is folded into it."""
    by_document: dict[str, list[tuple[StoredPassage, float]]] = {}
    for stored, closeness in rows:
        by_document.setdefault(stored.passage.document, []).append((stored, closeness))
    leads = [group[0] for group in by_document.values()]
    members = []
    for group in folded(stored.passage.text for stored, _ in leads):
        # Two documents of one country may repeat each other; two countries are two members.
        for country in dict.fromkeys(leads[at][0].metadata.country for at in group):
            same = [at for at in group if leads[at][0].metadata.country == country]
            stored, closeness = leads[same[0]]
            rest = [
                row[0]
                for at in same
                for row in by_document[leads[at][0].passage.document]
                if row[0].passage.id != stored.passage.id
            ]
            members.append(Member(stored, closeness, tuple(rest)))
    return members
