"""The registers of norms and sources, read once per data version and looked up by their parts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from loader.catalogue import query
from loader.terms import REMIT, slug
from server.answers.versioned import Versioned
from server.store.protocol import Store

Json = dict[str, Any]


class Reference:
    """Statements of the registers, with the look-ups that every answer needs.

    The graph does not change, so what was looked up once is kept.
    """

    def __init__(self, graph: Graph, digest: bytes = b"") -> None:
        self.graph = graph
        self.digest = digest
        self.described: dict[Node, Json] = {}
        self._values: dict[tuple[Node, URIRef], list[Node]] = {}
        self._sources: dict[Node, Json] = {}
        self._places: dict[Node, tuple[str, int, str]] = {}

    def one(self, subject: Node, *properties: URIRef) -> Node | None:
        """Return a value of the first of ``properties`` that the subject has."""
        for property_ in properties:
            if values := self.all(subject, property_):
                return values[0]
        return None

    def all(self, subject: Node, property_: URIRef) -> list[Node]:
        """Return the values of a property, nested nodes in the order of the register."""
        key = (subject, property_)
        if key not in self._values:
            self._values[key] = sorted(self.graph.objects(subject, property_), key=_order)
        return self._values[key]

    def text(self, subject: Node, *properties: URIRef) -> str | None:
        """Return a value as text, or None."""
        value = self.one(subject, *properties)
        return None if value is None else str(value)

    def texts(self, subject: Node, property_: URIRef) -> list[str]:
        """Return the values of a property as texts."""
        return [str(value) for value in self.all(subject, property_)]

    def label(self, node: Node) -> str:
        """Return the label of a thing, or its slug when it has none."""
        return self.text(node, RDFS.label, SKOS.prefLabel) or slug(str(node))

    def link(self, node: Node) -> Json:
        """Return ``{id, slug, label}`` of a thing."""
        return {"id": str(node), "slug": slug(str(node)), "label": self.label(node)}

    def links(self, subject: Node, property_: URIRef) -> list[Json]:
        """Return ``{id, slug, label}`` of each value of a property."""
        return [self.link(value) for value in self.all(subject, property_)]

    def labels(self, subject: Node, property_: URIRef) -> list[str]:
        """Return the labels of the values of a property."""
        return [self.label(value) for value in self.all(subject, property_)]

    def source(self, node: Node) -> Json:
        """Return ``{document, locator, url}`` of a passage or document."""
        if node not in self._sources:
            document = self.one(node, REMIT.inDocument)
            self._sources[node] = {
                "document": self.label(document if document is not None else node),
                "locator": self.text(node, REMIT.locator) or "",
                "url": str(node),
            }
        return self._sources[node]

    def sources(self, subject: Node, property_: URIRef = REMIT.statedIn) -> list[Json]:
        """Return the sources of a statement, in the order of document and passage."""
        return self.source_list(self.graph.objects(subject, property_))

    def source_list(self, nodes: Iterable[Node]) -> list[Json]:
        """Return sources in the order of document and passage, each once."""
        return [self.source(node) for node in sorted(set(nodes), key=self._place)]

    def notes(self, *nodes: Node) -> list[Json]:
        """Return the notes on defects of the source that concern any of ``nodes``."""
        found = {note for node in nodes for note in self.graph.subjects(REMIT.about, node)}
        wanted = [n for n in found if (n, RDF.type, REMIT.SourceNote) in self.graph]
        return [self._note(note) for note in sorted(wanted, key=_order)]

    def _note(self, note: Node) -> Json:
        kind = self.one(note, REMIT.kind)
        return {
            "id": str(note),
            "kind": self.label(kind) if kind is not None else None,
            "text": self.label(note),
            "printed": self.text(note, REMIT.printed),
            "correction": self.text(note, REMIT.correction),
            "sources": self.sources(note),
        }

    def _place(self, node: Node) -> tuple[str, int, str]:
        if node not in self._places:
            document = self.text(node, REMIT.inDocument) or str(node)
            order = self.one(node, REMIT.locatorOrder)
            number = int(str(order)) if isinstance(order, Literal) else 0
            self._places[node] = (document, number, str(node))
        return self._places[node]


def _order(node: Node) -> tuple[Any, ...]:
    """Sort key that puts ``#step-2`` before ``#step-10``."""
    parts = re.split(r"(\d+)", str(node))
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)


_PATIENCE = 120.0
_kept = Versioned[Reference]()


def reference(store: Store) -> Reference:
    """Return the registers of the store's data version; they are read on first use.

    A version whose registers say the same as one that is kept shares them: most writes change none.
    """
    return _kept.get(store, lambda: _read(store))


def _read(store: Store) -> Reference:
    text = query("register-statements", "views").text
    statements = store.triples(text, timeout=_PATIENCE)  # without them nothing can be answered
    digest = hashlib.blake2b(statements).digest()
    for known in _kept.values():
        if known.digest == digest:
            return known
    return Reference(Graph().parse(data=statements, format="nt"), digest)
