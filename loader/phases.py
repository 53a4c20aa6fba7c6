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

from loader.patterns import OWL, RDF_TYPE, Node, pairs, text
from loader.terms import DEF

STATUS = f"{DEF}hasLicenceStatus"


@dataclass(frozen=True)
class Phase:
    """An organisation from ``start`` until ``end`` (exclusive; None when open), both as YYYY-MM-DD.

    ``given`` are its classes as stated or concluded by rule, ``shown`` those and the ones that the derivation rules
    concluded from the definitions of classes. ``statuses`` are its licence statuses, where stated. ``attested`` says
    that the first day is one on which a class is attested, not one on which it is known to begin.
    """

    organisation: str
    start: str
    end: str | None
    given: frozenset[str]
    shown: frozenset[str]
    statuses: frozenset[str] = frozenset()
    attested: bool = False


@dataclass(frozen=True)
class _Membership:
    cls: str
    start: str
    end: str | None
    attested: bool
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
    for organisation, node in pairs(store, f"{DEF}membership"):
        if isinstance(node, Node) and (found := _membership(store, node, defined)):
            by_organisation[text(organisation)].append(found)
    for name, memberships in sorted(by_organisation.items()):
        own = frozenset(text(cls) for _, cls in pairs(store, RDF_TYPE.value, ox.NamedNode(name)))
        yield from _phases(name, memberships, own)


def _phases(
    organisation: str, memberships: list[_Membership], own: frozenset[str]
) -> Iterator[Phase]:
    bounds = sorted({m.start for m in memberships} | {m.end for m in memberships if m.end})
    for start, end in zip(bounds, [*bounds[1:], None], strict=True):
        if not (now := [m for m in memberships if m.holds(start)]):
            continue
        yield Phase(
            organisation,
            start,
            end,
            given=own | {m.cls for m in now if not m.by_definition},
            shown=own | {m.cls for m in now},
            statuses=frozenset[str]().union(*(m.statuses for m in now)),
            attested=any(m.attested and m.start == start for m in now),
        )


def _membership(store: ox.Store, node: Node, defined: set[str]) -> _Membership | None:
    cls, known = _value(store, node, "organisationClass"), _value(store, node, "validFrom")
    start = known or _value(store, node, "attestedFrom")
    if cls is None or start is None:
        return None
    return _Membership(
        cls,
        start,
        end=_value(store, node, "validTo"),
        attested=known is None,
        statuses=frozenset(text(status) for _, status in pairs(store, STATUS, node)),
        by_definition=cls in defined and _follows_from_memberships(store, node),
    )


def _follows_from_memberships(store: ox.Store, node: Node) -> bool:
    origins = [origin for _, origin in pairs(store, f"{DEF}derivedFrom", node)]
    rule = ox.NamedNode(f"{DEF}MembershipRule")
    return bool(origins) and not any(
        isinstance(origin, Node) and any(pairs(store, RDF_TYPE.value, origin, rule))
        for origin in origins
    )


def _defined_classes(store: ox.Store) -> Iterator[str]:
    """Yield the classes that are defined as an intersection."""
    for intersection, _ in pairs(store, f"{OWL}intersectionOf"):
        for named, _ in pairs(store, f"{OWL}equivalentClass", target=intersection):
            yield text(named)


def _value(store: ox.Store, node: Node, name: str) -> str | None:
    return min((text(value) for _, value in pairs(store, DEF + name, node)), default=None)
