"""Mixture: whether a passage is English, by its function words, before any detector is asked.

Runs of eight words without a function word of English are set apart; they count as another
language only where they hold function words of others, accents or another script, as tables and
lists of names have no function words either.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from miner.parsing.language import UNKNOWN, detect

LEAST = 0.22
"""Share of a passage's words from which another language counts; as it is told by runs, a third of
a passage is told."""

UNCODED = "mis"
"""ISO 639 for a language without a code of its own: another script, and nothing told which."""

_RUN = 8
_WHOLE = 0.8
_FOREIGN = 0.14
_FEWEST_SIGNS = 5
_OWN = 0.05
_FEWEST = 10
_ENGLISH = (
    "the of and to for with by that this these those which who whose are is be been being will "
    "shall should must may can could would has have had was were from it its at not their they "
    "them there than then also such into through between within other all any each both more we "
    "our us i you your my he she his her as on or an a in if but so no do does did what when how "
    "where while over under about against during after before up out only own same"
).split()
# Words of English that are frequent in other languages as well: none speaks for English.
_SHARED = frozenset(
    "a an as at do has he i in is no on or so we were will was up die her his own".split()
)
_ACCENT = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")
_SCRIPT = re.compile(
    "[\u0370-\u1dff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefe]"
)
_DENSE = re.compile("[\u3040-\ud7ff\uf900-\ufaff]")
# A sign of Chinese, Japanese or Korean says about what three letters say.
_DENSITY = 3
# Prepositions and conjunctions of Slavic languages; elsewhere they are letters of a list.
_LONE = frozenset("iuoszvkw")
_LONE_IN = frozenset("bs cs hr pl sk sl sr".split())
_EDGES = "()[]{}.,;:!?\"'“”‘’«»„…–—-•*/"

_FUNCTION_WORDS = {
    "az": "və bu ilə üçün bir olan kimi daha edilir etmək onun üzrə də ki hər ya həmin",
    "ca": "els les dels amb que una del al pel aquest aquesta són com més també ens",
    "cs": "je na se že pro které který jsou nebo jako při jejich také která byla bude jeho podle",
    "da": "og af til det der den som en med er på ikke de et kan har skal vil fra ved om også",
    "de": "und der die das des dem den ein eine einer eines zu von mit auf für ist im nicht sich "
    "werden auch als durch bei wird sind sowie oder zur zum nach über",
    "es": "de la el los las en que del una por con para un se su sus como al es más y lo sobre "
    "entre este esta son así ser",
    "et": "ja on ning ei et mis see või kui ka selle mida oma peab tuleb kes nende",
    "fi": "ja on sekä tai että ei se myös ovat joka kun jotka sen mukaan tämä kuin",
    "fr": "de la le les des et en du un une pour dans que qui par sur au aux ce cette ces est sont "
    "avec ou se sa ses leur leurs il elle nous plus ainsi",
    "hr": "je na za se su da od koji koja koje ili te kao sa po iz bi biti može kako ovog radi što",
    "hu": "az és hogy nem egy is meg ez azt vagy mint csak ezek amely által való illetve",
    "id": "dan yang di untuk dengan dari pada dalam ini itu adalah oleh akan tidak atau sebagai",
    "it": "di il la che del della dei delle un una con le gli nel nella al alla dal sono si da "
    "è ed come anche non più lo",
    "lt": "ir yra kad su į iš tai ar bei kaip ne už dėl turi būti pagal",
    "lv": "un ir ar no uz kas par kā lai vai tiek gan pie šo tās to",
    "nl": "de het een van en voor met op te dat die zijn is wordt worden door aan ook naar bij om "
    "niet deze dit als uit tot over",
    "no": "og av til det som en med er på ikke de et kan har skal vil fra ved om også å",
    "pl": "na się jest do że nie oraz jak dla przez lub są od które który być ich także tym ze",
    "pt": "de da do que em os das dos para uma um com por na no nas nos ao à se são mais como sua "
    "seu pela pelo às aos entre",
    "ro": "de și şi în la cu pe din care pentru să este sau al ale prin ce nu sunt unei unui ai fi",
    "sk": "je na sa že pre ktoré ktorý sú alebo ako pri ich aj bude podľa jeho medzi",
    "sl": "je in na za se da so ki ali pri tudi kot ter bi ne po iz ter bo",
    "sq": "të dhe në për një me nga që e i së si është do ose tyre këtë kjo janë mbi duke",
    "sr": "je na za se su da od koji koja koje ili te kao sa po iz bi biti može kako ovog što",
    "sv": "och att i det som en av på är för med till den har de inte om ett ska kan eller vi från "
    "vid samt",
    "tr": "ve bir bu ile için olarak da de olan gibi daha çok en her veya göre kadar ise",
    "vi": "và của các trong cho là với được có những một về theo đến không",
}


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    return frozenset(_ENGLISH) - _SHARED


@lru_cache(maxsize=1)
def _others() -> dict[str, tuple[str, ...]]:
    """Function word to its languages; words of English and single letters are left out."""
    found: dict[str, list[str]] = {}
    for language, words in _FUNCTION_WORDS.items():
        for word in set(words.split()):
            if len(word) > 1 and word not in _ENGLISH:
                found.setdefault(word, []).append(language)
    return {word: tuple(sorted(languages)) for word, languages in found.items()}


def language_in(text: str, words: list[str], told: str | None) -> tuple[str, float]:
    """The language that stands beside English in a text, and its share of the words.

    Args:
        text: a passage.
        words: its words, lower-cased, parted at white space.
        told: the language that it is said to be in, where that is known.

    Returns:
        An ISO 639-1 code, `und` or `mis`, and a share from `LEAST` to 1: ("en", 1.0) where it is
        English, ("fr", 0.4) where two fifths of it are French.
    """
    foreign = None if text.isascii() else _scripted(text, words)
    if foreign is not None:
        return foreign
    apart = _apart(words)
    share = len(apart) / max(len(words), 1)
    if share < LEAST and len(words) >= _FEWEST:
        return "en", 1.0
    other = _spoken(apart, text) if len(apart) >= _FEWEST else None
    if other is not None:
        return other, _round(share)
    return told or detect(text), 1.0


def _scripted(text: str, words: list[str]) -> tuple[str, float] | None:
    """The language of the letters that are not Latin, and their share, where that is enough."""
    letters = "".join(_SCRIPT.findall(text))
    if not letters:
        return None
    size = len(letters) + (_DENSITY - 1) * len(_DENSE.findall(letters))
    share = size / max(sum(map(str.isalpha, text)) - len(letters) + size, 1)
    if share < LEAST:
        return None
    # The words of that script alone, as English letters beside them would win.
    return _named(" ".join(filter(_SCRIPT.search, words))), _round(share)


def _named(other: str) -> str:
    found = detect(other)
    if found in ("en", UNKNOWN):
        return UNCODED
    return found


def _round(share: float) -> float:
    """What is nearly all is all: an English name in a foreign passage makes no mixture."""
    return 1.0 if share >= _WHOLE else share


def _apart(words: list[str]) -> list[str]:
    """The words of those runs that hold hardly a function word of English."""
    known = _english()
    size = len(words)
    marks = bytes([word in known for word in words])
    # The last run may be shorter by some words; a tail of its own would be told by chance.
    count = max(size // _RUN, 1)
    apart: list[str] = []
    for number in range(count):
        start, end = number * size // count, (number + 1) * size // count
        if marks.find(1, start, end) < 0 < end - start:
            apart += words[start:end]
    return apart


def _spoken(words: list[str], text: str) -> str | None:
    """The language of words of which enough are its function words or bear accents."""
    others = _others()
    votes: Counter[str] = Counter()
    signs = lone = 0
    for word in words:
        bare = word.strip(_EDGES)
        languages = others.get(bare)
        if languages:
            votes.update(languages)
            signs += 1
        elif bare in _LONE:
            lone += 1
        # Names bear accents too, in lists of participants for instance; they have capitals.
        elif not bare.isascii() and _ACCENT.search(bare) and bare in text:
            signs += 1
    enough = max(_FEWEST_SIGNS, _FOREIGN * len(words))
    if signs + (lone if signs >= lone else 0) < enough:
        return None
    found = detect(" ".join(words))
    if signs < enough:
        return found if found in _LONE_IN else None
    if found not in ("en", UNKNOWN):
        return found
    # One language's words, not a few of each.
    language, count = max(votes.items(), key=lambda vote: vote[1], default=("", 0))
    return language if count >= max(3, _OWN * len(words)) else None
