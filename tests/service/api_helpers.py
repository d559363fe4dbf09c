"""Invented documents, and how tests talk to the API."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from miner.embedding import Encoder
from miner.evidence import Evidence
from miner.settings import Settings
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.tagging.tagger import Tagger
from miner.taxonomy import Stance, codebook
from service.api.app import create_app
from service.api.settings import ApiSettings

GEOGRAPHY = """
countries:
  - {code: XCV, name: Calvessa, demonym: Calvessan}
  - {code: XIM, name: Ismora, demonym: Ismoran}
organisations:
  - id: MCA
    name: Meridian Coast Association
    aliases: [Meridian Coast]
    members:
      - {country: XCV, since: 1998-05-01}
      - {country: XIM, since: 2016-07-01}
"""

CALVESSA = """# National Cyber Strategy of Calvessa

Ministry of Communications and Ports, 2022

## 1. Incident response

The Government will establish a national computer emergency response team, CERT-CV, by June 2023.
CERT-CV will receive reports of incidents around the clock, will coordinate the response of all
ministries and will publish a report on incidents every year. Operators of essential services
shall report serious incidents to CERT-CV within 24 hours.

## 2. Disclosure of vulnerabilities

The National Cyber Authority will publish a policy on the responsible disclosure of vulnerabilities
by June 2023, will answer every report within ten days and will protect researchers who report in
good faith. Suppliers of software to the State shall share information on remedies with all users.

## 3. Skills

The Ministry of Education will introduce a curriculum on cyber security in all secondary schools and
will fund two hundred scholarships each year for students of information security, half of them
for women. Public servants shall take a course on safe use of the network every year.

## 4. Human rights

Calvessa will respect human rights online. Measures taken under this strategy shall protect the
freedom of expression and the privacy of every person, and will be reviewed each year by the
Ombudsman, who reports to Parliament in public.
"""

ISMORA = """# Ismora Secure and Open: Cyber Security Policy 2018

Council for Network Security

## Response team

The response team of Ismora, IS-CERT, was established in 2014 and operates in office hours. It has
helped the banks, the ports and the hospitals of the country with four hundred incidents since
then, and works together with the teams of neighbouring states and of the Meridian Coast.

## Fight against crime

The Penal Code was amended in 2012 so that illegal access to computers, interference with data and
fraud by means of computers are crimes. The police have a unit for crime by means of networks, and
the public prosecutor has named four specialists who work with it on serious cases.
"""

UPLOADS: dict[str, dict[str, Any]] = {
    "calvessa-2022.md": {
        "text": CALVESSA,
        "country": "Calvessa",
        "year": "2022",
        "type": "strategy",
        "title": "National Cyber Strategy of Calvessa",
    },
    "ismora-2018.md": {
        "text": ISMORA,
        "country": "XIM",
        "year": "2018",
        "type": "policy",
        "language": "English",
    },
}


KEYWORDS = {
    "norm.j_vulnerability_reporting": "disclosure of vulnerabilities",
    "norm.k_certs": "CERT|response team",
    "norm.e_human_rights": "human rights",
    "dim.incident_management": "incidents",
    "dim.education_training": "curriculum",
}


def done(client: TestClient, location: str) -> dict[str, Any]:
    """The job at `location` when it has ended."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(location).json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.02)
    raise AssertionError(f"the job does not end: {job}")


def upload(client: TestClient, name: str, data: bytes, **fields: str) -> dict[str, Any]:
    """Upload a file and wait for its job."""
    answer = client.post("/v1/documents", files={"file": (name, data)}, data=fields)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    return done(client, answer.headers["location"])


class KeywordTagger(Tagger):
    """Tags by one word each, so that tests know what to expect."""

    def __init__(self) -> None:
        self.id = "keywords@test"

    def tag(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
    ) -> list[TaggedPassage]:
        return [self._of(text) for text in texts]

    def probabilities(self, text: str) -> dict[str, float]:
        return {tag.concept: tag.probability for tag in self._of(text).tags}

    def _of(self, text: str) -> TaggedPassage:
        abstained = "there is too little text to tell" if len(text) < 15 else None
        tags = []
        for concept in codebook():
            found = re.search(KEYWORDS.get(concept, "(?!)"), text)
            spans = (Evidence(found.start(), found.end(), found.group()),) if found else ()
            tags.append(Tag(concept, 0.9 if found else 0.05, found is not None, "pattern", spans))
        firm = re.search(r"\b(will|shall)\b", text)
        said = (Evidence(firm.start(), firm.end(), firm.group()),) if firm else ()
        label = Stance.COMMITMENT if firm else Stance.DESCRIPTIVE
        stance = StanceTag(label, 0.8, evidence=said)
        return TaggedPassage(tuple(tags), stance, self.id, abstained)


def prepare(folder: Path, empty: Path) -> Settings:
    """Settings of a copy of the empty store that knows the invented countries."""
    shutil.copytree(empty, folder)
    (folder / "geography").mkdir(parents=True)
    (folder / "geography" / "invented.yaml").write_text(GEOGRAPHY, "utf-8")
    return Settings(store=folder, ocr="off")


def fill(client: TestClient) -> dict[str, str]:
    """Upload the documents; their ids by file name."""
    ids = {}
    for name, fields in UPLOADS.items():
        given = {key: value for key, value in fields.items() if key != "text"}
        job = upload(client, name, fields["text"].encode(), **given)
        assert job["state"] == "done", job
        ids[name] = job["document"]
    return ids


def app_client(settings: Settings, encoder: Encoder, **api: Any) -> TestClient:
    """A client of an app; used as a context it opens the store."""
    app = create_app(
        settings, ApiSettings(**{"isolated": False, **api}), encoder=encoder, tagger=KeywordTagger()
    )
    return TestClient(app, raise_server_exceptions=False)


def is_problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    """The problem that an answer is."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == status
    for part in ("title", "detail", "what", "cause", "next_step"):
        assert problem[part], part
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    return problem
