"""What workbooks and CSV files share: the heading row, and rows of cells made into records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from loader.errors import Fault
from loader.state.records import Place, Records, TooManyRowsError, record_iri
from loader.state.sheets import Column, Sheet, Term, sheets
from loader.state.values import terms

Row = Sequence[object]


def headings(sheet: Sheet, row: Row, where: str, faults: list[Fault]) -> dict[int, Column]:
    """Return the column at each position of the heading row; add a fault for each heading that is amiss."""
    known = {column.header.casefold(): column for column in sheet.columns}
    found: dict[int, Column] = {}
    for position, cell in enumerate(row):
        text = str(cell or "").strip()
        if not text:
            continue
        column = known.get(text.casefold())
        if column is None:
            near = get_close_matches(text, [c.header for c in sheet.columns], n=1)
            hint = (
                f"Did you mean “{near[0]}”?"
                if near
                else "Remove it, or use a heading of the template."
            )
            place = f"{where}, cell {letters(position)}1"
            faults.append(Fault(f"{place}: unknown heading “{text[:40]}”.", remedy=hint))
        elif column in found.values():
            faults.append(Fault(f"{where}, cell {letters(position)}1: “{text}” stands twice."))
        else:
            found[position] = column
    for column in sheet.columns:
        if column not in found.values():
            message = f"{where}, row 1: the column “{column.header}” is missing."
            faults.append(Fault(message, remedy="Add it, empty if need be, as in the template."))
    return found


def add_rows(
    records: Records,
    sheet: Sheet,
    columns: dict[int, Column],
    rows: Iterable[tuple[int, Row]],
    place: Place,
    most: int,
) -> None:
    """Add each row that holds anything as a record; raises TooManyRowsError beyond ``most`` records."""
    for position, column in columns.items():
        records.columns[place.sheet, column.property] = letters(position)
    for number, row in rows:
        if not any(cell is not None and str(cell).strip() for cell in row):
            continue
        if records.read >= most:
            raise TooManyRowsError(place, most)
        here = Place(place.file, place.sheet, number)
        subject = record_iri(sheet, number)
        if subject in records.places:
            subject = record_iri(
                sheet, number, f"file-{len({p.file for p in records.places.values()}) + 1}"
            )
        records.add(sheet, subject, here, _values(columns, row))


def _values(columns: dict[int, Column], row: Row) -> Iterator[tuple[Column, Term]]:
    for position, column in columns.items():
        if position < len(row):
            for term in terms(column, row[position]):
                yield column, term


def letters(position: int) -> str:
    """Return the letters of a column by its position from 0: A, B, … Z, AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def best_sheet(row: Row) -> Sheet | None:
    """Return the sheet whose headings a row holds most of, or None when it holds fewer than three of any."""
    held = {str(cell or "").strip().casefold() for cell in row}
    scored = [
        (len(held & {c.header.casefold() for c in sheet.columns}), sheet) for sheet in sheets()
    ]
    score, best = max(scored, key=lambda pair: pair[0])
    return best if score >= 3 else None
