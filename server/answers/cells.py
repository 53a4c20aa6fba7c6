"""Cells of an answer: RDF terms as ``{id, slug, label}`` or ``{value, label}``, and rows with their sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from rdflib import RDFS, SKOS, XSD, Literal
from rdflib.term import Node

from loader.dates import in_words
from loader.terms import REMIT, slug
from server.answers.facts import Row
from server.answers.index import index
from server.answers.norms import number
from server.answers.reference import Json, Reference
from server.store.protocol import Store

_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_HEAD = re.compile(r"\bSELECT\b(?:\s+DISTINCT)?(.*?)(?:\bWHERE\b|\{)", re.DOTALL | re.IGNORECASE)
_VARIABLE = re.compile(r"\((?:[^()]|\([^()]*\))*\bAS\s+\?(\w+)\s*\)|\?(\w+)", re.IGNORECASE)


def columns(text: str) -> list[str]:
    """Return the variables that a SELECT query projects, in order."""
    head = _HEAD.search(_COMMENT.sub("", text))
    if head is None:
        return []
    return [named or plain for named, plain in _VARIABLE.findall(head[1])]


class Cells:
    """Makes cells of terms, with the labels of the registers and of organisations."""

    def __init__(self, store: Store, ref: Reference) -> None:
        self.store = store
        self.ref = ref

    def rows(self, found: Iterable[Row], names: list[str]) -> list[Json]:
        """Return rows of cells; rows that differ in ``source`` alone become one, with its sources."""
        kept: dict[tuple[tuple[str, Node | None], ...], set[Node]] = {}
        for row in found:
            key = tuple((name, row.get(name)) for name in names if name != "source")
            sources = kept.setdefault(key, set())
            if (source := row.get("source")) is not None:
                sources.add(source)
        return [
            {**self._row(dict(key)), "sources": self.ref.source_list(sources)}
            for key, sources in kept.items()
            if any(value is not None for _, value in key)
        ]

    def cell(self, term: Node | None) -> Json | None:
        """Return ``{id, slug, label}`` of a thing or ``{value, label}`` of a value; None for none."""
        if term is None:
            return None
        if isinstance(term, Literal):
            return {"value": _value(term), "label": _label(term)}
        return {"id": str(term), "slug": slug(str(term)), "label": self.text(term)}

    def text(self, term: Node) -> str:
        """Return a term as a reader would write it."""
        if isinstance(term, Literal):
            return _label(term)
        ref = self.ref
        if (locator := ref.text(term, REMIT.locator)) is not None:
            source = ref.source(term)
            return f"{source['document']}, {locator}"
        if (label := ref.text(term, RDFS.label, SKOS.prefLabel)) is not None:
            return label
        entry = index(self.store).entries.get(str(term))
        return entry.label if entry else slug(str(term)).rpartition("#")[2]

    def _row(self, terms: dict[str, Node | None]) -> Json:
        row: Json = {}
        for name, term in terms.items():
            if name.endswith("Label") and name.removesuffix("Label") in terms:
                continue
            cell = self.cell(term)
            label = terms.get(f"{name}Label")
            if cell is not None and label is not None:
                cell["label"] = str(label)
            row[name] = cell
        return row


def _value(term: Literal) -> object:
    if term.datatype == XSD.boolean:
        return str(term) == "true"
    if term.datatype in {XSD.integer, XSD.decimal, XSD.double}:
        return number(term)
    return str(term)


def _label(term: Literal) -> str:
    if term.datatype == XSD.boolean:
        return "yes" if str(term) == "true" else "no"
    if term.datatype == XSD.date and isinstance(term.toPython(), date):
        return in_words(term.toPython())
    if term.datatype in {XSD.integer, XSD.decimal, XSD.double}:
        return f"{number(term):,}"
    return str(term)
