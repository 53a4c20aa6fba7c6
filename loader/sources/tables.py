"""Rows of published tables, as mappings from normalised headings: CSV, and OpenDocument spreadsheets as a stream."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from loader.errors import Fault, InputError
from loader.sources.opened import stream

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = frozenset([f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"])
_REPEATED, _DATE, _PARAGRAPH = (
    f"{_TABLE}number-columns-repeated",
    f"{_OFFICE}date-value",
    f"{_TEXT}p",
)
_MOST_CELLS = 2_000
_PREAMBLE = 40
_CSV_ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its sheet, its number counted from 1, and its cells by normalised heading."""

    sheet: str
    number: int
    cells: dict[str, str]


def heading(text: str) -> str:
    """Return a heading in lower case with ``_`` for all else, without a remark in brackets.

    “CQC Location ID (for office use only)” becomes ``cqc_location_id``.
    """
    bare = re.sub(r"\([^)]*\)", " ", text.strip().lower())
    return re.sub(r"[^a-z0-9]+", "_", bare.replace("'", "")).strip("_")


def rows(path: Path, required: Iterable[str]) -> Iterator[TableRow]:
    """Yield the rows below the first row that has all ``required`` headings, sheet by sheet.

    Raises InputError when the file cannot be read, or no sheet has such a row.
    """
    needed = frozenset(required)
    found = False
    headings: dict[str, list[str]] = {}
    for sheet, number, cells in _cells(path):
        if sheet not in headings:
            names = [heading(cell) for cell in cells]
            if needed <= set(names):
                headings[sheet], found = names, True
        elif any(cells):
            named = dict(zip(headings[sheet], cells, strict=False))
            yield TableRow(sheet, number, named)
    if not found:
        message = f"has no row with the headings {', '.join(sorted(needed))}."
        raise InputError(Fault(message, path, remedy="Give the file as it was published."))


def headings(path: Path, required: Iterable[str]) -> list[str]:
    """Return the normalised headings of the first table that has all ``required`` ones; none where there is no such."""
    needed = frozenset(required)
    for _, _, cells in _cells(path):
        names = [heading(cell) for cell in cells]
        if needed <= set(names):
            return [name for name in names if name]
    return []


def columns(path: Path) -> set[str]:
    """Return all normalised cells of the first rows, to tell one table from another."""
    found: set[str] = set()
    for _, number, cells in _cells(path):
        if number > _PREAMBLE:
            break
        found.update(heading(cell) for cell in cells if cell and len(cell) < 120)
    return found


def is_spreadsheet(path: Path) -> bool:
    """Tell whether a file is an OpenDocument spreadsheet, by its first bytes."""
    with path.open("rb") as file:
        start = file.read(100)
    return start.startswith(b"PK\x03\x04") and b"opendocument.spreadsheet" in start


def _cells(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    return _spreadsheet(path) if is_spreadsheet(path) else _csv(path)


def _csv(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    encoding = _encoding(path)
    with stream(path, ".csv") as file, io.TextIOWrapper(file, encoding, newline="") as text:
        reader = csv.reader(text)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                remedy = "Look for a quotation mark that is not closed."
                fault = Fault(f"is not CSV: {error}.", path, line, remedy=remedy)
                raise InputError(fault) from None
            yield "", line, [cell.strip() for cell in cells]


def _encoding(path: Path) -> str:
    for encoding in _CSV_ENCODINGS:
        try:
            with stream(path, ".csv") as file, io.TextIOWrapper(file, encoding) as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    line = _undecodable(path)
    fault = Fault("is neither UTF-8 nor Windows text.", path, line, remedy="Save it as UTF-8.")
    raise InputError(fault)


def _undecodable(path: Path) -> int | None:
    """Return the number of the first line that is not Windows text."""
    with stream(path, ".csv") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(_CSV_ENCODINGS[-1])
            except UnicodeDecodeError:
                return number
    return None


def _spreadsheet(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    sheet, number = "", 0
    wanted = (f"{_TABLE}table", f"{_TABLE}table-row")
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": True}
    try:
        with stream(path, "content.xml") as file:
            for event, element in etree.iterparse(
                file, events=("start", "end"), tag=wanted, **options
            ):
                if element.tag == wanted[0]:
                    if event == "start":
                        sheet, number = element.get(f"{_TABLE}name", ""), 0
                elif event == "end":
                    number += 1
                    yield sheet, number, _row(element)
                    number += int(element.get(f"{_TABLE}number-rows-repeated", "1")) - 1
                    _forget(element)
    except etree.XMLSyntaxError as error:
        remedy = "Download the file again; it may be cut short."
        message = f"is a broken spreadsheet: {error.msg}."
        raise InputError(Fault(message, path, remedy=remedy)) from None


def _row(element: Any) -> list[str]:
    cells: list[str] = []
    for cell in element:
        if cell.tag not in _CELLS or len(cells) >= _MOST_CELLS:
            continue
        count = cell.get(_REPEATED)
        if count is None:
            cells.append(_value(cell))
        else:
            cells.extend([_value(cell)] * min(int(count), _MOST_CELLS - len(cells)))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _value(cell: Any) -> str:
    if not len(cell):  # most cells are empty
        return str(cell.get(_DATE, ""))[:10]
    if day := cell.get(_DATE):
        return str(day)[:10]
    first = cell[0]
    if (
        len(cell) == 1 and first.tag == _PARAGRAPH and not len(first)
    ):  # and most others hold plain text
        return (first.text or "").strip()
    return " ".join("".join(p.itertext()) for p in cell.iterfind(_PARAGRAPH)).strip()


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
