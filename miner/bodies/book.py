"""The Book of bodies (models/taxonomy/bodies.yaml) and of a store's own organisations."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from miner.bodies.body import Body, Kind
from miner.bodies.roles import RoleRules
from miner.catalogue.geography import Geography
from miner.catalogue.name import fold
from miner.catalogue.phrase import Entry, PhraseBook, Token, tokens
from miner.errors import InputError, NotFound
from miner.taxonomy.codebook import shipped

_FILE = "bodies.yaml"
_WORDS = re.compile(r"\W+")
# A long name is one in small letters too ("convention on cybercrime"); "world bank" may be any.
_LONG = 4
_ABBREVIATION = re.compile(r"[A-ZА-Я]{2,}")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a body. near: what must stand around an abbreviation that may mean
    something else. before, after: what makes it another thing. not_in: languages in which it
    is another word."""

    body: str
    text: str
    abbreviation: bool
    near: re.Pattern[str] | None = None
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    not_in: frozenset[str] = frozenset()

    def fits(self, line: Sequence[Token]) -> bool:
        """Whether the words are written as this form is."""
        if self.abbreviation:
            return "".join(token.raw for token in line) == _WORDS.sub("", self.text)
        capitals = sum(token.raw[:1].isupper() for token in tokens(self.text))
        if len(line) >= _LONG or not capitals:
            return True
        # "CSIRTs network" is a name by its first word alone, "world bank" by none.
        shown = sum(token.raw[:1].isupper() + token.raw[1:2].isupper() for token in line)
        return line[0].raw[:1].isupper() and shown >= min(capitals, 2)


@dataclass(frozen=True, slots=True)
class Book:
    """Bodies by id, the phrases that name them, and the rules for teams and roles.

    version: first 12 hex digits of the SHA-256 of all that is in it.
    """

    bodies: Mapping[str, Body]
    phrases: PhraseBook[tuple[Form, ...]]
    names: Mapping[str, tuple[str, ...]]
    teams: Mapping[str, str]
    roles: RoleRules
    version: str

    def body(self, body_id: str) -> Body:
        """The body with this id. NotFound where there is none; teams are in no book."""
        if body_id not in self.bodies:
            raise NotFound(
                f"body {body_id!r}",
                "no body has this id",
                "List those that the documents name with `miner bodies` or GET /v1/bodies.",
            )
        return self.bodies[body_id]


_BOOKS: WeakKeyDictionary[Geography, Book] = WeakKeyDictionary()


def book(geography: Geography) -> Book:
    """The shipped bodies, with the organisations of a geography that are none of them.

    Raises InputError where the shipped file is not what it should be.
    """
    if geography not in _BOOKS:
        _BOOKS[geography] = _build(_data(), geography)
    return _BOOKS[geography]


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = shipped(_FILE)
    return data


def _build(data: Mapping[str, Any], geography: Geography) -> Book:
    try:
        rows = [*data["bodies"], *_own(data["bodies"], geography)]
        bodies = {row["id"]: _body(row) for row in rows}
        forms = [form for row in rows for form in _forms(row)]
        roles = RoleRules.of(data["roles"])
        teams = {str(name): str(code) for name, code in data["teams"].items()}
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise InputError(
            f"models/taxonomy/{_FILE}", f"not a usable list of bodies ({error!r})", "Mend the file."
        ) from error
    content = json.dumps(
        [[asdict(body) for body in bodies.values()], data], sort_keys=True, ensure_ascii=False
    )
    return Book(
        bodies,
        PhraseBook.of(_entries(forms), _stem),
        {
            body.id: tuple(fold(name) for name in (body.name, *body.aliases))
            for body in bodies.values()
        },
        teams,
        roles,
        hashlib.sha256(content.encode()).hexdigest()[:12],
    )


def _own(rows: Sequence[Mapping[str, Any]], geography: Geography) -> Iterator[dict[str, Any]]:
    """Organisations that a store learnt with a manifest: the shipped ones are all in the file
    where cyber policy speaks of them."""
    known = {organisation.id for organisation in Geography.shipped().organisations}
    taken = {row["id"] for row in rows}
    for organisation in geography.organisations:
        identity = organisation.id.lower()
        if organisation.id in known or identity in taken:
            continue
        short = [name for name in organisation.aliases if _ABBREVIATION.fullmatch(name)]
        yield {
            "id": identity,
            "name": organisation.name,
            "short": organisation.name,
            "kind": "organisation",
            "organisation": organisation.id,
            "aliases": [name for name in organisation.aliases if name not in short],
            "abbreviations": short,
        }


def _body(row: Mapping[str, Any]) -> Body:
    return Body(
        id=row["id"],
        name=row["name"],
        short=row.get("short") or row["name"],
        kind=Kind(row["kind"]),
        aliases=tuple(row.get("aliases") or ()),
        organisation=row.get("organisation"),
        url=row.get("url") or "",
    )


def _forms(row: Mapping[str, Any]) -> Iterator[Form]:
    unless = row.get("unless") or {}
    before, after = _any(unless.get("before")), _any(unless.get("after"))
    for name in (row["name"], *(row.get("aliases") or ())):
        yield Form(row["id"], name, False, None, before, after)
    for item in row.get("abbreviations") or ():
        told = {"text": item} if isinstance(item, str) else item
        near = _near(told["near"]) if "near" in told else None
        not_in = frozenset(told.get("not_in") or ())
        yield Form(row["id"], told["text"], True, near, before, after, not_in)


def _any(patterns: Sequence[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{part})" for part in patterns), re.I) if patterns else None


def _near(words: Sequence[str]) -> re.Pattern[str]:
    """Beginnings of words; what has capitals is matched as it is written."""
    parts = [re.escape(w) if w != w.lower() else f"(?i:{re.escape(w)})" for w in words]
    return re.compile(rf"\b(?:{'|'.join(parts)})")


def _entries(forms: Iterable[Form]) -> Iterator[Entry[tuple[Form, ...]]]:
    """One entry a phrase: "Interpol" and "INTERPOL" are the same words."""
    by_words: dict[tuple[str, ...], list[Form]] = {}
    for form in forms:
        by_words.setdefault(tuple(map(_stem, tokens(form.text))), []).append(form)
    for several in by_words.values():
        yield Entry(several[0].text, tuple(several), _Fitting(tuple(several)))


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Whether words are written as one of several forms is."""

    forms: tuple[Form, ...]

    def __call__(self, line: Sequence[Token]) -> bool:
        return any(form.fits(line) for form in self.forms)


def _stem(token: Token) -> str:
    return token.stem
