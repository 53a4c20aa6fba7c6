"""Read a workbook: first as a package that may be hostile, then row by row, without holding it whole."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from loader.errors import Fault, InputError
from loader.state.records import Place, Records
from loader.state.sheets import Sheet, sheets
from loader.state.tables import add_rows, headings, letters

UNPACKED = 600 << 20
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_LISTS = "Lists"
_GUIDE = "Guide"


def read_workbook(path: Path, name: str, records: Records, most: int) -> None:
    """Add the records of a workbook to ``records``.

    Raises InputError with the place of each fault: an unknown sheet, missing or unknown columns, merged cells,
    formulas, macros, or more than ``most`` rows.
    """
    faults = list(_package_faults(path, name))
    if faults:
        raise InputError(faults)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile):
        raise _not_a_workbook(name) from None
    try:
        _read_sheets(book, name, records, most, faults)
    finally:
        book.close()
    if faults:
        raise InputError(faults)


def _read_sheets(book: Any, name: str, records: Records, most: int, faults: list[Fault]) -> None:
    known = {sheet.name.casefold(): sheet for sheet in sheets()}
    for worksheet in book.worksheets:
        title = worksheet.title
        if title in (_LISTS, _GUIDE):
            continue
        sheet = known.get(title.strip().casefold())
        if sheet is None:
            names = ", ".join(s.name for s in sheets())
            message = f"{name}: the sheet “{title[:40]}” is not one of the template."
            faults.append(Fault(message, remedy=f"The sheets are {names}; remove or rename it."))
        else:
            _read_sheet(worksheet, sheet, Place(name, sheet.name, None), records, most, faults)


def _read_sheet(
    worksheet: Any, sheet: Sheet, place: Place, records: Records, most: int, faults: list[Fault]
) -> None:
    worksheet.reset_dimensions()
    rows = _rows(worksheet, place, faults)
    first = next(rows, None)
    if first is None:
        return
    columns = headings(sheet, first[1], str(place), faults)
    add_rows(records, sheet, columns, rows, place, most)


def _rows(worksheet: Any, place: Place, faults: list[Fault]) -> Iterator[tuple[int, list[object]]]:
    for number, row in enumerate(worksheet.iter_rows(), 1):
        cells: list[object] = []
        for position, cell in enumerate(row):
            if cell.data_type == "f":
                if len(faults) < 100:
                    where = f"{place}, cell {letters(position)}{number}"
                    remedy = "Copy the sheet and paste it as values."
                    faults.append(Fault(f"{where}: holds a formula.", remedy=remedy))
                cells.append(None)
            else:
                cells.append(cell.value)
        yield number, cells


def _package_faults(path: Path, name: str) -> Iterator[Fault]:
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        raise _not_a_workbook(name) from None
    with package:
        parts = package.infolist()
        if sum(part.file_size for part in parts) > UNPACKED or len(parts) > 2_000:
            remedy = "Split the workbook, or remove pictures and empty formatted rows."
            raise InputError(
                Fault(f"{name}: the workbook is too large when unpacked.", remedy=remedy)
            )
        names = [part.filename for part in parts]
        if any("vbaproject" in n.lower() or "macrosheets" in n.lower() for n in names):
            remedy = "Save it as a workbook without macros (.xlsx)."
            yield Fault(
                f"{name}: the workbook holds macros, which Remit does not read.", remedy=remedy
            )
        titles = _titles(package) if "xl/workbook.xml" in names else {}
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with package.open(part) as stream:
                    yield from _part_faults(stream, titles.get(part.filename, part.filename), name)


def _part_faults(stream: IO[bytes], title: str, name: str) -> Iterator[Fault]:
    """Look through one part in pieces for merged cells and for declarations that no workbook needs."""
    tail = b""
    while piece := stream.read(1 << 20):
        window = tail + piece
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
            raise InputError(
                Fault(f"{name}: a part declares XML entities.", remedy="Save it anew.")
            )
        for match in _MERGED.finditer(window):
            if match.end() > len(tail):
                where = f"{name}, {title}, cells {match[1].decode()}"
                yield Fault(
                    f"{where}: merged cells.",
                    remedy="Unmerge them; write each value in its own cell.",
                )
        tail = window[-64:]


def _titles(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the titles of the sheets by the name of their part, as the workbook orders them."""
    text = package.read("xl/workbook.xml")[: 1 << 20].decode("utf-8", "replace")
    found = re.findall(r'<(?:\w+:)?sheet [^>]*name="([^"]{1,80})"', text)
    return {f"xl/worksheets/sheet{n}.xml": title for n, title in enumerate(found, 1)}


def _not_a_workbook(name: str) -> InputError:
    remedy = "Save it as an Excel workbook (.xlsx) that is not protected by a password."
    return InputError(Fault(f"{name}: is not a workbook that can be read.", remedy=remedy))
