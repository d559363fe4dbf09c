"""Names, membership over time, and a user's own countries."""

from datetime import date
from pathlib import Path

import pytest

from miner.catalogue.gazetteer import mentions
from miner.catalogue.geography import Geography
from miner.errors import InputError, NotFound

GEOGRAPHY = Geography.shipped()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Estonia", "EST"),
        ("estonian", "EST"),
        ("EST", "EST"),
        ("GB", "GBR"),
        ("cote d ivoire", "CIV"),
        ("CÔTE D’IVOIRE", "CIV"),
        ("guinea-bissau", "GNB"),
        ("bosniaandherzegovina", "BIH"),
        ("The Gambia", "GMB"),
        ("Guinea", "GIN"),
        ("Congo", "COG"),
        ("Dominican Republic", "DOM"),
        ("Lao People s Democratic Republic", "LAO"),
    ],
)
def test_a_country_is_found_by_any_of_its_names(name: str, code: str) -> None:
    country = GEOGRAPHY.country(name)
    assert country is not None
    assert country.code == code


@pytest.mark.parametrize("name", ["Dominican", "Congolese", "", "in", "no", "Atlantis"])
def test_an_ambiguous_or_unknown_name_is_no_country(name: str) -> None:
    assert GEOGRAPHY.country(name) is None


def test_every_country_answers_to_its_own_names() -> None:
    for country in GEOGRAPHY.countries:
        for name in (country.code, country.name, country.common_name):
            assert GEOGRAPHY.country(name) is country


def test_the_last_day_of_a_membership_counts() -> None:
    assert "GBR" in GEOGRAPHY.members("EU", date(2020, 1, 31))
    assert "GBR" not in GEOGRAPHY.members("EU", date(2020, 2, 1))
    assert "GBR" in GEOGRAPHY.members("EU", 2020), "a year means any of its days"
    assert "GBR" not in GEOGRAPHY.members("EU", 2021)
    assert "GBR" not in GEOGRAPHY.members("EU")


def test_organisations_of_a_country_change_with_the_year() -> None:
    assert "EU" not in GEOGRAPHY.organisations_of("EST", 2003)
    assert {"EU", "NATO", "BALTIC"} <= set(GEOGRAPHY.organisations_of("EST", 2004))
    assert "ASEAN" in GEOGRAPHY.organisations_of("SGP")
    assert GEOGRAPHY.organisations_of("EST", 99999) == GEOGRAPHY.organisations_of("EST")


def test_an_unknown_organisation_is_named() -> None:
    with pytest.raises(NotFound, match="ASEAM"):
        GEOGRAPHY.members("ASEAM")


def test_a_file_adds_countries_and_replaces_organisations(tmp_path: Path) -> None:
    path = tmp_path / "organisations.yaml"
    path.write_text(
        "countries: [{code: XAU, name: Aurelund, demonym: Aurelunder, aliases: []}]\n"
        "organisations:\n"
        "  - {id: NLC, name: Northlight Council, members: [{country: XAU, since: 2001-09-15}]}\n"
        "  - {id: EU, name: Mine, members: []}\n",
        encoding="utf-8",
    )
    extended = GEOGRAPHY.extended(path)
    assert extended.members("NLC", 2001) == ("XAU",)
    assert extended.members("NLC", 2000) == ()
    assert extended.members("EU") == ()
    country = extended.country("aurelunder")
    assert country is not None
    assert country.code == "XAU"
    assert extended.country("France") is not None
    assert GEOGRAPHY.country("Aurelund") is None, "the shipped one stays as it was"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("organisations: [{name: X, members: []}]", "'id'"),
        ("organisations: [{id: X, name: X, members: [{country: A, since: soon}]}]", "soon"),
        ("organisations: 3", "geography"),
        ("[]: {", "geography"),
        ("- 1", "geography"),
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml") as error:
        GEOGRAPHY.extended(path)
    assert fault in error.value.cause


def found(text: str) -> list[str]:
    return [mention.named.id for mention in mentions(text, GEOGRAPHY)]


def test_names_in_running_text_are_told_from_words() -> None:
    assert found("Let us help US firms in the U.S.") == ["USA", "USA"]
    assert found("The polish of a Polish reunion near Réunion") == ["POL", "REU"]
    assert found("Latin America, Papua New Guinea and the South China Sea") == ["PNG"]
    assert found("the Council of Europe, the EU's rules") == ["COE", "EU"]


def test_mentions_have_their_own_spans() -> None:
    text = "La République de Côte d’Ivoire et l'Estonie"
    spans = [text[m.start : m.end] for m in mentions(text, GEOGRAPHY)]
    assert spans == ["Côte d’Ivoire", "Estonie"]
