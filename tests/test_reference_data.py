"""The reference data: countries, organisations with dated membership, the catalogue."""

import csv
import re
import unicodedata
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NotRequired, TypedDict, cast

import pytest
import yaml

CORPUS = Path(__file__).resolve().parent.parent / "corpus"

# Members without an end date, as published by each organisation.
CURRENT_MEMBERS = {
    "ASEAN": 11,
    "EU": 27,
    "AU": 55,
    "OAS": 34,  # 35 with Nicaragua, which left in 2023
    "OSCE": 57,
    "COMMONWEALTH": 56,
    "PIF": 18,
    "NATO": 32,
    "G7": 7,
    "G20": 19,  # countries only; the EU and the AU are members too
    "OECD": 38,
    "COE": 46,
    "GCC": 6,
    "ECOWAS": 12,
    "SADC": 16,
    "EAC": 8,
    "CARICOM": 15,
    "MERCOSUR": 6,  # with Venezuela, suspended
    "SCO": 10,
    "CIS": 9,
    "BRICS": 10,
    "ARAB_LEAGUE": 22,
    "SAARC": 8,
    "FIVE_EYES": 5,
    "NORDIC": 5,
    "BALTIC": 3,
    "BENELUX": 3,
    "VISEGRAD": 4,
    "WESTERN_BALKANS": 6,
    "BALKAN": 11,
}

# Adjectives that two countries share; nothing may resolve a country from one of them alone.
SHARED_DEMONYMS = {"congolese": {"COD", "COG"}, "dominican": {"DMA", "DOM"}}

COUNTRY_COLUMNS = ["code", "alpha2", "name", "demonym", "aliases"]
CATALOGUE_COLUMNS = [
    "id",
    "title",
    "country_code",
    "year",
    "type",
    "domain",
    "issuing_body",
    "language",
    "url",
    "url_checked",
    "sha256",
    "licence",
    "notes",
]


class Member(TypedDict):
    country: str
    since: date
    until: NotRequired[date]


class Organisation(TypedDict):
    id: str
    name: str
    kind: str
    aliases: list[str]
    source: str
    members: list[Member]
    note: NotRequired[str]


def _table(path: Path, columns: list[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert next(reader) == columns
        rows = list(reader)
    assert all(len(row) == len(columns) for row in rows)
    return [dict(zip(columns, row, strict=True)) for row in rows]


COUNTRIES = _table(CORPUS / "geography" / "countries.tsv", COUNTRY_COLUMNS)
CATALOGUE = _table(CORPUS / "catalogue.tsv", CATALOGUE_COLUMNS)
ORGANISATIONS = cast(
    list[Organisation],
    yaml.safe_load((CORPUS / "geography" / "organisations.yaml").read_text("utf-8"))[
        "organisations"
    ],
)
BY_ID = {organisation["id"]: organisation for organisation in ORGANISATIONS}
CODES = {row["code"] for row in COUNTRIES}


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().strip()


def _split(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def _members_on(organisation: str, day: date) -> set[str]:
    return {
        member["country"]
        for member in BY_ID[organisation]["members"]
        if member["since"] <= day <= member.get("until", date.max)
    }


def _owners(spelling: str) -> set[str]:
    """Codes of the countries whose name or alias is this spelling."""
    return {
        row["code"]
        for row in COUNTRIES
        if _fold(spelling) in {_fold(name) for name in [row["name"], *_split(row["aliases"])]}
    }


def test_countries_are_iso_3166_1_and_kosovo() -> None:
    pycountry = pytest.importorskip("pycountry")
    expected = {entry.alpha_3: (entry.alpha_2, entry.name) for entry in pycountry.countries}
    expected["XKX"] = ("XK", "Kosovo")
    assert {row["code"]: (row["alpha2"], row["name"]) for row in COUNTRIES} == expected


def test_country_codes_are_unique_and_well_formed() -> None:
    assert len(COUNTRIES) == 250
    assert len(CODES) == len(COUNTRIES)
    assert all(re.fullmatch(r"[A-Z]{3}", row["code"]) for row in COUNTRIES)
    assert len({row["alpha2"] for row in COUNTRIES}) == len(COUNTRIES)
    assert all(re.fullmatch(r"[A-Z]{2}", row["alpha2"]) for row in COUNTRIES)
    assert [row["code"] for row in COUNTRIES] == sorted(CODES)


def test_no_name_or_alias_belongs_to_two_countries() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for row in COUNTRIES:
        for spelling in [row["name"], *_split(row["aliases"])]:
            assert spelling == spelling.strip() != ""
            owners[_fold(spelling)].add(row["code"])
    assert {s: codes for s, codes in owners.items() if len(codes) > 1} == {}


def test_no_alias_is_given_twice() -> None:
    for row in COUNTRIES:
        spellings = [s.casefold() for s in [row["name"], *_split(row["aliases"])]]
        assert len(spellings) == len(set(spellings)), row["code"]


def test_demonyms_are_shared_only_where_stated() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for row in COUNTRIES:
        for demonym in _split(row["demonym"]):
            owners[_fold(demonym)].add(row["code"])
    assert {d: codes for d, codes in owners.items() if len(codes) > 1} == SHARED_DEMONYMS


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Korea", "KOR"),
        ("North Korea", "PRK"),
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Equatorial Guinea", "GNQ"),
        ("Republic of the Congo", "COG"),
        ("Democratic Republic of the Congo", "COD"),
        ("Burma", "MMR"),
        ("Swaziland", "SWZ"),
        ("Brunei", "BRN"),
        ("Lao PDR", "LAO"),
        ("Ivory Coast", "CIV"),
        ("Russia", "RUS"),
        ("Macedonia", "MKD"),
        ("Czech Republic", "CZE"),
        ("UK", "GBR"),
        ("United States", "USA"),
        ("Vietnam", "VNM"),
        ("Turkey", "TUR"),
        ("Kosovo", "XKX"),
        ("Estados Unidos", "USA"),
        ("Deutschland", "DEU"),
    ],
)
def test_common_names_resolve(spelling: str, code: str) -> None:
    assert _owners(spelling) == {code}


@pytest.mark.parametrize("spelling", ["Island", "Maurice", "Granada", "Guiana", "Salvador"])
def test_ordinary_words_and_other_places_are_no_aliases(spelling: str) -> None:
    assert _owners(spelling) == set()


def test_organisations_are_well_formed() -> None:
    assert len(BY_ID) == len(ORGANISATIONS)
    spellings: dict[str, set[str]] = defaultdict(set)
    for organisation in ORGANISATIONS:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", organisation["id"])
        assert organisation["kind"] in {"organisation", "grouping"}
        assert organisation["source"].startswith(("https://", "http://"))
        assert organisation["members"]
        for spelling in [organisation["name"], *organisation["aliases"]]:
            spellings[_fold(spelling)].add(organisation["id"])
    assert {s: ids for s, ids in spellings.items() if len(ids) > 1} == {}


def test_no_organisation_is_spelled_like_a_country() -> None:
    countries = {_fold(s) for row in COUNTRIES for s in [row["name"], *_split(row["aliases"])]}
    for organisation in ORGANISATIONS:
        for spelling in [organisation["name"], *organisation["aliases"]]:
            assert _fold(spelling) not in countries


def test_every_member_is_a_known_country() -> None:
    for organisation in ORGANISATIONS:
        unknown = {member["country"] for member in organisation["members"]} - CODES
        assert unknown == set(), organisation["id"]


def test_membership_periods_are_ordered_and_do_not_overlap() -> None:
    for organisation in ORGANISATIONS:
        periods: dict[str, list[tuple[date, date]]] = defaultdict(list)
        for member in organisation["members"]:
            assert set(member) <= {"country", "since", "until"}
            since, until = member["since"], member.get("until", date.max)
            assert isinstance(since, date)
            assert date(1900, 1, 1) < since < until, (organisation["id"], member)
            periods[member["country"]].append((since, until))
        for country, spans in periods.items():
            spans.sort()
            for earlier, later in pairwise(spans):
                assert earlier[1] < later[0], (organisation["id"], country)


def test_current_membership_counts() -> None:
    counts = {
        organisation["id"]: sum("until" not in member for member in organisation["members"])
        for organisation in ORGANISATIONS
    }
    assert counts == CURRENT_MEMBERS


@pytest.mark.parametrize(
    ("organisation", "day", "count"),
    [
        ("ASEAN", date(1996, 6, 1), 7),
        ("ASEAN", date(2025, 10, 25), 10),
        ("ASEAN", date(2025, 10, 26), 11),
        ("EU", date(1957, 12, 31), 0),
        ("EU", date(1990, 1, 1), 12),
        ("EU", date(2010, 1, 1), 27),
        ("EU", date(2014, 6, 1), 28),
        ("EU", date(2020, 1, 31), 28),
        ("EU", date(2020, 2, 1), 27),
        ("NATO", date(1998, 1, 1), 16),
        ("NATO", date(2010, 1, 1), 28),
        ("AU", date(1963, 5, 25), 32),
        ("AU", date(2000, 1, 1), 53),
        ("OAS", date(2010, 1, 1), 35),
        ("COE", date(2020, 1, 1), 47),
        ("OSCE", date(1990, 1, 1), 32),  # 35 with Czechoslovakia, Yugoslavia and East Germany
        ("OECD", date(2000, 1, 1), 29),
        ("COMMONWEALTH", date(2015, 1, 1), 53),
        ("ECOWAS", date(2010, 1, 1), 15),
        ("BRICS", date(2015, 1, 1), 5),
    ],
)
def test_membership_count_on_a_past_day(organisation: str, day: date, count: int) -> None:
    assert len(_members_on(organisation, day)) == count


@pytest.mark.parametrize(
    ("organisation", "day", "country", "member"),
    [
        ("EU", date(2014, 6, 1), "GBR", True),
        ("EU", date(2014, 6, 1), "HRV", True),
        ("EU", date(2013, 6, 30), "HRV", False),
        ("EU", date(2021, 1, 1), "GBR", False),
        ("ASEAN", date(1996, 6, 1), "VNM", True),
        ("ASEAN", date(1996, 6, 1), "MMR", False),
        ("AU", date(1990, 1, 1), "MAR", False),
        ("AU", date(2018, 1, 1), "MAR", True),
        ("COE", date(2022, 3, 17), "RUS", False),
        ("COMMONWEALTH", date(2005, 1, 1), "ZWE", False),
        ("COMMONWEALTH", date(2018, 1, 1), "MDV", False),
        ("COMMONWEALTH", date(2021, 1, 1), "MDV", True),
        ("OAS", date(2024, 1, 1), "NIC", False),
        ("ECOWAS", date(2024, 6, 1), "MLI", True),
        ("ECOWAS", date(2025, 6, 1), "MLI", False),
        ("SADC", date(2006, 1, 1), "SYC", False),
        ("WESTERN_BALKANS", date(2012, 1, 1), "HRV", True),
        ("WESTERN_BALKANS", date(2014, 1, 1), "HRV", False),
    ],
)
def test_membership_of_a_country_on_a_day(
    organisation: str, day: date, country: str, member: bool
) -> None:
    assert (country in _members_on(organisation, day)) is member


def test_catalogue_ids_are_unique_and_agree_with_their_row() -> None:
    ids = [row["id"] for row in CATALOGUE]
    assert len(ids) == len(set(ids))
    for row in CATALOGUE:
        assert re.fullmatch(r"[a-z]{3}-\d{4}-[a-z0-9]+(-[a-z0-9]+)*", row["id"]), row["id"]
        assert row["id"].startswith(f"{row['country_code'].lower()}-{row['year']}-")


def test_catalogue_covers_enough() -> None:
    assert len(CATALOGUE) >= 120
    assert len({row["country_code"] for row in CATALOGUE}) >= 80


def test_catalogue_values_are_plausible() -> None:
    for row in CATALOGUE:
        assert row["country_code"] in CODES, row["id"]
        assert 1995 <= int(row["year"]) <= date.today().year + 1, row["id"]
        assert row["type"] in {"strategy", "action_plan", "law", "policy", "review", "doctrine"}
        assert row["domain"] in {"cyber", "ai", "quantum", "security", "digital"}
        assert re.fullmatch(r"[a-z]{2}", row["language"]), row["id"]
        assert row["title"], row["id"]
        assert row["issuing_body"], row["id"]


def test_catalogue_addresses_are_honest() -> None:
    for row in CATALOGUE:
        assert row["url_checked"] in {"yes", "no"}
        assert row["url"] or row["notes"].count("no URL known"), row["id"]
        assert not row["url"] or re.fullmatch(r"https?://[^\s/]+\.[^\s/]+/\S+", row["url"])
        assert row["url"] or row["url_checked"] == "no"
        assert re.fullmatch(r"([0-9a-f]{64})?", row["sha256"]), row["id"]
