"""`miner search`: for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_helpers import Miner

from miner.store import Store

QUESTION = "incident management commitments in Northlight Council strategies"


def test_json_is_one_document_with_hits_that_name_their_country(miner: Miner) -> None:
    ran = miner("search", QUESTION, "--json")
    assert ran.code == 0
    assert ran.err == ""
    hits = ran.json["hits"]
    assert hits
    assert {hit["country"] for hit in hits} <= {"XFJ", "XVT"}
    for hit in hits:
        assert len(hit["country"]) == 3
        assert hit["stance"]["label"] == "commitment"
        # The stand-in tagger decides for it once, and so few tags do not narrow an answer.
        assert "Incident management" in ran.json["note"]
        for item in [*hit["highlights"], *(e for tag in hit["tags"] for e in tag["evidence"])]:
            assert hit["text"][item["start"] : item["end"]] == item["quote"]


def test_json_says_what_the_query_was_read_as(miner: Miner) -> None:
    read = miner("search", QUESTION, "--json").json
    assert {chip["id"] for chip in read["interpretation"]["chips"]} == {
        "concept:dim.incident_management",
        "stance:commitment",
        "organisation:NLC",
    }
    assert read["query"] == QUESTION
    assert read["total"] >= len(read["hits"])


def test_people_see_the_citation_and_the_words(miner: Miner) -> None:
    ran = miner("search", "supply chain", "--limit", 1)
    assert ran.code == 0
    assert "\n1. " in ran.out
    assert "p. " in ran.out
    assert "suppl" in ran.out.lower()
    assert "\n2. " not in ran.out


@pytest.mark.parametrize("name", ["Ismora", "XIM", "xim", "Ismoran", "ISMORA"])
def test_a_country_may_be_named_or_coded(miner: Miner, name: str) -> None:
    found = miner("search", "", "--country", name, "--limit", 100, "--json").json
    assert {hit["country"] for hit in found["hits"]} == {"XIM"}
    assert len(found["hits"]) == found["total"] > 5


@pytest.mark.parametrize("name", ["NLC", "Northlight Council", "northlight"])
def test_an_organisation_may_be_named(miner: Miner, name: str) -> None:
    found = miner("search", "", "--organisation", name, "--limit", 200, "--json").json
    assert {hit["country"] for hit in found["hits"]} == {"XFJ", "XVT"}


def test_concepts_go_by_id_and_by_label(miner: Miner) -> None:
    answers = [
        miner("search", "", "--concept", name, "--json").json["total"]
        for name in ("dim.incident_management", "incident_management", "Incident management")
    ]
    assert len(set(answers)) == 1
    assert answers[0] > 0


@pytest.mark.parametrize(
    ("arguments", "named", "step"),
    [
        (["--country", "Ismorra"], "country 'Ismorra'", "Did you mean Ismora (XIM)?"),
        (["--country", "Atlantis"], "country 'Atlantis'", "alpha-3"),
        (["--organisation", "Nordlight Council"], "organisation 'Nordlight", "Northlight Council"),
        (["--concept", "dim.incident_managment"], "concept 'dim", "dim.incident_management"),
        (["--stance", "comitment"], "stance 'comitment'", "Did you mean commitment?"),
        (["--language", "Klingon"], "language 'Klingon'", "ISO 639-1"),
        (["--document", "0123"], "document '0123'", "miner list"),
        (["--since", "2020", "--until", "2010"], "years 2020 to 2010", "Swap"),
        (["--limit", "201"], "limit 201", "offset"),
        (["--without", "country:EST"], "--without country:EST", "concept:norm.i_supply_chain"),
        (["--literal", "--without", "country:EST"], "--without country:EST", "Leave"),
    ],
)
def test_what_nobody_knows_is_named_with_what_is_near(
    miner: Miner, arguments: list[str], named: str, step: str
) -> None:
    ran = miner("search", "supply chain", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {named}" in ran.err
    assert step in ran.err


def test_filters_narrow_by_year_and_language(miner: Miner) -> None:
    total = miner("search", "law", "--literal", "--json").json["total"]
    early = miner("search", "law", "--literal", "--until", 2013, "--json").json["total"]
    late = miner("search", "law", "--literal", "--since", 2014, "--json").json["total"]
    assert early + late == total
    assert 0 < early < total
    assert miner("search", "law", "--language", "French", "--json").json["total"] == 0


def test_part_of_the_reading_can_be_switched_off(miner: Miner) -> None:
    narrow = miner("search", QUESTION, "--json").json["total"]
    wide = miner("search", QUESTION, "--without", "stance:commitment", "--json").json["total"]
    assert wide > narrow


def test_an_empty_query_needs_a_filter(miner: Miner) -> None:
    ran = miner("search", "")
    assert ran.code == 2
    assert "no filter is set" in ran.err


def test_grouped_by_document(miner: Miner) -> None:
    found = miner("search", "incident reports", "--group", "--limit", 2, "--json").json
    assert found["hits"] == []
    assert len(found["groups"]) == 2
    for group in found["groups"]:
        assert {hit["document"] for hit in group["hits"]} == {group["document"]}
    shown = miner("search", "incident reports", "--group", "--limit", 2).out
    assert "\n2. XFJ" in shown or "\n2. X" in shown


def test_facets_are_counted(miner: Miner) -> None:
    found = miner("search", "incident", "--literal", "--facets", "--json").json
    assert sum(found["facets"]["country"].values()) == found["total"]
    assert "country: " in miner("search", "incident", "--facets").out


def test_pages_follow_each_other(miner: Miner) -> None:
    first = miner("search", "incident", "--limit", 3, "--json").json["hits"]
    second = miner("search", "incident", "--limit", 3, "--offset", 3, "--json").json["hits"]
    both = miner("search", "incident", "--limit", 6, "--json").json["hits"]
    assert [hit["passage"] for hit in (*first, *second)] == [hit["passage"] for hit in both]


def test_beyond_the_last_hit_it_says_so(miner: Miner) -> None:
    assert "smaller --offset" in miner("search", "incident", "--offset", 900).out


def test_a_store_that_is_not_there_is_not_made(miner: Miner, tmp_path: Path) -> None:
    ran = miner("search", "incident", "--store", tmp_path / "none")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no store here" in ran.err
    assert "miner ingest" in ran.err
    assert not (tmp_path / "none").exists()


def test_the_default_store_lies_in_the_folder_one_works_in(miner: Miner, tmp_path: Path) -> None:
    ran = miner("search", "incident", MINER_STORE="")
    assert "error: .miner: there is no store here" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_another_process_has_open_is_searched(
    miner: Miner, own: Path, encoder: object
) -> None:
    from miner.settings import Settings
    from service.workspace import SharedEncoder

    shared = SharedEncoder.of(Settings())
    with Store.open(Settings(store=own), shared.id, shared.dimension):
        ran = miner("search", "incident", "--store", own)
    assert (ran.code, ran.out) == (0, miner("search", "incident", "--store", own).out)


def test_a_store_of_another_model_is_refused(miner: Miner, own: Path) -> None:
    import sqlite3

    with sqlite3.connect(own / "documents.sqlite") as database:
        database.execute("UPDATE facts SET value = 'older@1' WHERE name = 'model'")
    database.close()
    ran = miner("search", "incident", "--store", own)
    assert ran.code == 2
    assert "its vectors come from older@1" in ran.err


def test_a_file_in_place_of_the_database(miner: Miner, own: Path) -> None:
    (own / "documents.sqlite").write_bytes(b"not a database" * 100)
    ran = miner("search", "incident", "--store", own)
    assert ran.code == 2
    assert "documents.sqlite" in ran.err
    assert "Restore it" in ran.err


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"MINER_MODEL": "package:none"}, "model package:none"),
        ({"MINER_THREADS": "many"}, "MINER_THREADS=many"),
        ({"MINER_OCR": "yes"}, "MINER_OCR=yes"),
    ],
)
def test_settings_that_are_none(miner: Miner, environment: dict[str, str], named: str) -> None:
    ran = miner("search", "incident", **environment)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {named}" in ran.err


def test_text_of_documents_cannot_steer_the_terminal(miner: Miner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Plan\n\nThe State will \x1b[31mtrain experts\x1b[0m and [bold]schools[/bold] :fire: for "
        "the protection of all its networks and will publish an account of it each year.\n" * 3
    )
    assert miner("ingest", "a.txt", "--store", "s").code == 0
    shown = miner("search", "train experts", "--store", "s").out
    assert "\x1b" not in shown
    assert "[bold]schools[/bold] :fire:" in shown
