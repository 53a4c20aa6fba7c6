"""Validation over HTTP and as pages: the loaded data, uploads that are not stored, refusals with their place."""

import io
import json
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import Graph

from loader.state.template import write_template
from loader.validation import isolated
from loader.validation.isolated import Job, UploadTooLargeError
from loader.validation.run import REPORT_FILE, validate_build
from server.answers import validation

PLAN = b"""
@prefix remit: <https://w3id.org/remit/def/> .
<urn:x:plan> a remit:PlanRecord ; remit:recordReference "P1" ;
    remit:concerns <https://w3id.org/remit/id/organisation/RA7> ;
    remit:agreedOn "2023-04-20"^^<http://www.w3.org/2001/XMLSchema#date> ;
    remit:planKind remit:quality-plan ; remit:planMeasures "M" ;
    remit:planTimescales "T" ; remit:successCriteria "S" .
"""
API = "/api/v1/validation"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path)
    return path.read_bytes()


@pytest.fixture(scope="module", autouse=True)
def _report_of_the_build(home: Path) -> None:
    build = (home / "current").resolve()
    validate_build(build, ox.Store.read_only(str(build / "store")))
    assert (build / REPORT_FILE).is_file()


def test_the_loaded_data_have_no_violation(client: FlaskClient) -> None:
    answer = client.get(API).json
    assert answer is not None
    assert answer["conforms"] is True
    assert answer["counts"]["violation"] == 0
    assert answer["checked"] > 1_000
    assert answer["completeness"]["byKind"]
    assert len(answer["findings"]) == min(100, answer["total"])


def test_findings_can_be_narrowed_and_paged(client: FlaskClient) -> None:
    """The shipped registers have no findings, so those of an upload are paged."""
    spoilt = PLAN.replace(b"remit:planTimescales", b"remit:narrative")
    report = client.post(API, data=spoilt, content_type="text/turtle").json
    assert report is not None
    assert len(report["findings"]) == 2
    rule = report["findings"][1]["rule"]
    answer = validation.page(report, {"rule": rule}, 1, 1)
    assert (answer["matching"], answer["pages"], len(answer["findings"])) == (1, 1, 1)
    assert {f["rule"] for f in answer["findings"]} == {rule}
    assert validation.page(report, {}, 2, 1)["findings"] == report["findings"][1:]


def test_an_upload_is_reported_on(client: FlaskClient) -> None:
    answer = client.post(API, data=PLAN, content_type="text/turtle")
    assert answer.status_code == 200
    assert answer.json is not None
    (finding,) = answer.json["findings"]
    assert finding["message"].startswith("A plan names the owners of its actions")
    assert finding["organisation"] == "RA7"
    assert finding["place"] == "upload.ttl, line 3"
    assert answer.headers["Remit-Data-Version"]


@pytest.mark.parametrize(
    ("form", "start"),
    [("csv", b"Severity,"), ("xlsx", b"PK"), ("sarif", b"{"), ("ttl", b"@prefix sh:")],
)
def test_the_report_comes_in_every_format(client: FlaskClient, form: str, start: bytes) -> None:
    for answer in (
        client.post(f"{API}?format={form}", data=PLAN, content_type="text/turtle"),
        client.get(f"{API}?format={form}"),
        client.get(f"/validation/report.{form}"),
    ):
        assert answer.status_code == 200
        assert answer.data.startswith(start)
        assert "attachment" in answer.headers["Content-Disposition"]


def test_the_accept_header_chooses_the_format(client: FlaskClient) -> None:
    answer = client.get(API, headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    assert len(Graph().parse(data=answer.data, format="turtle")) > 1


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        (BROWSER, "application/json"),
        ("application/*", "application/json"),
        ("text/csv;q=0", "application/json"),
        ("text/csv;q=0.4, application/json", "application/json"),
        ("text/csv, */*;q=0.1", "text/csv"),
    ],
)
def test_a_browser_and_whoever_takes_anything_get_json(
    client: FlaskClient, accept: str | None, kind: str
) -> None:
    answer = client.get(API, headers={"Accept": accept} if accept else {})
    assert answer.mimetype == kind


def test_a_workbook_is_sent_as_a_form(client: FlaskClient, template: bytes) -> None:
    answer = client.post(API, data={"file": (io.BytesIO(template), "mine.xlsx")})
    assert answer.json is not None
    assert answer.json["title"] == "mine.xlsx"
    assert answer.json["total"] == 0


@pytest.mark.parametrize(
    ("content", "kind", "status", "told"),
    [
        (b"@prefix x: <urn:x:> .\nx:a x:b .", "text/turtle", 422, "line"),
        (b"nonsense", "text/csv", 422, "the headings fit no sheet"),
        (b"nonsense", "application/yaml", 422, "is not a register"),
        (b"x", "application/octet-stream", 400, "Send a form with a file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    client: FlaskClient, content: bytes, kind: str, status: int, told: str
) -> None:
    answer = client.post(API, data=content, content_type=kind)
    assert answer.status_code == status
    assert told in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"


def test_an_unknown_format_is_refused(client: FlaskClient) -> None:
    assert client.get(f"{API}?format=pdf").status_code == 400
    assert client.get("/validation/report.pdf").status_code == 400


def test_an_upload_over_the_limit_is_refused(client: FlaskClient) -> None:
    settings = client.application.extensions["remit"].settings
    most = settings.upload_mb << 20
    answer = client.post(API, data=b"x" * (most + 2), content_type="text/csv")
    assert answer.status_code == 413


def test_nothing_is_stored(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client.post(API, data=PLAN, content_type="text/turtle")
    client.post(API, data=b"nonsense", content_type="text/turtle")
    assert list(tmp_path.iterdir()) == []


def test_a_hostile_name_stays_in_its_folder(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = client.post(API, data={"file": (io.BytesIO(PLAN), "../../../evil.ttl")})
    assert answer.status_code == 200
    assert not (tmp_path.parent / "evil.ttl").exists()


def test_the_page_of_the_loaded_data(client: FlaskClient) -> None:
    text = client.get("/validation").get_data(as_text=True)
    for part in (
        "0 violations",
        "How complete it is",
        "are complete: 100%.",
        "Since the build before",
        "report.xlsx",
    ):
        assert part in text


def test_the_trend_compares_with_the_build_before(client: FlaskClient, home: Path) -> None:
    older = home / "builds" / "20200101T000000Z-00000000"
    older.mkdir()
    manifest = {"version": older.name, "triples": 1, "made": "2020-01-01T00:00:00+00:00"}
    (older / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (older / REPORT_FILE).write_text(
        json.dumps({"byRule": {"R001": 7}, "made": "2020-01-01"}), encoding="utf-8"
    )
    try:
        answer = client.get(API).json
        assert answer is not None
        assert {"rule": "R001", "now": 0, "before": 7, "change": -7} in answer["trend"]
        assert "2020-01-01" in client.get("/validation").get_data(as_text=True)
    finally:
        for path in older.iterdir():
            path.unlink()
        older.rmdir()


def test_the_upload_page_shows_the_report(client: FlaskClient) -> None:
    data = {"file": (io.BytesIO(PLAN), "plan.ttl"), "format": ""}
    answer = client.post("/validation/upload", data=data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Report on plan.ttl" in text
    assert "“Owners” is empty." in text
    assert "<svg" in text
    assert "was not stored" in text


def test_the_upload_page_gives_files(client: FlaskClient) -> None:
    data = {"file": (io.BytesIO(PLAN), "plan.ttl"), "format": "csv"}
    answer = client.post("/validation/upload", data=data)
    assert answer.mimetype == "text/csv"


def test_the_upload_page_says_what_stops_a_file(client: FlaskClient) -> None:
    data = {"file": (io.BytesIO(b"nonsense"), "plan.xlsx"), "format": ""}
    answer = client.post("/validation/upload", data=data, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "is not a workbook that can be read" in answer.get_data(as_text=True)
    empty = client.post("/validation/upload", data={"format": ""})
    assert empty.status_code == 400
    assert "Send a file" in empty.get_data(as_text=True)


def test_rules_and_template_are_served(client: FlaskClient) -> None:
    assert "R001" in client.get("/validation/rules").get_data(as_text=True)
    page = client.get("/validation/rules/R255").get_data(as_text=True)
    assert "footnote 23" in page
    assert "remit:representationDays 28" in page
    assert "remit:representationDays 18" in page
    assert client.get("/validation/rules/R9999").status_code == 404
    assert client.get("/validation/template.xlsx").data.startswith(b"PK")
    assert 'type="file"' in client.get("/validation/upload").get_data(as_text=True)


def test_the_template_comes_in_every_form(client: FlaskClient) -> None:
    page = client.get("/validation/template").get_data(as_text=True)
    assert "representationsDeadline" in page
    assert b"type: NoticeRecord" in client.get("/validation/template.yaml").data
    assert b"a remit:NoticeRecord" in client.get("/validation/template.ttl").data
    empty = client.get("/validation/template/notices.csv").get_data(as_text=True)
    filled = client.get("/validation/template/notices.csv?examples=1").get_data(as_text=True)
    assert len(empty.splitlines()) == 1
    assert filled.startswith(empty)
    assert len(filled) > len(empty)
    for missing in ("template.doc", "template/nothing.csv"):
        assert client.get(f"/validation/{missing}").status_code == 404


def test_an_upload_of_example_records_has_no_findings(client: FlaskClient) -> None:
    turtle = client.get("/validation/template.ttl").data
    answer = client.post(API, data=turtle, content_type="text/turtle").json
    assert answer is not None
    assert answer["total"] == 0
    assert answer["checked"] == 13


def test_a_value_without_a_name_is_a_finding_and_no_failure(client: FlaskClient) -> None:
    spoilt = PLAN.replace(b'"2023-04-20"^^<http://www.w3.org/2001/XMLSchema#date>', b"[]")
    answer = client.post(API, data=spoilt, content_type="text/turtle")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["total"] > 1


def test_a_job_beyond_its_memory_or_time_is_refused(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.ttl"
    path.write_bytes(PLAN)
    job = Job((home / "current").resolve() / "store", (path,))
    with pytest.raises(UploadTooLargeError, match="memory"):
        isolated.run(job, memory=150 << 20)
    with pytest.raises(UploadTooLargeError, match="seconds"):
        isolated.run(job, seconds=0.05)
