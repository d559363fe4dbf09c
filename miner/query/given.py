"""Filters that a caller gives in words: names, codes and ids into what the index holds.

One behaviour for every door: what nobody knows is refused with what is near, so that a slip never
ends in a silent zero. What a store holds counts as known, for manifests bring codes and
organisations of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from miner.catalogue.geography import Geography
from miner.catalogue.language import language_code as known_language
from miner.catalogue.name import fold
from miner.errors import InputError
from miner.index import Filter, year_range
from miner.store import Store
from miner.taxonomy import Concept, Stance, codebook

_LIKE = 70
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Given:
    """What passages are narrowed by, as a caller wrote it; values of one field are alternatives.

    country: names, demonyms or codes. organisation, concept: ids or names. language: names or
    ISO 639-1 codes ("und" for unknown). document: ids. first, last: years, both included.
    """

    country: Sequence[str] = ()
    organisation: Sequence[str] = ()
    concept: Sequence[str] = ()
    stance: Sequence[str] = ()
    language: Sequence[str] = ()
    document: Sequence[str] = ()
    type: Sequence[str] = ()
    first: int | None = None
    last: int | None = None


def where(given: Given, geography: Geography, store: Store) -> Filter:
    """The index's filter.

    Raises InputError for a value that neither the geography nor the store knows and for years
    that end before they begin, NotFound for a document that is not stored.
    """
    if given.document:
        held = {item.id for item in store.documents(given.document)}
        for name in given.document:
            if name not in held:
                store.summary(name)
    chosen = {
        "country": [country_code(name, geography, store) for name in given.country],
        "organisations": [organisation_id(name, geography, store) for name in given.organisation],
        "concepts": [concept_id(name) for name in given.concept],
        "stance": [stance(name) for name in given.stance],
        "language": [language_code(name) for name in given.language],
        "document": list(given.document),
        "type": [_type(name, store) for name in given.type],
    }
    return Filter(
        {name: values for name, values in chosen.items() if values},
        years=year_range(given.first, given.last),
    )


def country_code(name: str, geography: Geography, store: Store | None = None) -> str:
    """The code of a country that is named or coded. Raises InputError with what is near."""
    found = geography.country(name)
    if found is not None:
        return found.code
    if name.upper() in _stored("country", store):
        return name.upper()
    known = {
        n: f"{c.name} ({c.code})" for c in geography.countries for n in (c.name, *c.aliases, c.code)
    }
    raise _unknown("country", name, known, "Give its name or its ISO 3166-1 alpha-3 code.")


def assigned_code(name: str, geography: Geography) -> str:
    """The code of a country for a new document: three letters that nobody lists may be its own.

    Raises InputError as `country_code` does.
    """
    own = len(name) == 3 and name.isascii() and name.isalpha()
    if own and geography.country(name) is None:
        return name.upper()
    return country_code(name, geography)


def organisation_id(name: str, geography: Geography, store: Store | None = None) -> str:
    """The id of an organisation that is named. Raises InputError with what is near."""
    found = geography.organisation(name)
    if found is not None:
        return found.id
    if name in _stored("organisations", store):
        return name
    known = {
        n: f"{o.name} ({o.id})" for o in geography.organisations for n in (o.name, *o.aliases, o.id)
    }
    ids = ", ".join(organisation.id for organisation in geography.organisations)
    raise _unknown("organisation", name, known, f"Known: {ids}.")


def concept_id(name: str, concepts: Mapping[str, Concept] | None = None) -> str:
    """The id of a concept that is given by id, the id's last part or its label.

    Raises InputError with what is near.
    """
    listed = (codebook() if concepts is None else concepts).values()
    known = {n: c.id for c in listed for n in (c.id, c.id.split(".")[-1], c.label)}
    folded = {fold(label): concept for label, concept in known.items()}
    found = folded.get(fold(name))
    if found is None:
        step = "List them with `miner frameworks` or GET /v1/concepts."
        raise _unknown("concept", name, known, step)
    return found


def stance(name: str) -> str:
    """A stance. Raises InputError with what is near."""
    if name not in list(Stance):
        raise _unknown("stance", name, {s: s for s in Stance}, f"Known: {', '.join(Stance)}.")
    return str(name)


def language_code(name: str) -> str:
    """The code of a language that is named or coded, or "und". Raises InputError."""
    code = name if name == "und" else known_language(name)
    if code is None:
        raise _unknown("language", name, {}, "Give its English name or its ISO 639-1 code.")
    return code


def _type(name: str, store: Store) -> str:
    known = _stored("type", store)
    if name not in known:
        listed = ", ".join(sorted(known)) or "none, for no document has a type"
        raise _unknown("type", name, {t: t for t in known}, f"Known: {listed}.")
    return name


def _stored(field: str, store: Store | None) -> Collection[str]:
    return store.facet(field, Filter(), 10_000) if store is not None else ()


def _unknown(kind: str, name: str, known: Mapping[str, str], otherwise: str) -> InputError:
    near = _near(name, known)
    step = f"Did you mean {' or '.join(near)}? {otherwise}" if near else otherwise
    return InputError(f"{kind} {name!r}", f"there is no {kind} of this name", step)


def _near(name: str, known: Mapping[str, str]) -> Iterable[str]:
    folded = {fold(label): shown for label, shown in known.items()}
    found = process.extract(
        fold(name), list(folded), scorer=fuzz.ratio, score_cutoff=_LIKE, limit=_MOST_NEAR
    )
    return list(dict.fromkeys(folded[match] for match, _, _ in found))
