"""Dates as people write them."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date

from loader.errors import DateError, Fault

_MONTHS = {month.lower(): number for number, month in enumerate(month_name) if month}
_EXPECTED = "Write it as YYYY-MM-DD, for example 2022-07-01, or as 1 July 2022."


def parse_date(text: str, field: str = "date") -> date:
    """Return the date that ``text`` names, in ISO form or as ``1 July 2022``.

    Raises DateError when the date does not exist, or when day and month cannot be told apart (01/07/2022).
    """
    text = text.strip()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = (int(part) for part in match.groups())
    elif match := re.fullmatch(r"(\d{1,2})\s+([A-Za-z]+)\.?\s+(\d{4})", text):
        day, year = int(match[1]), int(match[3])
        month = _month(match[2], text, field)
    elif re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text):
        raise _error(f"“{text}” is ambiguous: day and month cannot be told apart.", field)
    else:
        raise _error(f"“{text[:40]}” is not a date.", field)
    try:
        return date(year, month, day)
    except ValueError:
        raise _error(f"“{text}” is not a day of the calendar.", field) from None


def _month(word: str, text: str, field: str) -> int:
    matches = [n for name, n in _MONTHS.items() if len(word) >= 3 and name.startswith(word.lower())]
    if len(matches) != 1:
        raise _error(f"“{text[:40]}” names no month.", field)
    return matches[0]


def _error(message: str, field: str) -> DateError:
    return DateError(Fault(message, field=field, remedy=_EXPECTED))


def in_words(day: date) -> str:
    """Return the date in NHS style, for example ``1 July 2022``."""
    return f"{day.day} {day:%B %Y}"
