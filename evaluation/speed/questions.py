"""What is asked when searches are timed: the project's own analyst queries, with the places,
years and stances that people add to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from itertools import cycle

from miner.taxonomy import codebook

# Named as the store's documents may be filtered by; those that it has none of find nothing fast.
_PLACES = ("", "", " in {country}", " in {organisation} strategies", " since 2012", "")
_BEFORE = ("", "commitments on ", "", "", "what is planned for ", "")


def questions(countries: list[str], organisations: list[str]) -> Iterator[str]:
    """Questions without end; countries and organisations take turns.

    Some 800 are different: the encoder remembers texts, and only the first people to ask wait.
    """
    text = (files("evaluation") / "data" / "analyst_queries.jsonl").read_text("utf-8")
    asked = [json.loads(line)["text"] for line in text.splitlines()]
    more = ["", *(f" and {concept.label.lower()}" for concept in codebook().values())]
    places, before = cycle(_PLACES), cycle(_BEFORE)
    country, organisation = cycle(countries or [""]), cycle(organisations or [""])
    for addition in cycle(more):
        for query in asked:
            place = next(places)
            if "{country}" in place:
                place = place.format(country=next(country))
            elif "{organisation}" in place:
                place = place.format(organisation=next(organisation))
            yield f"{next(before)}{query.rstrip('?')}{addition}{place}"
