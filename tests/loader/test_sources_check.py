"""The check of citations: what is found, what is not, and what cannot be checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loader.graph import read_registers
from loader.paths import registers as shipped_registers
from loader.sources_check import DOUBTFUL, MISSING, RESOLVED, SKIPPED, Report, check

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
OLD = "Old Paper\n\nIt cites the New Guidance.\n\n- 1. Pay within 30 days.\n\n"
NEW = "New Guidance\n\n- 1. Pay within 28 days. Days are working days.\n\n- 2. End.\n"


def entries(**limit: Any) -> list[dict[str, Any]]:
    def passage(name: str, document: str, locator: str, order: int, **more: Any) -> dict[str, Any]:
        about = {"id": name, "type": "Passage", "document": document}
        return {**about, "locator": locator, "locatorOrder": order, **more}

    return [
        {"id": "document/old", "sourceFile": "bundle.txt"},
        {"id": "document/new", "sourceFile": "bundle.txt", "paragraphs": 2},
        passage("o:title", "document/old", "title page", 0, anchor="Old Paper"),
        passage("o:para-1", "document/old", "para 1", 1),
        passage("n:title", "document/new", "title page", 0, anchor="New Guidance"),
        passage("n:para-1", "document/new", "para 1", 1),
        passage("n:para-2", "document/new", "para 2", 2),
        {"id": "limit/pay", "value": 28, "statedIn": ["n:para-1"], **limit},
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bundle.txt").write_text(OLD + NEW, encoding="utf-8")
    return tmp_path


def statuses(report: Report) -> dict[str, str]:
    return {result.id: result.status for result in report.passages}


def test_paragraph_numbers_are_told_apart_by_document(folder: Path) -> None:
    report = check(folder, entries())
    places = {r.id: (r.line, r.end_line) for r in report.passages}
    assert places["o:para-1"] == (5, 5)
    assert places["n:para-1"] == (9, 9)
    assert report.clean
    assert report.counts == {RESOLVED: 5}


def test_a_figure_from_another_passage_is_a_finding(folder: Path) -> None:
    report = check(folder, entries(value=30))
    assert [(f.entity, f.shown) for f in report.findings] == [("limit/pay", "30")]
    assert not report.clean
    assert "limit/pay value “30” (cites n:para-1)" in str(report)


def test_one_of_several_passages_is_enough(folder: Path) -> None:
    assert check(folder, entries(value=30, statedIn=["n:para-1", "o:para-1"])).clean


def test_a_fact_that_also_rests_on_another_source_is_not_compared(folder: Path) -> None:
    report = check(folder, entries(value=31, statedIn=["n:para-1", "document/elsewhere"]))
    assert report.clean
    assert report.compared == 1  # the number of paragraphs of document/new


def test_a_passage_that_nobody_describes_is_missing(folder: Path) -> None:
    report = check(folder, entries(statedIn=["n:para-9"]))
    assert statuses(report)["n:para-9"] == MISSING
    assert "no register describes this passage" in str(report)


def test_a_paragraph_that_is_not_in_the_text_is_missing(folder: Path) -> None:
    extra = {"id": "n:para-3", "document": "document/new", "locator": "para 3", "locatorOrder": 3}
    assert statuses(check(folder, [*entries(), extra]))["n:para-3"] == MISSING


def test_a_passage_out_of_order_is_doubtful(folder: Path) -> None:
    early = {
        "id": "n:early",
        "document": "document/new",
        "locator": "heading",
        "locatorOrder": 9,
        "anchor": "days",
    }
    assert statuses(check(folder, [*entries(), early]))["n:early"] == DOUBTFUL


def test_a_wrong_number_of_paragraphs_is_a_finding(folder: Path) -> None:
    known = entries()
    known[1]["paragraphs"] = 3
    report = check(folder, known)
    assert [(f.field, f.shown) for f in report.findings] == [("paragraphs", "3 stated, 2 found")]


def test_without_the_documents_it_says_so(tmp_path: Path) -> None:
    report = check(tmp_path, entries())
    assert report.skipped
    assert report.clean
    assert set(statuses(report).values()) == {SKIPPED}
    assert str(report) == f"No source document is in {tmp_path}; citations were not checked."


def test_a_document_without_a_text_file_is_skipped(folder: Path) -> None:
    known = [entry for entry in entries() if entry["id"] != "document/old"]
    report = check(folder, known)
    assert statuses(report)["o:para-1"] == SKIPPED
    assert statuses(report)["n:para-1"] == RESOLVED
    assert "1 skipped" not in str(report)
    assert "2 skipped" in str(report)


@pytest.fixture(scope="module")
def shipped() -> Report:
    if not SEEDS.is_dir():
        pytest.skip("the source documents are not beside the project")
    registers = read_registers(shipped_registers())
    return check(SEEDS, [entry for register in registers for entry in register.entries])


def test_every_locator_of_the_registers_resolves(shipped: Report) -> None:
    assert [r for r in shipped.passages if r.status in (MISSING, DOUBTFUL)] == []
    assert shipped.counts[RESOLVED] >= 370


def test_every_figure_date_and_term_of_the_registers_stands(shipped: Report) -> None:
    assert shipped.findings == ()
    assert shipped.compared > 500
