"""Duties of an organisation on a date: what it owes, what is owed to it, and its rights and prohibitions."""

from __future__ import annotations

from datetime import date

from loader.dates import parse_date
from server.answers import questions
from server.answers.organisation import load
from server.answers.reference import Json
from server.store.protocol import Store

_BY, _TO = "owed by it", "owed to it"


def duties(store: Store, code: str, as_of: date | str) -> Json:
    """Return the duties owed by and to an organisation (ODS code or slug) on a date.

    ``{organisation, asOf, owedBy, owedTo, rights, prohibitions}``; each entry has ``id, slug, label, action, because,
    party, inForce, bindingness, basis, sources``. Raises NotFound, with near codes, for an unknown organisation and
    DateError for an impossible date.
    """
    organisation = load(store, code)
    day = as_of if isinstance(as_of, date) else parse_date(as_of, "asOf")
    answer = questions.answer(
        store, "duties-of-organisation", {"organisation": organisation.id, "asOf": day.isoformat()}
    )
    rows = answer["rows"]
    return {
        "organisation": organisation.summary(day),
        "asOf": day.isoformat(),
        "dataVersion": store.version,
        "owedBy": _those(rows, "duty", _BY),
        "owedTo": _those(rows, "duty", _TO),
        "rights": _those(rows, "right", _BY),
        "prohibitions": _those(rows, "prohibition", _BY) + _those(rows, "prohibition", _TO),
        "explanation": answer["explanation"],
        "notes": answer["notes"],
        "sources": answer["sources"],
    }


def _those(rows: list[Json], kind: str, side: str) -> list[Json]:
    return [
        _entry(row) for row in rows if row["kind"]["value"] == kind and row["side"]["value"] == side
    ]


def _entry(row: Json) -> Json:
    return {
        **row["norm"],
        "action": _label(row["action"]),
        "because": _label(row["by"]),
        "party": _label(row["party"]),
        "inForce": _label(row["inForce"]),
        "bindingness": _label(row["bindingness"]),
        "basis": _cells(row["basis"]),
        "sources": row["sources"],
    }


def _label(cell: Json | None) -> str | None:
    return str(cell["label"]) if cell else None


def _cells(cell: Json | None) -> list[Json]:
    if cell is None:
        return []
    found: list[Json] = cell.get("values", [cell])
    return found
