import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from loader.errors import InputError
from loader.state.organisations import StoredOrganisations
from loader.terms import DEF, ID
from loader.validation import run
from loader.validation.data import neighbourhood
from loader.validation.findings import Finding
from loader.validation.rules import STATE, rules
from loader.validation.run import validate_files, validate_store


@pytest.fixture(scope="module")
def findings(faulty_workbook: Path, organisations: StoredOrganisations) -> tuple[Finding, ...]:
    return validate_files([faulty_workbook], organisations).findings


def test_the_shipped_registers_have_no_violation(registers: ox.Store) -> None:
    report = validate_store(registers, "registers")
    assert [f.message for f in report.findings if f.severity == "violation"] == []
    assert report.conforms
    assert len(report.checked) > 1_000
    assert all(share["percent"] == 100 for share in report.completeness()["byKind"])


def test_each_fault_of_the_workbook_is_found_by_its_own_rule_and_no_other(
    findings: tuple[Finding, ...],
) -> None:
    found = defaultdict(set)
    for finding in findings:
        planted = re.match(r"R\d+", finding.label)
        found[planted[0] if planted else "R201"].add(finding.rule)
    wanted = {rule.number: {rule.number} for rule in rules().values() if rule.family == STATE}
    assert found == wanted


def test_findings_point_at_sheet_row_and_column(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        assert finding.file == "faulty.xlsx"
        assert finding.sheet
        assert finding.row
        assert finding.row >= 2
        assert re.fullmatch("[A-Z]{1,2}", finding.column), finding.rule
        assert re.fullmatch(rf"faulty.xlsx, {finding.sheet}, cell [A-Z]+\d+", finding.place)
        assert finding.what.endswith(".")


def test_a_finding_says_what_stands_in_the_field(findings: tuple[Finding, ...]) -> None:
    said = {finding.rule: finding.what for finding in findings}
    by_message = {rule.message.split(" (")[0]: rule.number for rule in rules().values()}
    assert said[by_message["A segment is 1, 2, 3 or 4"]] == "“Segment” is “5”."
    late = by_message[
        "An application for a certificate is decided within 14 days of the day after its receipt"
    ]
    assert said[late] == "“Decided on” is “2024-04-16”."


def test_two_workers_find_the_same(
    faulty_workbook: Path, organisations: StoredOrganisations, findings: tuple[Finding, ...]
) -> None:
    shared = validate_files([faulty_workbook], organisations, workers=2, engine="reference")
    assert shared.findings == findings


def test_small_pieces_find_the_same(
    faulty_workbook: Path,
    organisations: StoredOrganisations,
    findings: tuple[Finding, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "PIECES", dict.fromkeys(run.PIECES, 17))
    assert validate_files([faulty_workbook], organisations).findings == findings


@pytest.fixture(scope="module")
def sample(registers: ox.Store) -> ox.Store:
    """A few organisations and powers of the registers, with what they link to."""
    things = [f"{ID}organisation/{code}" for code in ("RA7", "QUY", "RVJ")]
    things.append(f"{ID}power/accept-provider-undertaking")
    triples, _ = neighbourhood(registers, things)
    store = ox.Store()
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def faulty_copy(registers: ox.Store) -> tuple[ox.Store, set[str]]:
    """The registers with a few facts taken out or spoilt, and the two organisations that this changes."""
    store = ox.Store()
    store.bulk_extend(registers.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    body = ox.NamedNode(f"{ID}organisation/RA7")
    region = next(iter(store.quads_for_pattern(None, ox.NamedNode(f"{DEF}gssCode"), None))).subject
    for quad in list(store.quads_for_pattern(body, ox.NamedNode(f"{DEF}hasName"), None)):
        for text in list(
            store.quads_for_pattern(quad.object, ox.NamedNode(f"{DEF}nameText"), None)
        ):  # type: ignore[arg-type]
            store.remove(text)
    store.add(ox.Quad(body, ox.NamedNode(f"{DEF}existsTo"), ox.Literal("soon")))
    store.add(ox.Quad(region, ox.NamedNode(f"{DEF}odsCode"), ox.Literal("RA7")))  # type: ignore[arg-type]
    store.add(ox.Quad(body, ox.NamedNode(f"{DEF}statedIn"), ox.NamedNode(f"{ID}passage/nowhere")))
    return store, {body.value, region.value}  # type: ignore[union-attr]


def test_a_store_taken_in_parts_finds_what_the_whole_finds(
    sample: ox.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = faulty_copy(sample)
    whole = set(validate_store(store, "whole").findings)
    monkeypatch.setattr(run, "WHOLE", dict.fromkeys(run.WHOLE, 10))
    monkeypatch.setattr(run, "PIECES", dict.fromkeys(run.PIECES, 150))
    assert set(validate_store(store, "parts").findings) == whole


def test_a_file_that_does_not_exist_is_an_error(organisations: StoredOrganisations) -> None:
    with pytest.raises(InputError, match="no such file"):
        validate_files([Path("nowhere.xlsx")], organisations)
