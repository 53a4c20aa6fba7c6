"""A provider or location as the Care Quality Commission registers it, and its ratings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from loader.sources.records import ISO_DAY, Faulty, Period, day

Kind = Literal["provider", "location"]
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,40}")
_WRITTEN = ("%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%d-%m-%Y")


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating: of which question and service, its value in the regulator's words, and its day."""

    question: str
    value: str
    published: date | None = None
    service: str = ""


@dataclass(frozen=True, slots=True)
class CqcRecord:
    """A provider or location; what the file does not give is empty."""

    kind: Kind
    code: str
    name: str
    place: int
    ods_code: str = ""
    type: str = ""
    status: str = ""
    registered: Period = field(default_factory=Period)
    address: str = ""
    postcode: str = ""
    provider: str = ""
    ratings: tuple[Rating, ...] = ()


def identifier(text: object, field: str) -> str:
    """Return an identifier of the Commission, such as 1-134558905 or RA7; raises Faulty."""
    found = str(text or "").strip().upper()
    if not _CODE.fullmatch(found):
        raise Faulty(f"“{found[:20]}” is not an identifier of the Commission.", field)
    return found


def written_day(text: object, field: str) -> date | None:
    """Return the day that a British or ISO date names, or None for nothing; raises Faulty."""
    found = str(text or "").strip()
    if not found or ISO_DAY.match(found):
        return day(found, field)
    for pattern in _WRITTEN:
        try:
            return datetime.strptime(found, pattern).date()
        except ValueError:
            continue
    return day(found, field)
