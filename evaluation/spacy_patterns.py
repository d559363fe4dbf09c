"""spaCy patterns of concepts: words of a kind in a row, or hanging from one another.

The patterns stand in `evaluation/data/spacy_patterns.yaml`, which says how they are written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import yaml

from miner import linguistics

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

Found = tuple[str, bool, frozenset[int]]
_ATTRIBUTES = ("lemma", "lower", "pos", "dep")
_BRANCHES = {"has": ">", "below": ">>"}


@cache
def shipped() -> Mapping[str, Any]:
    """The patterns by concept, as they stand in the file."""
    text = (files("evaluation") / "data" / "spacy_patterns.yaml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


class Patterns:
    """The patterns of all concepts, ready to be looked for in parsed texts."""

    def __init__(self, vocab: Vocab, rows: Mapping[str, Any]) -> None:
        from spacy.matcher import DependencyMatcher, Matcher

        self._tokens, self._trees = Matcher(vocab), DependencyMatcher(vocab)
        self._names: dict[int, tuple[str, bool]] = {}
        for concept, row in rows.items():
            for against, part in ((False, row), (True, row.get("not", {}))):
                key = f"{'not ' if against else ''}{concept}"
                self._names[vocab.strings.add(key)] = (concept, against)
                if tokens := part.get("tokens"):
                    self._tokens.add(key, [[_token(word) for word in line] for line in tokens])
                if trees := part.get("trees"):
                    self._trees.add(key, [_tree(tree) for tree in trees])

    def concepts(self, doc: Doc) -> list[str]:
        """The concepts of which a pattern matches that no negative one of its own touches."""
        for token in doc:
            token.lemma_ = token.lemma_.lower()
        found = list(self._matches(doc))
        barred: dict[str, set[int]] = {}
        for concept, against, words in found:
            if against:
                barred.setdefault(concept, set()).update(words)
        spoken = (
            c for c, against, words in found if not against and not words & barred.get(c, set())
        )
        return sorted(set(spoken))

    def _matches(self, doc: Doc) -> Iterator[Found]:
        for key, start, end in self._tokens(doc):
            yield (*self._names[key], frozenset(range(start, end)))
        for key, words in self._trees(doc):
            yield (*self._names[key], frozenset(words))


def _token(word: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        name.upper(): {"IN": word[name]} for name in _ATTRIBUTES if name in word
    }
    return made | ({"OP": word["op"]} if "op" in word else {})


def _tree(top: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A nested pattern as spaCy's DependencyMatcher wants it: a row per word, parents first."""
    made: list[dict[str, Any]] = [{"RIGHT_ID": "0", "RIGHT_ATTRS": _token(top)}]

    def add(word: Mapping[str, Any], parent: str) -> None:
        for branch, relation in _BRANCHES.items():
            for child in word.get(branch, ()):
                name = str(len(made))
                row = {"LEFT_ID": parent, "REL_OP": relation, "RIGHT_ID": name}
                made.append(row | {"RIGHT_ATTRS": _token(child)})
                add(child, name)

    add(top, "0")
    return made


@dataclass(frozen=True, slots=True)
class Read:
    """The concepts whose patterns match, by text; and the processor time that it took to parse
    and to match, in milliseconds a text."""

    concepts: Mapping[str, Sequence[str]]
    parsing: float
    matching: float


def read(texts: Sequence[str], folder: Path | None) -> Read:
    """Parse texts and look for the shipped patterns; kept in `folder` by text, where named, so
    that only new texts are parsed."""
    nlp = linguistics.english()
    digest = hashlib.sha256(json.dumps([shipped(), nlp.meta["version"]]).encode())
    path = folder / f"patterns-{digest.hexdigest()[:12]}.json" if folder else None
    held: dict[str, Any] = {"concepts": {}, "parsing": 0.0, "matching": 0.0}
    if path is not None and path.is_file():
        held = json.loads(path.read_text("utf-8"))
    found = held["concepts"]
    each = sorted(set(texts) - set(found))
    patterns, docs = Patterns(nlp.vocab, shipped()), linguistics.analyse(each, entities=False)
    before = process_time()
    for text, doc in zip(each, docs, strict=True):
        parsed = process_time()
        found[text] = patterns.concepts(doc)
        matched = process_time()
        held["parsing"] += 1000 * (parsed - before)
        held["matching"] += 1000 * (matched - parsed)
        before = matched
    if path is not None and each:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(held), "utf-8")
    many = max(1, len(found))
    return Read(found, held["parsing"] / many, held["matching"] / many)
