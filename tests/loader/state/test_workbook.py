"""Workbooks as people send them: each defect is told with its place, and memory stays bounded."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from loader.errors import InputError
from loader.state import workbook
from loader.state.files import read_files
from loader.state.records import Records, TooManyRowsError
from loader.state.template import write_template


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "records.xlsx"
    write_template(path)
    return path


def changed(path: Path, change: object) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)  # type: ignore[operator]
    book.save(path)
    return path


def fault_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_files([path])
    return str(caught.value)


def test_the_empty_template_holds_no_records(template: Path) -> None:
    assert read_files([template]).read == 0


def test_drop_downs_offer_the_lists(template: Path) -> None:
    page = openpyxl.load_workbook(template)["Notices"]
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert len(rules) >= 3
    assert all(formula.startswith(("=Lists!", "Lists!", '"yes,no"')) for formula in rules.values())


def test_a_missing_column_is_named(template: Path) -> None:
    changed(template, lambda book: book["Plans"].delete_cols(3))
    assert "records.xlsx, Plans, row 1: the column “Framework” is missing." in fault_of(template)


def test_an_unknown_heading_is_named_with_its_cell_and_a_guess(template: Path) -> None:
    changed(template, lambda book: book["Plans"].__setitem__("C1", "Frameworks"))
    assert "Plans, cell C1: unknown heading “Frameworks”. Did you mean “Framework”?" in fault_of(
        template
    )


def test_merged_cells_are_named(template: Path) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book["Plans"].append(["P1", "RA7"])
        book["Plans"].merge_cells("A2:A3")

    assert "Plans, cells A2:A3: merged cells." in fault_of(changed(template, merge))


def test_a_formula_is_named(template: Path) -> None:
    changed(template, lambda book: book["Plans"].append(["P1", "RA7", "=A1"]))
    assert "Plans, cell C2: holds a formula." in fault_of(template)


def test_an_unknown_sheet_is_named(template: Path) -> None:
    changed(template, lambda book: book.create_sheet("My notes"))
    assert "the sheet “My notes” is not one of the template." in fault_of(template)


def test_macros_are_refused(template: Path) -> None:
    with zipfile.ZipFile(template, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    assert "holds macros" in fault_of(template)


def test_entities_are_refused(template: Path) -> None:
    with zipfile.ZipFile(template, "a") as package:
        package.writestr("xl/other.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    assert "declares XML entities" in fault_of(template)


def test_a_package_that_unpacks_too_large_is_refused(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "UNPACKED", 10_000)
    assert "too large when unpacked" in fault_of(template)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 cut off"])
def test_what_is_not_a_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    assert "broken.xlsx: is not a workbook that can be read." in fault_of(path)


def test_a_zip_that_is_not_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("readme.txt", "hello")
    assert "is not a workbook" in fault_of(path)


def test_more_rows_than_allowed_stop_the_reading(template: Path) -> None:
    changed(template, lambda book: [book["Plans"].append([f"P{n}", "RA7"]) for n in range(50)])
    with pytest.raises(TooManyRowsError, match="Plans: there are more than 20 rows"):
        workbook.read_workbook(template, "records.xlsx", Records(), 20)


def test_empty_rows_are_not_records(template: Path) -> None:
    changed(
        template, lambda book: [book["Plans"].append(row) for row in ([], ["P1"], [" "], ["P2"])]
    )
    records = read_files([template])
    assert [place.row for place in records.places.values()] == [3, 5]


def test_a_million_rows_are_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "million.xlsx"
    _million(path)
    with pytest.raises(TooManyRowsError, match="more than 1,000 rows"):
        workbook.read_workbook(path, path.name, Records(), 1_000)


def _million(path: Path) -> None:
    """Write a workbook of a million rows in little time: the sheet of the template with rows of text."""
    template = path.with_suffix(".template")
    write_template(template)
    with zipfile.ZipFile(template) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part != "xl/worksheets/sheet2.xml":
                new.writestr(part, content)
                continue
            head, tail = content.split(b"</sheetData>")
            with new.open(part, "w") as stream:
                stream.write(head)
                for _ in range(100):
                    stream.write(b'<row><c t="inlineStr"><is><t>A1</t></is></c></row>' * 10_000)
                stream.write(b"</sheetData>" + tail)
