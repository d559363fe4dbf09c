"""Commitments with their spans, out of sentences, items and rows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miner.commitments import Commitment, Source, extract, version
from miner.taxonomy import Stance


def of(text: str, stance: Stance = Stance.COMMITMENT) -> tuple[Commitment, ...]:
    ((name, found),) = extract([Source("d", "p", text, stance)])
    assert name == "p"
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a commitment."""

    modal_class: str
    actor: str | None
    modal: str | None
    action: str
    object: str | None
    deadline: str | None = None


def words(one: Commitment) -> Words:
    spans = (one.actor, one.modal, one.action, one.object, one.deadline)
    actor, modal, action, target, deadline = (s.quote if s is not None else None for s in spans)
    assert action is not None
    return Words(one.strength.modal, actor, modal, action, target, deadline)


CASES = {
    "The Ministry of Ports will establish a response team by June 2030.": [
        Words("plan", "The Ministry of Ports", "will", "establish", "a response team",
              "by June 2030")
    ],
    "A response team is to be established by the Ministry of Ports within 12 months.": [
        Words("duty", "the Ministry of Ports", "is to", "established", "A response team",
              "within 12 months")
    ],
    "The Government will develop and implement a national plan.": [
        Words("plan", "The Government", "will", "develop and implement", "a national plan")
    ],
    "The Council shall create a committee and train police officers.": [
        Words("duty", "The Council", "shall", "create", "a committee"),
        Words("duty", "The Council", "shall", "train", "police officers"),
    ],
    "We aim to improve the protection of networks.": [
        Words("aim", "We", "aim to", "improve", "the protection of networks")
    ],
    "The Agency will seek to expand its laboratory.": [
        Words("aim", "The Agency", "will seek to", "expand", "its laboratory")
    ],
    "It is necessary to adopt a law on networks.": [
        Words("aim", None, "It is necessary to", "adopt", "a law on networks")
    ],
    "Establish a national register by 2030.": [
        Words("plan", None, None, "Establish", "a national register", "by 2030")
    ],
    "• Establishment of a national school of networks": [
        Words("plan", None, None, "Establishment", "a national school of networks")
    ],
    "The Ministry shall:\n• set up a register;\n• train judges.": [
        Words("duty", "The Ministry", "shall", "set up", "a register"),
        Words("duty", "The Ministry", "shall", "train", "judges"),
    ],
    "Exercise the plan. Lead: Civil Protection Service. Deadline: March 2030.": [
        Words("plan", "Civil Protection Service", None, "Exercise", "the plan", "March 2030")
    ],
    "Proposals will be coordinated through the competent authorities by the middle of 2030.": [
        Words("plan", "the competent authorities", "will", "coordinated", "Proposals",
              "by the middle of 2030")
    ],
    "The response team was established in 2012.": [
        Words("completed", None, "was", "established", "The response team", "in 2012")
    ],
    "The Government has adopted a law on networks.": [
        Words("completed", "The Government", "has", "adopted", "a law on networks")
    ],
    "CERT-CV operates a register of incidents.": [
        Words("operating", "CERT-CV", None, "operates", "a register of incidents")
    ],
    "Operators are required to report serious incidents.": [
        Words("duty", "Operators", "are required to", "report", "serious incidents")
    ],
    "The Govern­ ment will pub-\nlish a report.": [
        Words("plan", "The Govern­ ment", "will", "pub-\nlish", "a report")
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_what_is_found(text: str) -> None:
    assert [words(one) for one in of(text, Stance.IN_PLACE)] == CASES[text]


@pytest.mark.parametrize(
    "text",
    [
        "Attacks on networks will continue to grow.",
        "Chapter 3 describes the threats to networks.",
        "Will the Ministry adopt a law?",
        "We would like to thank all who took part.",
        "Expected outcome:\n• Increased skills of teachers",
        "The Internet is a global network.",
        "",
        "\n\n•\n",
    ],
)
def test_nothing_is_promised(text: str) -> None:
    assert of(text) == ()


def test_only_text_that_binds_is_read() -> None:
    text = "The Ministry will set up a team."
    assert of(text)
    assert of(text, Stance.DESCRIPTIVE) == ()
    assert of(text, Stance.NOISE) == ()


@pytest.mark.parametrize(
    "text", ["(" * 50_000, "will do " * 5_000, "\x00\x01\xff" * 9000, ": ; | • " * 500]
)
def test_a_wall_of_signs_ends(text: str) -> None:
    assert isinstance(of(text), tuple)


def test_we_is_the_author() -> None:
    (one,) = of("We will train judges.")
    assert one.by_author
    assert one.strength.has_actor
    assert one.beneficiary is not None
    assert one.beneficiary.quote == "judges"


def test_a_sum_that_is_given_is_a_resource() -> None:
    (given_to,) = of("The Government will invest EUR 20 million in the school.")
    assert given_to.resource is not None
    assert given_to.resource.quote == "EUR 20 million"
    assert given_to.strength.has_resource
    (target,) = of("The Council will raise exports from EUR 2 million to EUR 3 million.")
    assert target.resource is None


def test_a_fine_is_no_resource() -> None:
    (one,) = of("The Council shall punish infringements with fines of EUR 2 million.")
    assert one.resource is None


def test_a_deadline_of_a_side_remark_is_not_taken() -> None:
    (one,) = of("The team, which was founded in 2012, will train judges.")
    assert one.deadline is None


_PIECES = st.sampled_from(
    "the Ministry shall will must should establish and a an team by 2030 , . ; : | • \n to of for "
    "( ) - ­ EUR 2 million Lead: Deadline: training is was has been operates İ “ ” we It".split(" ")
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_PIECES, max_size=30))
def test_spans_quote_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for one in of(text):
        spans = (one.sentence, one.action, one.modal, one.object, one.actor, one.resource)
        for span in (*spans, one.beneficiary, one.deadline):
            if span is not None:
                assert span.quote == text[span.start : span.end]
                assert span.quote.strip() == span.quote != ""
        assert 0 < one.strength.value <= 1


def test_it_is_deterministic_and_keeps_the_order() -> None:
    texts = list(CASES)
    sources = [Source("d", str(n), text, Stance.COMMITMENT) for n, text in enumerate(texts)]
    first, again = list(extract(sources)), list(extract(sources))
    assert first == again
    assert [name for name, _ in first] == [str(n) for n in range(len(texts))]
    assert version() == version()
