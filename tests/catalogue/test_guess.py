"""Guesses from made-up front pages; the figures on real ones come from evaluation.metadata."""

from pathlib import Path

import pytest

from evaluation.metadata import outcomes, report, wilson
from miner.catalogue.front import type_of, year_in_name, year_in_text
from miner.catalogue.geography import Geography
from miner.catalogue.guess import file_name, guess, merge
from miner.document import Document, Metadata, sha256_of
from miner.parsing import parse_bytes

GEOGRAPHY = Geography.shipped()


def document(text: str, name: str = "upload.txt") -> Document:
    filler = "\n\nThe Government is responsible for the security of networks and services. " * 9
    return parse_bytes(f"{text}{filler}".encode(), name)


def test_a_front_page_tells_title_country_year_and_issuer() -> None:
    found = guess(
        document(
            "Ministry of Economic Affairs\n\nCyber Security Strategy\n\nof Estonia\n\n2014-2017\n"
        ),
        GEOGRAPHY,
    )
    assert found.title == "Cyber Security Strategy of Estonia"
    assert (found.country, found.country_name) == ("EST", "Estonia")
    assert found.year == 2014
    assert found.type == "strategy"
    assert found.language == "en"
    assert found.issuing_body == "Ministry of Economic Affairs"
    assert "EU" in found.organisations
    assert set(found.provenance.values()) == {"guessed"}


def test_a_list_of_partners_does_not_make_the_country() -> None:
    text = (
        "National Cyber Plan\n\nSigned with Germany, France, Italy, Spain, Poland and Germany.\n\n"
        "Latvia has a plan. The Latvian government leads."
    )
    assert guess(document(text), GEOGRAPHY).country == "LVA"


def test_an_organisations_document_has_no_country() -> None:
    found = guess(document("Cybersecurity Strategy of the European Union\n\n2013"), GEOGRAPHY)
    assert found.country is None
    assert found.organisations == ("EU",)


def test_nothing_said_is_nothing_guessed() -> None:
    found = guess(document("Notes on a meeting."), GEOGRAPHY)
    assert found.country is None
    assert found.year is None
    assert "country" not in found.provenance


@pytest.mark.parametrize(
    ("name", "country", "year"),
    [
        ("BosniaHerzegovina_2014_plan.txt", "BIH", 2014),
        ("US_2018_National-Cyber-Strategy.txt", "USA", 2018),
        ("BRN_Brunei_INDC.txt", "BRN", None),
        ("Ireland_Strategy20152017.txt", "IRL", 2015),
        ("saudi-arabia-vision-2030.txt", "SAU", None),
        ("guinea-bissau2010.txt", "GNB", 2010),
        ("CR_NCSS_1234567.txt", None, None),
    ],
)
def test_file_names_are_read(name: str, country: str | None, year: int | None) -> None:
    found = guess(document("Notes on a meeting.", name), GEOGRAPHY)
    assert (found.country, found.year) == (country, year)


def test_file_names_come_apart_into_words() -> None:
    assert (
        file_name("/x/UnitedStates_2003_cyber.strategy.pdf") == "United States 2003 cyber strategy"
    )


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Vienna, March 2013", 2013),
        ("Approved on 27.03.2015", 2015),
        ("© Commonwealth of Australia 2009", 2009),
        ("Plan for 2011–2019", 2011),
        ("to be reached by 2025", None),
        ("Government Decision No. 1139/2013 (21 March)", 2013),
        (
            "In 2008 a worm stopped the ports for eleven hours, and nobody knew what to do then.",
            None,
        ),
        ("Order 2999 of 1875", None),
    ],
)
def test_years_of_publication_are_told_from_others(text: str, year: int | None) -> None:
    assert year_in_text(text) == year


def test_the_imprint_at_the_end_is_read_last() -> None:
    assert year_in_text("A plan", "Edition: February 2011") == 2011
    assert year_in_text("May 2010", "Edition: February 2011") == 2010


def test_a_range_in_a_name_gives_its_first_year() -> None:
    assert year_in_name("Strategy 2016-2021") == 2016
    assert year_in_name("Vision 2030") is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Cyberspace Policy Review", "review"),
        ("Cybersecurity Action Plan 2019-2023", "action_plan"),
        ("Information Security Doctrine of the Russian Federation", "doctrine"),
        ("National Cyber Security Policy & Strategy", "strategy"),
        ("Law on Cyber Resilience", "law"),
        ("National ICT Policy", "policy"),
        ("Stratégie nationale de cybersécurité", "strategy"),
        ("International Cyber Norms", None),
    ],
)
def test_titles_tell_the_type(title: str, kind: str | None) -> None:
    assert type_of(title) == kind


def test_the_manifest_wins_and_the_rest_is_filled() -> None:
    known = Metadata(title="Given", year=2001, provenance={"title": "manifest", "year": "manifest"})
    guessed = Metadata(
        title="Guessed",
        country="EST",
        country_name="Estonia",
        year=2014,
        language="en",
        provenance=dict.fromkeys(
            ("title", "country", "country_name", "year", "language"), "guessed"
        ),
    )
    merged = merge(known, guessed)
    assert (merged.title, merged.year, merged.country, merged.language) == (
        "Given",
        2001,
        "EST",
        "en",
    )
    assert merged.provenance["title"] == "manifest"
    assert merged.provenance["country"] == "guessed"
    assert merge(None, guessed) == guessed


def test_no_country_is_guessed_beside_an_organisations_document() -> None:
    known = Metadata(organisations=("EU",), provenance={"organisations": "manifest"})
    merged = merge(known, Metadata(country="BEL", country_name="Belgium", year=2013))
    assert merged.country is None
    assert merged.organisations == ("EU",)
    assert merged.year == 2013


def test_the_sample_is_guessed_with_its_geography() -> None:
    found = outcomes(Path(__file__).parents[2] / "corpus" / "sample" / "manifest.tsv")
    assert len(found) >= 12
    right = [o for o in found if o.unnamed.country == o.truth.country]
    assert len(right) >= len(found) - 2
    assert "country" in report(found, named=True)[1]


def test_wilson_is_the_textbook_interval() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_document_without_pages_is_no_problem() -> None:
    empty = Document("0" * 16, sha256_of(b""), "", "text/plain", "", (), (), "und")
    assert guess(empty, GEOGRAPHY) == Metadata()
