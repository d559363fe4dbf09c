"""Documents in other languages: marked, stemmed as what they are, found, left alone by tags."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stand_ins

from miner import lexical
from miner.catalogue.geography import Geography
from miner.embedding import Encoder
from miner.ingest import Ingester
from miner.parsing import ParseOptions
from miner.search import Searcher, SearchRequest
from miner.search.languages import languages_of
from miner.settings import Settings
from miner.store import Store

SAID = {
    "en": "The Government will publish guidance on the security of public networks each year. "
    "Every ministry shall report serious incidents to the national team within one day.",
    "fr": "Le gouvernement publiera chaque année des conseils sur la sécurité des réseaux publics. "
    "Chaque ministère signalera les incidents graves à l'équipe nationale dans la journée, et les "
    "menaces nouvelles seront analysées par les experts des administrations.",
    "es": "El Gobierno publicará cada año consejos sobre la seguridad de las redes públicas. "
    "Cada ministerio notificará los incidentes graves al equipo nacional en el plazo de un día, y "
    "las amenazas nuevas serán analizadas por los expertos de las administraciones.",
    "pt": "O Governo publicará todos os anos recomendações sobre a segurança das redes públicas. "
    "Cada ministério comunicará os incidentes graves à equipa nacional no prazo de um dia, e as "
    "ameaças novas serão analisadas pelos peritos das administrações.",
    "ru": "Правительство ежегодно публикует рекомендации по безопасности государственных сетей. "
    "Каждое министерство сообщает о серьёзных инцидентах национальной группе в течение одного "
    "дня, а новые угрозы анализируются экспертами ведомств.",
}
# In another form than the document has.
ASKED = {
    "fr": "analyse de la menace par un expert",
    "es": "analizar la amenaza con un experto",
    "pt": "analisar a ameaça com um perito",
    "ru": "анализ угрозы экспертом",
}
FORMS = {
    "fr": ("menaces", "menace"),
    "es": ("amenazas", "amenaza"),
    "pt": ("redes", "rede"),
    "ru": ("угрозы", "угрозам"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("languages")
    for language, text in SAID.items():
        (folder / f"{language}.txt").write_text(text, "utf-8")
    settings = Settings(store=folder / "store")
    with Store.open(settings, encoder.id, encoder.dimension) as opened:
        ingester = Ingester(
            store=opened,
            encoder=encoder,
            tagger=stand_ins.tagger(),
            geography=Geography.shipped(),
            options=ParseOptions(ocr="off"),
            workers=0,
        )
        made = ingester.ingest(sorted(folder.glob("*.txt")))
        assert [one.status for one in made] == ["added"] * len(SAID)
        yield opened


@pytest.mark.parametrize("language", sorted(FORMS))
def test_forms_of_a_word_share_a_stem_in_its_own_language(language: str) -> None:
    one, other = (lexical.stems(word, language) for word in FORMS[language])
    assert one == other
    assert lexical.stems(SAID[language], language) != lexical.stems(SAID[language], "en")


@pytest.mark.parametrize("language", sorted(SAID))
def test_passages_are_marked_with_their_language(store: Store, language: str) -> None:
    (document,) = [one for one in store.documents() if one.metadata.language == language]
    passages = store.passages(document.id)
    assert {stored.passage.language for stored in passages} == {language}
    abstained = {stored.tagged.abstained is not None for stored in passages}
    assert abstained == {language != "en"}
    if language != "en":
        assert not any(stored.tagged.decided for stored in passages)


@pytest.mark.parametrize("language", sorted(ASKED))
def test_a_query_in_another_form_finds_them(store: Store, encoder: Encoder, language: str) -> None:
    assert language in languages_of(ASKED[language], set(SAID))
    searcher = Searcher(store, encoder, Geography.shipped())
    found = searcher.search(SearchRequest(ASKED[language]))
    assert found.hits[0].passage.passage.language == language
