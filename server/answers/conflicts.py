"""Conflicts: where two registers, or two releases of one, do not say the same of an organisation or a law.

A change over time is no conflict: claims contradict each other only for a day on which both hold. A release that shows
a fact without saying since when holds for the day of that release alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain, combinations
from typing import Any

from rdflib import URIRef

from loader.catalogue import query, terms_of
from loader.terms import DEF, GRAPH, ID
from server.answers.claims import Claim, Conflict, merged, newest
from server.answers.conflicts_kept import kept
from server.answers.conflicts_law import with_legislation
from server.answers.facts import Row, day, text
from server.answers.index_file import said_anew
from server.answers.index_meanwhile import index_meanwhile
from server.answers.reference import Reference, reference
from server.answers.versioned import Versioned
from server.store.embedded import EmbeddedStore
from server.store.protocol import Store

__all__ = ["KINDS", "Claim", "Conflict", "conflicts", "every_conflict"]

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
PAGE = 200
_OF_LAW = ("title", "in-force")
_PATIENCE = 120.0
_QUERIES = ("conflict-values", "conflict-facts", "conflict-records", "conflict-legislation")
# By kind, the properties that state it: one that holds a value, or one that leads to a dated fact and one of that.
_FACTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "name": (("hasName", "nameText"),),
    "last-day": (("existsTo",), ("operationalTo",)),
    "type": (("membership", "organisationClass"),),
    "parent": (("hasRelation", "target"),),
    "first-day": (("existsFrom",),),
    "operational-first-day": (("operationalFrom",),),
    "postcode": (("postcode",),),
}


def conflicts(
    store: Store, kind: str = "", organisation: str = "", page: int = 1, size: int = PAGE
) -> Json:
    """Return one page of the conflicts, narrowed by kind and by code.

    Returns ``{conflicts: […], total, page, pages, byKind: {…}, organisations, kinds}``.
    """
    chosen = _chosen(store, kind, organisation)
    counts = Counter(each.kind for each in chosen)
    pages = max(1, -(-len(chosen) // size))
    page = min(max(page, 1), pages)
    return {
        "conflicts": list(_all_told(store, chosen[(page - 1) * size : page * size])),
        "total": len(chosen),
        "page": page,
        "pages": pages,
        "organisations": len({each.one.code for each in chosen if each.kind not in _OF_LAW}),
        "byKind": {name: counts[name] for name in KINDS if counts[name]},
        "kinds": KINDS,
    }


def every_conflict(store: Store, kind: str = "", organisation: str = "") -> Iterator[Json]:
    """Yield every conflict, narrowed by kind and by code, in the order of the pages."""
    chosen = _chosen(store, kind, organisation)
    for start in range(0, len(chosen), PAGE):
        yield from _all_told(store, chosen[start : start + PAGE])


def _chosen(store: Store, kind: str, organisation: str) -> list[Conflict]:
    code = organisation.upper()
    return [
        each
        for each in _all(store)
        if (not kind or each.kind == kind) and (not code or each.one.code.upper() == code)
    ]


def _all_told(store: Store, chosen: Sequence[Conflict]) -> Iterator[Json]:
    """Yield conflicts as JSON. The names of organisations come from the index: registers hold few of them."""
    ref, titles = reference(store), _titles(store)
    known, _ = index_meanwhile(store)
    names = known.labels(each.one.organisation for each in chosen)
    for each in chosen:
        thing = each.one.organisation
        yield _told(each, ref, titles, names.get(thing) or ref.label(URIRef(thing)))


def _told(each: Conflict, ref: Reference, titles: dict[str, str], label: str) -> Json:
    thing = {"id": each.one.organisation, "code": each.one.code, "label": label}
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


@dataclass(frozen=True)
class _Found:
    """The conflicts of a data version, in order."""

    version: str
    conflicts: list[Conflict]


_kept = Versioned[_Found]()


def _all(store: Store) -> list[Conflict]:
    """Return the conflicts of the store's data version, in order; they are sought on first use."""
    return _kept.get(store, lambda: _found(store)).conflicts


def _found(store: Store) -> _Found:
    """Return the conflicts of a version; those of its build serve unless something was written that is compared."""
    if not isinstance(store, EmbeddedStore):
        return _Found(store.version, _sought(store))
    build, version = store.build, store.version
    if build.written and build.base and not said_anew(build, _compared()):
        version = build.base
    same = (known for known in _kept.values() if known.version == version)
    home = build.path.resolve().parent.parent
    return next(same, None) or _Found(version, kept(home, version, lambda: _sought(store)))


@cache
def _compared() -> frozenset[str]:
    """The terms by which registers are compared."""
    read = terms_of(query(name, "views") for name in _QUERIES)
    return read | {DEF + name for facts in _FACTS.values() for terms in facts for name in terms}


def _sought(store: Store) -> list[Conflict]:
    """Return all conflicts; facts are read a kind at a time, since a national register has many."""
    found: list[Conflict] = []
    names, ends = list(_claims(store, "name")), list(_claims(store, "last-day"))
    found.extend(_closed_and_open(names, ends))
    found.extend(chain(_between(names), _between(ends)))
    del names, ends
    for kind in _FACTS:
        if kind not in ("name", "last-day"):
            found.extend(_between(_claims(store, kind)))
    found.extend(chain(_with_records(store), with_legislation(store)))
    return sorted(
        merged(found),
        key=lambda each: (each.kind in _OF_LAW, each.one.code, each.kind, each.sources),
    )


def _claims(store: Store, kind: str) -> Iterator[Claim]:
    """Yield what each register says of one kind, of every organisation."""
    for terms in _FACTS[kind]:
        values, dated = query("conflict-values", "views"), query("conflict-facts", "views")
        bound = (
            dated.bind(link=DEF + terms[0], property=DEF + terms[1])
            if len(terms) == 2
            else values.bind(property=DEF + terms[0])
        )
        for row in store.select(bound, timeout=_PATIENCE):
            yield _read(row, kind)


def _titles(store: Store) -> dict[str, str]:
    """Return the titles of the graphs that hold registers and imports, by their short names."""
    rows = store.select(query("graph-titles", "views").text)
    return {str(row["graph"]).removeprefix(GRAPH): str(row["title"]) for row in rows}


def _read(row: Row, kind: str) -> Claim:
    start, seen, value = day(row, "from"), day(row, "seen"), str(row["value"])
    return Claim(
        str(row["organisation"]),
        str(row["code"]),
        kind,
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


def _closed_and_open(names: Iterable[Claim], last_days: Iterable[Claim]) -> Iterator[Conflict]:
    """Yield organisations that one source shows open after the last day that another gives."""
    ends: dict[str, list[Claim]] = defaultdict(list)
    shown: dict[str, list[Claim]] = defaultdict(list)
    for claim in last_days:
        ends[claim.organisation].append(claim)
    for claim in names:
        if claim.moment and claim.end is None:
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
