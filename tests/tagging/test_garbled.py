"""Text that is none: the tagger keeps quiet and says why."""

from __future__ import annotations

import time

import pytest

from miner.tagging.abstention import abstains


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "too little text"),
        ("1234 5678 %%% ---", "too little text"),
        ("a" * 600_000, "no words"),
        ("\x00\x01\x02PNG\x89" * 50, "no words"),
        ("P\ufffdblic \ufffd\ufffd authority sh\ufffdll \ufffdct", "no words"),
        ("网络安全是国家战略的重要组成部分" * 10, "language 'zh'"),
    ],
)
def test_what_is_no_text_is_marked(text: str, why: str) -> None:
    begun = time.process_time()
    assert why in (abstains(text, None) or "")
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "text",
    [
        "The Ministry shall establish a national CERT.",
        "Visit https://www.example.org/strategies/cyber-security-and-resilience-of-services today.",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk is a long word in this sentence.",
    ],
)
def test_words_are_read(text: str) -> None:
    assert abstains(text, "en") is None
