"""The report on the loaded data: by what each graph was checked, more findings than it keeps, and large stores."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from loader.validation.run import REPORT_FILE
from loader.validation.scope import SURVEY, SURVEYED, Scope
from server.answers import validation

API = "/api/v1/validation"
RECORD = b"""
@prefix remit: <https://w3id.org/remit/def/> .
<urn:x:plan> a remit:PlanRecord ; remit:recordReference "P1" ;
    remit:concerns <https://w3id.org/remit/id/organisation/RA7> .
"""


@pytest.fixture
def report_file(home: Path) -> Iterator[Path]:
    """The report kept with the build; it is put back afterwards."""
    path = (home / "current").resolve() / REPORT_FILE
    kept = path.read_bytes()
    yield path
    path.write_bytes(kept)


def test_the_page_and_the_api_say_by_what_each_graph_was_checked(
    client: FlaskClient, report_file: Path
) -> None:
    answer = client.get(API).json
    assert answer is not None
    assert len(answer["graphs"]) > 20
    assert {each["checkedBy"] for each in answer["graphs"]} == {"shapes"}
    page = client.get("/validation").get_data(as_text=True)
    assert f"{len(answer['graphs'])} registers and imports held against all" in page
    assert "large import" not in page
    large = Scope("urn:large", "A national register", SURVEY, SURVEYED)
    kept = json.loads(report_file.read_bytes())
    report_file.write_text(json.dumps({**kept, "graphs": [large.as_json()]}), encoding="utf-8")
    page = client.get("/validation").get_data(as_text=True)
    assert "One large import was not held against every rule" in page
    assert "<td>A national register</td>" in page
    assert 'href="/validation/rules/R082"' in page
    told = client.get(API).json
    assert told is not None
    assert told["graphs"] == [large.as_json()]


def test_a_report_with_more_findings_than_it_keeps_says_so(
    client: FlaskClient, report_file: Path
) -> None:
    finding = client.post(API, data=RECORD, content_type="text/turtle").json
    assert finding is not None
    group = finding["groups"][0] | {"count": 9_000}
    kept = json.loads(report_file.read_bytes()) | {
        "findings": finding["findings"][:1], "groups": [group] * 201, "groupsTotal": 4_321,
        "total": 9_000, "byRule": {"R001": 9_000}, "organisations": 300_000,
        "counts": {"violation": 9_000, "warning": 0, "info": 0},
    }  # fmt: skip
    report_file.write_text(json.dumps(kept), encoding="utf-8")
    page = client.get("/validation").get_data(as_text=True)
    assert "Of 9,000 findings, 1 are kept here" in page
    assert "first 200 of 4,321 groups" in page
    assert "9,000 violations" in page
    assert ">9,000</td>" in page
    assert "All 300,000 organisations are complete" in page
    text = client.get("/validation/report.xlsx")
    assert text.status_code == 200


def test_a_large_store_without_a_report_has_that_of_the_version_before(
    client: FlaskClient, home: Path, report_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "LARGE", 10)
    text = report_file.read_bytes()
    report_file.unlink()
    assert client.get(API).status_code == 503
    older = home / "builds" / "20200101T000000Z-00000000"
    older.mkdir()
    manifest = {"version": older.name, "triples": 1, "made": "2020-01-01T00:00:00+00:00"}
    (older / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (older / REPORT_FILE).write_bytes(text)
    try:
        answer = client.get(API).json
        assert answer is not None
        assert answer["ofVersion"] == older.name
        assert older.name in client.get("/validation").get_data(as_text=True)
    finally:
        shutil.rmtree(older)
        validation._reports.clear()
