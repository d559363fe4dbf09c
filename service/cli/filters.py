"""What people call countries, organisations and concepts, as the filters want it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from miner.catalogue.geography import Geography
from miner.catalogue.language import language_code
from miner.catalogue.name import fold
from miner.errors import InputError
from miner.index import Filter, year_range
from miner.store import Store
from miner.taxonomy import Stance, codebook

_Many = list[str] | None


def country_code(name: str, geography: Geography) -> str:
    """The code of a country that is named or coded. Raises InputError with what is near."""
    found = geography.country(name)
    if found is not None:
        return found.code
    known = {
        n: f"{c.name} ({c.code})" for c in geography.countries for n in (c.name, *c.aliases, c.code)
    }
    raise _unknown("country", name, known, "Give its name or its ISO 3166-1 alpha-3 code.")


def organisation_id(name: str, geography: Geography) -> str:
    """The id of an organisation that is named. Raises InputError with what is near."""
    found = geography.organisation(name)
    if found is not None:
        return found.id
    known = {
        n: f"{o.name} ({o.id})" for o in geography.organisations for n in (o.name, *o.aliases, o.id)
    }
    ids = ", ".join(organisation.id for organisation in geography.organisations)
    raise _unknown("organisation", name, known, f"Known: {ids}.")


def concept_id(name: str) -> str:
    """The id of a concept that is given by id or label. Raises InputError with what is near."""
    known = {n: c.id for c in codebook().values() for n in (c.id, c.id.split(".")[-1], c.label)}
    folded = {fold(label): concept for label, concept in known.items()}
    found = folded.get(fold(name))
    if found is None:
        raise _unknown("concept", name, known, "List them with `miner frameworks`.")
    return found


def where(
    store: Store,
    geography: Geography,
    *,
    country: _Many = None,
    organisation: _Many = None,
    concept: _Many = None,
    stance: _Many = None,
    language: _Many = None,
    document: _Many = None,
    since: int | None = None,
    until: int | None = None,
) -> Filter:
    """The index's filter. Raises InputError or NotFound for a value that nobody knows."""
    for name in document or ():
        store.summary(name)
    chosen = {
        "country": [country_code(name, geography) for name in country or ()],
        "organisations": [organisation_id(name, geography) for name in organisation or ()],
        "concepts": [concept_id(name) for name in concept or ()],
        "stance": [_stance(name) for name in stance or ()],
        "language": [_language(name) for name in language or ()],
        "document": document or [],
    }
    return Filter(
        {name: values for name, values in chosen.items() if values}, years=year_range(since, until)
    )


def _stance(name: str) -> str:
    if name not in list(Stance):
        raise _unknown("stance", name, {s: s for s in Stance}, f"Known: {', '.join(Stance)}.")
    return name


def _language(name: str) -> str:
    code = name if name == "und" else language_code(name)
    if code is None:
        raise _unknown("language", name, {}, "Give its English name or its ISO 639-1 code.")
    return code


def _unknown(kind: str, name: str, known: dict[str, str], otherwise: str) -> InputError:
    near = _near(name, known)
    step = f"Did you mean {' or '.join(near)}? {otherwise}" if near else otherwise
    return InputError(f"{kind} {name!r}", f"there is no {kind} of this name", step)


def _near(name: str, known: dict[str, str]) -> Iterable[str]:
    folded = {fold(label): shown for label, shown in known.items()}
    found = get_close_matches(fold(name), folded, n=3, cutoff=0.7)
    return list(dict.fromkeys(folded[match] for match in found))
