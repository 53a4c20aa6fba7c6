"""Write the template for state data: a workbook with drop-downs and a guide, empty or filled with records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from loader.state.records import RDF_TYPE
from loader.state.sheets import Column, Sheet, sheets
from loader.state.tables import letters
from loader.state.values import cell_text

_ROWS = 5_000
_HEAD = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", fgColor="005EB8")


def write_template(path: Path, records: ox.Store | None = None) -> None:
    """Write the workbook to ``path``; with ``records``, each becomes a row of the sheet of its class."""
    book = openpyxl.Workbook(write_only=True)
    _guide(book)
    lists = _list_columns()
    for sheet in sheets():
        _sheet(book, sheet, lists, _rows(sheet, records))
    _lists(book, lists)
    book.save(path)


def _guide(book: Any) -> None:
    page = book.create_sheet("Guide")
    page.column_dimensions["A"].width = 22
    page.column_dimensions["B"].width = 34
    page.column_dimensions["C"].width = 100
    page.append([_bold(page, "Sheet"), _bold(page, "Column"), _bold(page, "What to enter")])
    page.append(
        ["", "", "One row for each record. Leave a cell empty where there is nothing to say."]
    )
    page.append(["", "", "Dates as year-month-day. Cells that hold a list have a drop-down."])
    for sheet in sheets():
        page.append([sheet.name, "", sheet.about])
        for column in sheet.columns:
            page.append(["", column.header, _advice(column)])


def _sheet(
    book: Any, sheet: Sheet, lists: dict[str, tuple[str, list[str]]], rows: Iterable[list[object]]
) -> None:
    page = book.create_sheet(sheet.name)
    page.freeze_panes = "B2"
    for position, column in enumerate(sheet.columns):
        name = letters(position)
        page.column_dimensions[name].width = max(14, min(34, len(column.header) + 4))
        if (rule := _validation(column, lists)) is not None:
            page.data_validations.append(rule)
            rule.add(f"{name}2:{name}{_ROWS}")
    page.append([_head(page, column.header) for column in sheet.columns])
    for row in rows:
        page.append([_cell(page, value) for value in row])


def _validation(column: Column, lists: dict[str, tuple[str, list[str]]]) -> DataValidation | None:
    if column.property in lists and not column.several:
        where, labels = lists[column.property]
        formula = f"=Lists!${where}$2:${where}${len(labels) + 1}"
        return DataValidation(type="list", formula1=formula, allow_blank=True)
    if column.kind == "boolean":
        return DataValidation(type="list", formula1='"yes,no"', allow_blank=True)
    return None


def _list_columns() -> dict[str, tuple[str, list[str]]]:
    """Return the column of the sheet of lists, and the labels in it, by property."""
    found: dict[str, tuple[str, list[str]]] = {}
    for sheet in sheets():
        for column in sheet.columns:
            if column.choices and column.property not in found:
                found[column.property] = (letters(len(found)), sorted(column.choices))
    return found


def _lists(book: Any, lists: dict[str, tuple[str, list[str]]]) -> None:
    page = book.create_sheet("Lists")
    headers = {c.property: c.header for sheet in sheets() for c in sheet.columns}
    page.append([headers[property_] for property_ in lists])
    for number in range(max(len(labels) for _, labels in lists.values())):
        page.append(
            [labels[number] if number < len(labels) else None for _, labels in lists.values()]
        )


def _rows(sheet: Sheet, records: ox.Store | None) -> Iterable[list[object]]:
    if records is None:
        return
    for record in sorted(
        (q.subject for q in records.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(sheet.cls))),
        key=str,
    ):
        yield [_stated(records, record, column) for column in sheet.columns]


def _stated(records: ox.Store, record: Any, column: Column) -> object:
    found = records.quads_for_pattern(record, ox.NamedNode(column.property), None)
    cells = [cell_text(column, quad.object) for quad in found]
    if not cells:
        return None
    return "; ".join(sorted(str(cell) for cell in cells)) if column.several else cells[0]


def _advice(column: Column) -> str:
    if not column.choices:
        return column.help
    return f"{column.help} One of: {'; '.join(column.choices)}."


def _bold(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, value=text)
    cell.font = Font(bold=True)
    return cell


def _head(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, value=text)
    cell.font, cell.fill = _HEAD, _FILL
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page: Any, value: object) -> object:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, value=value)
    cell.data_type = "s"
    return cell
