"""Finding bodies in the passages of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from miner.bodies.body import Body, Mention, Role
from miner.bodies.book import Book, Form
from miner.bodies.teams import teams
from miner.catalogue.geography import Geography
from miner.catalogue.name import fold
from miner.catalogue.phrase import tokens
from miner.document import BlockType
from miner.linguistics import sentences
from miner.passages import Passage

_AROUND = 200
_BEFORE, _AFTER = 40, 30
# Between a name and its abbreviation: "Organization of American States (OAS".
_PAIR = re.compile(r"[\s,]*[(\[–-]?\s*['\"“]?")
_ASIDE = frozenset({BlockType.FOOTNOTE, BlockType.REFERENCE, BlockType.CONTENTS})
_SMALL = frozenset("of for the and on in to de la des du y e et und für der die das".split())


@dataclass(frozen=True, slots=True)
class _Hit:
    body: Body
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """The mentions of a document, and its teams, which no book lists."""

    mentions: tuple[Mention, ...]
    teams: tuple[Body, ...]


def find(
    passages: Sequence[Passage], country: str | None, book: Book, geography: Geography
) -> Found:
    """All places where the passages of one document name a body, in reading order.

    country: the document's, for teams such as GovCERT that are its own.
    """
    texts = [passage.text for passage in passages]
    meanings: dict[tuple[str, str], bool | None] = {}
    mentions: list[Mention] = []
    own: dict[str, Body] = {}
    for passage in passages:
        hits = list(_hits(passage, texts, meanings, book))
        for team in teams(passage.text, country, book.teams, geography):
            if not any(team.start < hit.end and hit.start < team.end for hit in hits):
                hits.append(_Hit(team.body, team.start, team.end))
                known = own.get(team.body.id)
                if known is None or known.country is None:
                    own[team.body.id] = team.body
        hits.sort(key=lambda hit: hit.start)
        mentions += _mentions(passage, _merged(hits, passage.text), country, book)
    return Found(tuple(mentions), tuple(own.values()))


def _hits(
    passage: Passage,
    texts: Sequence[str],
    meanings: dict[tuple[str, str], bool | None],
    book: Book,
) -> Iterator[_Hit]:
    line = tokens(passage.text)
    for match in book.phrases.matches(line):
        words = line[match.first : match.last]
        start, end = words[0].start, words[-1].end
        for form in match.entry.value:
            if form.fits(words) and _holds(form, passage, start, end, texts, meanings, book.names):
                yield _Hit(book.bodies[form.body], start, end)
                break


def _holds(
    form: Form,
    passage: Passage,
    start: int,
    end: int,
    texts: Sequence[str],
    meanings: dict[tuple[str, str], bool | None],
    names: Mapping[str, tuple[str, ...]],
) -> bool:
    """Whether the words mean the body here: its guards."""
    text = passage.text
    if passage.language in form.not_in:
        return False
    if form.before and form.before.search(text[max(0, start - _BEFORE) : start]):
        return False
    if form.after and re.match(rf"\W*(?:{form.after.pattern})", text[end : end + _AFTER], re.I):
        return False
    if not form.abbreviation:
        return True
    loud = _loud(text, start, end)
    if loud and (form.near is not None or (len(form.text) <= 3 and passage.language != "en")):
        return False
    if form.near is None:
        return True
    key = (form.body, form.text)
    if key not in meanings:
        meanings[key] = _meaning(form.text, names[form.body], texts)
    said = meanings[key]
    if said is not None:
        return said
    around = f"{text[max(0, start - _AROUND) : start]} {text[end : end + _AROUND]}"
    return form.near.search(around) is not None


def _loud(text: str, start: int, end: int) -> bool:
    """Whether the words stand among capitals, where an abbreviation is a word like any other."""
    around = text[max(0, start - 40) : start] + text[end : end + 40]
    letters = [char for char in around if char.isalpha()]
    return len(letters) >= 8 and sum(char.isupper() for char in letters) > 0.6 * len(letters)


def _meaning(short: str, names: Sequence[str], texts: Sequence[str]) -> bool | None:
    """Whether a document says that an abbreviation is one of the names (True) or something else
    with these initials (False); None where it does not say."""
    pattern = re.compile(rf"(?<!\w){re.escape(short)}(?!\w)")
    said: bool | None = None
    for text in texts:
        for match in pattern.finditer(text):
            before, after = text[: match.start()].rstrip(" \"'“"), text[match.end() :]
            if before.endswith("("):
                phrase = fold(before[-130:-1])
                if any(phrase.endswith(name) for name in names):
                    return True
                if _spells(phrase.split()[::-1], short[::-1]):
                    said = False
            follows = re.match(r"\s*[(:–—=-]\s*|\s{2,}", after)
            if follows:
                phrase = fold(after[follows.end() : follows.end() + 130])
                if any(phrase.startswith(name) for name in names):
                    return True
                if _spells(phrase.split(), short):
                    said = False
    return said


def _spells(words: Sequence[str], letters: str) -> bool:
    """Whether the words begin with these letters, one each, small words aside."""
    wanted = fold(letters).replace(" ", "")
    at = 0
    for word in words:
        if at == len(wanted):
            break
        if word.startswith(wanted[at]):
            at += 1
        elif word not in _SMALL:
            return False
    return at == len(wanted) and len(wanted) > 1


def _merged(hits: Sequence[_Hit], text: str) -> list[_Hit]:
    """Hits without the abbreviation that only repeats the name before it."""
    kept: list[_Hit] = []
    for hit in hits:
        last = kept[-1] if kept else None
        if (
            last is not None
            and last.body.id == hit.body.id
            and _PAIR.fullmatch(text, last.end, hit.start)
        ):
            closed = "(" in text[last.end : hit.start] and text[hit.end : hit.end + 1] == ")"
            kept[-1] = replace(last, end=hit.end + closed)
        else:
            kept.append(hit)
    return kept


def _mentions(
    passage: Passage, hits: Sequence[_Hit], country: str | None, book: Book
) -> Iterator[Mention]:
    if not hits:
        return
    text = passage.text
    spans = sentences(text, passage.language)
    lead = ""
    for first, last in spans:
        inside = [hit for hit in hits if first <= hit.start < last]
        for hit in inside:
            if hit.body.country is not None and hit.body.country == country:
                role = Role.OWN
            else:
                role = _role(text[first:last], first, hit, inside, lead, book)
            if passage.kind in _ASIDE and role not in (Role.OWN, Role.MEMBER):
                role = Role.MENTIONS  # a source that is cited is nothing that the country does
            yield Mention(
                body=hit.body.id,
                document=passage.document,
                passage=passage.id,
                page=passage.page,
                start=passage.start + hit.start,
                end=passage.start + hit.end,
                quote=text[hit.start : hit.end],
                sentence=text[first:last],
                role=role,
            )
        said = text[first:last]
        if said.endswith(":"):
            lead = said
        elif len(said.split()) > 25 or said.endswith("."):
            lead = ""


def _role(said: str, first: int, hit: _Hit, inside: Sequence[_Hit], lead: str, book: Book) -> Role:
    this = (hit.start - first, min(hit.end - first, len(said)))
    others = [
        (other.start - first, min(other.end - first, len(said)))
        for other in inside
        if other is not hit
    ]
    role = book.roles.role(said, this, others)
    if role is not Role.MENTIONS or not lead:
        return role
    # An item of a list takes its verb from the line that leads in.
    leading = f"{lead.rstrip(':')} "
    name = said[this[0] : this[1]]
    return book.roles.role(leading + name, (len(leading), len(leading) + len(name)), ())
