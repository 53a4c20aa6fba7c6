"""Suggestions while a person types: organisations, types, properties."""

from __future__ import annotations

from datetime import date
from typing import Any

from loader.terms import slug
from server.reconciliation.matching import Asked, candidates
from server.reconciliation.queries import ASKABLE, DEFAULT_TYPES
from server.reconciliation.register import Body, Register
from server.reconciliation.spelling import form

Json = dict[str, Any]
_MOST = 10


def entities(register: Register, prefix: str, today: date) -> Json:
    """Return organisations whose code or a name begins with the prefix, then those like it."""
    wanted, code = form(prefix), prefix.strip().upper()
    begun = [
        body
        for body in register.bodies.values()
        if wanted
        and (
            any(c.startswith(code) for c in body.codes)
            or any(n.form.startswith(wanted) for n in body.names)
        )
    ]
    begun.sort(key=lambda body: (code not in body.codes, not body.exists(today), body.label))
    like = (
        [each.body for each in candidates(register, Asked(prefix, limit=_MOST), today)]
        if wanted
        else []
    )
    found = list({body.id: body for body in [*begun[:_MOST], *like]}.values())[:_MOST]
    return {"result": [_entity(body, today) for body in found]}


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


def types(register: Register, prefix: str) -> Json:
    """Return the types whose name holds the words typed."""
    classes = {
        slug(c): label for body in register.bodies.values() for c, label, _, _ in body.classes
    }
    known = {str(each["id"]): str(each["name"]) for each in DEFAULT_TYPES} | classes
    words = prefix.lower().split()
    found = [{"id": i, "name": n} for i, n in sorted(known.items(), key=lambda pair: pair[1])]
    return {
        "result": [each for each in found if all(w in each["name"].lower() for w in words)][:_MOST]
    }


def properties(prefix: str) -> Json:
    """Return the properties that narrow a query and whose name holds the words typed."""
    words = prefix.lower().split()
    found = [{"id": i, "name": name, "description": what} for i, (name, what) in ASKABLE.items()]
    return {"result": [each for each in found if all(w in each["name"].lower() for w in words)]}
