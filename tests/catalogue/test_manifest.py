"""Manifests as people write them, and what is said about the faulty ones."""

from pathlib import Path

import pytest

from miner.catalogue.manifest import Manifest, read_manifest
from miner.document import Metadata
from miner.errors import InputError

SHARED_HEADER = "path\ttitle\tcountry/organisation\tyear\tlanguage\tpages\tkind\tnotes\n"


def written(folder: Path, text: str, name: str = "manifest.tsv") -> Manifest:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_manifest(path)


def only(manifest: Manifest) -> Metadata:
    assert len(manifest.rows) == 1
    return manifest.rows[0].metadata


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Afghanistan", "AFG"),
        ("Brunei (BRN)", "BRN"),
        ("AUS", "AUS"),
        ("United States (DoD)", "USA"),
        ("United Kingdom (mostly; some US/EU)", "GBR"),
        ("guinea-bissau", "GNB"),
        ("bosniaandherzegovina", "BIH"),
        ("The former Yugoslav Republic of Macedonia (MKD)", "MKD"),
        ("Korea, Republic of", "KOR"),
    ],
)
def test_countries_are_read_however_written(tmp_path: Path, cell: str, code: str) -> None:
    manifest = written(tmp_path, f"{SHARED_HEADER}a.pdf\tA\t{cell}\t2015\ten\t3\tpdf\t\n")
    assert only(manifest).country == code
    assert not manifest.warnings


def test_a_row_says_what_it_knows_and_where_from(tmp_path: Path) -> None:
    manifest = written(
        tmp_path,
        "File,Title,Country code,Year,Language,Issuing body,Document type,License,URL\n"
        'a.pdf,"Plan, revised",EST,2016-2017,fr-CA,MoD,Action plan,none stated,\n',
        "manifest.csv",
    )
    metadata = only(manifest)
    assert metadata.title == "Plan, revised"
    assert (metadata.country, metadata.country_name) == ("EST", "Estonia")
    assert metadata.year == 2016
    assert metadata.language == "fr"
    assert metadata.type == "action_plan"
    assert metadata.licence is None
    assert "EU" in metadata.organisations, "from the membership of 2016"
    assert metadata.provenance["country"] == "manifest"
    assert "url" not in metadata.provenance


def test_unknown_values_stay_unknown(tmp_path: Path) -> None:
    metadata = only(written(tmp_path, f"{SHARED_HEADER}a.pdf\tA\t?\t\t?\t\t\t\n"))
    assert metadata == Metadata(title="A", provenance={"title": "manifest"})


def test_an_organisation_in_the_country_column_is_no_country(tmp_path: Path) -> None:
    metadata = only(
        written(tmp_path, f"{SHARED_HEADER}a.pdf\tA\tEuropean Union / EDPB\t2016\ten\t\t\t\n")
    )
    assert metadata.country is None
    assert metadata.organisations == ("EU",)


def test_an_unknown_country_is_kept_as_a_name_with_a_warning(tmp_path: Path) -> None:
    manifest = written(tmp_path, f"{SHARED_HEADER}a.pdf\tA\tRuritania\t1894\ten\t\t\t\n")
    assert only(manifest).country is None
    assert only(manifest).country_name == "Ruritania"
    assert "line 2" in manifest.warnings[0]
    assert "Ruritania" in manifest.warnings[0]


def test_organisations_beside_the_manifest_are_known(tmp_path: Path) -> None:
    (tmp_path / "organisations.yaml").write_text(
        "countries: [{code: XRU, name: Ruritania}]\n"
        "organisations: [{id: ZL, name: Zenda League, "
        "members: [{country: XRU, since: 1890-01-01}]}]\n",
        encoding="utf-8",
    )
    manifest = written(tmp_path, "path\tcountry\tyear\na.pdf\tRuritania\t1894\n")
    assert only(manifest).country == "XRU"
    assert only(manifest).organisations == ("ZL",)


@pytest.mark.parametrize(
    ("text", "where", "cause"),
    [
        ("", "manifest.tsv", "no rows"),
        ("title\tyear\nA\t2015\n", "line 1", "`path`"),
        ("path\tyear\na.pdf\tsoon\n", "line 2", "'soon'"),
        ("path\tlanguage\na.pdf\t12345\n", "line 2", "'12345'"),
        ("path\ttitle\n\n\tA\n", "line 3", "path is empty"),
        ("path\ttitle\na.pdf\tA\na.pdf\tB\n", "line 3", "line 2 already"),
        ("path\ttitle\na.pdf\tA\tB\n", "line 2", "3 cells"),
        ('path\ttitle\na.pdf\t"A\n', "line 2", "not a table"),
    ],
)
def test_faults_name_file_line_and_cause(tmp_path: Path, text: str, where: str, cause: str) -> None:
    with pytest.raises(InputError) as error:
        written(tmp_path, text)
    assert str(tmp_path / "manifest.tsv") in error.value.what
    assert where in error.value.what
    assert cause in error.value.cause


def test_a_manifest_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_manifest(tmp_path / "none.tsv")
    (tmp_path / "binary.tsv").write_bytes(b"path\n\xff\xfe\xfa\n")
    with pytest.raises(InputError, match=r"binary\.tsv"):
        read_manifest(tmp_path / "binary.tsv")


def test_files_are_matched_by_path_then_by_a_name_that_occurs_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = written(
        tmp_path, "path\ttitle\none/a.pdf\tFirst\ntwo/a.pdf\tSecond\ntwo/b.pdf\tThird\n"
    )

    def title(source: Path) -> str | None:
        metadata = manifest.metadata_for(source)
        return metadata.title if metadata else None

    assert title(tmp_path / "two" / "a.pdf") == "Second"
    assert title(tmp_path / "one" / ".." / "one" / "a.pdf") == "First"
    monkeypatch.chdir(tmp_path / "..")
    assert title(Path(tmp_path.name) / "one" / "a.pdf") == "First"
    assert title(Path("/elsewhere/b.pdf")) == "Third"
    assert title(Path("/elsewhere/a.pdf")) is None, "two rows have this file name"
    assert title(Path("c.pdf")) is None


def test_the_sample_manifest_is_whole() -> None:
    manifest = read_manifest(Path(__file__).parents[2] / "corpus" / "sample" / "manifest.tsv")
    assert not manifest.warnings
    for row in manifest.rows:
        assert manifest.file(row).is_file()
        assert row.metadata.country
        # Ismora joined the MCA in 2016; its decree is of 2012.
        joined = row.path != "documents/ismora-2012-decree.txt"
        assert row.metadata.organisations in ({("MCA",), ("NLC",)} if joined else {()})


def test_the_shared_manifest_is_read(shared: Path) -> None:
    manifest = read_manifest(shared / "corpus" / "manifest.tsv")
    assert len(manifest.rows) > 150
    coded = [row for row in manifest.rows if row.metadata.country]
    assert len(coded) > 0.9 * len(manifest.rows)
