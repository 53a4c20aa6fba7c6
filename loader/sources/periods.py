"""Periods as publishers of statistics write them, such as ``Q1 2025/26``, ``Jun-25``, ``Jul 24 - Jun 25`` or ``2024``.

A form is read as days only where it leaves no doubt. ``Q1 2025`` and ``Month 3 2025`` do not say whether the year is
that of the calendar or of the finances; comparisons and “latest” are not one period.
"""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_QUARTER = re.compile(r"Q([1-4]) (\d{4})[/-](\d{2})")
_FINANCIAL = re.compile(r"(\d{4})/(\d{2})")
_MONTH = re.compile(r"([A-Za-z]{3})[- ](\d{2})")
_MONTHS_RANGE = re.compile(r"([A-Za-z]{3}) (\d{2}) ?[-–] ?([A-Za-z]{3}) (\d{2})")
_YEAR = re.compile(r"\d{4}")


def days(text: str) -> tuple[date, date] | None:
    """Return the first day of a period and the day after its last; None where the text leaves doubt."""
    if match := _QUARTER.fullmatch(text):
        year = _financial(match[2], match[3])
        return None if year is None else _months(year, 3 * int(match[1]) + 1, 3)
    if match := _FINANCIAL.fullmatch(text):
        year = _financial(match[1], match[2])
        return None if year is None else _months(year, 4, 12)
    if match := _MONTHS_RANGE.fullmatch(text):
        first, last = _month(match[1], match[2]), _month(match[3], match[4])
        return (first[0], last[1]) if first and last and first[0] < last[1] else None
    if match := _MONTH.fullmatch(text):
        return _month(match[1], match[2])
    if _YEAR.fullmatch(text) and 1948 <= int(text) < 2100:
        return _months(int(text), 1, 12)
    return None


def _financial(year: str, end: str) -> int | None:
    return int(year) if (int(year) + 1) % 100 == int(end) else None


def _month(name: str, year: str) -> tuple[date, date] | None:
    if name.lower() not in _MONTHS:
        return None
    return _months(2000 + int(year), _MONTHS.index(name.lower()) + 1, 1)


def _months(year: int, month: int, number: int) -> tuple[date, date]:
    return _first(year, month), _first(year, month + number)


def _first(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
