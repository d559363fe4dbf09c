"""Strength: how firmly a commitment binds, from 0 to 1, and the parts that say so.

The rule (docs/commitments.md; weights in models/commitments/strength.yaml): the modal class
gives a range, and what is named (actor, deadline, resource) says where in it the value lies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from miner.modality.lexicon import PROMISES, ModalClass, lexicon
from miner.taxonomy import Stance


@dataclass(frozen=True, slots=True)
class Strength:
    """value: 0 to 1. modal: the class of the words that bind; `none` where the text binds
    nobody, `unmarked` where the stance says that it does and no known word does.
    has_actor, has_deadline, has_resource: what is named beside it. rule: version of the rule.
    """

    value: float
    modal: ModalClass
    has_actor: bool = False
    has_deadline: bool = False
    has_resource: bool = False
    rule: str = ""


def grade(
    modal: ModalClass, *, actor: bool = False, deadline: bool = False, resource: bool = False
) -> Strength:
    """The strength of one commitment of this modal class that names these parts."""
    words = lexicon()
    low, high = words.ranges.get(modal, (0.0, 0.0))
    named = {"actor": actor, "deadline": deadline, "resource": resource}
    share = sum(words.parts[part] for part, there in named.items() if there)
    return Strength(
        round(low + (high - low) * share, 4), modal, actor, deadline, resource, words.version
    )


def strongest(found: Iterable[Strength], stance: Stance) -> Strength:
    """The strength of a passage: that of its strongest commitment.

    Measures count for text of the stance in_place, and for a commitment where it promises
    nothing. Where nothing is found in text that binds by its stance, its class is `unmarked`.
    """
    words = lexicon()
    if stance not in words.unmarked:
        return Strength(0.0, "none", rule=words.version)
    held = list(found)
    promises = [one for one in held if one.modal in PROMISES]
    if stance is Stance.COMMITMENT and promises:
        held = promises
    otherwise = Strength(words.unmarked[stance], "unmarked", rule=words.version)
    return max(held, key=lambda one: one.value, default=otherwise)
