"""The frameworks over HTTP: the API, the pages and the commands give the same answers."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from loader.cli import cli
from server import cli_frameworks
from server.answers import comparison

HTML = {"Accept": "text/html"}


def page(client, address, status=200):
    response = client.get(address, headers=HTML)
    assert response.status_code == status, response.get_data(as_text=True)[:400]
    return response.get_data(as_text=True)


def test_compare_answers_as_the_contract_says(client):
    body = client.get("/api/v1/frameworks/sof-2021-22/compare/nof-2022-23").get_json()
    assert body["from"]["slug"] == "sof-2021-22"
    assert set(body["changes"][0]) >= {"topic", "change", "decisionRelevant", "before", "after"}
    sides = [row[side] for row in body["changes"] for side in ("before", "after") if row[side]]
    assert all(set(side) >= {"text", "locators"} for side in sides)


def test_segmentation_answers_as_the_contract_says(client):
    response = client.post(
        "/api/v1/frameworks/nof-2022-23/segmentation",
        json={"organisationKind": "trust", "facts": {"dramaticDrop": True}},
    )
    body = response.get_json()
    assert response.headers["Remit-Data-Version"] == body["dataVersion"]
    wanted = {"segment", "outcome", "criteria", "considerations", "missing", "readings"}
    assert all(set(row) >= wanted for row in body["segments"])
    assert all(
        set(c) >= {"id", "met", "locator"} for row in body["segments"] for c in row["criteria"]
    )
    assert body["default"] == 2


def test_the_facts_are_described_at_get(client):
    body = client.get("/api/v1/frameworks/nof-2022-23/segmentation?organisationKind=icb").get_json()
    assert {"key", "label", "type", "choices"} <= set(body["facts"][0])
    assert body["organisationKinds"] == ["trust", "foundation-trust", "icb"]
    dated = client.get("/api/v1/frameworks/in-effect/segmentation?asOf=2022-06-30").get_json()
    assert dated["framework"]["slug"] == "sof-2021-22"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/frameworks/nope/compare/nof-2022-23", 404),
        ("/api/v1/frameworks/nof-2022-23/compare/nof-2022-23", 400),
        ("/api/v1/frameworks/in-effect?asOf=2022-02-30", 400),
        ("/api/v1/frameworks/in-effect/segmentation?asOf=2020-01-01", 400),
        ("/api/v1/frameworks/nope/items", 404),
        ("/api/v1/organisations/ZZZ9/oversight", 404),
        ("/api/v1/organisations/RA7/oversight?asOf=yesterday", 400),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client, address, status):
    response = client.get(address)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'"x"'])
def test_a_body_that_is_no_object_is_refused(client, body):
    address = "/api/v1/frameworks/nof-2022-23/segmentation"
    response = client.post(address, data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.get_json()["parameter"] == "body"


def test_items_of_a_version_by_topic(client):
    body = client.get("/api/v1/frameworks/nof-2022-23/items").get_json()
    assert body["total"] == sum(len(topic["items"]) for topic in body["topics"])


def test_oversight_of_an_organisation(client):
    body = client.get("/api/v1/organisations/RA7/oversight?asOf=2022-06-30").get_json()
    assert body["inEffect"]["framework"]["slug"] == "sof-2021-22"


def test_the_timeline_is_drawn_and_told(client):
    text = page(client, "/frameworks?asOf=2022-06-30")
    picture = ElementTree.fromstring(re.search(r"<svg.*?</svg>", text, re.DOTALL)[0])
    assert picture.get("role") == "img"
    labels = {node.text for node in picture.iter() if node.tag.endswith("text")}
    assert "NHS Oversight Framework 2022/23" in labels
    assert (
        "NHS System Oversight Framework 2021/22 (June 2021, PAR693) governs on 30 June 2022" in text
    )


def test_a_version_narrows_by_words_and_segment(client):
    text = page(client, "/frameworks/nof-2022-23?q=board+adviser&segment=4")
    assert "NHS England-appointed board adviser" in text
    assert "Four segments" not in text
    assert "Nothing in this version matches" in page(client, "/frameworks/nof-2022-23?q=zzzz")


def test_compare_page_and_files(client, store):
    address = "/compare?from=sof-2021-22&to=nof-2022-23"
    answer = comparison.compare(store, "sof-2021-22", "nof-2022-23")
    text = page(client, address)
    assert f"{len(answer['changes'])}\N{NO-BREAK SPACE}changes, 60 on this page" in text
    parts = [
        page(client, f"{address}&page={n}") for n in range(1, -(-len(answer["changes"]) // 60) + 1)
    ]
    assert sum(part.count('data-label="Change"') for part in parts) == len(answer["changes"])
    decisive = client.get(f"{address}&decisive=1&format=csv").get_data().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(decisive)))) == answer["decisionRelevant"] + 1
    book = load_workbook(io.BytesIO(client.get(f"{address}&change=removed&format=xlsx").get_data()))
    assert book.worksheets[0].max_row == answer["counts"]["removed"] + 1
    assert client.get(f"{address}&format=json").get_json()["counts"] == answer["counts"]


def test_compare_page_without_and_with_a_wrong_choice(client):
    assert "What changed" not in page(client, "/compare")
    assert "Choose two different versions" in page(
        client, "/compare?from=nof-2022-23&to=nof-2022-23", 400
    )


def test_segmentation_pages(client):
    assert "/segmentation/nof-2022-23" in page(client, "/segmentation")
    assert "Not known" in page(client, "/segmentation/nof-2022-23")
    told = page(
        client,
        "/segmentation/nof-2022-23?organisationKind=trust&planBalanced=false&cqcOverall=inadequate",
    )
    assert "Annex A paragraph 9" in told
    assert "The text does not say whether this value counts" in told
    wrong = page(
        client, "/segmentation/nof-2022-23?organisationKind=trust&planBalanced=perhaps", 400
    )
    assert "planBalanced is true or false" in wrong
    assert "no segment" in page(client, "/segmentation/sof-2021-22?organisationKind=primary-care")
    page(client, "/segmentation/nope", 404)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/organisations/RA7/oversight?asOf=2021-12-01", "System Oversight Committee"),
        ("/organisations/RA7/oversight?asOf=2022-07-01", "Powers that may stand behind it"),
        ("/organisations/QUY/oversight?asOf=2022-06-30", "did not yet exist"),
    ],
)
def test_oversight_page(client, address, words):
    assert words in page(client, address)


def test_date_boxes_lead_to_a_permalink(client):
    for address in ("/frameworks", "/organisations/RA7/oversight"):
        response = client.get(f"{address}?day=1&month=7&year=2022", headers=HTML)
        assert response.status_code == 302
        assert response.location.endswith("asOf=2022-07-01")
        page(client, f"{address}?day=31&month=6&year=2022", 400)


@pytest.fixture
def remit(home, monkeypatch):
    monkeypatch.setenv("REMIT_HOME", str(home))
    assert cli_frameworks.compare.name in cli.commands
    return lambda *arguments, **more: CliRunner().invoke(cli, arguments, **more)


def test_compare_command(remit, tmp_path):
    table = remit("compare", "sof-2021-22-consultation", "sof-2021-22")
    assert table.exit_code == 0
    assert "narrowed" in table.output
    told = json.loads(
        remit("compare", "sof-2021-22", "nof-2022-23", "--format", "json", "--decisive").output
    )
    assert all(row["decisionRelevant"] for row in told["changes"])
    path = tmp_path / "changes.xlsx"
    assert (
        remit(
            "compare", "sof-2021-22", "nof-2022-23", "--format", "xlsx", "--output", str(path)
        ).exit_code
        == 0
    )
    assert load_workbook(path).worksheets[0].max_row > 100
    assert remit("compare", "sof-2021-22", "nof-2022-23", "--format", "xlsx").exit_code == 2


def test_segment_command(remit, tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"organisationKind": "trust", "facts": {"dramaticDrop": True}}))
    told = remit("segment", "nof-2022-23", str(path))
    assert told.exit_code == 0
    assert "Dramatic drop" in told.output
    bare = remit("segment", "in-effect", "-", "--kind", "ccg", "--as-of", "2022-06-30", "--format", "json",
                 input='{"streamlinedCommissioningPlans": false}')  # fmt: skip
    assert json.loads(bare.output)["segments"][2]["outcome"] == "eligible"
    none = remit("segment", "in-effect", str(path), "--as-of", "2021-04-20")
    assert none.exit_code == 1
    assert remit("segment", "nof-2022-23", "-", input="{").exit_code == 2
    assert remit("segment", "nof-2022-23", "-", input="[]").exit_code == 2
