"""Styles: kinds of text that the model has no figures for, told by strong and cheap signs.

Each sign stands far from what policy texts show: on 6,266 English passages of 71 strategies and
on 2,918 others no two hashtags, three words of the kitchen or two heads of an e-mail stood
together. Plain search for a character goes before every pattern, so that prose costs little.
"""

from __future__ import annotations

import re

FEWEST_WORDS = 8

_KITCHEN = frozenset(
    "cup cups tbsp tsp tablespoon tablespoons teaspoon teaspoons oven preheat stir whisk simmer "
    "boil bake fry saucepan skillet chopped diced minced grated flour butter sugar salt pepper "
    "garlic onion onions egg eggs dough cream milk olive lemon tomatoes cinnamon vanilla drain "
    "sprinkle knead".split()
)
_VERSE = frozenset(
    "heart love moon moonlight rain night stars star dream dreams dance tears soul kiss shadows "
    "silver golden roses rose winter autumn snow whisper whispers sing song weary lonely sorrow "
    "sleep birds petals eyes thee thou thy thine o'er 'tis doth hath alas darling baby river sea "
    "sky wind".split()
)
_TALK = frozenset(
    "i'm i've i'll i'd me my mine myself you're you've you'll don't can't won't didn't doesn't "
    "isn't wasn't it's that's let's gonna wanna yeah yep nope nah ok okay lol omg btw hey hi hello "
    "thanks thx sorry oh she's he's we're they're what's where's there's couldn't wouldn't "
    "haven't dont cant im ya mum mom dad haha pls".split()
)
_ADDRESS = _TALK | {"i", "you", "your", "u"}
_EDGES = '.,;:!?"“”‘()…—–-'

_SIGNED = re.compile(r"(?<![\w/&#])#[^\W\d]\w+|(?<![\w./])@\w{2,}|[\U0001f300-\U0001faff❤]")
_EMOJI = "\U0001f300"
_CODE = re.compile(
    r"[{}]|\(\)|\);|;[ \t]*$|==|!=|=>|->|\+=|&&|\|\||::|</?[a-z][^<>\n]*>|^\s*(?://|#include|#!)"
    r"|^\s*(?:def|class|import|from|return|const|let|var|public|private|static|func|fn|if|for"
    r"|while|else|elif|try|except|print|echo|sudo|curl|docker|git|pip|npm|FROM|RUN|COPY)\b[^.\n]*$"
    r"|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|GROUP BY|ORDER BY|LEFT JOIN)\b"
    r"|\b\w+ = [\w\"'\[(]|\b[a-z]\w*\.\w+\(|\b[a-z_]\w*\([\w\"', ]*\)|\s--?[a-z][\w-]*\b",
    re.MULTILINE,
)
_HEADER = re.compile(r"^[>\s]*(?:from|to|cc|bcc|sent|date|subject|re): ", re.MULTILINE | re.I)
_GREETING = re.compile(r"\A\s*(?:dear|hi|hello|hey|good (?:morning|afternoon)|greetings)\b", re.I)
_CLOSING = re.compile(
    r"\b(?:regards|best wishes|cheers|yours (?:sincerely|faithfully|truly)|sincerely|many thanks"
    r"|thanks again|all the best|thanks|best)[,!.]?\s+(?-i:[A-Z])[\w. ]{1,40}\Z",
    re.I,
)
_TURN = re.compile(
    r"^\s*(?:\[?\d{1,2}:\d\d(?::\d\d)?\]?\s*)?<?[A-Z][\w.]*(?: [A-Z][\w.]*)?>?\s?[:>] ?",
    re.MULTILINE,
)
_PRESS = re.compile(
    r"\bfor immediate release\b|\A\s*(?:press|media|news) (?:release|statement)\b"
    r"|\b(?:media|press) (?:contact|enquiries|inquiries)s?\s?:|\bnotes? to editors?\b",
    re.I,
)


def unknown_style(text: str, lowered: str, words: list[str]) -> str | None:
    """The style of a text where it is one that the model has no figures for, else None.

    Args:
        text: a passage.
        lowered: the same, lower-cased.
        words: the words of that, parted at white space.
    """
    if len(words) < FEWEST_WORDS:
        return f"fewer than {FEWEST_WORDS} words"
    if _is_social(text, words):
        return "social media"
    if _is_code(text, words):
        return "source code"
    if _is_release(text, lowered):
        return "a press release"
    if _is_mail(text, lowered):
        return "an e-mail"
    if _is_talk(text, words):
        return "talk"
    if _several(_KITCHEN, words, 4):
        return "a recipe"
    return "verse" if _several(_VERSE, words, 4) else None


def _is_social(text: str, words: list[str]) -> bool:
    if not ("#" in text or "@" in text or (not text.isascii() and max(text) >= _EMOJI)):
        return False
    return len(_SIGNED.findall(text)) >= max(2, 0.06 * len(words))


def _is_code(text: str, words: list[str]) -> bool:
    signs = sum(map(text.count, ("{", "}", ";", "=", "<", ">", "_", "()", "--", "$", "`", "|")))
    if signs < max(3, 0.008 * len(text)):
        return False
    return len(_CODE.findall(text)) >= max(3, 0.12 * len(words))


def _is_release(text: str, lowered: str) -> bool:
    told = ("release", "statement", "contact:", "iries:", "to editor")
    return any(map(lowered.__contains__, told)) and _PRESS.search(text) is not None


def _is_mail(text: str, lowered: str) -> bool:
    if "subject:" in lowered and len(_HEADER.findall(text)) >= 2:
        return True
    return _GREETING.match(text) is not None and _CLOSING.search(text) is not None


def _is_talk(text: str, words: list[str]) -> bool:
    """Somebody speaks to somebody: the words of talk, or turns with a speaker's name."""
    if _TALK.isdisjoint(words) and "?" not in text:
        return False
    said = len([word for word in words if word.strip(_EDGES) in _ADDRESS])
    kinds = {word.strip(_EDGES) for word in words} & _TALK
    if len(kinds) >= 2 and said >= 0.09 * len(words):
        return True
    # The forms that follow a colon in lists have no questions and nobody who is spoken to.
    return said >= max(2, 0.04 * len(words)) and len(_TURN.findall(text)) >= 3


def _several(kind: frozenset[str], words: list[str], least: int) -> bool:
    if len(kind.intersection(words)) < least - 2:
        return False
    found = [bare for word in words if (bare := word.strip(_EDGES)) in kind]
    return len(set(found)) >= least and len(found) >= 0.05 * len(words)
