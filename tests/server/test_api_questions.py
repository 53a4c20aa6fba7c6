"""Named questions over HTTP: list, answers, files and refusals."""

import csv
import io

import pytest
from openpyxl import load_workbook

from loader.catalogue import catalogue

ASK = "/api/v1/questions/grounds-of-appeal?asked=discretionary-requirement"


def test_the_list_has_every_stored_question_with_its_parameters(client):
    found = client.get("/api/v1/questions").get_json()
    assert [q["name"] for q in found["questions"]] == list(catalogue("questions"))
    asked = next(q for q in found["questions"] if q["name"] == "in-time")
    assert [(p["name"], p["type"], p["required"]) for p in asked["parameters"]] == [
        ("limit", "iri", True), ("event", "date", True), ("act", "date", False),
    ]  # fmt: skip


def test_an_answer_has_columns_rows_words_and_sources(client):
    response = client.get(ASK)
    answer = response.get_json()
    assert response.headers["Remit-Data-Version"] == answer["dataVersion"]
    assert [c["name"] for c in answer["columns"]] == ["appeal", "ground"]
    row = answer["rows"][0]
    assert row["appeal"]["id"] == "https://w3id.org/remit/id/appeal/discretionary-requirement"
    assert row["ground"]["value"]
    assert {"document", "locator", "url"} <= set(row["sources"][0])
    assert len(answer["answer"].splitlines()) == answer["total"] == 5
    assert (
        "VALUES (?asked) { (<https://w3id.org/remit/id/appeal/discretionary-requirement>) }"
        in (answer["sparql"])
    )


def test_an_answer_is_a_file_on_request(client):
    response = client.get(f"{ASK}&format=csv")
    assert response.mimetype == "text/csv"
    lines = list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))
    assert lines[0] == ["Appeal", "Ground", "Sources", "Appeal (identifier)"]
    assert len(lines) == 6
    book = load_workbook(io.BytesIO(client.get(f"{ASK}&format=xlsx").get_data()))
    assert [cell.value for cell in book.worksheets[0][1]] == lines[0]


def test_an_empty_file_says_why(client):
    path = "/api/v1/questions/limits-of-power?norm=impose-additional-licence-condition&format=csv"
    assert "does not say how many days" in client.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "status", "member"),
    [
        ("/api/v1/questions/none", 404, "suggestions"),
        ("/api/v1/questions/what-bars?power=impose-monetary-penalties", 404, "suggestions"),
        ("/api/v1/questions/what-bars", 400, "parameter"),
        ("/api/v1/questions/what-bars?bogus=1", 400, "parameter"),
        ("/api/v1/questions/instruments-on-date?asOf=2022-02-30", 400, "parameter"),
        (f"{ASK}&format=pdf", 400, "parameter"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client, path, status, member):
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.get_json()[member]


@pytest.mark.parametrize("text", ["a> } SELECT {", "x\ny", '"', "'; DROP", "<script>", "%00", "\\"])
def test_hostile_values_are_only_texts(client, text):
    response = client.get("/api/v1/questions/statements-with-words", query_string={"words": text})
    assert response.status_code == 200
    response = client.get("/api/v1/questions/what-bars", query_string={"power": text})
    assert response.status_code == 404
