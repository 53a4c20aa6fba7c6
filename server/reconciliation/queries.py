"""Answer a batch of reconciliation queries."""

from __future__ import annotations

from datetime import date
from typing import Any

from loader.dates import parse_date
from server.errors import BadParameter, excerpt
from server.reconciliation.matching import Asked, Candidate, candidates
from server.reconciliation.norms import NORMS, PROVISION, Found, cited
from server.reconciliation.register import register
from server.store.protocol import Store

Json = dict[str, Any]
MOST_QUERIES = 200
_MOST_RESULTS = 25
_NORM_TYPES = frozenset([*NORMS, PROVISION])
ASKABLE = {
    "asOf": ("As on the date", "The day as on which names and existence count, such as 2022-07-01"),
    "odsCode": ("ODS code", "The code in the row"),
    "postcode": ("Postcode", "The postcode in the row"),
}


def answer(store: Store, batch: Json, today: date) -> Json:
    """Return the results of each query of a batch, by the keys of the batch.

    Raises BadParameter when the batch has not the form of the specification, or is too large.
    """
    if len(batch) > MOST_QUERIES:
        raise BadParameter(f"A batch has at most {MOST_QUERIES} queries.", parameter="queries")
    return {
        str(key): {"result": _results(store, key, value, today)} for key, value in batch.items()
    }


def _results(store: Store, key: str, value: Any, today: date) -> list[Json]:
    if not isinstance(value, dict) or not ("query" in value or value.get("properties")):
        detail = f"Query “{excerpt(key)}” has neither query nor properties."
        raise BadParameter(detail, parameter="queries")
    types = _types(value.get("type"))
    asked = _asked(value, types)
    found: list[Json] = []
    if types and set(types) <= _NORM_TYPES:
        found = [_norm(each) for each in cited(store, asked.text, types, asked.limit)]
        _decide(found)
        return found
    found = [
        _organisation(each, asked.on or today) for each in candidates(register(store), asked, today)
    ]
    if not types and asked.text:
        found += [
            _norm(each) for each in cited(store, asked.text, (), asked.limit) if each.score >= 90
        ]
        found.sort(key=lambda each: -float(each["score"]))
    return found[: asked.limit]


def _asked(value: Json, types: tuple[str, ...]) -> Asked:
    given = _properties(value.get("properties") or [])
    limit = value.get("limit")
    most = int(limit) if isinstance(limit, (int, float)) and limit >= 1 else 5
    return Asked(
        text=str(value.get("query") or given.get("odsCode", ""))[:500],
        on=parse_date(given["asOf"], "asOf") if given.get("asOf") else None,
        types=tuple(each for each in types if each != "Organisation"),
        strict=value.get("type_strict") in ("all", "should", "any"),
        postcode=given.get("postcode", "")[:12],
        code=given.get("odsCode", "")[:20],
        limit=min(most, _MOST_RESULTS),
    )


def _properties(given: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given if isinstance(given, list) else ():
        if not isinstance(each, dict) or "pid" not in each or "v" not in each:
            raise BadParameter("Each property has pid and v.", parameter="queries")
        value = each["v"][0] if isinstance(each["v"], list) and each["v"] else each["v"]
        text = value.get("name") or value.get("id") if isinstance(value, dict) else value
        found[str(each["pid"])] = str(text or "")[:100].replace("T00:00:00Z", "")
    return found


def _types(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value] if value else []
    return tuple(str(each).rsplit("/", 1)[-1] for each in values)


def _organisation(each: Candidate, on: date) -> Json:
    types = [{"id": i, "name": label} for i, label in each.body.types(on).items()]
    return {
        "id": each.body.local,
        "name": each.name if each.features.get("through_succession") else each.body.name(on),
        "score": round(each.score, 1),
        "match": each.match,
        "type": types or [{"id": "Organisation", "name": "organisation"}],
        "features": [{"id": name, "value": value} for name, value in each.features.items()],
    }


def _norm(each: Found) -> Json:
    return {
        "id": each.local,
        "name": each.label,
        "score": round(each.score, 1),
        "match": False,
        "type": [{"id": each.type, "name": each.type}],
        "features": [{"id": name, "value": value} for name, value in each.features.items()],
    }


def _decide(found: list[Json]) -> None:
    """Mark the best as a match where it is sure and alone."""
    if (
        found
        and found[0]["score"] >= 90
        and (len(found) == 1 or found[0]["score"] - found[1]["score"] >= 4)
    ):
        found[0]["match"] = True
