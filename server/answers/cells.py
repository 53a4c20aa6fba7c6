"""Cells of an answer: RDF terms as ``{id, slug, label}`` or ``{value, label}``, and rows with their sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from rdflib import RDFS, SKOS, XSD, Literal, URIRef
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
_TOKEN = re.compile(r"[()]|\bAS\s+\?(\w+)|\?(\w+)", re.IGNORECASE)


def columns(text: str) -> list[str]:
    """Return the variables that a SELECT query projects, in order."""
    head = _HEAD.search(_COMMENT.sub("", text))
    if head is None:
        return []
    found, depth = [], 0
    for token in _TOKEN.finditer(head[1]):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[1] and depth == 1:
            found.append(token[1])
        elif token[2] and depth == 0:
            found.append(token[2])
    return found


class Cells:
    """Makes cells of terms, with the labels of the registers and of organisations."""

    def __init__(self, store: Store, ref: Reference) -> None:
        self.store = store
        self.ref = ref

    def rows(self, found: Iterable[Row], names: list[str], several: frozenset[str]) -> list[Json]:
        """Return rows of cells.

        Rows that differ only in ``source``, or in the columns ``several``, become one, with all of their values.
        """
        kept: dict[tuple[Node | None, ...], dict[str, dict[Node, None]]] = {}
        fixed = [name for name in names if name != "source" and name not in several]
        for row in found:
            gathered = kept.setdefault(tuple(row.get(name) for name in fixed), {})
            for name in ("source", *sorted(several)):
                if (value := row.get(name)) is not None:
                    gathered.setdefault(name, {})[value] = None
        return [
            self._row(dict(zip(fixed, key, strict=True)), gathered, names)
            for key, gathered in kept.items()
            if any(value is not None for value in key) or set(gathered) - {"source"}
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
        owner, _, part = str(term).partition("#")
        if part:
            return self.text(URIRef(owner))
        entry = index(self.store).entry(owner)
        return entry.label if entry else slug(owner)

    def _row(
        self,
        terms: dict[str, Node | None],
        gathered: dict[str, dict[Node, None]],
        names: list[str],
    ) -> Json:
        row: Json = {}
        for name in names:
            if name == "source" or (name.endswith("Label") and name.removesuffix("Label") in names):
                continue
            if name not in terms:
                row[name] = _together([self.cell(term) for term in gathered.get(name, ())])
                continue
            row[name] = self.cell(terms[name])
            label = terms.get(f"{name}Label")
            if row[name] is not None and label is not None:
                row[name]["label"] = str(label)
        return {**row, "sources": self.ref.source_list(gathered.get("source", ()))}


def _together(cells: list[Json | None]) -> Json | None:
    """Return one cell for several: ``{values, label}``; the cell itself when there is one."""
    found = [cell for cell in cells if cell is not None]
    if len(found) <= 1:
        return found[0] if found else None
    labels = [str(cell["label"]) for cell in found]
    sentences = all(label.endswith((".", "?")) for label in labels)
    return {"values": found, "label": (" " if sentences else "; ").join(labels)}


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
