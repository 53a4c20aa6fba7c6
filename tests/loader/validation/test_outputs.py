import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from rdflib import RDF, Graph, Literal
from rdflib.namespace import SH

from loader.state.organisations import StoredOrganisations
from loader.validation.outputs import (
    FORMATS,
    as_csv,
    as_sarif,
    as_table,
    as_turtle,
    as_xlsx,
    render,
    write,
)
from loader.validation.report import Report, from_json, trend
from loader.validation.run import validate_files


@pytest.fixture(scope="module")
def report(faulty_workbook: Path, organisations: StoredOrganisations) -> Report:
    return validate_files([faulty_workbook], organisations)


def test_csv_has_a_row_for_each_finding(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO("".join(as_csv(report)))))
    assert len(rows) == len(report.findings)
    assert rows[0]["Sheet"] == report.findings[0].sheet
    assert rows[0]["How to mend it"] == report.findings[0].fix


def test_a_value_that_looks_like_a_formula_stays_text(report: Report) -> None:
    hostile = replace(report.findings[0], label="=HYPERLINK(1)")
    alone = replace(report, findings=(hostile,))
    assert "'=HYPERLINK(1)" in "".join(as_csv(alone))
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx(alone)))["Findings"]
    (cell,) = [cell for cell in page[2] if cell.value == "=HYPERLINK(1)"]
    assert cell.data_type == "s"


def test_workbook_has_counts_completeness_and_findings(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report)), read_only=True)
    assert book.sheetnames == [
        "Summary",
        "By rule and organisation",
        "By kind",
        "By organisation",
        "Findings",
    ]
    assert len(list(book["Findings"].iter_rows())) == len(report.findings) + 1


def test_sarif_locates_each_finding(report: Report) -> None:
    (run,) = json.loads("".join(as_sarif(report)))["runs"]
    assert len(run["results"]) == len(report.findings)
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert result["ruleId"] in known
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "faulty.xlsx"
        assert place["region"]["startLine"] == finding.row


def test_rdf_is_a_validation_report(report: Report) -> None:
    graph = Graph().parse(data="".join(as_turtle(report)), format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == Literal(False)
    results = list(graph.objects(node, SH.result))
    assert len(results) == len(report.findings)
    for result in results:
        for part in (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity):
            assert graph.value(result, part) is not None


def test_an_empty_report_conforms() -> None:
    empty = Report("nothing", (), (), 0)
    graph = Graph().parse(data="".join(as_turtle(empty)), format="turtle")
    assert (None, SH.conforms, Literal(True)) in graph
    assert "Violations: 0" in "".join(as_table(empty))


def test_table_counts_first_and_cuts(report: Report) -> None:
    text = "".join(as_table(report, most=2))
    assert text.startswith("Validated: faulty.xlsx\n")
    assert "more groups; --format csv or xlsx gives every finding." in text


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_can_be_written(report: Report, tmp_path: Path, form: str) -> None:
    write(report, form, tmp_path / "report")
    assert (tmp_path / "report").stat().st_size > 1_000


def test_json_that_is_written_in_pieces_is_the_report(report: Report) -> None:
    for findings in (report.findings, report.findings[:1], ()):
        some = replace(report, findings=findings)
        assert json.loads(render(some, "json")) == some.as_json(size=len(findings))


def test_a_report_comes_back_from_plain_data(report: Report) -> None:
    kept = json.loads(json.dumps(report.as_json(size=10_000)))
    again = from_json(kept)
    assert again.findings == report.findings
    assert again.completeness() == report.completeness()
    assert render(again, "csv") == render(report, "csv")


def test_groups_count_by_rule_organisation_owner_and_severity(report: Report) -> None:
    groups = report.groups()
    assert sum(group["count"] for group in groups) == len(report.findings)
    keys = [(g["rule"], g["organisation"], g["owner"], g["severity"]) for g in groups]
    assert len(set(keys)) == len(keys)
    severities = [g["severity"] for g in groups]
    assert severities == sorted(severities, key=["violation", "warning"].index)


def test_a_hundred_thousand_findings_are_counted_and_cut(report: Report) -> None:
    many = replace(report, findings=report.findings * (100_000 // len(report.findings) + 1))
    answer = many.as_json(size=100)
    assert answer["total"] > 100_000
    assert len(answer["findings"]) == 100
    assert len(answer["groups"]) == len(report.groups())
    assert len("".join(as_table(many))) < 50_000


def test_trend_compares_rule_by_rule() -> None:
    before, now = {"byRule": {"R001": 3, "R002": 1}}, {"byRule": {"R001": 1, "R003": 2}}
    assert [(row["rule"], row["change"]) for row in trend(now, before)] == [
        ("R001", -2),
        ("R002", -1),
        ("R003", 2),
    ]
    assert trend(now, None) == []
