"""Properties of organisations by which a table can be extended, as on a date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from loader.catalogue import query
from loader.dates import parse_date
from loader.terms import slug
from server.answers.facts import day
from server.reconciliation.body import Body, within
from server.reconciliation.register import Register, register
from server.store.protocol import Store

Json = dict[str, Any]
Values = list[Json]


def _text(value: str) -> Values:
    return [{"str": value}] if value else []


def _day(value: date | None) -> Values:
    return [{"date": f"{value.isoformat()}T00:00:00Z"}] if value else []


@dataclass(frozen=True)
class _Of:
    """One organisation as on a day, with what its values are worked out from."""

    register: Register
    body: Body
    on: date
    areas: Areas

    def bodies(self, found: list[tuple[str, date | None]]) -> Values:
        """Return the organisations of some identifiers."""
        bodies = [self.register.body(identifier) for identifier, _ in found]
        return [{"id": body.local, "name": body.label} for body in bodies if body]

    def area(self, kind: str) -> Values:
        """Return the board or region in whose area it lies on the day."""
        found = [
            name
            for k, name, first, end in self.areas.get(self.body.id, ())
            if k == kind and within(self.on, first, end)
        ]
        return _text(found[-1] if found else "")


Areas = dict[str, list[tuple[str, str, date | None, date | None]]]
Maker = Callable[[_Of], Values]

PROPERTIES: dict[str, tuple[str, str, Maker]] = {
    "name": ("Name", "Its name as on the date", lambda o: _text(o.body.name(o.on))),
    "odsCode": ("ODS code", "Its code", lambda o: [{"str": c} for c in sorted(o.body.codes)]),
    "gssCode": ("ONS code", "Its nine-character code", lambda o: _text(o.body.fact("gssCode"))),
    "type": ("Type", "Its classes as on the date", lambda o: [{"str": v} for v in sorted(o.body.types(o.on).values())]),
    "exists": ("Exists", "Whether it exists on the date", lambda o: _text("yes" if o.body.exists(o.on) else "no")),
    "existsFrom": ("Exists from", "Its first day", lambda o: _day(o.body.start)),
    "existsTo": ("Exists to", "The first day on which it no longer exists", lambda o: _day(o.body.end)),
    "postcode": ("Postcode", "Of its head office", lambda o: _text(o.body.fact("postcode"))),
    "board": ("Care board", "In whose area it lies", lambda o: o.area("within-geography-of")),
    "region": ("Region", "Of NHS England", lambda o: o.area("in-region")),
    "successor": ("Successor", "What followed it", lambda o: o.bodies(o.body.successors)),
    "predecessor": ("Predecessor", "What it followed", lambda o: o.bodies(o.body.predecessors)),
}  # fmt: skip
_AREAS = frozenset({"board", "region"})


def proposal(limit: int) -> Json:
    """Return the properties that can be asked for, in the form of a property proposal."""
    found = [
        {"id": i, "name": name, "description": what} for i, (name, what, _) in PROPERTIES.items()
    ]
    return {"type": "Organisation", "properties": found[:limit], "limit": limit}


def extend(store: Store, asked: Json, today: date) -> Json:
    """Return the values of the properties asked for, for each identifier.

    A property can be asked as on a date with its setting ``asOf``. Raises KeyError for a property that
    does not exist; unknown identifiers have no values.
    """
    wanted = [(str(p["id"]), _setting(p, today)) for p in asked["properties"]]
    unknown = [name for name, _ in wanted if name not in PROPERTIES]
    if unknown:
        raise KeyError(unknown[0])
    known = register(store)
    bodies = {str(identifier): known.body(str(identifier)) for identifier in asked["ids"]}
    found = [body.id for body in bodies.values() if body]
    areas = _areas(store, found) if _AREAS & {name for name, _ in wanted} else {}
    rows = {
        identifier: {
            name: PROPERTIES[name][2](_Of(known, body, on, areas)) if body else []
            for name, on in wanted
        }
        for identifier, body in bodies.items()
    }
    return {"meta": [_described(name) for name, _ in wanted], "rows": rows}


def _areas(store: Store, identifiers: list[str]) -> Areas:
    """Return the areas in which organisations lie: kind, name, first and last day."""
    found: Areas = {}
    for row in store.select(query("areas-of-organisations", "views").among(identifiers)):
        area = (
            slug(str(row["kind"])),
            str(row["area"]),
            day(row, "from") or day(row, "seen"),
            day(row, "to"),
        )
        found.setdefault(str(row["organisation"]), []).append(area)
    return found


def _described(name: str) -> Json:
    organisations = {"type": {"id": "Organisation", "name": "organisation"}}
    other = organisations if name in ("successor", "predecessor") else {}
    return {"id": name, "name": PROPERTIES[name][0], **other}


def _setting(asked: Json, today: date) -> date:
    text = str((asked.get("settings") or {}).get("asOf") or "").strip()
    if not text:
        return today
    return parse_date(text, "asOf")
