"""Write statements as N-Quads, line by line, for graphs too large to be held as objects.

The writer makes text straight from Python values, which is faster than building terms first. Identifiers come
from checked codes; ``node`` refuses characters that an IRI cannot hold.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TextIO

from loader.errors import Fault, InputError
from loader.terms import DEF, iri, safe

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "xsd": _XSD,
}


def node(identifier: str) -> str:
    """Return the term for an IRI, or for a path below the identifiers of Remit; raises InputError."""
    if not safe(identifier):
        raise InputError(Fault(f"“{identifier[:60]}” cannot be an identifier."))
    return f"<{iri(identifier)}>"


def term(name: str) -> str:
    """Return the term for a prefixed name, such as ``rdfs:label``, or for a term of the ontology."""
    prefix, colon, local = name.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>" if colon else f"<{DEF}{name}>"


def literal(value: str | date | Decimal | bool | int, language: str = "") -> str:
    """Return a literal: text (with a language if given), date, decimal, boolean or integer."""
    if isinstance(value, date):
        return f'"{value.isoformat()}"^^<{_XSD}date>'
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^<{_XSD}boolean>'
    if isinstance(value, int):
        return f'"{value}"^^<{_XSD}integer>'
    if isinstance(value, Decimal):
        return f'"{value}"^^<{_XSD}decimal>'
    text = _CONTROL.sub("", value).translate(_ESCAPES)
    return f'"{text}"@{language}' if language else f'"{text}"'


class Writer:
    """Writes the statements of one named graph to a text file, and counts them."""

    def __init__(self, out: TextIO, graph: str) -> None:
        self._out = out
        self._end = f" {node(graph)} .\n"
        self._terms: dict[str, str] = {}
        self.count = 0

    def say(self, subject: str, predicate: str, *values: str) -> None:
        """State each value (a term as made by ``node``, ``term`` or ``literal``) of a subject."""
        named = self._terms.get(predicate) or self._terms.setdefault(predicate, term(predicate))
        for value in values:
            self._out.write(f"{subject} {named} {value}{self._end}")
        self.count += len(values)

    def text(self, subject: str, predicate: str, value: str, language: str = "") -> None:
        """State a text, unless it is empty."""
        if value:
            self.say(subject, predicate, literal(value, language))

    def date(self, subject: str, predicate: str, value: date | None) -> None:
        """State a date, unless there is none."""
        if value:
            self.say(subject, predicate, literal(value))
