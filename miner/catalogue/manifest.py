"""A manifest: a table (TSV or CSV) that tells what the files beside it are.

The first row names the columns; `path` (relative to the manifest's folder) is the only one
that must be there. An `organisations.yaml` beside the manifest adds to the geography.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from miner.catalogue.geography import Country, Geography
from miner.catalogue.language import language_code
from miner.catalogue.name import fold
from miner.document import Metadata, Provenance
from miner.errors import InputError

_COLUMNS = {
    "path": ("path", "file", "filename", "file name"),
    "title": ("title", "document title"),
    "country": ("country", "country organisation", "country or organisation", "country name"),
    "country_code": ("country code", "code", "iso", "iso3", "iso code", "alpha 3"),
    "organisations": ("organisations", "organisation", "organizations", "organization"),
    "year": ("year", "date", "publication year"),
    "language": ("language", "lang"),
    "issuing_body": ("issuing body", "issuer", "authority", "publisher"),
    "type": ("type", "document type"),
    "url": ("url", "link", "source url"),
    "licence": ("licence", "license", "licence if stated", "license if stated"),
}
_FIELDS = {heading: name for name, headings in _COLUMNS.items() for heading in headings}
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_UNKNOWN = frozenset({"", "?", "-", "n/a", "na", "none", "unknown"})


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One row: the path as written, the line (from 1) it stands on, and what it says."""

    path: str
    line: int
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest, read. `warnings` are sentences on rows that were taken with reservations."""

    path: Path
    rows: tuple[ManifestRow, ...]
    geography: Geography
    warnings: tuple[str, ...] = ()
    _by_path: Mapping[Path, Metadata] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[str, Metadata | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, Metadata | None] = {}
        for row in self.rows:
            name = _file_name(row.path)
            names[name] = None if name in names else row.metadata
        paths = {self.file(row).resolve(): row.metadata for row in self.rows}
        object.__setattr__(self, "_by_path", paths)
        object.__setattr__(self, "_by_name", names)

    def file(self, row: ManifestRow) -> Path:
        """Where the row's file lies (it need not be there)."""
        return self.path.parent / row.path

    def metadata_for(self, source: Path) -> Metadata | None:
        """What the manifest says of a file: by its path, else by a file name that occurs once."""
        return self._by_path.get(source.resolve()) or self._by_name.get(_file_name(str(source)))


def read_manifest(path: Path, geography: Geography | None = None) -> Manifest:
    """Read a manifest (`.csv` is comma-separated, all else is told by its first line).

    Raises InputError that names the file, the line and the fault.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            str(path), f"the manifest cannot be read ({error})", "Give a UTF-8 TSV or CSV file."
        ) from error
    geography = geography or Geography.shipped()
    beside = path.parent / "organisations.yaml"
    if beside.is_file():
        geography = geography.extended(beside)
    reader = _Reader(path, geography, [])
    rows = tuple(reader.rows(text))
    if not rows:
        raise InputError(str(path), "the manifest has no rows", "Add one row for each document.")
    return Manifest(path, rows, geography, tuple(reader.warnings))


def _file_name(path: str) -> str:
    # Archives made on macOS decompose accents; the manifest's author did not.
    return unicodedata.normalize("NFC", path.replace("\\", "/").rsplit("/", 1)[-1])


class _Place(NamedTuple):
    code: str | None = None
    name: str | None = None
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    geography: Geography
    warnings: list[str]

    def _fault(self, line: int, cause: str, next_step: str) -> InputError:
        return InputError(f"{self.path}, line {line}", cause, next_step)

    def rows(self, text: str) -> Iterator[ManifestRow]:
        first = text.split("\n", 1)[0]
        delimiter = "," if "\t" not in first and "," in first else "\t"
        table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header: list[str | None] = []
        seen: dict[str, int] = {}
        while True:
            line = table.line_num + 1
            try:
                cells = next(table, None)
            except csv.Error as error:
                raise self._fault(line, f"not a table ({error})", "Check the quotes.") from error
            if cells is None:
                return
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [_FIELDS.get(fold(cell)) for cell in cells]
                if "path" not in header:
                    raise self._fault(
                        line, "no column is named `path`", "Name it in the first row."
                    )
                continue
            if len(cells) > len(header):
                cause = f"{len(cells)} cells under {len(header)} column names"
                raise self._fault(line, cause, "Quote cells that hold the separator.")
            row = self._row(header, cells, line)
            if row.path in seen:
                cause = f"the path {row.path!r} stands on line {seen[row.path]} already"
                raise self._fault(line, cause, "Give each file one row.")
            seen[row.path] = line
            yield row

    def _row(self, header: list[str | None], cells: list[str], line: int) -> ManifestRow:
        said: dict[str, str] = {}
        for name, cell in zip(header, cells, strict=False):
            if name and cell.strip().lower() not in _UNKNOWN:
                said.setdefault(name, " ".join(cell.split()))
        if "path" not in said:
            raise self._fault(line, "the path is empty", "Name the row's file.")
        year = self._year(said.get("year"), line)
        place = self._place(said, line)
        organisations = self._organisations(said.get("organisations"), place, year, line)
        values = {
            "title": said.get("title", ""),
            "country": place.code,
            "country_name": place.name,
            "organisations": organisations,
            "year": year,
            "language": self._language(said.get("language"), line),
            "issuing_body": said.get("issuing_body"),
            "type": fold(said.get("type", "")).replace(" ", "_") or None,
            "url": said.get("url"),
            "licence": None if said.get("licence", "").startswith("none") else said.get("licence"),
        }
        provenance: dict[str, Provenance] = {k: "manifest" for k, v in values.items() if v}
        return ManifestRow(said["path"], line, Metadata(**values, provenance=provenance))  # type: ignore[arg-type]

    def _year(self, cell: str | None, line: int) -> int | None:
        if cell is None:
            return None
        found = _YEAR.search(cell)
        if found is None:
            raise self._fault(line, f"{cell!r} is no year", "Write four digits, or leave it empty.")
        return int(found[0])

    def _language(self, cell: str | None, line: int) -> str | None:
        if cell is None:
            return None
        code = language_code(re.split(r"[;,/|]", cell)[0])
        if code is None:
            raise self._fault(line, f"{cell!r} is no language", "Write an ISO 639-1 code: en, fr.")
        return code

    def _place(self, said: Mapping[str, str], line: int) -> _Place:
        written = said.get("country_code") or said.get("country")
        if written is None:
            return _Place()
        for cell in filter(None, (said.get("country_code"), said.get("country"))):
            country = self._country(cell)
            if country:
                return _Place(country.code, country.common_name)
        for name in (written, *re.split(r"[/,(]", written)):
            organisation = self.geography.organisation(name)
            if organisation:
                return _Place(None, organisation.name, (organisation.id,))
        name = said.get("country") or written
        self.warnings.append(
            f"{self.path}, line {line}: no country or organisation is known as {name!r}. "
            "It is kept as a name only."
        )
        return _Place(None, name)

    def _country(self, cell: str) -> Country | None:
        # "Brunei (BRN)", "United States (DoD)": the whole, then the brackets, then what is before.
        inner = re.search(r"\(([^)]*)\)", cell)
        code = inner[1].strip() if inner else ""
        return (
            self.geography.country(cell)
            or (self.geography.country(code) if re.fullmatch(r"[A-Z]{3}", code) else None)
            or self.geography.country(cell.split("(")[0])
        )

    def _organisations(
        self, cell: str | None, place: _Place, year: int | None, line: int
    ) -> tuple[str, ...]:
        if cell is None:
            if place.code is None:
                return place.organisations
            return self.geography.organisations_of(place.code, year)
        ids: list[str] = []
        for name in filter(None, (part.strip() for part in re.split(r"[|;,]", cell))):
            known = self.geography.organisation(name)
            if known is None:
                self.warnings.append(
                    f"{self.path}, line {line}: no organisation is known as {name!r}. "
                    "It is kept as written."
                )
            ids.append(known.id if known else name)
        return tuple(dict.fromkeys(ids))
