"""Named bodies: what counts as a mention, and what a sentence says of it."""

from __future__ import annotations

import pytest

from miner.bodies import Kind, Role, book, find, involvements
from miner.bodies.find import Found
from miner.catalogue.geography import Geography
from miner.document import BlockType, Metadata
from miner.passages import Passage, passage_id

GEOGRAPHY = Geography.shipped()
BOOK = book(GEOGRAPHY)


def passage(text: str, start: int = 100, kind: BlockType = BlockType.BODY) -> Passage:
    return Passage(
        passage_id("d", start, text), "d", 0, text, start, start + len(text), 3, 3, kind, (), "en"
    )


def found(*texts: str, country: str | None = "SVN", kind: BlockType = BlockType.BODY) -> Found:
    passages = [passage(text, 1000 * n, kind) for n, text in enumerate(texts)]
    return find(passages, country, BOOK, GEOGRAPHY)


def ids(*texts: str, country: str | None = "SVN") -> list[str]:
    return [mention.body for mention in found(*texts, country=country).mentions]


def role(sentence: str, country: str = "SVN") -> Role:
    mentions = found(sentence, country=country).mentions
    assert len(mentions) == 1, mentions
    return mentions[0].role


@pytest.mark.parametrize("body", BOOK.bodies.values(), ids=lambda body: body.id)
def test_every_body_is_found_by_its_name(body: object) -> None:
    name = getattr(body, "name")  # noqa: B009
    assert getattr(body, "id") in ids(f"Our experts will work with the {name} this year.")  # noqa: B009


def test_organisations_are_those_of_the_geography() -> None:
    known = {organisation.id for organisation in GEOGRAPHY.organisations}
    for body in BOOK.bodies.values():
        assert body.organisation is None or body.organisation in known, body.id


def test_offsets_point_to_the_words() -> None:
    text = "We joined the Council of Europe\nConvention on Cybercrime and ENISA's work."
    one = passage(text, 500)
    for mention in find([one], "SVN", BOOK, GEOGRAPHY).mentions:
        assert text[mention.start - 500 : mention.end - 500] == mention.quote
        assert mention.quote in text
        assert mention.page == 3


def test_a_name_with_its_abbreviation_is_one_mention() -> None:
    mentions = found("The Organization of American States (OAS) held a meeting.").mentions
    assert [m.quote for m in mentions] == ["Organization of American States (OAS)"]


@pytest.mark.parametrize(
    "text",
    [
        "The first step is to act first.",
        "THE FIRST FIVE YEARS OF THE STRATEGIC PLAN ARE DESCRIBED IN TABLE ONE",
        "FIRST, the ministry will publish a plan on roads.",
        "The commonwealth government and the states share this duty.",
        "Its impact on the region; the CIS benchmark of the Center for Internet Security (CIS).",
        "The Chief Technology Officer (CTO) reports to the board. The CTO decides.",
        "Advanced persistent threats (APT) and APT groups of ITU size.",
    ],
)
def test_words_that_only_look_like_a_body(text: str) -> None:
    assert not {"first", "oas", "commonwealth", "cis", "cto", "apt", "itu-impact"} & set(ids(text))


def test_an_abbreviation_counts_where_the_document_says_what_it_is() -> None:
    far = "The OAS supports this."
    assert "oas" not in ids(far)
    assert ids("The Organization of American States (OAS) met.", far) == ["oas", "oas"]
    assert "oas" not in ids("The Office of Animal Studies (OAS) met.", f"Latin American. {far}")
    assert "first" in ids("Our CSIRT is a member of FIRST.")


def test_numbers_of_laws_name_the_law_and_nobody_else() -> None:
    assert ids("Under Directive (EU) 2016/1148 and Regulation (EU) 2019/881 it shall report.") == [
        "nis-directive"
    ]


def test_teams_by_the_pattern_of_their_names() -> None:
    told = found(
        "SI-CERT, AFCERT, CERT.at, CERT-UK, GovCERT and CERT Australia work with the CERT Team, "
        "CERT/CC, CSIRTs and CERT-related bodies."
    )
    teams = {team.id: team.country for team in told.teams}
    assert teams == {
        "team.si-cert": "SVN",
        "team.afcert": "AFG",
        "team.cert-at": "AUT",
        "team.cert-uk": "GBR",
        "team.govcert.SVN": "SVN",
        "team.cert-australia": "AUS",
    }
    assert all(team.kind is Kind.TEAM for team in told.teams)
    assert "cert-cc" in [mention.body for mention in told.mentions]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Slovenia ratified the Budapest Convention in 2005.", Role.MEMBER),
        ("As a member of NATO it bears duties.", Role.MEMBER),
        ("The country intends to accede to the Budapest Convention.", Role.INTENDS),
        ("We will encourage other nations to accede to the Budapest Convention.", Role.MENTIONS),
        ("Switzerland and others are not members of NATO.", Role.MENTIONS),
        ("Our experts participate in the work of the OSCE.", Role.TAKES_PART),
        ("The agency will deepen its cooperation with INTERPOL.", Role.WORKS_WITH),
        ("The law will be harmonised with the Budapest Convention.", Role.FOLLOWS),
        ("The study quotes a table of the World Economic Forum.", Role.MENTIONS),
        ("SI-CERT answers around the clock.", Role.OWN),
    ],
)
def test_what_a_sentence_says(sentence: str, expected: Role) -> None:
    assert role(sentence) is expected


def test_the_last_of_an_enumeration_is_as_near_as_the_first() -> None:
    told = found("We cooperate with the UN, the OSCE, NATO, the Council of Europe and ENISA.")
    assert {mention.role for mention in told.mentions} == {Role.WORKS_WITH}
    assert len(told.mentions) == 5


def test_an_item_takes_its_verb_from_the_line_that_leads_in() -> None:
    told = found("The Ministry will participate in:\n• the OSCE;\n• ENISA.")
    assert [mention.role for mention in told.mentions] == [Role.TAKES_PART, Role.TAKES_PART]


def test_a_cited_source_is_nothing_that_the_country_does() -> None:
    text = "3 See the report on cooperation with ENISA, p. 4."
    assert found(text).mentions[0].role is Role.WORKS_WITH
    assert found(text, kind=BlockType.FOOTNOTE).mentions[0].role is Role.MENTIONS


def test_membership_comes_from_the_dated_record() -> None:
    mentions = found("The EU acts.", country="GBR").mentions
    for year, member in ((2016, True), (2021, False)):
        about = {"d": Metadata(country="GBR", year=year)}
        (one,) = involvements(mentions, BOOK.bodies, about, GEOGRAPHY)
        assert one.member is member
    about = {"d": Metadata(country="GBR", year=2016)}
    treaty = found("The Budapest Convention applies.").mentions
    assert involvements(treaty, BOOK.bodies, about, GEOGRAPHY)[0].member is None


def test_the_closest_tie_counts() -> None:
    mentions = found("NATO met.", "As a member of NATO we act.", "We cooperate with NATO.").mentions
    about = {"d": Metadata(country="SVN", year=2016)}
    (one,) = involvements(mentions, BOOK.bodies, about, GEOGRAPHY)
    assert one.role is Role.MEMBER
    assert [m.role for m in one.mentions] == [Role.MEMBER, Role.WORKS_WITH, Role.MENTIONS]


def test_organisations_that_a_store_learnt_are_bodies(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "own.yaml"
    path.write_text(
        "organisations:\n  - {id: MCA, name: Meridian Coast Association, aliases: [MCA], "
        "members: [{country: SVN, since: 1998-05-01}]}\n",
        "utf-8",
    )
    own = GEOGRAPHY.extended(path)
    told = find([passage("The Meridian Coast Association met.")], "SVN", book(own), own)
    assert [mention.body for mention in told.mentions] == ["mca"]
