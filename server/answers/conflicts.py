"""Conflicts: where two registers, or two releases of one, do not say the same of an organisation.

A change over time is no conflict: claims contradict each other only for a day on which both hold. A release that shows
a fact without saying since when holds for the day of that release alone.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from rdflib import URIRef

from loader.catalogue import query
from loader.sources.names import same
from loader.terms import GRAPH, ID, slug
from server.answers.facts import Row, day, text
from server.answers.reference import Reference, reference
from server.store.protocol import Store

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
}


@dataclass(frozen=True)
class Claim:
    """What one source says of an organisation: of which kind, and from when to when."""

    organisation: str
    code: str
    kind: str
    value: str
    first: date | None
    end: date | None
    source: str
    moment: bool

    def day_shared(self, other: Claim) -> date | None:
        """Return a day on which both claims hold, or None."""
        start = max(self.first or date.min, other.first or date.min)
        return start if start < min(self.until, other.until) else None

    @property
    def until(self) -> date:
        """The first day on which the claim no longer holds; what is only shown holds for that day."""
        if self.moment and self.first:
            return self.first + timedelta(days=1)
        return self.end or date.max


@dataclass(frozen=True)
class Conflict:
    """Two claims that cannot both be right, and a day on which both are made."""

    kind: str
    one: Claim
    other: Claim
    on: date | None

    def told(self, ref: Reference) -> Json:
        """Return it as JSON."""
        return {
            "organisation": {"id": self.one.organisation, "code": self.one.code},
            "kind": self.kind,
            "label": KINDS[self.kind],
            "on": self.on.isoformat() if self.on and self.on > date.min else None,
            "claims": [_claim(claim, ref) for claim in (self.one, self.other)],
        }


def conflicts(store: Store, kind: str = "", organisation: str = "") -> Json:
    """Return ``{conflicts: […], total, byKind: {…}}``, narrowed by kind and by code of an organisation."""
    ref = reference(store)
    found = _all(store)
    chosen = [
        each
        for each in found
        if (not kind or each.kind == kind)
        and (not organisation or each.one.code.upper() == organisation.upper())
    ]
    chosen.sort(key=lambda each: (each.one.code, each.kind, each.one.source, each.other.source))
    counts = Counter(each.kind for each in chosen)
    return {
        "conflicts": [each.told(ref) for each in chosen],
        "total": len(chosen),
        "byKind": {name: counts[name] for name in KINDS if counts[name]},
        "kinds": KINDS,
    }


_lock = threading.Lock()
_kept: dict[str, list[Conflict]] = {}


def _all(store: Store) -> list[Conflict]:
    """Return the conflicts of the store's data version; they are sought on first use."""
    version = store.version
    with _lock:
        if version not in _kept:
            claims = [_read(row) for row in store.select(query("conflict-facts", "views").text)]
            _kept.clear()
            _kept[version] = [*_between(claims), *_closed_and_open(claims), *_with_records(store)]
        return _kept[version]


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
        for one, other in combinations(sorted(set(group), key=str), 2):
            if one.source == other.source or _agree(kind, one, other, group):
                continue
            if (on := one.day_shared(other)) is not None:
                yield Conflict(kind, one, other, on)


def _agree(kind: str, one: Claim, other: Claim, group: list[Claim]) -> bool:
    if kind == "name":
        return same(one.value, other.value)
    if kind == "postcode":
        return one.value.replace(" ", "") == other.value.replace(" ", "")
    if kind == "type":
        return one.value == other.value or _compatible(one.value, other.value)
    return one.value == other.value


_EITHER = frozenset(["NHSProviderTrust", "RegisteredOrganisation"])
_KINDS_OF_BODY = frozenset(
    [
        "NHSTrust",
        "FoundationTrust",
        "IntegratedCareBoard",
        "ClinicalCommissioningGroup",
        "SubICBLocation",
    ]
)


def _compatible(one: str, other: str) -> bool:
    """Tell whether an organisation can belong to both classes; only kinds of body exclude one another."""
    names = {slug(one), slug(other)}
    return bool(names & _EITHER) or not names <= _KINDS_OF_BODY


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
        ended = day(row, "existsTo")
        if ended and ended <= date.today() and text(row, "status") == "Registered":
            one = Claim(
                organisation,
                code,
                "last-day",
                ended.isoformat(),
                None,
                None,
                "organisations",
                False,
            )
            other = Claim(organisation, code, "status", "Registered", None, None, source, False)
            yield Conflict("closed-and-open", one, other, None)
        ours, theirs = text(row, "postcode"), text(row, "recordPostcode")
        if ours and theirs and ours.replace(" ", "").upper() != theirs.replace(" ", "").upper():
            one = Claim(organisation, code, "postcode", ours, None, None, "organisations", False)
            other = Claim(organisation, code, "postcode", theirs, None, None, source, False)
            yield Conflict("postcode", one, other, None)


def _claim(claim: Claim, ref: Reference) -> Json:
    is_thing = claim.value.startswith("http")
    return {
        "source": claim.source,
        "value": claim.value,
        "label": ref.label(URIRef(claim.value)) if is_thing else claim.value,
        "from": claim.first.isoformat() if claim.first else None,
        "to": claim.end.isoformat() if claim.end else None,
        "shownOnly": claim.moment,
    }
