"""Read the CSV files that NHS England publishes under the NHS Oversight Framework: one row for each trust and metric.

Files are UTF-8, with or without a byte order mark; texts hold no-break spaces; periods come in many forms, of which
those that name their days without doubt are read as dates. A row that cannot be used is reported with its line, its
field and a remedy; the other rows are still read.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from loader.errors import Fault, InputError

COLUMNS = (
    "Region", "Trust_type", "Trust_subtype", "Trust_code", "Trust_name", "Domain", "Sub-domain", "Metric_ID",
    "Metric_description", "Reporting_date", "Units", "Value", "Median_value", "Lower_quartile", "Upper_quartile",
    "Rank",
)  # fmt: skip
_UNREAD = ("Region", "Trust_type", "Trust_subtype")
_NEEDED = ("Trust_code", "Trust_name", "Metric_ID", "Metric_description", "Units", "Value")
_FIGURES = ("Value", "Median_value", "Lower_quartile", "Upper_quartile", "Rank")
_CODE = re.compile(r"[A-Z0-9]{3,6}")
_METRIC = re.compile(r"[A-Z]{2}\d{4}[A-Z]?")
_RELEASE = re.compile(r"Q([1-4]) (\d{4})/(\d{2})")
_EXPECTED = "Give the CSV file as published by NHS England under the NHS Oversight Framework."


@dataclass(frozen=True)
class Row:
    """One value of one metric for one trust, as published."""

    line: int
    code: str
    name: str
    domain: str
    sub_domain: str
    metric: str
    description: str
    period: str
    unit: str
    value: str
    median: str | None
    lower: str | None
    upper: str | None
    rank: str | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What no two rows may share: trust, metric and period."""
        return (self.code, self.metric, self.period)


@dataclass(frozen=True)
class Release:
    """A file as read: the quarter that it is for, its usable rows, and the faults of the others.

    ``untaken`` names the columns that hold something and are not read.
    """

    quarter: str
    rows: tuple[Row, ...]
    problems: tuple[Fault, ...]
    untaken: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by trust code."""
        return dict(sorted(Counter(row.code for row in self.rows).items()))


def read(path: Path) -> Release:
    """Read one file.

    Raises InputError when it is not such a file at all, holds no usable row, or does not tell its quarter.
    Faults of single rows are in ``problems`` of the release.
    """
    rows: dict[tuple[str, str, str], Row] = {}
    problems: list[Fault] = []
    untaken: dict[str, None] = {}
    for line, cells in _lines(path, problems):
        unread = (n for n, cell in cells.items() if cell and (n in _UNREAD or n not in COLUMNS))
        untaken.update(dict.fromkeys(unread))
        faults = list(_faults(path, line, cells))
        if not faults:
            row = _row(line, cells)
            first = rows.setdefault(row.key, row)
            if first is row:
                continue
            message = f"{row.metric} for {row.code} and “{row.period}” stands on line {first.line} already."
            faults = [Fault(message, path, line, "Metric_ID", "Keep the row that is right.")]
        problems.extend(faults)
    if not rows:
        raise InputError(problems or [Fault("holds no row.", path, remedy=_EXPECTED)])
    quarter = _quarter(path, rows.values())
    return Release(quarter, tuple(rows.values()), tuple(problems), tuple(untaken))


def _quarter(path: Path, rows: Iterable[Row]) -> str:
    """Return the quarter for which the file was published: that of most rows that name a quarter of a year."""
    found = Counter(row.period for row in rows if _RELEASE.fullmatch(row.period))
    if not found:
        remedy = "At least one row needs a Reporting_date such as Q1 2025/26."
        raise InputError(Fault("does not tell its quarter.", path, remedy=remedy))
    return found.most_common(1)[0][0]


def _lines(path: Path, problems: list[Fault]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    names: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = [_plain(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            remedy = "Look for a quotation mark that is not closed or not doubled."
            problems.append(Fault(f"is not CSV: {error}.", path, line, None, remedy))
            continue
        if not any(cells):
            continue
        if not names:
            names = _heading(path, cells)
        elif len(cells) != len(names):
            message = f"has {len(cells)} columns; the heading has {len(names)}."
            problems.append(
                Fault(message, path, line, None, "Look for a missing or additional comma.")
            )
        else:
            yield line, dict(zip(names, cells, strict=True))


def _heading(path: Path, cells: list[str]) -> list[str]:
    known = {_folded(name): name for name in COLUMNS}
    names = [known.get(_folded(cell), cell) for cell in cells]
    if missing := [name for name in COLUMNS if name not in names]:
        message = f"has no column {', '.join(missing)}."
        raise InputError(Fault(message, path, 1, None, _EXPECTED))
    return names


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InputError(Fault(f"cannot be read: {reason}.", path, remedy=_EXPECTED)) from None
    if data.startswith(b"PK\x03\x04") or b"\x00" in data:
        raise InputError(Fault("is not a CSV file.", path, remedy=_EXPECTED))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            Fault("is not UTF-8 text.", path, line, None, "Save the file as UTF-8.")
        ) from None


def _faults(path: Path, line: int, cells: dict[str, str]) -> Iterator[Fault]:
    for field in _NEEDED:
        if not cells[field]:
            yield Fault("is empty.", path, line, field, "Give a value or leave the row out.")
    if cells["Trust_code"] and not _CODE.fullmatch(cells["Trust_code"]):
        message = f"“{cells['Trust_code'][:20]}” is not an ODS code."
        yield Fault(
            message, path, line, "Trust_code", "A code has three to six capitals or digits."
        )
    if cells["Metric_ID"] and not _METRIC.fullmatch(cells["Metric_ID"]):
        message = f"“{cells['Metric_ID'][:20]}” is not a metric code."
        yield Fault(message, path, line, "Metric_ID", "A code is like OF0003.")
    for field in _FIGURES:
        if cells[field] and _figure(cells[field]) is None:
            message = f"“{cells[field][:20]}” is not a number."
            yield Fault(message, path, line, field, "Give figures only, or leave the cell empty.")


def _row(line: int, cells: dict[str, str]) -> Row:
    value = _figure(cells["Value"])
    return Row(
        line=line,
        code=cells["Trust_code"],
        name=cells["Trust_name"],
        domain=cells["Domain"],
        sub_domain=cells["Sub-domain"],
        metric=cells["Metric_ID"],
        description=cells["Metric_description"],
        period=cells["Reporting_date"],
        unit=cells["Units"],
        value=value or "",
        median=_figure(cells["Median_value"]),
        lower=_figure(cells["Lower_quartile"]),
        upper=_figure(cells["Upper_quartile"]),
        rank=_figure(cells["Rank"]),
    )


def _figure(cell: str) -> str | None:
    """Return a number in plain figures, without needless zeros; None when the cell is not one."""
    try:
        number = Decimal(cell.replace(",", ""))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        return None
    return str(int(number)) if number == number.to_integral_value() else f"{number.normalize():f}"


def _plain(cell: str) -> str:
    return " ".join(cell.replace("\N{NO-BREAK SPACE}", " ").split())


def _folded(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
