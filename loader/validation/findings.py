"""Findings: what a rule found at a record or an entry, in words that a steward can act on."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from rdflib import RDFS, Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from loader.state.records import Records
from loader.state.sheets import sheets
from loader.terms import DEF, ID, REMIT, slug
from loader.validation.result import Result
from loader.validation.rules import labels, path_predicates, rules, shapes

NO_ONE = "—"
_OF_ORGANISATION = re.compile(rf"{re.escape(ID)}organisation/([^/#]+)")


@dataclass(frozen=True)
class Finding:
    """One finding: the rule, the record, where it stands, what is wrong and how to mend it."""

    rule: str
    severity: str
    topic: str
    organisation: str
    owner: str
    record: str
    label: str
    file: str
    sheet: str
    row: int | None
    column: str
    field: str
    what: str
    fix: str
    message: str
    affects: str
    sources: tuple[str, ...]
    shape: str
    path: str
    value: str
    component: str

    @property
    def place(self) -> str:
        """Where the record stands: file, sheet and cell, or line."""
        cell = f"{self.column}{self.row or ''}" if len(self.column) <= 3 else self.column
        parts = [self.file, self.sheet]
        if self.sheet:
            parts.append(f"cell {cell}" if self.column else f"row {self.row}" if self.row else "")
        elif self.row:
            parts.append(f"line {self.row}")
        return ", ".join(part for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return {**asdict(self), "sources": list(self.sources), "place": self.place}


def finding(result: Result, data: Graph, records: Records | None = None) -> Finding:
    """Return a result of the engine as a finding over the data that it was found in."""
    shape = str(result.shape)
    rule = rules()[shape]
    focus = _subject(result.focus, data, rule.iri)
    fault = _field(rule.iri, result, data)
    place = records.places.get(str(focus)) if records else None
    column = records.column(str(focus), fault) if records and fault else ""
    return Finding(
        rule.number,
        rule.severity,
        rule.topic,
        _organisation(focus, data),
        rule.owner,
        str(focus),
        _label(focus, data),
        place.file if place else "",
        place.sheet if place else "",
        place.row if place else None,
        column,
        _name(fault),
        _what(focus, fault, data),
        rule.fix,
        rule.message,
        rule.affects,
        rule.sources,
        shape,
        str(result.path) if isinstance(result.path, URIRef) else fault,
        "" if result.value is None else str(result.value),
        str(result.component),
    )


def _subject(focus: Node, data: Graph, iri: str) -> Node:
    """Return the thing that a finding concerns; a shared value, such as a code, stands for one that has it."""
    if not isinstance(focus, Literal):
        return focus
    fault, _ = _stated_fields(iri)
    return min(data.subjects(URIRef(fault), focus), key=str, default=focus)


def _field(iri: str, result: Result, data: Graph) -> str:
    """Return the property at fault: the one that the rule names, or that holds the value found."""
    stated, named = _stated_fields(iri)
    if stated:
        return stated
    for predicate in named:
        if result.value is not None and (result.focus, predicate, result.value) in data:
            return str(predicate)
    return str(named[0]) if len(named) == 1 else ""


@cache
def _stated_fields(iri: str) -> tuple[str, tuple[URIRef, ...]]:
    """Return the field that a rule names as the one at fault, and the properties of its path."""
    path = shapes().value(URIRef(iri), SH.path)
    named = tuple(path_predicates(shapes(), path)) if path is not None else ()
    return str(shapes().value(URIRef(iri), REMIT.faultField) or ""), named


@cache
def _headers() -> dict[str, str]:
    return {column.property: column.header for sheet in sheets() for column in sheet.columns}


def _name(property_: str) -> str:
    if not property_:
        return ""
    return (
        _headers().get(property_) or labels().get(property_) or slug(property_).rsplit("#", 1)[-1]
    )


def _what(focus: Node, fault: str, data: Graph) -> str:
    """Say in plain words what stands in the field at fault."""
    if not fault:
        return "The entry does not fit the rule."
    name = _name(fault)
    values = sorted(_shown(value, data) for value in data.objects(focus, URIRef(fault)))
    if not values:
        return f"“{name}” is empty."
    shown = "; ".join(values[:8]) + ("; …" if len(values) > 8 else "")
    return f"“{name}” is {shown}."


def _shown(value: Node, data: Graph) -> str:
    if isinstance(value, Literal):
        return f"“{str(value)[:80]}”"
    label = data.value(value, RDFS.label) or labels().get(str(value))
    return str(label or slug(str(value)))


def _organisation(focus: Node, data: Graph) -> str:
    concerned = data.value(focus, REMIT.concerns)
    text = str(concerned if concerned is not None else focus)
    return organisation_of(text) or NO_ONE


def organisation_of(iri: str) -> str:
    """Return the code of the organisation that an IRI names, or names a fact of; else nothing."""
    found = _OF_ORGANISATION.match(iri)
    return found[1] if found else ""


def _label(focus: Node, data: Graph) -> str:
    named = data.value(focus, REMIT.recordReference) or data.value(focus, RDFS.label)
    return str(named) if named is not None else str(focus).removeprefix(ID).removeprefix(DEF)
