"""Mixed languages: a passage partly in another language is marked, English is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.tagging.abstention import silent
from miner.tagging.tagger import Tagger

SHARED = Path(__file__).parents[3] / "shared"
ENGLISH = (
    "The Government will establish a national computer security incident response team by 2026. "
    "It shall answer every report of an incident within 24 hours and publish the statistics of "
    "each year. The Ministry of Education will report on the training of teachers, and the "
    "operators of critical infrastructure must tell the team of attacks on their networks."
)
OTHERS = {
    "fr": "Le gouvernement mettra en place une équipe nationale de réponse aux incidents avant la "
    "fin de l'année. Elle répondra à chaque signalement dans un délai de vingt-quatre heures et "
    "publiera des statistiques sur les incidents qui touchent les opérateurs d'importance vitale.",
    "es": "El Gobierno creará un equipo nacional de respuesta a incidentes antes del final del "
    "año. Este equipo responderá a cada aviso en un plazo de veinticuatro horas y publicará las "
    "estadísticas de los incidentes que afectan a los operadores de infraestructuras críticas.",
    "pt": "O Governo criará uma equipa nacional de resposta a incidentes até ao fim do ano. A "
    "equipa responderá a cada aviso no prazo de vinte e quatro horas e publicará as estatísticas "
    "dos incidentes que afetam os operadores de infraestruturas críticas do país.",
    "de": "Die Bundesregierung wird bis Ende des Jahres eine nationale Stelle für die Behandlung "
    "von Vorfällen einrichten. Sie beantwortet jede Meldung innerhalb von vierundzwanzig Stunden "
    "und veröffentlicht die Zahlen der Vorfälle, die Betreiber kritischer Anlagen betreffen.",
    "sv": "Regeringen ska inrätta en nationell grupp för hantering av incidenter före årets slut. "
    "Gruppen ska svara på varje anmälan inom tjugofyra timmar och offentliggöra uppgifter om de "
    "incidenter som drabbar dem som driver kritisk infrastruktur i landet.",
    "ro": "Guvernul va înființa o echipă națională de răspuns la incidente până la sfârșitul "
    "anului. Echipa va răspunde la fiecare sesizare în termen de douăzeci și patru de ore și va "
    "publica statistici privind incidentele care îi afectează pe operatorii de infrastructuri.",
    "sq": "Qeveria do të ngrejë një ekip kombëtar për përgjigjen ndaj incidenteve deri në fund të "
    "vitit. Ekipi do t'i përgjigjet çdo njoftimi brenda njëzet e katër orëve dhe do të botojë të "
    "dhëna për incidentet që prekin operatorët e infrastrukturave kritike.",
    "az": "Hökumət ilin sonuna qədər insidentlərə cavab verən milli komanda yaradacaq. Komanda hər "
    "bir məlumata iyirmi dörd saat ərzində cavab verəcək və kritik infrastruktur operatorlarına "
    "təsir edən insidentlər haqqında statistik məlumatları dərc edəcək.",
    "hr": "Vlada će do kraja godine osnovati nacionalni tim za odgovor na incidente. Tim će "
    "odgovoriti na svaku prijavu u roku od dvadeset i četiri sata te će objaviti podatke o "
    "incidentima koji pogađaju operatore ključne infrastrukture u zemlji.",
    "ru": "Правительство создаст национальную группу реагирования на инциденты до конца года. "
    "Группа ответит на каждое сообщение в течение двадцати четырёх часов и опубликует сведения "
    "об инцидентах, которые затрагивают операторов критической инфраструктуры.",
    "el": "Η κυβέρνηση θα ιδρύσει εθνική ομάδα αντιμετώπισης περιστατικών έως το τέλος του έτους. "
    "Η ομάδα θα απαντά σε κάθε αναφορά εντός είκοσι τεσσάρων ωρών και θα δημοσιεύει στατιστικά "
    "στοιχεία για τα περιστατικά που πλήττουν τους φορείς κρίσιμων υποδομών.",
    "ar": "ستنشئ الحكومة فريقا وطنيا للاستجابة للحوادث قبل نهاية العام. وسيرد الفريق على كل بلاغ "
    "خلال أربع وعشرين ساعة وينشر إحصاءات عن الحوادث التي تصيب مشغلي البنية التحتية الحيوية.",
    "ko": "정부는 연말까지 사고에 대응하는 국가 대응팀을 설립한다. 대응팀은 모든 신고에 "
    "이십사 시간 이내에 답하고 주요 기반 시설 운영자에게 영향을 주는 사고에 관한 통계를 "
    "매년 발표한다.",
    "zh": "政府将在年底前成立国家应急响应小组。该小组将在二十四小时内答复每一份报告,"
    "并公布影响关键基础设施运营者的事件统计数据。",
}
SIBLINGS = {"hr": {"hr", "bs", "sr", "sl"}}


def named(said: str | None, code: str) -> bool:
    return said in {f"mixed languages: en, {one}" for one in SIBLINGS.get(code, {code})}


@pytest.mark.parametrize("language", ["en", None])
@pytest.mark.parametrize("code", OTHERS)
def test_both_languages_of_a_mixed_passage_are_named(code: str, language: str | None) -> None:
    other = OTHERS[code]
    for text in (f"{ENGLISH} {other}", f"{other} {ENGLISH}", f"{ENGLISH}\n{other}\n{ENGLISH}"):
        if text.count(ENGLISH) == 2:
            text = text.replace(ENGLISH, ENGLISH[:240])
        assert named(silent(text, language), code), silent(text, language)


@pytest.mark.parametrize("code", OTHERS)
def test_sentences_that_take_turns_are_a_mixture(code: str) -> None:
    other = OTHERS[code].replace("。", ". ").split(". ", 1)
    text = ". ".join(
        part for pair in zip(ENGLISH.split(". ")[:2], other, strict=True) for part in pair
    )
    assert (silent(text, "en") or "").startswith("mixed languages: en, ")


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_that_is_not_the_one_it_is_said_to_be(code: str) -> None:
    said = silent(OTHERS[code], "en")
    codes = SIBLINGS.get(code, {code})
    assert said in {f"no figures for the language {one!r}" for one in codes}


@pytest.mark.parametrize(
    "text",
    [
        f"{ENGLISH} Its name is Agence nationale de la sécurité des systèmes d'information.",
        "Participants: José García, María Núñez, João da Silva, Åsa Öberg, Jürgen Müller, Zoë "
        "François, Łukasz Nowak, Søren Kjær, Ana de la Cruz and the staff of the Ministry of the "
        "Interior and of the national team for the response to incidents.",
        "Estonia Latvia Lithuania Finland Sweden Norway 2014 2015 2016 37 % 41 % 52 % CERT-EE "
        "CERT-LV CERT-LT NCSC-FI CERT-SE NorCERT Total 12 14 17 Budget Staff Incidents Exercises",
    ],
)
def test_names_and_tables_are_no_mixture(text: str) -> None:
    assert silent(text, "en") is None


def test_a_mixed_passage_decides_nothing(tagger: Tagger) -> None:
    text = f"{ENGLISH} {OTHERS['fr']}"
    assert tagger.tag([ENGLISH])[0].decided
    for languages in (["en"], ["und"], None):
        tagged = tagger.tag([text], languages)[0]
        assert tagged.abstained == "mixed languages: en, fr"
        assert tagged.decided == ()


# A glossary in German and English; a Dutch minister's letter in two columns, read across.
BILINGUAL = {"labels": {"dev-0113"}, "retrieval": {str(n) for n in range(3057, 3062)}}


def shared(name: str) -> dict[str, str]:
    path = SHARED / name
    if not path.exists():
        pytest.skip("../shared is not here")
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {str(row["id"]): row["text"] for row in rows}


@pytest.mark.parametrize("language", ["en", None])
def test_no_labelled_passage_is_kept_quiet_on(language: str | None) -> None:
    texts = shared("labels/dev_passages.jsonl")
    marked = {key: said for key, text in texts.items() if (said := silent(text, language))}
    assert marked.keys() <= BILINGUAL["labels"], marked


@pytest.mark.parametrize("language", ["en", None])
def test_hardly_any_english_passage_is_kept_quiet_on(language: str | None) -> None:
    texts = shared("retrieval/passages.jsonl")
    marked = {key: said for key, text in texts.items() if (said := silent(text, language))}
    assert len(marked.keys() - BILINGUAL["retrieval"]) <= len(texts) / 500, marked
    assert marked.keys() >= BILINGUAL["retrieval"]
