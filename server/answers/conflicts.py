"""Conflicts: where two registers, or two releases of one, do not say the same of an organisation or a law.

A change over time is no conflict: claims contradict each other only for a day on which both hold. A release that shows
a fact without saying since when holds for the day of that release alone.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Any

from rdflib import URIRef

from loader.catalogue import query
from loader.terms import GRAPH, ID
from server.answers.claims import Claim, Conflict, merged, newest
from server.answers.conflicts_law import with_legislation
from server.answers.facts import Row, day, text
from server.answers.reference import Reference, reference
from server.store.protocol import Store

__all__ = ["KINDS", "Claim", "Conflict", "conflicts"]

Json = dict[str, Any]
KINDS = {
    "closed-and-open": "Closed in one, open in another",
    "name": "Different name",
    "type": "Different type",
    "parent": "Different board",
    "first-day": "Different first day in law",
    "operational-first-day": "Different first operational day",
    "last-day": "Different last day",
    "postcode": "Different postcode",
    "title": "Different title of an instrument",
    "in-force": "In force before it was law",
}
_OF_LAW = ("title", "in-force")


def conflicts(store: Store, kind: str = "", organisation: str = "") -> Json:
    """Return ``{conflicts: […], total, byKind: {…}, organisations}``, narrowed by kind and by code."""
    ref = reference(store)
    chosen = [
        each
        for each in _all(store)
        if (not kind or each.kind == kind)
        and (not organisation or each.one.code.upper() == organisation.upper())
    ]
    chosen.sort(key=lambda each: (each.kind in _OF_LAW, each.one.code, each.kind, each.sources))
    counts = Counter(each.kind for each in chosen)
    titles = _titles(store)
    return {
        "conflicts": [_told(each, ref, titles) for each in chosen],
        "total": len(chosen),
        "organisations": len({each.one.code for each in chosen if each.kind not in _OF_LAW}),
        "byKind": {name: counts[name] for name in KINDS if counts[name]},
        "kinds": KINDS,
    }


def _told(each: Conflict, ref: Reference, titles: dict[str, str]) -> Json:
    thing = {
        "id": each.one.organisation,
        "code": each.one.code,
        "label": ref.label(URIRef(each.one.organisation)),
    }
    return {
        "about": {**thing, "isOrganisation": each.kind not in _OF_LAW},
        **({} if each.kind in _OF_LAW else {"organisation": thing}),
        "kind": each.kind,
        "label": KINDS[each.kind],
        "on": each.on.isoformat() if each.on and each.on > date.min else None,
        "claims": [
            claim.told(ref, sources, titles) | _shown_open(each, claim)
            for claim, sources in zip((each.one, each.other), each.sources, strict=True)
        ],
    }


def _shown_open(each: Conflict, claim: Claim) -> Json:
    """Return the label of the side of a conflict that shows a closed organisation open."""
    is_open = each.kind == "closed-and-open" and claim.kind != "last-day"
    return {"label": f"open: {claim.value}"} if is_open else {}


_lock = threading.Lock()
_kept: dict[str, list[Conflict]] = {}


def _all(store: Store) -> list[Conflict]:
    """Return the conflicts of the store's data version; they are sought on first use."""
    version = store.version
    with _lock:
        if version not in _kept:
            claims = [_read(row) for row in store.select(query("conflict-facts", "views").text)]
            found = [
                *_between(claims),
                *_closed_and_open(claims),
                *_with_records(store),
                *with_legislation(store),
            ]
            _kept.clear()
            _kept[version] = merged(found)
        return _kept[version]


def _titles(store: Store) -> dict[str, str]:
    """Return the titles of the graphs that hold registers and imports, by their short names."""
    rows = store.select(query("graph-titles", "views").text)
    return {str(row["graph"]).removeprefix(GRAPH): str(row["title"]) for row in rows}


def _read(row: Row) -> Claim:
    start, seen, value = day(row, "from"), day(row, "seen"), str(row["value"])
    return Claim(
        str(row["organisation"]),
        str(row["code"]),
        str(row["kind"]),
        value,
        start or seen,
        day(row, "to"),
        str(row["source"]).removeprefix(GRAPH),
        start is None and seen is not None,
    )


def _between(claims: Iterable[Claim]) -> Iterator[Conflict]:
    """Yield the conflicts of claims of one kind on one organisation from different sources."""
    grouped: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        grouped[claim.organisation, claim.kind].append(claim)
    for (_, kind), group in grouped.items():
        told = newest(group) if kind == "postcode" else group
        older = [each for each in group if each not in told]
        for one, other in combinations(sorted(set(told), key=str), 2):
            if (
                one.source == other.source
                or one.agrees(other)
                or _replaced(one, other, told, older)
            ):
                continue
            if (on := one.day_shared(other)) is not None:
                yield Conflict(kind, one, other, on)


def _replaced(one: Claim, other: Claim, told: list[Claim], older: list[Claim]) -> bool:
    """Tell whether a series shows one value in an older release and the other in its newest: a change over time."""
    return any(
        (old.agrees(one) and new.agrees(other)) or (old.agrees(other) and new.agrees(one))
        for old in older
        for new in told
        if new.series == old.series
    )


def _closed_and_open(claims: Iterable[Claim]) -> Iterator[Conflict]:
    """Yield organisations that one source shows open after the last day that another gives."""
    ends: dict[str, list[Claim]] = defaultdict(list)
    shown: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind == "last-day":
            ends[claim.organisation].append(claim)
        elif claim.kind == "name" and claim.moment and claim.end is None:
            shown[claim.organisation].append(claim)
    for organisation, closed in ends.items():
        for one in closed:
            last = date.fromisoformat(one.value)
            for other in shown[organisation]:
                if other.source != one.source and other.first and other.first >= last:
                    yield Conflict("closed-and-open", one, other, other.first)


def _with_records(store: Store) -> Iterator[Conflict]:
    for row in store.select(query("conflict-records", "views").text):
        organisation, code, record = (str(row[name]) for name in ("organisation", "code", "record"))
        source = record.removeprefix(ID)
        about = (organisation, code)
        ended = day(row, "existsTo")
        if ended and ended <= date.today() and text(row, "status") == "Registered":
            one = _undated(*about, "last-day", ended.isoformat(), "organisations")
            yield Conflict(
                "closed-and-open", one, _undated(*about, "status", "Registered", source), None
            )
        ours, theirs = text(row, "postcode"), text(row, "recordPostcode")
        if ours and theirs:
            one = _undated(*about, "postcode", ours, "organisations")
            other = _undated(*about, "postcode", theirs, source)
            if not one.agrees(other):
                yield Conflict("postcode", one, other, None)


def _undated(organisation: str, code: str, kind: str, value: str, source: str) -> Claim:
    return Claim(organisation, code, kind, value, None, None, source, False)
