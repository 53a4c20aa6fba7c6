"""Suggestions while a person types: organisations, types, properties."""

from __future__ import annotations

from datetime import date
from typing import Any

from loader.textindex.forms import form
from server.reconciliation.body import Body
from server.reconciliation.matching import Asked, candidates
from server.reconciliation.queries import ASKABLE
from server.reconciliation.register import Register

Json = dict[str, Any]
_MOST, _MOST_BEGUN = 10, 50


def entities(register: Register, prefix: str, today: date, cursor: int = 0) -> Json:
    """Return organisations whose code or a name begins with the prefix, then those like it.

    ``cursor`` is how many were shown already; the answer names the next one where there are more.
    """
    code = prefix.strip().upper()
    begun = register.begun(prefix, _MOST_BEGUN)
    begun.sort(key=lambda body: (code not in body.codes, not body.exists(today), body.label))
    like = []
    if len(begun) < cursor + _MOST and form(prefix):
        like = [each.body for each in candidates(register, Asked(prefix, limit=_MOST), today)]
    found = list({body.id: body for body in [*begun, *like]}.values())
    return _page([_entity(body, today) for body in found], cursor)


def _entity(body: Body, today: date) -> Json:
    code = ", ".join(sorted(body.codes))
    ended = f"; ended {body.end.isoformat()}" if body.end and body.end <= today else ""
    notable = [{"id": i, "name": label} for i, label in sorted(body.types(today).items())]
    return {
        "id": body.local,
        "name": body.label,
        "description": f"{code}{ended}".strip("; "),
        "notable": notable,
    }


def types(register: Register, prefix: str, cursor: int = 0) -> Json:
    """Return the types whose name holds the words typed."""
    return _page(_named(register.types, prefix), cursor)


def properties(prefix: str, cursor: int = 0) -> Json:
    """Return the properties that narrow a query and whose name holds the words typed."""
    found = [
        {**each, "description": ASKABLE[each["id"]][1]}
        for each in _named({i: name for i, (name, _) in ASKABLE.items()}, prefix)
    ]
    return _page(found, cursor)


def properties_known() -> dict[str, str]:
    """Return what each property is that narrows a query."""
    return {identifier: what for identifier, (_, what) in ASKABLE.items()}


def _named(known: dict[str, str], prefix: str) -> list[Json]:
    words = prefix.lower().split()
    return [
        {"id": identifier, "name": name}
        for identifier, name in sorted(known.items(), key=lambda pair: pair[1])
        if all(word in name.lower() for word in words)
    ]


def _page(found: list[Json], cursor: int) -> Json:
    """Return one page of suggestions, and where the next begins if there is one."""
    more = {"cursor": cursor + _MOST} if len(found) > cursor + _MOST else {}
    return {"result": found[cursor : cursor + _MOST], **more}
