"""Properties of organisations by which a table can be extended, as on a date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from loader.dates import parse_date
from server.reconciliation.register import Body, Register

Json = dict[str, Any]
Values = list[Json]


def _text(value: str) -> Values:
    return [{"str": value}] if value else []


def _day(value: date | None) -> Values:
    return [{"date": f"{value.isoformat()}T00:00:00Z"}] if value else []


def _bodies(register: Register, found: list[tuple[str, date | None]]) -> Values:
    bodies = [register.bodies[identifier] for identifier, _ in found]
    return [{"id": body.local, "name": body.label} for body in bodies]


Maker = Callable[[Register, Body, date], Values]

PROPERTIES: dict[str, tuple[str, str, Maker]] = {
    "name": ("Name", "Its name as on the date", lambda r, b, d: _text(b.name(d))),
    "odsCode": ("ODS code", "Its code", lambda r, b, d: [{"str": c} for c in sorted(b.codes)]),
    "gssCode": ("ONS code", "Its nine-character code", lambda r, b, d: _text(b.fact("gssCode", d))),
    "type": ("Type", "Its classes as on the date", lambda r, b, d: [{"str": v} for v in sorted(b.types(d).values())]),
    "exists": ("Exists", "Whether it exists on the date", lambda r, b, d: _text("yes" if b.exists(d) else "no")),
    "existsFrom": ("Exists from", "Its first day", lambda r, b, d: _day(b.start)),
    "existsTo": ("Exists to", "The first day on which it no longer exists", lambda r, b, d: _day(b.end)),
    "postcode": ("Postcode", "Of its head office", lambda r, b, d: _text(b.fact("postcode", d))),
    "board": ("Care board", "In whose area it lies", lambda r, b, d: _text(b.fact("within-geography-of", d))),
    "region": ("Region", "Of NHS England", lambda r, b, d: _text(b.fact("in-region", d))),
    "successor": ("Successor", "What followed it", lambda r, b, d: _bodies(r, b.successors)),
    "predecessor": ("Predecessor", "What it followed", lambda r, b, d: _bodies(r, b.predecessors)),
}  # fmt: skip


def proposal(limit: int) -> Json:
    """Return the properties that can be asked for, in the form of a property proposal."""
    found = [
        {"id": i, "name": name, "description": what} for i, (name, what, _) in PROPERTIES.items()
    ]
    return {"type": "Organisation", "properties": found[:limit], "limit": limit}


def extend(register: Register, asked: Json, today: date) -> Json:
    """Return the values of the properties asked for, for each identifier.

    A property can be asked as on a date with its setting ``asOf``. Raises KeyError for a property that
    does not exist; unknown identifiers have no values.
    """
    wanted = [(str(p["id"]), _setting(p, today)) for p in asked["properties"]]
    unknown = [name for name, _ in wanted if name not in PROPERTIES]
    if unknown:
        raise KeyError(unknown[0])
    by_local = {body.local: body for body in register.bodies.values()}
    rows: Json = {}
    for identifier in asked["ids"]:
        body = by_local.get(str(identifier))
        rows[str(identifier)] = {
            name: PROPERTIES[name][2](register, body, on) if body else [] for name, on in wanted
        }
    meta = [_described(name) for name, _ in wanted]
    return {"meta": meta, "rows": rows}


def _described(name: str) -> Json:
    organisations = {"type": {"id": "Organisation", "name": "organisation"}}
    other = organisations if name in ("successor", "predecessor") else {}
    return {"id": name, "name": PROPERTIES[name][0], **other}


def _setting(asked: Json, today: date) -> date:
    text = str((asked.get("settings") or {}).get("asOf") or "").strip()
    if not text:
        return today
    return parse_date(text, "asOf")
