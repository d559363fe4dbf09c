"""How commitments that promise the same thing differ: how firm, by when, with what, by whom."""

from __future__ import annotations

from collections.abc import Sequence

from miner.changes.pledge import Pledge

_NAMED = 4
_LONGEST = 60


def differences(pledges: Sequence[Pledge]) -> list[str]:
    """Sentences for people on which of several commitments stand out; none for fewer than two."""
    if len(pledges) < 2:
        return []
    by_strength = sorted(pledges, key=lambda one: -one.commitment.strength.value)
    first, last = by_strength[0], by_strength[-1]
    lines = []
    if first.commitment.strength.value > last.commitment.strength.value:
        lines.append(f"firmest: {_told(first)}; weakest: {_told(last)}")
    for role in ("deadline", "resource", "actor"):
        naming = [
            (_name(one), getattr(one.commitment, role))
            for one in pledges
            if getattr(one.commitment, role) is not None
        ]
        if not naming:
            lines.append(f"{role}: none names one")
        elif len(naming) < len(pledges):
            listed = "; ".join(f"{name} (“{_short(span.quote)}”)" for name, span in naming[:_NAMED])
            more = f" and {len(naming) - _NAMED} more" if len(naming) > _NAMED else ""
            lines.append(f"{role}: only {listed}{more}")
    return lines


def _told(pledge: Pledge) -> str:
    one = pledge.commitment
    words = f" “{_short(one.modal.quote)}”" if one.modal is not None else ""
    return f"{_name(pledge)}{words} ({one.strength.modal} {one.strength.value:.2f})"


def _name(pledge: Pledge) -> str:
    about = pledge.passage.metadata
    year = f" {about.year}" if about.year else ""
    return f"{about.country_name or about.country}{year}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
