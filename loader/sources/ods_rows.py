"""Read the headerless CSV reports of the Organisation Data Service: ``etr`` (trusts) and ``eccg``.

A row has 24 or 27 columns. Files are UTF-8, with or without a byte order mark, or Windows text
(cp1252). A row that cannot be used is reported with its line, its field and a remedy; the other
rows are still read.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from loader.errors import Fault, InputError
from loader.sources.records import joined

Kind = Literal["etr", "eccg"]

WIDTHS = (24, 27)
UNTAKEN = ("telephone", "amended record indicator")
HUB, SUB_ICB, REPORTING = "RO218", "RO319", "RO327"
_CODE = re.compile(r"[A-Z0-9]{3,6}")
_DAY = re.compile(r"(19|20|21)[0-9]{6}")
_TRUST = re.compile(r"\bTRUST\b")
_COMMISSIONER = re.compile(r"\bCCG\b|\bICB\b|\bCOMMISSIONING\b|\bCLINICAL COMMISSIONING GROUP\b")
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff", b"%PDF")
_EXPECTED = "Give the file as downloaded from the Organisation Data Service (etr.csv or eccg.csv)."


@dataclass(frozen=True)
class Row:
    """One organisation of a report; ``closed`` is its last open day, as ODS writes it."""

    line: int
    code: str
    name: str
    region: str
    board: str
    address: str
    postcode: str
    opened: date
    closed: date | None
    roles: frozenset[str]
    area: str

    @property
    def welsh(self) -> bool:
        """Whether the organisation belongs to the NHS in Wales."""
        return self.region == "W00" or self.board == "Q99" or self.area == "W"


@dataclass(frozen=True)
class Release:
    """A report as read: its kind, its usable rows, those left out and why, and the faults."""

    kind: Kind
    rows: tuple[Row, ...]
    skipped: tuple[Fault, ...]
    problems: tuple[Fault, ...]

    @property
    def by_code(self) -> dict[str, Row]:
        """The rows by their code."""
        return {row.code: row for row in self.rows}

    @property
    def latest(self) -> date:
        """The latest opening or closing date in the report; as a rule it is no older than that."""
        days = [day for row in self.rows for day in (row.opened, row.closed) if day]
        return max(days, default=date.min)


def read(path: Path) -> Release:
    """Read an ``etr`` or ``eccg`` report.

    Raises InputError when the file cannot be read at all, is not text, holds no row that can be
    used, or is of neither kind. Faults of single rows are in ``problems`` of the release.
    """
    rows: dict[str, Row] = {}
    problems: list[Fault] = []
    for line, cells in _lines(path, problems):
        found = _row(path, line, cells)
        if isinstance(found, Row) and found.code in rows:
            first = rows[found.code].line
            message = f"“{found.code}” stands on line {first} already; this row is not used."
            found = [Fault(message, path, line, "code", "Keep the row that is right.")]
        if isinstance(found, Row):
            rows[found.code] = found
        else:
            problems.extend(found)
    kind = _kind(path, rows.values(), problems)
    left_out = {row.code: reason for row in rows.values() if (reason := _reason(row, kind))}
    return Release(
        kind,
        tuple(row for row in rows.values() if row.code not in left_out),
        tuple(Fault(reason, path, rows[code].line) for code, reason in left_out.items()),
        tuple(problems),
    )


def _lines(path: Path, problems: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            remedy = "Look for a quotation mark that is not closed or not doubled."
            problems.append(Fault(f"is not CSV: {error}.", path, line, None, remedy))
            continue
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InputError(Fault(f"cannot be read: {reason}.", path, remedy=_EXPECTED)) from None
    if data.startswith(_BINARY) or b"\x00" in data:
        raise InputError(Fault("is not a CSV file.", path, remedy=_EXPECTED))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fault = Fault("is neither UTF-8 nor Windows text.", path, line, None, "Save it as UTF-8.")
        raise InputError(fault) from None


def _row(path: Path, line: int, cells: list[str]) -> Row | list[Fault]:
    if len(cells) not in WIDTHS:
        message = f"has {len(cells)} columns; a row of this report has 24 or 27."
        return [Fault(message, path, line, None, "Look for a missing or additional comma.")]
    faults = [Fault(message, path, line, *rest) for message, *rest in _faults(cells)]
    opened, closed = _day(cells[10]), _day(cells[11])
    if faults or opened is None:
        return faults
    return Row(
        line=line,
        code=cells[0],
        name=cells[1],
        region=cells[2],
        board=cells[3],
        address=joined(*cells[4:9]),
        postcode=cells[9],
        opened=opened,
        closed=closed,
        roles=frozenset(filter(None, cells[13].split("|"))),
        area=cells[23],
    )


def _faults(cells: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield message, field and remedy for each cell that cannot be used."""
    if not _CODE.fullmatch(cells[0]):
        remedy = "The report has no heading row; a code has three to six capitals or digits."
        yield f"“{cells[0][:20]}” is not an ODS code.", "code", remedy
    if not cells[1]:
        yield "is empty.", "name", "Give the name in column 2."
    for column, field in ((2, "region"), (3, "board")):
        if cells[column] and not _CODE.fullmatch(cells[column]):
            yield f"“{cells[column][:20]}” is not an ODS code.", field, f"See column {column + 1}."
    if not cells[10]:
        yield "is empty.", "open date", "Give it in column 11."
    for column, field in ((10, "open date"), (11, "close date")):
        if cells[column] and _day(cells[column]) is None:
            message = f"“{cells[column][:20]}” is not a day of the calendar."
            yield message, field, "Write it as YYYYMMDD, from 1900 to 2199."
    opened, closed = _day(cells[10]), _day(cells[11])
    if opened and closed and closed < opened:
        message = f"closes on {closed} before it opens on {opened}."
        yield message, "close date", "Correct one of the two dates."


def _day(text: str) -> date | None:
    """Return the day that eight digits name, or None when there is no such day."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _kind(path: Path, rows: Iterable[Row], problems: list[Fault]) -> Kind:
    names = [row.name.upper() for row in rows]
    votes: Counter[Kind] = Counter()
    votes["etr"] = sum(bool(_TRUST.search(name)) for name in names)
    votes["eccg"] = sum(bool(_COMMISSIONER.search(name)) for name in names)
    kind, most = votes.most_common(1)[0]
    if not names:
        first = problems[:5]
        raise InputError([Fault("holds no row that can be used.", path, remedy=_EXPECTED), *first])
    if most * 2 <= len(names):
        message = (
            "holds neither trusts (etr) nor commissioning groups and sub-ICB locations (eccg)."
        )
        raise InputError(Fault(message, path, remedy=_EXPECTED))
    return kind


def _reason(row: Row, kind: Kind) -> str | None:
    """Return why a row is left out, or None when it is used."""
    if row.welsh:
        return f"{row.code} {row.name}: left out, because it belongs to the NHS in Wales."
    if kind == "eccg" and HUB in row.roles:
        return f"{row.code} {row.name}: left out, because it is a commissioning hub of NHS England."
    return None
