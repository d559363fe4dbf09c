"""Hyphens: lines joined into running text, with line-end hyphens healed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from miner.parsing.line import LINE_HYPHEN

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TAIL = re.compile(r"([^\W\d_]+)[-\u00ad]$")
_HEAD = re.compile(r"^([^\W\d_]+)")
_PREFIXES = {"non", "multi", "self", "cross", "co", "anti", "pre", "post", "well", "semi", "inter"}

_FUSED = {"inter", "under", "over", "trans", "super", "infra", "fore", "micro", "counter"}
"""First parts that English writes together with the word they stand before."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The document's own words, whole and hyphenated, in lower case, with their counts."""

    words: Counter[str]

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """Whether a hyphen between the line-end `left` and the next line's `right` is real.

        Decided by the forms the document uses elsewhere; where it uses neither, two words that
        both stand alone in it make a compound, other parts a broken word.
        """
        if right[:1].isupper() and not left.isupper():
            return True
        left, right = left.lower(), right.lower()
        whole, compound = self.words[left + right], self.words[f"{left}-{right}"]
        if whole or compound:
            return compound > whole
        if left in _PREFIXES and len(right) > 3 and self.words[right]:
            return True
        if self.words[(left + right).removesuffix("s")] or not self.words[right]:
            return False
        if self.words[left]:
            return len(left) > 2 and len(right) > 2
        # Once may be the stray half of another broken word.
        return len(left) > 3 and len(right) > 4 and self.words[right] > 1 and left not in _FUSED


def vocabulary_of(lines: Iterable[str]) -> Vocabulary:
    """Counts the words of `lines`, without the halves at line-end hyphens."""
    words: Counter[str] = Counter()
    broken = False
    for line in lines:
        found = _WORD.findall(line.lower())
        if broken and found:
            found = found[1:]
        broken = line.endswith((LINE_HYPHEN, "-"))
        if broken and found:
            found = found[:-1]
        words.update(found)
    return Vocabulary(words)


def join(text: str, line: str, vocabulary: Vocabulary) -> str:
    """`text` and the next printed `line` as running text."""
    # Only the end of `text`: paragraphs grow line by line.
    tail, head = _TAIL.search(text[-40:]), _HEAD.match(line)
    if tail is not None and head is not None:
        keep = vocabulary.keeps_hyphen(tail.group(1), head.group(1))
        return text[:-1] + ("-" if keep else "") + line
    if text.endswith(LINE_HYPHEN):
        return text[:-1] + "-" + line
    if text.endswith(("-", "/")) and text[-2:-1].strip() and line[:1].isalnum():
        return text + line  # "2014-" and "2020", a web address broken at a slash
    return f"{text} {line}" if text else line
