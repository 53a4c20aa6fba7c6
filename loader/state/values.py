"""Turn what stands in a cell into a term, without judging it: what cannot be read stays text, and a rule finds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from loader.dates import parse_date
from loader.errors import DateError
from loader.state.sheets import Column, Term
from loader.terms import ID

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TRUE, _FALSE = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST = 5_000


def terms(column: Column, cell: object) -> Iterator[Term]:
    """Yield the terms that a cell states: several where the column allows it, none where the cell is empty."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return
    if column.several:
        for part in str(cell).split(";"):
            if part.strip():
                yield _thing(column, part.strip())
        return
    yield _term(column, cell)


def _term(column: Column, cell: object) -> Term:
    readers = {
        "date": _date,
        "decimal": _number,
        "integer": _number,
        "boolean": _truth,
        "text": _text,
    }
    if column.kind == "thing":
        return _thing(column, _plain(cell))
    return readers[column.kind](cell)


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return _CONTROL.sub(" ", str(cell)).strip()[:LONGEST]


def _text(cell: object) -> Term:
    return ox.Literal(_plain(cell))


def _date(cell: object) -> Term:
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == datetime.min.time() else cell
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return _typed(cell.isoformat(), "date")
    try:
        return _typed(parse_date(_plain(cell)).isoformat(), "date")
    except DateError:
        return _text(cell)


def _number(cell: object) -> Term:
    text = _plain(cell).replace(",", "").removeprefix("£").strip()
    if isinstance(cell, bool) or not re.fullmatch(r"-?\d{1,20}(\.\d{1,10})?", text):
        return _text(cell)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _text(cell)
    whole = number == number.to_integral_value()
    return _typed(str(int(number)) if whole else str(number), "integer" if whole else "decimal")


def _truth(cell: object) -> Term:
    text = _plain(cell).lower()
    if text in _TRUE | _FALSE:
        return _typed("true" if text in _TRUE else "false", "boolean")
    return _text(cell)


def _thing(column: Column, text: str) -> Term:
    if column.choices:
        wanted = text.casefold()
        for label, iri in column.choices.items():
            if wanted in (label.casefold(), iri.rsplit("/", 1)[-1].casefold()):
                return ox.NamedNode(iri)
        return ox.Literal(text)
    if not _SAFE.fullmatch(text):
        return ox.Literal(text)
    code = text.upper() if len(text) <= 6 else text
    return ox.NamedNode(f"{ID}{column.below}{code}")


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(_XSD + datatype))


def cell_text(column: Column, term: Term) -> str | int | Decimal | date:
    """Return how a term stands in a cell; the inverse of `terms` for one value."""
    if isinstance(term, ox.NamedNode):
        for label, iri in column.choices.items():
            if iri == term.value:
                return label
        return term.value.rsplit("/", 1)[-1]
    assert isinstance(term, ox.Literal)  # noqa: S101 - records hold no other terms
    kind = term.datatype.value.removeprefix(_XSD)
    if kind == "date":
        return date.fromisoformat(term.value)
    if kind == "boolean":
        return "yes" if term.value == "true" else "no"
    if kind in ("integer", "decimal"):
        number = Decimal(term.value)
        return int(number) if number == number.to_integral_value() else number
    return term.value
