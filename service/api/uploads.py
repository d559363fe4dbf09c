"""An upload's form fields into what the domain takes."""

from __future__ import annotations

from dataclasses import replace

from miner.catalogue.geography import Geography
from miner.document import Metadata
from miner.query.given import assigned_code, language_code


def file_name(sent: str | None) -> str:
    """The last part of the name that the client sent, fit for logs and lists."""
    name = (sent or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable()).strip()[-200:] or "upload"


def given(
    geography: Geography,
    *,
    title: str | None,
    country: str | None,
    year: int | None,
    language: str | None,
    issuing_body: str | None,
    type: str | None,
    url: str | None,
    licence: str | None,
) -> Metadata:
    """Metadata that a person gave. Raises InputError for an unknown country or language."""
    code = assigned_code(country.strip(), geography) if country else None
    known = geography.country(code) if code else None
    metadata = Metadata(
        title=" ".join((title or "").split()),
        country=code,
        country_name=known.common_name if known else None,
        organisations=geography.organisations_of(code, year) if code else (),
        year=year,
        language=language_code(language.strip()) if language else None,
        issuing_body=issuing_body or None,
        type=type or None,
        url=url or None,
        licence=licence or None,
    )
    held = [
        name
        for name in metadata.__dataclass_fields__
        if name != "provenance" and getattr(metadata, name)
    ]
    return replace(metadata, provenance=dict.fromkeys(held, "given"))
