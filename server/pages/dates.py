"""Dates as people type them: three boxes, ISO text, or `1 July 2022`; never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from loader.dates import parse_date
from loader.errors import DateError

EARLIEST, LATEST = 1900, 2100
LONGEST = 40


class BoxError(ValueError):
    """A date in three boxes that cannot be used; `field` is the box to mend."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class DateQuestion:
    """What a request asked for: the date, or the boxes as typed and what is wrong with them."""

    value: date | None
    day: str = ""
    month: str = ""
    year: str = ""
    problem: str | None = None
    field: str = "day"
    boxes: bool = False

    @property
    def iso(self) -> str:
        """The date as ISO text; empty when there is a problem."""
        return self.value.isoformat() if self.value else ""


def parse(text: str) -> date:
    """Reads `2022-07-01` or `1 July 2022`; raises DateError for anything else."""
    return parse_date(" ".join(text.split())[:LONGEST])


def build(day: str, month: str, year: str) -> date:
    """A date from three texts (the month as number or name); raises BoxError."""
    missing = [n for n, v in (("day", day), ("month", month), ("year", year)) if not v]
    if missing:
        raise BoxError(f"Date must include a {' and a '.join(missing)}", missing[0])
    if not re.fullmatch(r"[0-9]{4}", year):
        raise BoxError("Year must be 4 numbers, for example 2022", "year")
    if not EARLIEST <= int(year) <= LATEST:
        raise BoxError(f"Year must be between {EARLIEST} and {LATEST}", "year")
    if not re.fullmatch(r"[0-9]{1,2}", day):
        raise BoxError("Day must be a number, for example 1", "day")
    if re.fullmatch(r"[0-9]{1,2}", month):
        if not 1 <= int(month) <= 12:
            raise BoxError("Month must be from 1 to 12, or a name such as July", "month")
        text = f"{year}-{month}-{day}"
    else:
        text = f"{day} {month} {year}"
    try:
        return parse_date(text)
    except DateError:
        real = "Date must be a real date, for example 1 July 2022"
        raise BoxError(real, "day" if month.isdigit() else "month") from None


def read(args: Mapping[str, str], default: date) -> DateQuestion:
    """The date asked for by `day`, `month`, `year`, or by `asOf`, or the default."""
    day, month, year = (args.get(name, "").strip()[:20] for name in ("day", "month", "year"))
    if day or month or year:
        return attempt(day, month, year)
    text = args.get("asOf", "").strip()
    if not text:
        return found(default)
    try:
        return found(parse(text))
    except DateError as error:
        fault = error.faults[0]
        return DateQuestion(None, problem=f"{fault.message} {fault.remedy}".strip())


def attempt(day: str, month: str, year: str) -> DateQuestion:
    """A question from the three boxes, keeping what was typed when it is wrong."""
    value, problem, field = None, None, "day"
    try:
        value = build(day, month, year)
    except BoxError as error:
        problem, field = str(error), error.field
    return DateQuestion(value, day, month, year, problem, field, boxes=True)


def found(value: date) -> DateQuestion:
    """A question that is answered, with the boxes filled in."""
    return DateQuestion(value, str(value.day), str(value.month), str(value.year))
