"""A Decision: what an analyst says of one tag, or of the stance, of one passage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What is said. `accept` and `add` both mean that the concept holds: the first of a tag that
    the model gave, the second of one that it missed. `stance` corrects the stance; `withdraw`
    takes back what was said of the concept, or of the stance where none is named."""

    ACCEPT = "accept"
    REJECT = "reject"
    ADD = "add"
    STANCE = "stance"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. Decisions are never changed: a later one on the same matter counts instead.

    id: grows with every decision of a store; 0 before it is stored.
    content: key of the passage's words (`miner.points.text_key`). It is what a decision is
    about, so that it holds for the same words wherever and whenever they are stored.
    passage, document, title, text, language: the passage as it was, kept so that nothing is
    lost with its document.
    who: the analyst's name. at: when, in UTC (ISO 8601).
    concept: None for the stance. stance: only with the verdict `stance`.
    quote: the words that speak for an added concept; "" for the whole passage.
    model: id of the model whose tags the analyst saw.
    """

    id: int
    content: str
    passage: str
    document: str
    title: str
    text: str
    language: str
    who: str
    at: str
    verdict: Verdict
    concept: str | None
    stance: str | None
    quote: str
    model: str
    comment: str
