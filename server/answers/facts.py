"""Dated facts as rows of queries give them, and as answers tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from rdflib import Literal
from rdflib.term import Node

from loader.dates import in_words

Row: TypeAlias = Mapping[str, Node]


def text(row: Row, name: str) -> str | None:
    """Return a column of a row as text, or None where it is unbound."""
    value = row.get(name)
    return None if value is None else str(value)


def day(row: Row, name: str) -> date | None:
    """Return a column of a row as a date, or None where it is unbound."""
    value = row.get(name)
    return date.fromisoformat(str(value)) if isinstance(value, Literal) else None


def since(first: date | None, seen: date | None, end: date | None) -> str:
    """Return an interval in words; ``end`` is the first day on which the fact no longer holds."""
    if first:
        start = f"from {in_words(first)}"
    elif seen:
        start = f"shown from {in_words(seen)} (when it began is not known)"
    else:
        start = "from a day that is not known"
    return f"{start} until {in_words(end)}" if end else start
