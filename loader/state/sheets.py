"""The sheets of the template: which class each holds, and its columns, from ``sheets.yaml`` and the ontology."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox
import yaml
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from loader.terms import DEF, ID, REMIT, slug
from loader.validation.rules import ontology
from loader.yamlld import context_document

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True)
class Column:
    """One column: its heading, the property that it fills, and what a cell can hold.

    ``kind`` is text, date, decimal, integer, boolean or thing. ``choices`` maps each label that a cell can hold
    to the IRI that it stands for.
    """

    field: str
    header: str
    property: str
    kind: str
    help: str
    several: bool
    below: str
    choices: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the class of its records, the property that dates them, and its columns."""

    name: str
    cls: str
    about: str
    dated: str
    columns: tuple[Column, ...]

    @property
    def slug(self) -> str:
        """The name as it stands in identifiers and file names."""
        return self.name.lower().replace(" ", "-")


@cache
def sheets() -> tuple[Sheet, ...]:
    """Return the sheets of the template, in their order."""
    path = Path(__file__).with_name("sheets.yaml")
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["sheets"]
    return tuple(_sheet(entry) for entry in listed)


def sheet_of(cls: str) -> Sheet | None:
    """Return the sheet whose records are of a class, given by IRI."""
    return next((sheet for sheet in sheets() if sheet.cls == cls), None)


def _sheet(entry: dict[str, Any]) -> Sheet:
    cls = REMIT[entry["class"]]
    dated = ontology().value(cls, REMIT.datedBy)
    columns = tuple(_column(column) for column in entry["columns"])
    return Sheet(entry["name"], str(cls), entry["about"], str(dated), columns)


def _column(entry: dict[str, Any]) -> Column:
    definition = context_document()[entry["field"]]
    name = definition["@id"].removeprefix("remit:")
    datatype = str(definition.get("@type", "xsd:string")).removeprefix("xsd:")
    kind = "text" if datatype == "string" else "thing" if datatype[0] == "@" else datatype
    term = REMIT[name]
    choices = {_label(ID + path): ID + path for path in entry.get("choices", ())}
    return Column(
        entry["field"],
        entry["header"],
        str(term),
        kind,
        str(ontology().value(term, SKOS.definition)),
        bool(entry.get("several")),
        entry.get("below", ""),
        choices or _members(ontology().value(term, RDFS.range)),
    )


def _members(cls: Any) -> dict[str, str]:
    terms = ontology()
    named = (t for t in terms.subjects(RDF.type, cls) if isinstance(t, URIRef))
    members = [
        t
        for t in named
        if (t, RDF.type, OWL.NamedIndividual) in terms and str(t)[: len(DEF)] == DEF
    ]
    return {str(terms.value(term, RDFS.label)): str(term) for term in members}


def _label(iri: str) -> str:
    """Return how a thing of the registers stands in a drop-down: its slug."""
    return slug(iri)
