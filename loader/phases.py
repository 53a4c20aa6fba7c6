"""The phases of organisations: what each one is between two dates on which its classes change.

An organisation can be an NHS trust one year and a foundation trust the next. OWL has no dates, so that the two classes,
which are disjoint, would contradict each other on one individual. A phase is the organisation during one interval
without change; within it the classes hold at once, and a reasoner can be asked whether that can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from loader.terms import DEF

OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
STATUS = ox.NamedNode(f"{DEF}hasLicenceStatus")


@dataclass(frozen=True)
class Phase:
    """An organisation from ``start`` until ``end`` (exclusive; None when open), both as YYYY-MM-DD.

    ``given`` are its classes as stated or concluded by rule, ``shown`` those and the ones that the derivation rules
    concluded from the definitions of classes. ``statuses`` are its licence statuses, where stated.
    """

    organisation: str
    start: str
    end: str | None
    given: frozenset[str]
    shown: frozenset[str]
    statuses: frozenset[str]


@dataclass(frozen=True)
class _Membership:
    cls: str
    start: str
    end: str | None
    statuses: frozenset[str]
    by_definition: bool

    def holds(self, day: str) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def phases(store: ox.Store) -> Iterator[Phase]:
    """Yield the phases of every organisation of a store, in the order of organisations and dates.

    A membership counts from its first day or, where that is not known, from the day on which it is attested. A
    membership with neither begins nowhere that can be told and is left out, as the derivation rules do.
    """
    by_organisation: dict[str, list[_Membership]] = defaultdict(list)
    defined = set(_defined_classes(store))
    for quad in store.quads_for_pattern(None, _term("membership"), None, ox.DefaultGraph()):
        if membership := _membership(store, quad.object, defined):
            by_organisation[quad.subject.value].append(membership)
    for organisation, memberships in sorted(by_organisation.items()):
        yield from _phases(organisation, memberships, _own_types(store, organisation))


def _phases(
    organisation: str, memberships: list[_Membership], own: frozenset[str]
) -> Iterator[Phase]:
    days = {m.start for m in memberships} | {m.end for m in memberships if m.end}
    bounds = sorted(days)
    for start, end in zip(bounds, [*bounds[1:], None], strict=True):
        now = [m for m in memberships if m.holds(start)]
        if now:
            given = own | {m.cls for m in now if not m.by_definition}
            shown = own | {m.cls for m in now}
            statuses = frozenset[str]().union(*(m.statuses for m in now))
            yield Phase(organisation, start, end, given, shown, statuses)


def _membership(store: ox.Store, node: ox.Term, defined: set[str]) -> _Membership | None:
    cls = _value(store, node, "organisationClass")
    start = _value(store, node, "validFrom") or _value(store, node, "attestedFrom")
    if cls is None or start is None:
        return None
    statuses = frozenset(q.object.value for q in store.quads_for_pattern(node, STATUS, None))
    by_definition = cls in defined and _follows_from_memberships(store, node)
    return _Membership(cls, start, _value(store, node, "validTo"), statuses, by_definition)


def _follows_from_memberships(store: ox.Store, node: ox.Term) -> bool:
    origins = [q.object for q in _about(store, node, "derivedFrom")]
    rule = ox.NamedNode(f"{DEF}MembershipRule")
    return bool(origins) and not any(
        next(store.quads_for_pattern(origin, RDF_TYPE, rule), None) for origin in origins
    )


def _defined_classes(store: ox.Store) -> Iterator[str]:
    """Yield the classes that are defined as an intersection."""
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{OWL}intersectionOf"), None):
        equals = ox.NamedNode(f"{OWL}equivalentClass")
        for named in store.quads_for_pattern(None, equals, quad.subject):
            yield named.subject.value


def _own_types(store: ox.Store, organisation: str) -> frozenset[str]:
    found = store.quads_for_pattern(ox.NamedNode(organisation), RDF_TYPE, None, ox.DefaultGraph())
    return frozenset(quad.object.value for quad in found)


def _value(store: ox.Store, node: ox.Term, name: str) -> str | None:
    return min((quad.object.value for quad in _about(store, node, name)), default=None)


def _about(store: ox.Store, node: ox.Term, name: str) -> Iterator[ox.Quad]:
    return store.quads_for_pattern(node, _term(name), None, ox.DefaultGraph())


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(DEF + name)
