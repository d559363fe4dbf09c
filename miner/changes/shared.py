"""A cluster's promises side by side: who promises it, how firmly, by when and with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from miner import lexical
from miner.changes.pledge import Pledge, pledges
from miner.changes.words import covered
from miner.similar.clusters import Cluster, Member
from miner.store import Store, StoredPassage


@dataclass(frozen=True, slots=True)
class Said:
    """A member and the commitment of it that the others share most; None where no commitment of
    it could be told (a language without a parser, a list of nouns)."""

    member: Member
    pledge: Pledge | None


@dataclass(frozen=True, slots=True)
class SharedPromise:
    """A cluster with its differences.

    said: one row per member, in the cluster's order. differences: sentences for people on who
    stands out: the firmest and the weakest, who names a deadline, a resource, an actor.
    """

    cluster: Cluster
    said: tuple[Said, ...]
    differences: tuple[str, ...]


def side_by_side(
    store: Store, clusters: Sequence[Cluster], patience: float | None = None
) -> list[SharedPromise]:
    """The clusters with their promises; passages that were never parsed are parsed and kept.

    Raises NotYet where patience (seconds) ran out.
    """
    wanted = {
        member.passage.passage.id: member.passage for one in clusters for member in one.members
    }
    by_passage: dict[str, list[Pledge]] = {}
    for pledge in pledges(store, list(wanted.values()), patience):
        by_passage.setdefault(pledge.passage.passage.id, []).append(pledge)
    found = []
    for cluster in clusters:
        said = tuple(
            Said(member, _shared(by_passage.get(member.passage.passage.id, ()), member, cluster))
            for member in cluster.members
        )
        found.append(SharedPromise(cluster, said, tuple(_differences(said))))
    return found


def _shared(held: Sequence[Pledge], member: Member, cluster: Cluster) -> Pledge | None:
    """The commitment whose words the other members have most of; ties go to the firmer one."""
    if not held:
        return None
    others: list[StoredPassage] = [m.passage for m in cluster.members if m is not member]
    stems = [frozenset(lexical.stems(pledge.gist)) for pledge in held]
    shares = covered(stems, others or [member.passage]).mean(axis=1)
    best = max(
        range(len(held)),
        key=lambda at: (
            round(float(shares[at]), 2),
            held[at].commitment.strength.value,
            -at,
        ),
    )
    return held[best]


def _differences(said: Sequence[Said]) -> list[str]:
    rows = [(_name(one.member), one.pledge) for one in said if one.pledge is not None]
    if len(rows) < 2:
        return []
    by_strength = sorted(rows, key=lambda row: -_strength(row[1]))
    first, last = by_strength[0], by_strength[-1]
    lines = []
    if _strength(first[1]) > _strength(last[1]):
        lines.append(f"firmest: {_told(*first)}; weakest: {_told(*last)}")
    for title, role in (("deadline", "deadline"), ("resource", "resource"), ("actor", "actor")):
        naming = [
            (name, getattr(pledge.commitment, role))
            for name, pledge in rows
            if pledge is not None and getattr(pledge.commitment, role) is not None
        ]
        if not naming:
            lines.append(f"{title}: none names one")
        elif len(naming) < len(rows):
            listed = "; ".join(f"{name} (“{_short(span.quote)}”)" for name, span in naming[:4])
            more = f" and {len(naming) - 4} more" if len(naming) > 4 else ""
            lines.append(f"{title}: only {listed}{more}")
    return lines


def _strength(pledge: Pledge | None) -> float:
    return pledge.commitment.strength.value if pledge is not None else 0.0


def _told(name: str, pledge: Pledge | None) -> str:
    if pledge is None:
        return name
    one = pledge.commitment
    words = f" “{_short(one.modal.quote)}”" if one.modal is not None else ""
    return f"{name}{words} ({one.strength.modal} {one.strength.value:.2f})"


def _name(member: Member) -> str:
    about = member.passage.metadata
    year = f" {about.year}" if about.year else ""
    return f"{about.country_name or about.country}{year}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:59] + "…"
