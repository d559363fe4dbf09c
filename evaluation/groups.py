"""Groups of labelled passages that figures are given for: by subject, folder and country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.rows import LabelledRow
from miner.catalogue.geography import Geography
from miner.catalogue.manifest import read_manifest
from miner.catalogue.name import fold
from miner.tagging.data import sources

# The folders of the corpus, by what their documents are about; others keep their name.
_SUBJECTS = {
    "ncss_txt": "cyber",
    "cyber_pdf": "cyber",
    "cyber_txt_other": "cyber",
    "ai_txt": "AI",
    "quantum_txt": "quantum",
    "us_nss_txt": "security strategies",
}
# Places that the corpus's manifest writes as nobody else does.
_WRITTEN = {
    "GER": "DEU",
    "CR_NCSS": "HRV",
    "MBROJTJEN KIBERNETIKE": "ALB",
    "Seden in Swedish": "SWE",
}
SEEN = "countries with real training passages"
UNSEEN = "countries without"


def by_subject(rows: Sequence[LabelledRow]) -> dict[str, list[int]]:
    """Places of the rows of each subject: the known ones first, then other folders by name."""
    names = [_SUBJECTS.get(row.folder, row.folder) for row in rows]
    known = list(dict.fromkeys(_SUBJECTS.values()))
    order = [*known, *sorted(set(names) - set(known))]
    return _places(names, order)


def by_folder(rows: Sequence[LabelledRow]) -> dict[str, list[int]]:
    """Places of the rows of each folder: the first segment of their source."""
    names = [f"{row.folder}/" for row in rows]
    return _places(names, sorted(set(names)))


def by_country_seen(rows: Sequence[LabelledRow], trained: frozenset[str]) -> dict[str, list[int]]:
    """Places of the rows whose country is one of `trained` and of those where it is not.

    Rows that name no country are in neither.
    """
    names = [
        "" if row.country is None else SEEN if place(row.country) in trained else UNSEEN
        for row in rows
    ]
    return _places(names, [SEEN, UNSEEN])


def trained_countries(corpus: Path) -> frozenset[str]:
    """Countries and organisations whose documents hold real training passages.

    Raises InputError where `corpus` has no manifest that can be read.
    """
    used = sources()
    rows = (row for row in read_manifest(corpus / "manifest.tsv").rows if row.path in used)
    told = (row.metadata for row in rows)
    names = (known.country or place(known.country_name) for known in told if known.country_name)
    return frozenset(names)


def place(written: str) -> str:
    """One id for a country (alpha-3) or an organisation; the folded name where it is neither."""
    # "United States (DoD)", "Brazil_2010"
    name = re.sub(r"_\d.*$", "", written.split("(")[0]).strip()
    if name in _WRITTEN:
        return _WRITTEN[name]
    geography = Geography.shipped()
    if country := geography.country(name):
        return country.code
    organisation = geography.organisation(name)
    return organisation.id if organisation else fold(name)


def _places(names: Sequence[str], order: Sequence[str]) -> dict[str, list[int]]:
    found: Mapping[str, list[int]] = {name: [] for name in order}
    for at, name in enumerate(names):
        if name in found:
            found[name].append(at)
    return {name: there for name, there in found.items() if there}
