"""Coverage, gaps, comparison, bodies, batches, citations and reports over the API."""

from __future__ import annotations

import itertools
import json
import re
import time
from typing import Any

import pytest
from api_helpers import CALVESSA, done, is_problem, upload
from fastapi.testclient import TestClient
from lxml import html

from miner.errors import MissingExtra
from miner.outputs.pdf import pdf
from service.api.batches import KEPT

VULNERABILITIES = "norm.j_vulnerability_reporting"


def coverage(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/v1/coverage", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def cell(row: dict[str, Any], concept: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in row["cells"] if c["concept"] == concept)
    return found


def text_of(client: TestClient, document: str) -> str:
    store = client.app.state.workspace.store  # type: ignore[attr-defined]
    found: str = store.document(document).text
    return found


def test_every_cell_leads_to_its_words(client: TestClient, ids: dict[str, str]) -> None:
    found = coverage(client, evidence=3)
    assert [row["key"] for row in found["rows"]] == ["XCV", "XIM"]
    calvessa = found["rows"][0]
    told = cell(calvessa, VULNERABILITIES)
    assert told["level"] == "committed"
    mark = told["evidence"][0]
    assert text_of(client, ids["XCV"])[mark["start"] : mark["end"]] == mark["quote"]
    assert "disclosure of vulnerabilities" in mark["quote"]
    assert mark["quote"] in client.get(f"/v1/passages/{mark['passage']}").json()["text"]
    assert {len(row["cells"]) for row in found["rows"]} == {len(found["concepts"])} == {28}
    other = cell(found["rows"][1], VULNERABILITIES)
    assert other["level"] in ("absent", "likely")
    assert not other["evidence"] or other["level"] == "likely"
    assert other["evidence"] or other["nearest"]
    for name in ("framework_version", "rule", "level_rule", "models"):
        assert found[name]


def test_what_describes_is_no_commitment(client: TestClient) -> None:
    row = coverage(client, country=["XIM"])["rows"][0]
    assert cell(row, "norm.k_certs")["level"] == "described"


def test_columns_and_rows_are_chosen(client: TestClient, ids: dict[str, str]) -> None:
    found = coverage(client, by="document", concept=["j_vulnerability_reporting"], type=["policy"])
    assert [row["key"] for row in found["rows"]] == [ids["XIM"]]
    assert [c["concept"] for c in found["concepts"]] == [VULNERABILITIES]
    assert coverage(client, organisation="MCA", on=2017)["rows"] == []
    assert [r["key"] for r in coverage(client, organisation="MCA", on=2018)["rows"]] == ["XIM"]
    is_problem(client.get("/v1/coverage", params={"country": "Nowhere"}), 422, "bad-input")
    is_problem(client.get("/v1/coverage", params={"framework": "none"}), 404, "not-found")
    is_problem(client.get("/v1/coverage", params={"by": "moon"}), 422, "invalid-request")
    years = {"year_from": 2020, "year_to": 2010}
    is_problem(client.get("/v1/coverage", params=years), 422, "bad-input")


def test_gaps_never_count_a_country_without_a_document(client: TestClient) -> None:
    found = client.get("/v1/gaps", params={"organisation": "MCA", "on": 2018}).json()
    assert [m["country"] for m in found["members"] if m["documented"]] == ["XIM"]
    assert {m["country"] for m in found["members"]} == {"XCV", "XIM"}
    assert found["members"][0]["since"]
    assert all("XCV" in gap["unknown"] for gap in found["nobody"])
    assert all("XCV" not in (*gap["absent"], *gap["likely"]) for gap in found["nobody"])
    early = client.get("/v1/gaps", params={"organisation": "Meridian Coast", "on": 2010}).json()
    assert [m["country"] for m in early["members"]] == ["XCV"]
    is_problem(client.get("/v1/gaps", params={"organisation": "NONE"}), 422, "bad-input")


def test_who_commits_where_nobody_else_does(client: TestClient, ids: dict[str, str]) -> None:
    found = client.get("/v1/gaps", params={"organisation": "MCA", "on": 2022}).json()
    alone = {gap["concept"]: gap for gap in found["alone"]}
    voice = alone[VULNERABILITIES]["voices"][0]
    assert voice["country"] == "XCV"
    assert voice["cell"]["document"] == ids["XCV"]
    assert voice["cell"]["evidence"][0]["page"] == 1
    nobody = {gap["concept"]: gap for gap in found["nobody"]}
    gender = nobody["prin.gender_sensitive"]
    assert gender["recall"]["n"] > 0
    assert f"{gender['recall']['n']} labelled passages" in gender["note"]
    told = {*alone, *nobody}
    shared = {c["concept"] for c in found["concepts"] if len(c["committed"]) > 1}
    assert told | shared == {c["concept"] for c in found["concepts"]}
    assert not told & shared


def test_documents_are_compared_in_their_order(client: TestClient, ids: dict[str, str]) -> None:
    order = [ids["XIM"], ids["XCV"]]
    found = client.post("/v1/compare", json={"documents": order}).json()
    assert [one["document"] for one in found["documents"]] == order
    row = next(c for c in found["concepts"] if c["concept"] == VULNERABILITIES)
    assert [score["document"] for score in row["scores"]] == order
    high, low = row["scores"][1]["score"], row["scores"][0]["score"]
    assert row["spread"] == pytest.approx(high - low, abs=1e-4)
    alignment = client.get(f"/v1/documents/{ids['XCV']}/alignment").json()
    same = next(c for c in alignment["concepts"] if c["concept"] == VULNERABILITIES)
    assert same["score"] == high
    assert same["counted"] == row["scores"][1]["counted"]


def test_bodies_and_who_takes_part(client: TestClient, ids: dict[str, str]) -> None:
    found = client.get("/v1/bodies").json()
    held = {item["id"]: item for item in found["items"]}
    assert held["mca"]["roles"] == {"works_with": ["XIM"]}
    team = held["team.is-cert"]
    assert (team["kind"], team["country"], team["roles"]) == ("team", "XIM", {"own": ["XIM"]})
    detail = client.get("/v1/bodies/Meridian Coast Association").json()
    involved = detail["involvements"][0]
    assert involved["country"] == "XIM"
    assert involved["member"] is True
    mention = involved["mentions"][0]
    assert text_of(client, ids["XIM"])[mention["start"] : mention["end"]] == mention["quote"]
    assert mention["quote"] in mention["sentence"]
    only = client.get("/v1/bodies", params={"kind": "team", "country": "XCV"}).json()
    assert [item["short"] for item in only["items"]] == ["CERT-CV"]
    assert client.get("/v1/bodies", params={"limit": 1}).json()["total"] == found["total"]
    is_problem(client.get("/v1/bodies/nobody at all"), 404, "not-found")
    is_problem(client.get("/v1/bodies", params={"role": "boss"}), 422, "invalid-request")


GETS = (
    "/v1/coverage?organisation=MCA",
    "/v1/gaps",
    "/v1/bodies",
    "/v1/documents",
    "/v1/documents/{id}",
    "/v1/documents/{id}/passages",
    "/v1/documents/{id}/citation?style=ris",
    "/v1/documents/{id}/report",
    "/v1/passages?limit=2",
    "/v1/frameworks",
    "/v1/concepts",
)


@pytest.mark.parametrize("path", GETS)
def test_what_has_not_changed_is_not_sent_again(
    client: TestClient, ids: dict[str, str], path: str
) -> None:
    path = path.format(id=ids["XCV"])
    first = client.get(path)
    assert first.status_code == 200, first.text
    tag = first.headers["etag"]
    for wanted in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"If-None-Match": wanted})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_what_is_stored_changes_the_tags(empty: TestClient) -> None:
    before = empty.get("/v1/coverage")
    assert before.json()["rows"] == []
    job = upload(empty, "a.md", CALVESSA.encode(), country="Calvessa", year="2022")
    headers = {"If-None-Match": before.headers["etag"]}
    after = empty.get("/v1/coverage", headers=headers)
    assert after.status_code == 200
    assert [row["key"] for row in after.json()["rows"]] == ["XCV"]
    assert empty.delete(f"/v1/documents/{job['document']}").status_code == 204
    gone = empty.get("/v1/coverage", headers={"If-None-Match": after.headers["etag"]})
    assert gone.status_code == 200
    assert gone.json()["rows"] == []


def test_a_batch_is_a_job(client: TestClient, ids: dict[str, str]) -> None:
    request = {
        "documents": [ids["XCV"], "00ff"],
        "texts": [{"id": "draft", "text": CALVESSA}, {"id": "void", "text": "…"}],
        "framework": "un-norms",
        "evidence": 2,
    }
    answer = client.post("/v1/alignment/batch", json=request)
    assert answer.status_code == 202, answer.text
    job = done(client, answer.headers["location"])
    assert (job["state"], job["kind"], job["items"]) == ("done", "alignment", 4)
    assert job["fraction"] == 1.0
    found = client.get(job["result"]).json()
    assert [item["id"] for item in found["items"]] == [ids["XCV"], "00ff", "draft", "void"]
    stored, missing, draft, void = found["items"]
    alone = client.get(
        f"/v1/documents/{ids['XCV']}/alignment", params={"framework": "un-norms", "evidence": 2}
    ).json()
    assert stored["alignment"] == alone
    assert missing["alignment"] is None
    assert missing["problem"]["status"] == 404
    assert draft["alignment"]["overall"]["score"] > 0
    assert void["problem"]["status"] == 422
    assert job["failed"] == 2
    page = client.get(job["result"], params={"limit": 1, "offset": 2}).json()
    assert [item["id"] for item in page["items"]] == ["draft"]
    assert job["id"] in [one["id"] for one in client.get("/v1/jobs").json()["items"]]


def test_what_is_no_batch(client: TestClient, ids: dict[str, str]) -> None:
    def send(**body: Any) -> Any:
        return client.post("/v1/alignment/batch", json=body)

    is_problem(send(), 422, "invalid-request")
    is_problem(send(documents=["x"] * 501), 422, "invalid-request")
    is_problem(send(documents=[ids["XCV"], ids["XCV"]]), 422, "invalid-request")
    is_problem(send(documents=[ids["XCV"]], framework="none"), 404, "not-found")
    is_problem(client.get("/v1/alignment/batch/none"), 404, "not-found")
    jobs = client.get("/v1/jobs").json()["items"]
    name = next(job["id"] for job in jobs if job["kind"] == "upload")
    problem = is_problem(client.get(f"/v1/alignment/batch/{name}"), 404, "not-found")
    assert str(KEPT) in problem["cause"]


def test_a_batch_ends_when_the_service_stops(empty: TestClient) -> None:
    batches = empty.app.state.batches  # type: ignore[attr-defined]
    texts = [{"id": str(n), "text": CALVESSA} for n in range(40)]
    job = empty.post("/v1/alignment/batch", json={"texts": texts}).json()
    batches.close()
    found = empty.get(f"/v1/jobs/{job['id']}").json()
    assert found["state"] in ("failed", "done")
    if found["state"] == "failed":
        assert found["problem"]["type"] == "/problems/stopping"
    again = empty.post("/v1/alignment/batch", json={"texts": texts})
    is_problem(again, 503, "stopping")


def test_citations_carry_the_page(client: TestClient, ids: dict[str, str]) -> None:
    passage = client.get(f"/v1/documents/{ids['XCV']}/passages").json()["items"][0]
    address = f"/v1/passages/{passage['id']}/citation"
    csl = client.get(address).json()[0]
    assert csl["locator"] == str(passage["page"])
    assert csl["custom"]["quote"] == passage["text"]
    assert csl["issued"] == {"date-parts": [[2022]]}
    ris = client.get(address, params={"style": "ris"}).text
    assert ris.startswith("TY  - RPRT\n")
    assert f"SP  - {passage['page']}\n" in ris
    assert ris.endswith("ER  - \n")
    bibtex = client.get(address, params={"style": "bibtex"})
    assert bibtex.headers["content-type"].startswith("application/x-bibtex")
    assert bibtex.text.count("{") == bibtex.text.count("}")
    is_problem(client.get(address, params={"style": "apa"}), 422, "invalid-request")
    is_problem(client.get("/v1/passages/none/citation"), 404, "not-found")
    is_problem(client.get("/v1/documents/none/citation"), 404, "not-found")


def test_annotations_select_the_words(client: TestClient, ids: dict[str, str]) -> None:
    answer = client.get(f"/v1/documents/{ids['XCV']}/annotations")
    assert answer.headers["content-type"].startswith("application/ld+json")
    page = answer.json()
    text = text_of(client, ids["XCV"])
    assert page["type"] == "AnnotationPage"
    assert page["items"]
    for item in page["items"]:
        quote, position, fragment = item["target"]["selector"]
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])
        assert re.fullmatch(r"page=\d+", fragment["value"])
        assert item["body"]["source"]["id"].startswith("urn:policy-miner:concept:")
    assert len({item["id"] for item in page["items"]}) == len(page["items"])


def accessible(page: str) -> Any:
    """A report as a tree, after the checks that hold for every report."""
    tree = html.document_fromstring(page)
    assert tree.get("lang") == "en"
    assert len(tree.findall(".//h1")) == 1
    levels = [int(e.tag[1]) for e in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert not tree.findall(".//script")
    for element in tree.iter():
        for name in ("src", "href", "data"):
            value = element.get(name, "#") if isinstance(element.tag, str) else "#"
            assert value.startswith(("#", "https://", "http://"))
            assert element.tag != "link"
    assert "url(" not in page
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert all(th.get("scope") in ("col", "row") for th in table.iter("th"))
    charts = tree.xpath("//*[local-name()='svg']")
    assert charts
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for chart in charts:
        assert chart.get("role") == "img"
        for name in chart.get("aria-labelledby").split():
            assert name in ids
    for link in tree.xpath("//a[starts-with(@href,'#')]"):
        assert link.get("href")[1:] in ids
    return tree


def test_a_document_report_quotes_the_document(client: TestClient, ids: dict[str, str]) -> None:
    answer = client.get(f"/v1/documents/{ids['XCV']}/report")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    tree = accessible(answer.text)
    text = " ".join(text_of(client, ids["XCV"]).split())
    quotes = [" ".join(q.text_content().split()) for q in tree.findall(".//blockquote/p")]
    assert quotes
    assert all(quote.strip("“”").rstrip("…") in text for quote in quotes)
    for footer in tree.findall(".//blockquote/footer"):
        said = footer.text_content().replace("\xa0", " ")
        assert re.search(r"Calvessa 2022, p\. \d+ · .* · passage [0-9a-f]{8}", said), said
    assert "CERT-CV" in tree.text_content()
    is_problem(client.get("/v1/documents/none/report"), 404, "not-found")


def test_a_region_report_names_whom_it_knows_nothing_of(client: TestClient) -> None:
    answer = client.get("/v1/organisations/MCA/report", params={"on": 2018})
    said = " ".join(accessible(answer.text).text_content().split())
    assert "Meridian Coast Association" in said
    assert "Nothing is known of Calvessa" in said
    assert "nobody commits" in said.lower()
    empty = client.get("/v1/organisations/ASEAN/report")
    assert "nothing can be said" in accessible_text(empty.text)
    is_problem(client.get("/v1/organisations/none/report"), 422, "bad-input")


def accessible_text(page: str) -> str:
    return " ".join(html.document_fromstring(page).text_content().split())


def test_titles_are_escaped(empty: TestClient) -> None:
    title = "<script>alert(1)</script> & “Strategy”"
    job = upload(empty, "a.md", CALVESSA.encode(), title=title, country="Calvessa", year="2022")
    page = empty.get(f"/v1/documents/{job['document']}/report").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page
    bibtex = empty.get(f"/v1/documents/{job['document']}/citation?style=bibtex").text
    assert r"\&" in bibtex


def test_a_pdf_or_what_to_install(
    client: TestClient, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "<!doctype html><html lang='en'><title>t</title><h1>Report</h1></html>"
    try:
        made = pdf(page)
    except MissingExtra as error:
        pytest.skip(str(error))
    assert made.startswith(b"%PDF")
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    answer = client.get(f"/v1/documents/{ids['XCV']}/report", params={"format": "pdf"})
    problem = is_problem(answer, 501, "missing-extra")
    assert "libpango" in problem["next_step"]


def test_a_second_question_is_quick(client: TestClient) -> None:
    coverage(client)
    began = time.perf_counter()
    coverage(client)
    assert time.perf_counter() - began < 1.0
    held = client.app.state.workspace.settings.store / "derived.sqlite"  # type: ignore[attr-defined]
    assert held.is_file()
    assert json.loads(client.get("/v1/coverage").text)["rows"]
