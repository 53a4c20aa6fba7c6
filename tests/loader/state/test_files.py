"""The same records in every form, and the defects of each form."""

import csv
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from loader.errors import InputError
from loader.state.files import read_files
from loader.state.organisations import StoredOrganisations
from loader.state.sheets import sheets
from loader.validation.run import validate_files


def test_csv_files_give_the_findings_of_the_workbook(
    faulty_workbook: Path, organisations: StoredOrganisations, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(faulty_workbook)
    paths = []
    for sheet in sheets():
        path = tmp_path / f"{sheet.slug}.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            for row in book[sheet.name].iter_rows(values_only=True):
                csv.writer(stream).writerow([getattr(c, "date", lambda c=c: c)() for c in row])
        paths.append(path)
    wanted = [
        (f.rule, f.sheet, f.row, f.column)
        for f in validate_files([faulty_workbook], organisations).findings
    ]
    found = [
        (f.rule, f.sheet, f.row, f.column) for f in validate_files(paths, organisations).findings
    ]
    assert sorted(found) == sorted(wanted)


def test_turtle_gives_the_findings_of_the_workbook(
    faulty_records: ox.Store,
    faulty_workbook: Path,
    organisations: StoredOrganisations,
    tmp_path: Path,
) -> None:
    path = tmp_path / "records.ttl"
    path.write_bytes(
        ox.serialize((q.triple for q in faulty_records), format=ox.RdfFormat.TURTLE) or b""
    )
    report = validate_files([path], organisations)
    assert report.by_rule() == validate_files([faulty_workbook], organisations).by_rule()
    assert all(finding.row for finding in report.findings)
    assert "records.ttl, line " in report.findings[0].place


YAML = """graph:
  title: Plans
entries:
  - id: state/plan-1
    type: PlanRecord
    recordReference: P1
    concerns: organisation/RA7
    planKind: quality-plan
    agreedOn: 2023-04-20
    planMeasures: Four-hour performance
    planTimescales: Quarterly
    successCriteria: 95 percent
"""


def test_yaml_is_read_with_its_lines(organisations: StoredOrganisations, tmp_path: Path) -> None:
    path = tmp_path / "plans.yaml"
    path.write_text(YAML, encoding="utf-8")
    (finding,) = validate_files([path], organisations).findings
    assert finding.message.startswith("A plan names the owners of its actions")
    assert finding.place == "plans.yaml, line 4"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.yaml", YAML.replace("concerns", "concern"), "unknown field “concern”"),
        ("x.yaml", YAML.replace("2023-04-20", "20/04/2023"), "is not a date"),
        ("x.yaml", "entries: [", "is not valid YAML"),
        ("x.ttl", "@prefix x: <urn:x:> .\nx:a x:b .\n", "x.ttl:2: cannot be read"),
        ("x.ttl", "@prefix x: <urn:x:> .\nx:a x:b x:c .\n", "holds no records"),
        ("x.csv", "a,b,c\n1,2,3\n", "the headings fit no sheet"),
        ("plans.csv", "Reference,Organisation\nP1,RA7\n", "the column “Framework” is missing"),
        ("x.xlsm", "", "without macros"),
        ("x.doc", "", "is not a form that Remit reads"),
    ],
)
def test_a_defect_is_told_with_its_place(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_files([path])
    assert told in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_csv_must_be_utf8(tmp_path: Path) -> None:
    path = tmp_path / "plans.csv"
    path.write_bytes("Référence,Organisation".encode("latin-1"))
    with pytest.raises(InputError, match="is not UTF-8 text"):
        read_files([path])


def test_too_many_statements_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "many.nt"
    path.write_text(
        "".join(f"<urn:x:{n}> <urn:x:p> <urn:x:o> .\n" for n in range(500)), encoding="utf-8"
    )
    with pytest.raises(InputError, match="more than 10 rows"):
        read_files([path], most=10)


def test_two_workbooks_keep_their_rows_apart(faulty_workbook: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(faulty_workbook.read_bytes())
    one, both = read_files([faulty_workbook]), read_files([faulty_workbook, copy])
    assert both.read == 2 * one.read == len(both.places)
