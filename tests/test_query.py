"""Queries by category: what a query names, where, and what is left to be searched."""

import sqlite3
import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from miner.catalogue.geography import Geography
from miner.query import ChipKind, Interpretation, read_query
from miner.taxonomy import Concept, codebook
from miner.vocabulary import Vocabulary, changes

GEOGRAPHY = Geography.shipped()
CONCEPTS = codebook()


def read(query: str, *without: str) -> Interpretation:
    return read_query(query, GEOGRAPHY, CONCEPTS, without=without)


def chips(query: str) -> list[str]:
    return [chip.id for chip in read(query).chips]


def test_the_flagship() -> None:
    reading = read("incident management commitments in ASEAN strategies")
    assert set(chips(reading.query)) == {
        "organisation:ASEAN",
        "concept:dim.incident_management",
        "stance:commitment",
    }
    assert reading.text == "incident management"
    assert not reading.residual
    assert reading.where.any_of == {"organisations": ["ASEAN"], "stance": ["commitment"]}
    assert reading.where.years is None


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("Estonia", {"EST"}),
        ("estonian plans", {"EST"}),
        ("the UK's view", {"GBR"}),
        ("U.S. and U.K.", {"USA", "GBR"}),
        ("Germany, France and the Netherlands", {"DEU", "FRA", "NLD"}),
        ("Georgia or Jordan", {"GEO", "JOR"}),
        ("turkey", {"TUR"}),
        ("Côte d’Ivoire", {"CIV"}),
        ("burkinabè", {"BFA"}),
        ("Papua New Guinea", {"PNG"}),
        ("Republic of Korea", {"KOR"}),
        ("Ελλάδα", {"GRC"}),
        ("let us see what they tell us", set()),
        ("polish the text on an island", set()),
        ("Latin America, Northern Ireland and the South China Sea", set()),
        ("Congolese", set()),
        ("European rules", set()),
        ("New Zealanders and Danes", {"NZL", "DNK"}),
        ("poles and turks", set()),
        ("US$951 million", set()),
        ("South African law", {"ZAF"}),
    ],
)
def test_countries(query: str, codes: set[str]) -> None:
    assert set(read(query).where.any_of.get("country", ())) == codes


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("ASEAN", ["ASEAN"]),
        ("asean member states", ["ASEAN"]),
        ("EU rules", ["EU"]),
        ("European Union", ["EU"]),
        ("Nordic countries", ["NORDIC"]),
        ("African Union and Pacific Islands Forum", ["AU", "PIF"]),
        ("Council of Europe", ["COE"]),
        ("au fait", []),
        ("las vegas", []),
        ("African countries", ["AU"]),
        ("South Asian strategies", ["SAARC"]),
        ("Pacific island states", ["PIF"]),
    ],
)
def test_organisations(query: str, ids: list[str]) -> None:
    assert read(query).where.any_of.get("organisations", []) == ids


def test_members_are_those_of_the_year() -> None:
    before, after = read("EU members in 2014"), read("EU members in 2022")
    assert before.where.years is None, "the year is the membership's, not the documents'"
    assert read("strategies of the EU in 2014").where.years == (2014, 2014)
    assert "GBR" in before.where.any_of["country"]
    assert "GBR" not in after.where.any_of["country"]
    assert "organisations" not in before.where.any_of


def test_an_organisation_beside_its_member_restricts_and_beside_others_adds() -> None:
    assert read("NATO commitments of Estonia").where.any_of["country"] == ["EST"]
    joined = read("ASEAN and Japan").where.any_of["country"]
    assert {"JPN", "SGP", "IDN"} <= set(joined)


YEAR = date.today().year


@pytest.mark.parametrize(
    ("query", "value", "years"),
    [
        ("plans of 2015", "2015", (2015, 2015)),
        ("since 2015", "2015-", (2015, None)),
        ("from 2015 onwards", "2015-", (2015, None)),
        ("2015 or later", "2015-", (2015, None)),
        ("adopted after 2015", "2016-", (2016, None)),
        ("before 2010", "-2009", (None, 2009)),
        ("until 2010", "-2010", (None, 2010)),
        ("between 2011 and 2016", "2011-2016", (2011, 2016)),
        ("from 2011 to 2016", "2011-2016", (2011, 2016)),
        ("2011-2016", "2011-2016", (2011, 2016)),
        ("2016–2011", "2011-2016", (2011, 2016)),
        ("2011-16", "2011-2016", (2011, 2016)),
        ("in the 2010s", "2010-2019", (2010, 2019)),
        ("the early 2010s", "2010-2013", (2010, 2013)),
        ("the last five years", f"{YEAR - 5}-", (YEAR - 5, None)),
    ],
)
def test_years(query: str, value: str, years: tuple[int | None, int | None]) -> None:
    reading = read(query)
    assert [chip.value for chip in reading.chips] == [value]
    assert reading.where.years == years


@pytest.mark.parametrize("query", ["by 2025", "ISO 27001", "(EU) 2016/679", "1850", "v1.2015.3"])
def test_numbers_that_are_no_documents_years(query: str) -> None:
    assert read(query).where.years is None


def test_several_periods_make_one_range() -> None:
    assert read("2012 and 2018").where.years == (2012, 2018)
    assert read("after 2015 and before 2018").where.years == (2016, 2017)


@pytest.mark.parametrize(
    ("query", "code", "country"),
    [
        ("documents in French", "fr", None),
        ("in French about CERTs", "fr", None),
        ("Spanish-language texts", "es", None),
        ("in the German language", "de", None),
        ("written in English", "en", None),
        ("Arabic strategies", "ar", None),
        ("in French strategies", None, "FRA"),
        ("French documents", None, "FRA"),
        ("German-language documents from Austria", "de", "AUT"),
    ],
)
def test_languages(query: str, code: str | None, country: str | None) -> None:
    where = read(query).where.any_of
    assert where.get("language") == ([code] if code else None)
    assert where.get("country") == ([country] if country else None)


@pytest.mark.parametrize(
    ("query", "concept"),
    [
        ("incident management", "dim.incident_management"),
        ("CSIRTs", "dim.incident_management"),
        ("security operations center", "dim.incident_management"),
        ("multistakeholder", "prin.multi_stakeholder"),
        ("multi-stakeholder", "prin.multi_stakeholder"),
        ("cyber crime", "dim.legal_criminal_justice"),
        ("cybercrimes", "dim.legal_criminal_justice"),
        ("responsible state behavior", "norm.a_interstate_cooperation"),
        ("public private partnerships", "prin.shared_responsibility"),
        (
            "critical information infrastructure protection",
            "norm.g_protect_critical_infrastructure",
        ),
        ("vulnerability disclosure", "norm.j_vulnerability_reporting"),
        ("confidence-building measures", "norm.confidence_building"),
        ("2030 Agenda", "prin.sustainability"),
        ("FIRST", "prin.international_cooperation"),
    ],
)
def test_concepts(query: str, concept: str) -> None:
    reading = read(query)
    assert [chip.id for chip in reading.chips] == [f"concept:{concept}"]
    assert reading.text == query
    assert not reading.residual
    assert reading.where.any_of == {}, "concepts rank, they do not filter"


def test_hidden_words_make_no_chip() -> None:
    assert chips("first steps") == []
    assert chips("zombie computers") == []


def test_the_longest_label_wins() -> None:
    assert chips("no harm to critical infrastructure") == [
        "concept:norm.f_no_harm_critical_infrastructure"
    ]


@pytest.mark.parametrize(
    ("query", "stance"),
    [
        ("commitments on CERTs", "commitment"),
        ("who commits to it", "commitment"),
        ("Ghana plans to act", "commitment"),
        ("what Estonia will do", "commitment"),
        ("has pledged support", "commitment"),
        ("promises", "commitment"),
        ("CERTs already in place", "in_place"),
        ("already established", "in_place"),
        ("countries that already have one", "in_place"),
        ("laws in force", "in_place"),
        ("established principles", None),
        ("existing CERTs", None),
        ("political will", None),
        ("national action plan to act", None),
    ],
)
def test_stances(query: str, stance: str | None) -> None:
    assert read(query).where.any_of.get("stance") == ([stance] if stance else None)


def test_exact_phrases_stay_in_the_text() -> None:
    reading = read('"due diligence" and “state of the art” in Ghana')
    assert reading.phrases == ("due diligence", "state of the art")
    assert reading.text == "due diligence and state of the art"
    assert reading.chips[0].kind is ChipKind.PHRASE


@pytest.mark.parametrize(
    ("query", "excluded", "none_of"),
    [
        ("norms not military", ("military",), {}),
        ("CERTs without a budget", ("budget",), {}),
        ("attacks -military", ("military",), {}),
        ('norms -"hack back"', ("hack back",), {}),
        ("that do not mention gender", ("gender",), {}),
        ("norms excluding Germany", (), {"country": ["DEU"]}),
        (
            "norms, not Germany, France or NATO",
            (),
            {"country": ["DEU", "FRA"], "organisations": ["NATO"]},
        ),
        ("cooperation NOT NATO", ("nato",), {}),
        ("cooperation -NATO", ("nato",), {}),
        ("cooperation, not in NATO", (), {"organisations": ["NATO"]}),
        ("cooperation except EU members", (), {"organisations": ["EU"]}),
        ("phishing excluding New Zealand and the UK", (), {"country": ["NZL", "GBR"]}),
        ("cooperation not with universities", ("universities",), {}),
        ("not only awareness", (), {}),
        ("whether or not states act", (), {}),
        ("non-state actors", (), {}),
        ("not attack CERTs", (), {}),
    ],
)
def test_negation(query: str, excluded: tuple[str, ...], none_of: dict[str, list[str]]) -> None:
    reading = read(query)
    assert reading.excluded == excluded
    assert reading.where.none_of == none_of
    assert all(word not in reading.text for word in excluded)


@pytest.mark.parametrize(
    ("query", "chip", "label"),
    [
        ("Austrlia", "country:AUS", "Australia"),
        ("Estonai", "country:EST", "Estonia"),
        ("portugese", "country:PRT", "Portugal"),
        ("Untied Kingdom", "country:GBR", "United Kingdom"),
        ("Visegrd Group", "organisation:VISEGRAD", "Visegrád Group"),
        ("incident respons", "concept:dim.incident_management", "Incident management"),
    ],
)
def test_misspellings_are_corrected(query: str, chip: str, label: str) -> None:
    assert [(each.id, each.label) for each in read(query).chips] == [(chip, label)]


@pytest.mark.parametrize(
    "query", ["inland", "hungry", "render", "finish", "siberia", "trench", "Omna"]
)
def test_words_next_to_a_name_are_not_misspellings(query: str) -> None:
    assert chips(query) == []


def test_misspelt_labels_are_searched_as_meant() -> None:
    assert read("incident respons in Kenya").text == "incident response"


@pytest.mark.parametrize(
    ("query", "text", "residual"),
    [
        (
            "What do Nordic countries say about supply chain security?",
            "supply chain security",
            False,
        ),
        ("women in national cyber security strategies of Kenya", "women", False),
        ("Estonian cyber security strategy", "cyber security strategy", False),
        ("procurement policy in Ghana", "procurement policy", True),
        ("hospitals", "hospitals", True),
        ("compare Estonia with Finland on incident reporting", "incident reporting", False),
        ("Brazil 2014", "", False),
        ("exchange of information in Chile", "exchange of information", True),
    ],
)
def test_what_is_left_to_be_searched(query: str, text: str, residual: bool) -> None:
    reading = read(query)
    assert (reading.text, reading.residual) == (text, residual)


def test_a_chip_switched_off_gives_its_words_back() -> None:
    query = "incident management commitments in ASEAN strategies"
    reading = read(query, "organisation:ASEAN")
    assert "ASEAN" in reading.text
    assert "organisations" not in reading.where.any_of
    assert reading.where.any_of["stance"] == ["commitment"]
    assert read("Kenya not military", "not:military").text == "not military"


def test_a_frameworks_own_concepts_are_read() -> None:
    own = {"x": Concept("x", "g", "Water quality", "Clean water.", labels=("potable water",))}
    reading = read_query("potable water and CERTs in Chile", GEOGRAPHY, own)
    assert [chip.id for chip in reading.chips] == ["concept:x", "country:CHL"]


def test_one_id_makes_one_chip() -> None:
    assert chips("Estonia and Estonian CERT or CSIRT") == [
        "country:EST",
        "concept:dim.incident_management",
    ]


WORDS = st.sampled_from(
    """ASEAN Estonia Estonian UK US us Germany's not without -military "due diligence" 2015
    since before between and 2016 2011-2016 in French strategies commitments will plans to already
    have established CERTs incident management, of the multi-stakeholder cybercrime ' " - “ ” EU
    member states Nordic 2010s the""".split()
)
QUERIES = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join))


@given(QUERIES)
@example(" 2000S")
@settings(max_examples=400, deadline=None)
def test_any_string_is_read_with_right_spans(query: str) -> None:
    reading = read(query)
    assert reading.query == query
    assert len({chip.id for chip in reading.chips}) == len(reading.chips)
    for chip in reading.chips:
        assert 0 <= chip.start < chip.end <= len(query)
        assert query[chip.start : chip.end].strip() == query[chip.start : chip.end]
        if chip.kind is ChipKind.PHRASE:
            assert chip.value in query[chip.start : chip.end]
        if chip.kind is ChipKind.YEAR:
            digits = {part for part in chip.value.split("-") if part}
            assert digits


@given(QUERIES)
@settings(max_examples=300, deadline=None)
def test_all_chips_off_is_the_query_itself(query: str) -> None:
    reading = read(query, *(chip.id for chip in read(query).chips))
    assert reading.chips == ()
    assert reading.text.split() == query.split()
    assert reading.where.any_of == {}
    assert reading.where.none_of == {}
    assert reading.where.years is None


@given(QUERIES, st.data())
@settings(max_examples=200, deadline=None)
def test_one_chip_off_leaves_the_others(query: str, data: st.DataObject) -> None:
    found = read(query).chips
    if found:
        off = data.draw(st.sampled_from([chip.id for chip in found]))
        assert read(query, off).chips == tuple(chip for chip in found if chip.id != off)


@pytest.mark.parametrize("query", ["Decree No. 2009-834", "since 2009-834", "before 2016-1148"])
def test_a_number_that_begins_like_a_year_is_no_year(query: str) -> None:
    assert not [chip for chip in read(query).chips if chip.kind is ChipKind.YEAR]


def test_a_very_long_query_is_read_in_time() -> None:
    read("warm up")
    query = "incident management commitments in ASEAN strategies since 2015 "
    began = time.perf_counter()
    for _ in range(20):
        read(query)
    assert (time.perf_counter() - began) / 20 < 0.02, "usually 0.3 ms; the machine may be busy"
    assert read(query * 500).chips == read(query).chips


def counted(*texts: str) -> Vocabulary:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE words(word TEXT PRIMARY KEY, passages INTEGER NOT NULL)")
    database.executemany(*changes(texts, 1))
    return Vocabulary(lambda sql, values: database.execute(sql, values).fetchall())


HELD = counted(*("Government encryption of mutual legal assistance and the SME.",) * 5)


def mended(query: str, *without: str) -> Interpretation:
    return read_query(query, GEOGRAPHY, CONCEPTS, without=without, vocabulary=HELD)


@pytest.mark.parametrize(
    ("query", "text", "chip"),
    [
        ("goverment", "government", "spelling:government"),
        ("strong encription of hospitals", "strong encryption of hospitals", "spelling:encryption"),
        ("SME", "SME", None),
        ("APT groups", "advanced persistent threat groups", "spelling:advanced persistent threat"),
        ("a pet", "a pet", None),
        ("statues", "statues", None),
    ],
)
def test_slips_and_acronyms_are_mended_by_the_stores_words(
    query: str, text: str, chip: str | None
) -> None:
    reading = mended(query)
    assert reading.text == text
    spellings = [c for c in reading.chips if c.kind is ChipKind.SPELLING]
    assert [c.id for c in spellings] == ([chip] if chip else [])
    assert all(query[c.start : c.end] in c.label for c in spellings)
    assert reading.residual


def test_a_mended_word_can_be_had_as_it_was_typed() -> None:
    assert mended("goverment", "spelling:government").text == "goverment"
    assert mended("APT groups", "spelling:advanced persistent threat").text == "APT groups"
    assert "goverment" in read("goverment plans for hospitals").text


@pytest.mark.parametrize(
    ("query", "unknown", "gibberish"),
    [
        ("government encryption", (), False),
        ("government kindergarten", ("kindergarten",), False),
        ("kindergarten", ("kindergarten",), False),
        ("xqzzkv and qwertyuiop", ("xqzzkv", "qwertyuiop"), True),
        ("xqzzkv government", ("xqzzkv",), False),
        ("2015 27001", (), False),
    ],
)
def test_words_that_no_passage_holds(query: str, unknown: tuple[str, ...], gibberish: bool) -> None:
    reading = mended(query)
    assert (reading.unknown, reading.gibberish) == (unknown, gibberish)


@pytest.mark.parametrize(
    ("query", "doubtful"),
    [("Budapest Convention 2001", True), ("plans of 2015", False), ("since 2015", False)],
)
def test_years_that_may_belong_to_a_name(query: str, doubtful: bool) -> None:
    assert bool(read(query).doubtful) is doubtful
