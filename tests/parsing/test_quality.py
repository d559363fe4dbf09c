from __future__ import annotations

import pytest

from miner.errors import UnreadableDocument
from miner.parsing import parse_bytes
from miner.parsing.quality import GARBLED_BELOW, is_garbled, plausible, quality

GOOD = {
    "en": "The strategy (see Annex 2.1) sets out e-government goals for the UK's NCSC by 2020.",
    "fr": "L'État s'engage à protéger l'économie numérique d'aujourd'hui, où qu'elle soit.",
    "el": "Η εθνική στρατηγική κυβερνοασφάλειας καθορίζει τους στόχους της χώρας.",
    "ru": "Стратегия определяет цели и задачи государственной политики в области связи.",
    "ar": "تهدف الاستراتيجية الوطنية للأمن السيبراني إلى حماية البنية التحتية للدولة.",
    "he": "האסטרטגיה הלאומית קובעת את יעדי המדינה בתחום הסייבר והתקשורת.",
    "hi": "राष्ट्रीय रणनीति देश के साइबर सुरक्षा लक्ष्यों को निर्धारित करती है।",
    "zh": "国家网络安全战略确定了国家的目标和任务，以保护关键基础设施。",
    "cs": "Strategie stanoví cíle; prst, smrt a čtvrť jsou slova bez samohlásek.",
    "sr": "Стратегија утврђује циљеве државе у области информационог друштва.",
    "hr": "Strategija određuje ciljeve države, a vlada će ih provesti u svim tijelima.",
    "vi": "Chiến lược quốc gia xác định mục tiêu bảo vệ hạ tầng thông tin quan trọng.",
}
BAD = [
    "7KH JRYHUQPHQW ZLOO VWUHQJWKHQ WKH VHFXULW\\ RI DOO LWV QHWZRUNV LQ WKH FRXQWU\\",
    "evsjv‡`k †M‡RU AwZwi³ msL¨v KZ…©c¶ KZ©„K cÖKvwkZ MYcÖRvZš¿x evsjv‡`k miKvi",
    "\ufffd\ufffd\ufffd the \ufffd\ufffd\ufffd\ufffd of \ufffd\ufffd\ufffd\ufffd\ufffd " * 3,
    "\ue001\ue002\ue003 \ue004\ue005 \ue006\ue007\ue008 " * 8,
    "WWhhaatt ddooeess tthhee ffuuttuurree hhoolldd ffoorr tthhiiss ccoouunnttrryy",
    "A c d e a c E c KI T c a b d E b d I d c A d S c a b b d d T a a d a a b D a c",
]


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_language_is_not_called_garbled(text: str) -> None:
    assert quality(text) > 0.85
    assert not is_garbled(text)


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_language_is(text: str) -> None:
    assert quality(text) < GARBLED_BELOW
    assert is_garbled(text)


def test_short_pages_are_never_called_garbled() -> None:
    assert not is_garbled("\ufffd\ufffd 17")
    assert quality("") == 1.0


@pytest.mark.parametrize(
    "token", ["e-mail:", "McAfee", "https://a.b/c?d=1", "x@y.org", "RTBH", "2014/15", "•", "£3.5bn"]
)
def test_plausible_tokens(token: str) -> None:
    assert plausible(token)


def test_a_garbled_page_is_left_out_with_a_warning_and_a_garbled_file_refused() -> None:
    document = parse_bytes(f"{BAD[1]}\n\f{GOOD['en'] * 2}\n".encode(), "a.txt")
    assert [page.status for page in document.pages] == ["garbled", "text"]
    assert document.pages[0].quality < GARBLED_BELOW
    assert "‡" not in document.text
    assert any("Page 1" in warning for warning in document.warnings)
    with pytest.raises(UnreadableDocument, match="garbled"):
        parse_bytes("\f".join([BAD[0]] * 3).encode(), "a.txt")
