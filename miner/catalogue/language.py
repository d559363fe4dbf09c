"""Languages by name and code: what a manifest or a query may call them, as ISO 639-1."""

from __future__ import annotations

import re

from miner.catalogue.name import fold

# English name first; then the language's own name and ISO 639-2/3 codes.
_NAMES = {
    "ar": ("Arabic", "العربية", "ara"),
    "az": ("Azerbaijani", "azərbaycan", "aze"),
    "be": ("Belarusian", "беларуская", "bel"),
    "bg": ("Bulgarian", "български", "bul"),
    "bn": ("Bengali", "বাংলা", "ben", "Bangla"),
    "bs": ("Bosnian", "bosanski", "bos"),
    "ca": ("Catalan", "català", "cat"),
    "cs": ("Czech", "čeština", "ces", "cze"),
    "da": ("Danish", "dansk", "dan"),
    "de": ("German", "Deutsch", "deu", "ger"),
    "el": ("Greek", "ελληνικά", "ell", "gre"),
    "en": ("English", "eng"),
    "es": ("Spanish", "español", "spa", "castellano", "Castilian"),
    "et": ("Estonian", "eesti", "est"),
    "fa": ("Persian", "فارسی", "fas", "per", "Farsi"),
    "fi": ("Finnish", "suomi", "fin"),
    "fr": ("French", "français", "fra", "fre"),
    "ga": ("Irish", "Gaeilge", "gle"),
    "he": ("Hebrew", "עברית", "heb"),
    "hi": ("Hindi", "हिन्दी", "hin"),
    "hr": ("Croatian", "hrvatski", "hrv"),
    "hu": ("Hungarian", "magyar", "hun"),
    "hy": ("Armenian", "հայերեն", "hye", "arm"),
    "id": ("Indonesian", "bahasa Indonesia", "ind"),
    "is": ("Icelandic", "íslenska", "isl", "ice"),
    "it": ("Italian", "italiano", "ita"),
    "ja": ("Japanese", "日本語", "jpn"),
    "ka": ("Georgian", "ქართული", "kat", "geo"),
    "kk": ("Kazakh", "қазақ", "kaz"),
    "km": ("Khmer", "ខ្មែរ", "khm"),
    "ko": ("Korean", "한국어", "kor"),
    "lb": ("Luxembourgish", "Lëtzebuergesch", "ltz"),
    "lo": ("Lao", "ລາວ", "lao"),
    "lt": ("Lithuanian", "lietuvių", "lit"),
    "lv": ("Latvian", "latviešu", "lav"),
    "mk": ("Macedonian", "македонски", "mkd", "mac"),
    "mn": ("Mongolian", "монгол", "mon"),
    "ms": ("Malay", "bahasa Melayu", "msa", "may"),
    "mt": ("Maltese", "Malti", "mlt"),
    "my": ("Burmese", "မြန်မာ", "mya", "bur"),
    "nb": ("Norwegian Bokmål", "bokmål", "nob"),
    "ne": ("Nepali", "नेपाली", "nep"),
    "nl": ("Dutch", "Nederlands", "nld", "dut", "Flemish"),
    "no": ("Norwegian", "norsk", "nor"),
    "pl": ("Polish", "polski", "pol"),
    "pt": ("Portuguese", "português", "por"),
    "ro": ("Romanian", "română", "ron", "rum"),
    "ru": ("Russian", "русский", "rus"),
    "sk": ("Slovak", "slovenčina", "slk", "slo"),
    "sl": ("Slovenian", "slovenščina", "slv", "Slovene"),
    "sq": ("Albanian", "shqip", "sqi", "alb"),
    "sr": ("Serbian", "srpski", "srp", "српски"),
    "sv": ("Swedish", "svenska", "swe"),
    "sw": ("Swahili", "kiswahili", "swa"),
    "th": ("Thai", "ไทย", "tha"),
    "tr": ("Turkish", "Türkçe", "tur"),
    "uk": ("Ukrainian", "українська", "ukr"),
    "ur": ("Urdu", "اردو", "urd"),
    "uz": ("Uzbek", "oʻzbek", "uzb"),
    "vi": ("Vietnamese", "tiếng Việt", "vie"),
    "zh": ("Chinese", "中文", "zho", "chi", "Mandarin"),
}

_BY_NAME = {fold(name): code for code, names in _NAMES.items() for name in names}
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)


def language_code(name: str) -> str | None:
    """ISO 639-1 code for a language's name or code ("French", "fra", "fr-CA" give "fr").

    None where it is no language that is known here; two-letter codes are taken as they are.
    """
    known = _BY_NAME.get(fold(name))
    if known:
        return known
    tag = _TAG.fullmatch(name.strip())
    if tag is None:
        return None
    primary = tag[1].lower()
    return primary if len(primary) == 2 else _BY_NAME.get(primary)


def language_name(code: str) -> str:
    """English name of an ISO 639-1 code; the code itself where it is not known here."""
    return _NAMES[code][0] if code in _NAMES else code


def english_names() -> dict[str, str]:
    """English language names (lower case) with their codes; what a query can say."""
    names: dict[str, str] = {}
    for code, spellings in _NAMES.items():
        said = (name for name in spellings if name.isascii() and len(name) > 3)
        names |= {name.lower(): code for name in said if name[0].isupper()}
    return names
