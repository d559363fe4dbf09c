"""Search over a small store: filters, chips, paging, facets, highlights and refusals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from miner.catalogue.geography import Geography
from miner.document import Block, BlockType, Document, Metadata, Page, document_id, sha256_of
from miner.embedding import Encoder
from miner.errors import InputError
from miner.evidence import Evidence
from miner.index import Filter
from miner.passages import Passage, passage_id
from miner.points import points
from miner.search import (
    FACETS,
    MAX_LIMIT,
    Hit,
    Searcher,
    SearchRequest,
    SearchResponse,
    combine,
)
from miner.settings import Settings
from miner.store import Store
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance, codebook

INCIDENTS, SKILLS, CRIME = (
    "dim.incident_management",
    "dim.education_training",
    "dim.legal_criminal_justice",
)


@dataclass(frozen=True, slots=True)
class Said:
    """A passage to be stored."""

    text: str
    concept: str = ""
    words: str = ""
    stance: Stance = Stance.COMMITMENT
    kind: BlockType = BlockType.BODY
    language: str = "en"


SINGAPORE = [
    Said("The CSIRT will answer every incident within one hour.", INCIDENTS, "CSIRT"),
    Said("The CSIRT was founded in 2003 and answers calls.", INCIDENTS, "CSIRT", Stance.IN_PLACE),
    Said("Schools shall teach pupils safe habits on the network.", SKILLS, "Schools"),
    Said("Harbours are many and the sea is wide.", stance=Stance.DESCRIPTIVE),
    Said(
        "Contents: incident response, CSIRT, schools, harbours, the sea, calls",
        kind=BlockType.CONTENTS,
    ),
]
ESTONIA = [
    Said("The response team will publish incident statistics each year.", INCIDENTS, "incident"),
    Said("Parliament will amend the penal code on computer crime.", CRIME, "computer crime"),
    Said("Harbours are many and the sea is wide.", stance=Stance.DESCRIPTIVE),
]
FRANCE = [
    Said(
        "L'équipe répondra aux incidents dans tous les ports du pays.",
        language="fr",
        stance=Stance.NOISE,
    ),
    Said(
        "The police shall investigate computer crime with its own experts.", CRIME, "computer crime"
    ),
]


def stored(store: Store, encoder: Encoder, about: Metadata, said: Sequence[Said]) -> str:
    text = "\n\n".join(item.text for item in said)
    sha256 = sha256_of(text.encode())
    identity = document_id(sha256)
    pairs, start = [], 0
    for position, item in enumerate(said):
        passage = Passage(
            passage_id(identity, start, item.text),
            identity,
            position,
            item.text,
            start,
            start + len(item.text),
            position + 1,
            position + 1,
            item.kind,
            ("2. Measures",),
            item.language,
        )
        tags = []
        for concept in codebook():
            decided = concept == item.concept
            at = item.text.find(item.words)
            evidence = (Evidence(at, at + len(item.words), item.words),) if decided else ()
            tags.append(Tag(concept, 0.9 if decided else 0.01, decided, "head", evidence))
        pairs.append((passage, TaggedPassage(tuple(tags), StanceTag(item.stance, 0.9), "test")))
        start += len(item.text) + 2
    document = Document(
        identity,
        sha256,
        about.title,
        "text/plain",
        text,
        (Page(1, 0, len(text)),),
        (Block(BlockType.BODY, 0, len(text), 1),),
        "en",
        about,
    )
    vectors = encoder.encode([passage.text for passage, _ in pairs])
    store.put(document, identity, pairs, points(document, identity, pairs, vectors))
    return identity


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Store]:
    settings = Settings(store=tmp_path_factory.mktemp("search") / "store")
    with Store.open(settings, encoder.id, encoder.dimension) as opened:
        stored(
            opened,
            encoder,
            Metadata("Strategy A", "SGP", "Singapore", ("ASEAN",), 2021, "en", "Cyber Agency"),
            SINGAPORE,
        )
        stored(opened, encoder, Metadata("Strategy B", "EST", "Estonia", ("EU",), 2019), ESTONIA)
        stored(opened, encoder, Metadata("Strategy C", "FRA", "France", ("EU",), 2011), FRANCE)
        yield opened


@pytest.fixture(scope="module")
def searcher(store: Store, encoder: Encoder) -> Searcher:
    return Searcher(store, encoder, Geography.shipped())


def ask(searcher: Searcher, query: str, **rest: object) -> SearchResponse:
    return searcher.search(SearchRequest(query, **rest))  # type: ignore[arg-type]


def texts(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.passage.text for hit in hits]


def countries(found: SearchResponse) -> set[str | None]:
    return {hit.passage.metadata.country for hit in found.hits}


def any_of(name: str, *values: str) -> Filter:
    return Filter(any_of={name: list(values)})


def test_the_words_asked_for_come_first(searcher: Searcher) -> None:
    found = ask(searcher, "Parliament amends the penal code", read=False)
    assert found.hits[0].passage.passage.text == ESTONIA[1].text
    scores = [hit.score for hit in found.hits if hit.passage.passage.kind is not BlockType.CONTENTS]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 3


@pytest.mark.parametrize(
    ("where", "total"),
    [
        (Filter(), 10),
        (any_of("country", "SGP"), 5),
        (any_of("country", "SGP", "FRA"), 7),
        (any_of("organisations", "EU"), 5),
        (any_of("concepts", INCIDENTS), 3),
        (any_of("stance", "in_place"), 1),
        (any_of("language", "fr"), 1),
        (any_of("kind", "contents"), 1),
        (Filter(years=(2015, None)), 8),
        (Filter(years=(None, 2019)), 5),
        (Filter(years=(2012, 2018)), 0),
        (Filter(none_of={"country": ["SGP"]}), 5),
        (Filter({"country": ["EST"], "concepts": [CRIME]}, years=(2019, 2019)), 1),
        (any_of("country", "XXX"), 0),
    ],
)
def test_filters(searcher: Searcher, where: Filter, total: int) -> None:
    found = ask(searcher, "incident crime harbours", where=where, read=False, limit=50)
    assert found.total == total
    # All but the sentence that two documents share can be seen.
    assert total - 1 <= len(found.hits) <= total


def test_what_a_query_names_filters(searcher: Searcher) -> None:
    found = ask(searcher, "computer crime commitments in Estonia")
    assert {chip.id for chip in found.interpretation.chips} >= {"country:EST", "stance:commitment"}
    assert countries(found) == {"EST"}
    assert {hit.passage.tagged.stance.label for hit in found.hits} == {Stance.COMMITMENT}


def test_an_organisation_stands_for_its_members(searcher: Searcher) -> None:
    assert countries(ask(searcher, "incidents in ASEAN strategies")) == {"SGP"}


def test_a_chip_can_be_switched_off(searcher: Searcher) -> None:
    narrow = ask(searcher, "computer crime in Estonia")
    wide = ask(searcher, "computer crime in Estonia", without=("country:EST",))
    assert countries(narrow) == {"EST"}
    assert "FRA" in countries(wide)
    assert "country:EST" not in {chip.id for chip in wide.interpretation.chips}
    assert wide.total > narrow.total


def test_a_literal_query_is_not_read(searcher: Searcher) -> None:
    found = ask(searcher, "computer crime in Estonia", read=False)
    assert found.interpretation.chips == ()
    assert found.total == 10


def test_filters_of_the_caller_and_of_the_query_both_hold(searcher: Searcher) -> None:
    assert ask(searcher, "crime in Estonia", where=any_of("country", "FRA")).total == 0
    assert countries(ask(searcher, "crime in Estonia", where=any_of("organisations", "EU"))) == {
        "EST"
    }


def test_combining_intersects_the_values_of_a_field(searcher: Searcher) -> None:
    both = combine(any_of("country", "FRA", "EST"), any_of("country", "FRA", "SGP"))
    assert countries(searcher.search(SearchRequest("crime", where=both))) == {"FRA"}


def test_combining_keeps_the_narrower_years() -> None:
    first, second = Filter(years=(2010, None)), Filter(years=(2005, 2020))
    assert combine(first, second).years == (2010, 2020)
    assert combine(Filter(), second).years == (2005, 2020)
    both = combine(Filter(none_of={"country": ["A"]}), Filter(none_of={"country": ["B"]}))
    assert sorted(both.none_of["country"]) == ["A", "B"]


def test_pages_follow_each_other_without_gap_or_repeat(searcher: Searcher) -> None:
    whole = texts(ask(searcher, "incident crime harbours", read=False, limit=50).hits)
    paged = []
    for offset in range(0, 12, 2):
        paged += texts(
            ask(searcher, "incident crime harbours", read=False, limit=2, offset=offset).hits
        )
    assert paged == whole
    assert len(set(whole)) == len(whole) == 9


def test_groups_hold_all_hits_of_a_document_in_order(searcher: Searcher) -> None:
    flat = ask(searcher, "incident crime harbours", read=False, limit=50)
    found = ask(searcher, "incident crime harbours", read=False, group=True)
    assert found.hits == ()
    assert {group.document for group in found.groups} == {
        hit.passage.passage.document for hit in flat.hits
    }
    for group in found.groups:
        mine = [h for h in flat.hits if h.passage.passage.document == group.document]
        assert texts(group.hits) == texts(mine)
    order = list(dict.fromkeys(hit.passage.passage.document for hit in flat.hits))
    assert [group.document for group in found.groups] == order


def test_the_limit_counts_groups(searcher: Searcher) -> None:
    every = ask(searcher, "incident crime", read=False, group=True).groups
    first = ask(searcher, "incident crime", read=False, group=True, limit=1).groups
    second = ask(searcher, "incident crime", read=False, group=True, limit=1, offset=1).groups
    assert [g.document for g in (*first, *second)] == [g.document for g in every[:2]]


def test_facets_count_passages_under_the_filters(searcher: Searcher) -> None:
    found = ask(searcher, "crime", facets=FACETS, where=any_of("organisations", "EU"))
    assert set(found.facets) == set(FACETS)
    assert found.facets["country"] == {"EST": 3, "FRA": 2}
    assert found.facets["concepts"] == {CRIME: 2, INCIDENTS: 1}
    assert found.facets["stance"] == {"commitment": 3, "descriptive": 1, "noise": 1}
    assert {str(year): n for year, n in found.facets["year"].items()} == {"2019": 3, "2011": 2}
    assert sum(found.facets["document"].values()) == found.total == 5


def test_few_hits_say_which_parts_to_switch_off(searcher: Searcher) -> None:
    found = ask(searcher, "computer crime commitments in Estonia")
    assert 0 < found.total < 5
    assert "switch a part off" in found.note
    assert "country:EST" in {chip.id for chip in found.wider}
    assert str(found.total) in found.note


def test_the_note_counts_what_each_part_hides(searcher: Searcher) -> None:
    found = ask(searcher, "computer crime in Estonia since 2018, not about police")
    assert found.wider[0].id == "country:EST", "what hides most comes first"
    assert "without “Estonia”" in found.note


def test_tags_that_leave_nothing_only_rank(searcher: Searcher) -> None:
    found = ask(searcher, "supply chain commitments in Estonia")
    assert countries(found) == {"EST"}
    assert "all of them are ranked instead" in found.note


def test_a_year_of_a_name_does_not_hide_the_answer(searcher: Searcher) -> None:
    found = ask(searcher, "computer crime act 1990")
    assert found.hits
    assert "1990" in found.note
    assert "1990" in found.interpretation.text
    assert not ask(searcher, "computer crime act of 1990").hits


@pytest.mark.parametrize(
    ("query", "said", "hits"),
    [
        ("zebras", "No passage holds “zebras”", True),
        ("xqzzkv", "No passage holds “xqzzkv”", False),
        ('"wide sea"', "word for word", False),
        ("computer -computer", "asks for “computer” and rules it out", True),
    ],
)
def test_what_cannot_be_found_is_said(
    searcher: Searcher, query: str, said: str, hits: bool
) -> None:
    found = ask(searcher, query)
    assert said in found.note
    assert bool(found.hits) is hits


@pytest.mark.parametrize("query", ['"and the"', '"équipe répondra"', '"the sea is wide"'])
def test_phrases_of_any_words_and_languages_are_found(searcher: Searcher, query: str) -> None:
    found = ask(searcher, query)
    assert found.hits
    assert all(query.strip('"') in hit.passage.passage.text for hit in found.hits)


@pytest.mark.parametrize("query", ["computer crime -expert", "computer crime -experts"])
def test_what_is_ruled_out_is_so_in_both_numbers(searcher: Searcher, query: str) -> None:
    assert all("expert" not in hit.passage.passage.text for hit in ask(searcher, query).hits)


def test_many_hits_need_no_note(searcher: Searcher) -> None:
    found = ask(searcher, "harbours in Singapore")
    assert (found.note, found.wider) == ("", ())


def test_highlights_are_exact_spans_in_order(searcher: Searcher) -> None:
    queries = ("incident CSIRT hour", "computer crime in Estonia", "incidents équipe", "schools")
    for query in queries:
        for hit in ask(searcher, query, limit=50).hits:
            text, last = hit.passage.passage.text, 0
            for item in hit.highlights:
                assert text[item.start : item.end] == item.quote != ""
                assert item.start >= last
                last = item.end


def test_highlights_join_neighbours_and_take_in_evidence(searcher: Searcher) -> None:
    first = ask(searcher, "computer crime police", read=False, where=any_of("country", "FRA")).hits[
        0
    ]
    assert [item.quote for item in first.highlights] == ["police", "computer crime"]
    hits = ask(searcher, "incident response in Singapore").hits
    quotes = {item.quote for hit in hits for item in hit.highlights}
    assert "CSIRT" in quotes  # not a word of the query: evidence of its concept


def test_words_that_two_documents_share_are_shown_once(searcher: Searcher) -> None:
    found = ask(searcher, "harbours sea wide", read=False, limit=50)
    shown = texts(found.hits)
    assert shown.count("Harbours are many and the sea is wide.") == 1
    assert found.total == 10


def test_contents_lists_come_last(searcher: Searcher) -> None:
    query = "Contents: incident response, CSIRT, schools, harbours, the sea, calls"
    assert ask(searcher, query, read=False, limit=50).hits[-1].passage.passage.kind is (
        BlockType.CONTENTS
    )
    plain = ask(searcher, query, read=False, limit=50, mode="hybrid")
    assert plain.hits[0].passage.passage.kind is BlockType.CONTENTS


def test_an_empty_query_lists_what_the_filters_leave_firmest_first(searcher: Searcher) -> None:
    found = ask(searcher, "", where=any_of("country", "SGP", "FRA"), limit=50)
    assert len(found.hits) == found.total == 7
    order = [Stance.COMMITMENT, Stance.IN_PLACE, Stance.DESCRIPTIVE, Stance.NOISE]
    ranks = [
        order.index(hit.passage.tagged.stance.label)
        for hit in found.hits
        if hit.passage.passage.kind is BlockType.BODY
    ]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 4


@pytest.mark.parametrize("query", ["", "  \n"])
def test_an_empty_query_without_filters_is_refused(searcher: Searcher, query: str) -> None:
    with pytest.raises(InputError, match="empty"):
        ask(searcher, query)


@pytest.mark.parametrize("query", ["the of and", "crime " * 900, "crime \x00"])
def test_odd_queries_are_answered(searcher: Searcher, query: str) -> None:
    assert ask(searcher, query).total == 10


@pytest.mark.parametrize(
    ("query", "said"),
    [("?!", "no word"), ("§", "no word"), ("a" * 5000, "No passage holds"), ("xqzzkv", "holds")],
)
def test_what_is_no_word_finds_nothing_and_says_so(
    searcher: Searcher, query: str, said: str
) -> None:
    found = ask(searcher, query)
    assert (found.hits, found.total) == ((), 0)
    assert said in found.note
    assert len(found.note) < 300


def test_a_query_of_a_place_alone_lists_it(searcher: Searcher) -> None:
    found = ask(searcher, "Estonia", limit=50)
    assert countries(found) == {"EST"}
    assert len(found.hits) == 3


@pytest.mark.parametrize(
    ("rest", "fault"),
    [
        ({"limit": 0}, "limit 0"),
        ({"limit": MAX_LIMIT + 1}, f"limit {MAX_LIMIT + 1}"),
        ({"offset": -1}, "offset -1"),
        ({"facets": ("country", "colour")}, "facet 'colour'"),
    ],
)
def test_what_cannot_be_asked_is_named(
    searcher: Searcher, rest: dict[str, object], fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        ask(searcher, "crime", **rest)


def test_beyond_the_last_hit_there_is_nothing(searcher: Searcher) -> None:
    found = ask(searcher, "crime", offset=5000, limit=MAX_LIMIT)
    assert (found.hits, found.total) == ((), 10)


@pytest.mark.parametrize("mode", ["bm25", "dense", "hybrid", "full"])
def test_each_way_of_ranking_finds_the_words(searcher: Searcher, mode: str) -> None:
    found = ask(searcher, "amend the penal code", mode=mode)
    assert found.hits[0].passage.passage.text == ESTONIA[1].text


def test_a_citation_names_who_what_when_and_where(searcher: Searcher) -> None:
    hit = ask(searcher, "Schools shall teach pupils").hits[0]
    assert hit.citation == "Cyber Agency, Strategy A, 2021, p. 3, “2. Measures”"
    other = ask(searcher, "penal code").hits[0]
    assert other.citation.startswith("Estonia, Strategy B, 2019, p. 2")


def test_a_deleted_document_is_found_no_more(tmp_path: Path, encoder: Encoder) -> None:
    with Store.open(Settings(store=tmp_path), encoder.id, encoder.dimension) as store:
        first = stored(store, encoder, Metadata("A", "SGP", year=2020), SINGAPORE)
        stored(store, encoder, Metadata("B", "EST", year=2020), ESTONIA)
        searcher = Searcher(store, encoder, Geography.shipped())
        assert "SGP" in countries(ask(searcher, "CSIRT incident"))
        store.delete(first)
        assert countries(ask(searcher, "CSIRT incident")) == {"EST"}


def test_an_empty_store_answers_with_nothing(tmp_path: Path, encoder: Encoder) -> None:
    with Store.open(Settings(store=tmp_path), encoder.id, encoder.dimension) as store:
        searcher = Searcher(store, encoder, Geography.shipped())
        found = ask(searcher, "incident", facets=FACETS)
        assert (found.hits, found.total) == ((), 0)
        grouped = searcher.search(replace(SearchRequest("incident"), group=True))
        assert grouped.groups == ()
