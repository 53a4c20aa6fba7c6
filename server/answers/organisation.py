"""One organisation: identity, dated names, classes, relations and events."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rdflib import RDF, SKOS, Graph, URIRef
from rdflib.term import Node

from loader.catalogue import query
from loader.dates import in_words
from loader.terms import REMIT, iri, slug
from server.answers.reference import Json, Reference, reference
from server.answers.suggestions import near_codes
from server.answers.versioned import Versioned
from server.errors import NotFound, excerpt
from server.store.protocol import Store

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}")


@dataclass(frozen=True)
class Interval:
    """An interval ``[start, end)``; ``seen`` is the earliest day shown where the start is not known."""

    start: date | None
    seen: date | None
    end: date | None

    def holds(self, day: date) -> bool:
        """Return whether the fact is known to hold on the day."""
        low = self.start or self.seen
        return low is not None and low <= day and (self.end is None or day < self.end)

    def told(self) -> Json:
        """Return ``{from, attestedFrom, to}`` as ISO dates or null."""
        return {"from": _iso(self.start), "attestedFrom": _iso(self.seen), "to": _iso(self.end)}


class Organisation:
    """One organisation with everything that is stated of it."""

    def __init__(self, node: URIRef, graph: Graph, ref: Reference) -> None:
        self.id = str(node)
        self.node = node
        self.facts = Reference(graph)
        self.ref = ref

    @property
    def code(self) -> str:
        """The ODS code, or the slug of an organisation that has none."""
        return self.facts.text(self.node, REMIT.odsCode) or slug(self.id)

    @property
    def sources(self) -> list[Json]:
        """The sources of the organisation's identity."""
        return self.ref.source_list(self.facts.graph.objects(self.node, REMIT.statedIn))

    @cached_property
    def life(self) -> Interval:
        """When the organisation exists in law."""
        graph = self.facts.graph
        starts = [_day(v) for v in graph.objects(self.node, REMIT.existsFrom)]
        seen = [_day(v) for v in graph.objects(self.node, REMIT.attestedFrom)]
        ends = [_day(v) for v in graph.objects(self.node, REMIT.existsTo)]
        return Interval(_least(starts), _least(seen), _least(ends))

    def exists(self, day: date) -> bool | None:
        """Return whether it exists on the day; None where the sources do not show it."""
        if self.life.end and day >= self.life.end:
            return False
        if self.life.start:
            return day >= self.life.start
        return True if self.life.holds(day) else None

    def existence(self, day: date) -> str:
        """Return a sentence on whether the organisation exists on the day."""
        name, life = self.name(day), self.life
        if life.end and day >= life.end:
            return f"{name} ended: {in_words(life.end)} was the first day on which it no longer existed."
        if life.start and day < life.start:
            return f"{name} did not yet exist: it was established on {in_words(life.start)}."
        if life.start:
            return f"{name} has existed since {in_words(life.start)}."
        if life.seen and day >= life.seen:
            return (
                f"{name} is shown to exist from {in_words(life.seen)}; when it began is not known."
            )
        return f"The sources do not show whether {name} existed on {in_words(day)}."

    def name(self, day: date) -> str:
        """Return the name that it bears on the day, or else its latest name."""
        rows = [(self._interval(n), n) for n in self.facts.all(self.node, REMIT.hasName)]
        current = [n for interval, n in rows if interval.holds(day)]
        chosen = current[-1] if current else None
        return (chosen and self.facts.text(chosen, REMIT.nameText)) or self.facts.label(self.node)

    def memberships(self) -> list[tuple[Node, URIRef, Interval]]:
        """Return each dated membership: its node, class and interval."""
        return [
            (node, URIRef(str(self.facts.one(node, REMIT.organisationClass))), self._interval(node))
            for node in self.facts.all(self.node, REMIT.membership)
        ]

    def types(self, day: date) -> list[str]:
        """Return the labels of its classes on the day."""
        found = [c for _, c, interval in self.memberships() if interval.holds(day)]
        return sorted({self.ref.label(c) for c in found})

    def classes(self, day: date) -> str:
        """Return a phrase on its classes on the day."""
        if self.exists(day) is False:
            return "the organisation does not exist"
        types = self.types(day)
        return f"the organisation is {', '.join(types)}" if types else "its class is not known"

    def membership_sources(self, nodes: Iterable[str]) -> list[Json]:
        """Return the sources of memberships, with those of the facts they are derived from."""
        graph, found = self.facts.graph, set()
        waiting = [URIRef(node) for node in nodes]
        while waiting:
            node = waiting.pop()
            found |= set(graph.objects(node, REMIT.statedIn))
            waiting.extend(URIRef(str(n)) for n in graph.objects(node, REMIT.derivedFrom))
        return self.ref.source_list(found)

    def summary(self, day: date) -> Json:
        """Return ``{code, id, name, types, exists}`` as on the day."""
        return {
            "code": self.code,
            "id": self.id,
            "name": self.name(day),
            "label": self.facts.label(self.node),
            "types": self.types(day),
            "exists": self.exists(day),
            "existence": self.existence(day),
            "life": self.life.told(),
        }

    def described(self, day: date) -> Json:
        """Return the whole description, in the shape of ``/api/v1/organisations/{code}``."""
        sector = self.facts.one(self.node, REMIT.sector)
        return {
            **self.summary(day),
            "exists": {**self.life.told(), "onDate": self.exists(day)},
            "asOf": day.isoformat(),
            "names": [self._name(n) for n in self._dated(REMIT.hasName)],
            "types": [self._type(*m) for m in self._by_start(self.memberships())],
            "currentTypes": self.types(day),
            "relations": [self._relation(n) for n in self._dated(REMIT.hasRelation)],
            "events": self._events(),
            "identifiers": self._identifiers(),
            "sector": self.facts.label(sector) if sector is not None else None,
            "postcode": self.facts.text(self.node, REMIT.postcode),
            "exemplar": (self.node, RDF.type, REMIT.ExemplarOrganisation) in self.facts.graph,
            "note": self.facts.text(self.node, SKOS.note),
            "sources": self.sources,
        }

    def _interval(self, node: Node) -> Interval:
        values = (
            self.facts.one(node, p) for p in (REMIT.validFrom, REMIT.attestedFrom, REMIT.validTo)
        )
        return Interval(*(_day(value) if value is not None else None for value in values))

    def _dated(self, property_: URIRef) -> list[Node]:
        nodes = self.facts.all(self.node, property_)
        return sorted(nodes, key=lambda n: _start(self._interval(n)))

    def _by_start(
        self, rows: list[tuple[Node, URIRef, Interval]]
    ) -> list[tuple[Node, URIRef, Interval]]:
        return sorted(rows, key=lambda row: _start(row[2]))

    def _name(self, node: Node) -> Json:
        text = self.facts.text(node, REMIT.nameText)
        return {"name": text, **self._interval(node).told(), "sources": self._sources(node)}

    def _type(self, node: Node, cls: URIRef, interval: Interval) -> Json:
        return {
            "class": str(cls),
            "label": self.ref.label(cls),
            **interval.told(),
            "derived": (node, REMIT.derivedFrom, None) in self.facts.graph,
            "sources": self.membership_sources([str(node)]),
        }

    def _relation(self, node: Node) -> Json:
        kind, target = self.facts.one(node, REMIT.kind), self.facts.one(node, REMIT.target)
        return {
            "kind": self.ref.label(kind) if kind is not None else None,
            "target": self._other(target) if target is not None else None,
            **self._interval(node).told(),
            "sources": self._sources(node),
        }

    def _other(self, node: Node) -> Json:
        code = self.facts.text(node, REMIT.odsCode) or slug(str(node))
        return {"id": str(node), "code": code, "label": self.facts.label(node)}

    def _events(self) -> list[Json]:
        graph = self.facts.graph
        nodes = set(graph.subjects(REMIT.original, self.node))
        nodes |= set(graph.subjects(REMIT.resulting, self.node))
        rows = [
            {
                "id": str(node),
                "date": self.facts.text(node, REMIT.date),
                "type": ", ".join(
                    self.ref.labels(node, RDF.type) or self.facts.labels(node, RDF.type)
                ),
                "label": self.facts.label(node),
                "original": [self._other(n) for n in self.facts.all(node, REMIT.original)],
                "resulting": [self._other(n) for n in self.facts.all(node, REMIT.resulting)],
                "sources": self._sources(node),
            }
            for node in nodes
        ]
        return sorted(rows, key=lambda row: str(row["date"]))

    def _identifiers(self) -> list[Json]:
        schemes = (("ODS code", REMIT.odsCode), ("ONS code", REMIT.gssCode))
        return [
            {"scheme": scheme, "value": value}
            for scheme, property_ in schemes
            for value in self.facts.texts(self.node, property_)
        ]

    def _sources(self, node: Node) -> list[Json]:
        return self.ref.source_list(self.facts.graph.objects(node, REMIT.statedIn))


def load(store: Store, code: str) -> Organisation:
    """Return an organisation by ODS code or slug, in any capitalisation.

    Raises NotFound, with near codes and names, when there is none.
    """
    return _recent.get(store, lambda: _load(store, code), code)


_recent = Versioned[Organisation](128, remote=False)


def _load(store: Store, code: str) -> Organisation:
    for candidate in dict.fromkeys((code, code.upper(), code.lower())):
        if not _CODE.fullmatch(candidate):
            break
        node = URIRef(iri(f"organisation/{candidate}"))
        graph = store.graph(query("organisation-statements", "views").bind(organisation=str(node)))
        if (node, REMIT.membership, None) in graph:
            return Organisation(node, graph, reference(store))
    near = near_codes(store, code)
    raise NotFound(f"There is no organisation with the code “{excerpt(code)}”.", suggestions=near)


def _day(value: Node) -> date:
    return date.fromisoformat(str(value))


def _least(days: list[date]) -> date | None:
    return min(days) if days else None


def _start(interval: Interval) -> tuple[bool, date]:
    low = interval.start or interval.seen
    return (low is None, low or date.min)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
