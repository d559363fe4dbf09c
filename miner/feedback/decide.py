"""Deciding: requests checked against the store, and stored in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from miner.errors import InputError, NotFound
from miner.feedback.decision import Decision, Verdict
from miner.points import text_key
from miner.taxonomy import Stance, codebook

if TYPE_CHECKING:
    from miner.store import Store, StoredPassage

_LONGEST_NAME = 200
_LONGEST_COMMENT = 4000


@dataclass(frozen=True, slots=True)
class Request:
    """What an analyst asks to be noted; see `Decision`."""

    passage: str
    verdict: Verdict
    concept: str | None = None
    stance: str | None = None
    quote: str = ""
    comment: str = ""


def decide(store: Store, who: str, requests: Sequence[Request]) -> list[Decision]:
    """Store decisions, all or none; answers show them when the call returns.

    Raises:
        NotFound: a passage is not in the store.
        InputError: a concept or stance is unknown, missing or out of place; the quote is not
            in the passage; the name is empty.
    """
    name = " ".join(who.split())
    if not name or len(name) > _LONGEST_NAME:
        raise InputError(
            f"analyst {name[:40]!r}",
            "a name has 1 to 200 characters",
            "Say who decides: decisions are kept with a name.",
        )
    if not requests:
        raise InputError("feedback", "it holds no decision", "Accept, reject or add a concept.")
    held = store.passages_by_id(list(dict.fromkeys(one.passage for one in requests)))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    made = []
    for request in requests:
        if request.passage not in held:
            raise NotFound(
                f"passage {request.passage!r:.80}",
                "it is not in the store",
                "Take its id from a search or an export; its document may have been replaced.",
            )
        made.append(_decision(request, held[request.passage], name, at))
    return store.decide(made)


def _decision(request: Request, stored: StoredPassage, who: str, at: str) -> Decision:
    passage = stored.passage
    _check(request, passage.text)
    return Decision(
        id=0,
        content=text_key(passage.text),
        passage=passage.id,
        document=passage.document,
        title=stored.metadata.title,
        text=passage.text,
        language=passage.language,
        who=who,
        at=at,
        verdict=request.verdict,
        concept=request.concept,
        stance=request.stance,
        quote=request.quote,
        model=stored.tagged.model,
        comment=request.comment.strip(),
    )


def _check(request: Request, text: str) -> None:
    where = f"decision {request.verdict.value!r}"
    if request.verdict is Verdict.STANCE:
        if request.concept is not None:
            raise InputError(where, "a stance is of the passage, not of a concept", "Name none.")
        if request.stance not in list(Stance):
            known = ", ".join(Stance)
            raise InputError(f"stance {request.stance!r:.60}", "there is none", f"Known: {known}.")
    elif request.stance is not None:
        raise InputError(where, "it names a stance", "Correct a stance by a decision of its own.")
    elif request.concept is None and request.verdict is not Verdict.WITHDRAW:
        raise InputError(where, "it names no concept", "Name one of the codebook's.")
    if request.concept is not None and request.concept not in codebook():
        near = get_close_matches(request.concept, list(codebook()), 2, 0.4)
        raise InputError(
            f"concept {request.concept!r:.80}",
            "there is no such concept",
            f"Did you mean {' or '.join(near)}?" if near else "List them: `miner frameworks`.",
        )
    if request.quote and request.quote not in text:
        raise InputError(
            f"quote {request.quote!r:.60}", "it is not in the passage", "Copy it as it stands."
        )
    if request.quote and request.verdict not in (Verdict.ADD, Verdict.ACCEPT):
        raise InputError(where, "it has a quote", "Quote words for a concept that holds.")
    if len(request.comment) > _LONGEST_COMMENT:
        raise InputError("comment", f"it has over {_LONGEST_COMMENT} characters", "Shorten it.")
