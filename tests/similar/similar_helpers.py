"""Invented strategies of invented and real countries, put into a store as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from miner.document import Block, BlockType, Document, Metadata, Page, document_id, sha256_of
from miner.embedding import Encoder
from miner.evidence import Evidence
from miner.passages import Passage, passage_id
from miner.points import points
from miner.store import Store
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance, codebook

INCIDENTS, SKILLS, CRIME, FLAWS = (
    "dim.incident_management",
    "dim.education_training",
    "dim.legal_criminal_justice",
    "norm.j_vulnerability_reporting",
)
WORDS = {INCIDENTS: "incident", SKILLS: "school", CRIME: "crime", FLAWS: "vulnerabilit"}


@dataclass(frozen=True, slots=True)
class Said:
    """A passage to be stored; its concepts are those whose word it holds."""

    text: str
    stance: Stance = Stance.COMMITMENT
    kind: BlockType = BlockType.BODY
    language: str = "en"


def tagged(said: Said) -> TaggedPassage:
    tags = []
    for concept in codebook():
        at = said.text.lower().find(WORDS.get(concept, "\0"))
        word = WORDS.get(concept, "")
        evidence = (
            (Evidence(at, at + len(word), said.text[at : at + len(word)]),) if at >= 0 else ()
        )
        tags.append(Tag(concept, 0.95 if at >= 0 else 0.02, at >= 0, "pattern", evidence))
    quiet = None if said.language == "en" else f"no figures for the language {said.language!r}"
    if quiet:
        tags = [Tag(tag.concept, 0.02, False, "head") for tag in tags]
    return TaggedPassage(tuple(tags), StanceTag(said.stance, 0.9), "test", quiet)


def put(store: Store, encoder: Encoder, about: Metadata, said: Sequence[Said]) -> str:
    """Store a document whose passages are these; its id."""
    text = "\n\n".join(item.text for item in said)
    sha256 = sha256_of(f"{about.title}{text}".encode())
    identity = document_id(sha256)
    pairs, start = [], 0
    for position, item in enumerate(said):
        passage = Passage(
            id=passage_id(identity, start, item.text),
            document=identity,
            position=position,
            text=item.text,
            start=start,
            end=start + len(item.text),
            page=position + 1,
            last_page=position + 1,
            kind=item.kind,
            heading_path=(),
            language=item.language,
        )
        pairs.append((passage, tagged(item)))
        start += len(item.text) + 2
    document = Document(
        identity,
        sha256,
        about.title,
        "text/plain",
        text,
        (Page(1, 0, len(text)),),
        (Block(BlockType.BODY, 0, len(text), 1),),
        "en",
        about,
    )
    vectors = encoder.encode([passage.text for passage, _ in pairs])
    store.put(document, identity, pairs, points(document, identity, pairs, vectors))
    return identity


def about(country: str, name: str, year: int, title: str = "", language: str = "en") -> Metadata:
    return Metadata(title or f"Strategy of {name} {year}", country, name, (), year, language)


TEAM = (
    "The Ministry of Ports will establish a national response team by June 2023 that answers "
    "every incident within one hour and reports to the Cabinet."
)
OLDER = [
    Said("The Ministry of Ports should establish a national response team that answers every "
         "incident and reports to the Cabinet."),
    Said("The Lighthouse Board will renew the copper telegraph between the island harbours and the "
         "mainland customs house before the winter storms."),
    Said("The police will investigate computer crime with twelve officers and a laboratory."),
    Said("The Agency has published a newsletter on safe passwords for households since 1999.",
         Stance.IN_PLACE),
]  # fmt: skip
NEWER = [
    Said(TEAM),
    Said("The Satellite Office will shield orbital ground antennas against jamming and spoofing by "
         "hostile transmitters."),
    Said("The police will investigate computer crime with twelve officers and a laboratory."),
    Said("The Authority will reward researchers who report vulnerabilities in public registers."),
    Said("The Authority will fix vulnerabilities of its registers within ninety days."),
]  # fmt: skip
NEIGHBOUR = [
    Said("The Ministry of Trade shall establish a national response team that answers every "
         "incident within one hour and reports to Parliament."),
    Said("All schools shall teach pupils safe habits on the network every year."),
]  # fmt: skip
FRENCH = [
    Said("Le ministère créera une équipe nationale de réponse aux incidents.", language="fr"),
    Said("Les écoles enseigneront les bons usages du réseau à tous les élèves.", language="fr"),
]
