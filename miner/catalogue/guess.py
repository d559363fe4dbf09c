"""What a document says of itself, where no manifest does: a guess for each field."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import fields, replace
from typing import Any

from miner.catalogue.front import (
    end_text,
    front_text,
    issuing_body_of,
    title_of,
    type_of,
    year_in_name,
    year_in_text,
)
from miner.catalogue.gazetteer import mentions
from miner.catalogue.geography import Country, Geography
from miner.document import Document, Metadata, Provenance

# Votes for a country: a file name is chosen by somebody who knew; running text names neighbours.
_BY_FILE_NAME = 6.0
_BY_TITLE = 5.0
_BY_FRONT = 3.0
_BY_TEXT = 2.0
_BY_LANGUAGE = 1.3
_ENOUGH = 1.2
_LENGTH = 40_000
# Languages that speak for one country where nothing else does (English and French do not).
_HOME = {
    "az": "AZE", "bg": "BGR", "bs": "BIH", "cs": "CZE", "da": "DNK", "el": "GRC", "et": "EST",
    "fi": "FIN", "he": "ISR", "hr": "HRV", "hu": "HUN", "hy": "ARM", "is": "ISL", "it": "ITA",
    "ja": "JPN", "ka": "GEO", "ko": "KOR", "lt": "LTU", "lv": "LVA", "mk": "MKD", "mn": "MNG",
    "nb": "NOR", "no": "NOR", "pl": "POL", "ro": "ROU", "ru": "RUS", "sk": "SVK", "sl": "SVN",
    "sq": "ALB", "sr": "SRB", "sv": "SWE", "th": "THA", "tr": "TUR", "uk": "UKR", "vi": "VNM",
}  # fmt: skip
# A sentence that names this many countries is a list of members or partners.
_LIST = 4


def guess(document: Document, geography: Geography) -> Metadata:
    """Metadata from the file name, the front pages and the language; provenance `guessed`.

    Fields that nothing speaks for stay empty. Measured by `python -m evaluation.metadata`.
    """
    name = file_name(document.source)
    front = front_text(document)
    title = title_of(document)
    country = _country(name, title, document, geography)
    year = year_in_name(name) or year_in_name(title) or year_in_text(front, end_text(document))
    organisations: tuple[str, ...] = ()
    if country:
        organisations = geography.organisations_of(country.code, year)
    else:
        organisations = _organisations(name, title, geography)
    return _with_provenance(
        "guessed",
        title=title,
        country=country.code if country else None,
        country_name=country.common_name if country else None,
        organisations=organisations,
        year=year,
        language=document.language if document.language not in {"", "und"} else None,
        issuing_body=issuing_body_of(front),
        type=type_of(title) or type_of(name),
    )


def merge(manifest: Metadata | None, guessed: Metadata) -> Metadata:
    """The manifest's fields, and the guesses where it is silent.

    A place is taken whole from one side: no guessed country beside an organisation's document.
    """
    if manifest is None:
        return guessed
    placed = bool(manifest.country or manifest.country_name or manifest.organisations)
    place = {"country", "country_name", "organisations"}
    chosen: dict[str, Any] = {}
    provenance: dict[str, Provenance] = {}
    for field in fields(Metadata):
        if field.name == "provenance":
            continue
        keep = getattr(manifest, field.name) or (placed and field.name in place)
        source = manifest if keep else guessed
        value = getattr(source, field.name)
        chosen[field.name] = value
        if value:
            given: Provenance = "manifest" if keep else "guessed"
            provenance[field.name] = source.provenance.get(field.name, given)
    return Metadata(**chosen, provenance=provenance)


def file_name(source: str) -> str:
    """The words of a file's name: "BosniaHerzegovina_2014.txt" gives "Bosnia Herzegovina 2014"."""
    stem = re.sub(r"\.\w{1,5}$", "", source.replace("\\", "/").rsplit("/", 1)[-1])
    words = re.sub(r"[_\-+.,()]+", " ", stem)
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z])(?=(?:19|20)\d\d)", " ", words).split())


def _with_provenance(provenance: Provenance, **values: Any) -> Metadata:
    metadata = Metadata(**values)
    return replace(metadata, provenance={name: provenance for name, held in values.items() if held})


def _country(name: str, title: str, document: Document, geography: Geography) -> Country | None:
    votes: defaultdict[str, float] = defaultdict(float)
    for text, weight in ((front_text(document), _BY_FRONT), (document.text[:_LENGTH], _BY_TEXT)):
        for code, share in _shares(text, geography).items():
            votes[code] += weight * share
    if document.language in _HOME:
        votes[_HOME[document.language]] += _BY_LANGUAGE
    named = _in_file_name(name, geography)
    if named:
        votes[named.code] += _BY_FILE_NAME
    for mention in mentions(title, geography)[:1]:
        if mention.named.kind == "country":
            votes[mention.named.id] += _BY_TITLE
    best = max(votes, key=lambda each: votes[each], default=None)
    return geography.country(best) if best and votes[best] >= _ENOUGH else None


def _in_file_name(name: str, geography: Geography) -> Country | None:
    words = name.split()
    for size in (4, 3, 2, 1):
        for start in range(len(words) - size + 1):
            phrase = " ".join(words[start : start + size])
            # Two and three letters are languages and acronyms more often than countries.
            country = geography.country(phrase) if len(phrase) > 3 else None
            if country:
                return country
    first, second, *_ = (*words, "", "")
    if re.fullmatch("[A-Z]{2}", first) and re.fullmatch(r"(19|20)\d\d", second):
        return geography.country(first)
    if re.fullmatch("[A-Z]{3}", first) and second:
        return next((c for c in geography.countries if c.code == first), None)
    found = mentions(name, geography)
    return (
        geography.country(found[0].named.id) if found and found[0].named.kind == "country" else None
    )


def _shares(front: str, geography: Geography) -> dict[str, float]:
    """Each country's share of the mentions on the front pages; early ones count more."""
    counts: Counter[str] = Counter()
    position = 0
    for sentence in re.split(r"(?<=[.;:])\s+|\n\s*\n", front):
        here = [m.named.id for m in mentions(sentence, geography) if m.named.kind == "country"]
        if len(set(here)) < _LIST:
            for code in here:
                counts[code] += 3 if position < 600 else 1
        position += len(sentence) + 1
    total = counts.total()
    return {code: count / (total + 1) for code, count in counts.items()}


def _organisations(name: str, title: str, geography: Geography) -> tuple[str, ...]:
    found = (*mentions(title, geography), *mentions(name, geography))
    ids = (mention.named.id for mention in found if mention.named.kind == "organisation")
    return tuple(dict.fromkeys(ids))[:1]
