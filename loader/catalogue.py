"""Stored queries: one ``.rq`` file each, with a TOML header and one ``VALUES`` block of example values.

A query file begins with ``#+`` comment lines that hold TOML::

    #+ question = "Which powers apply to an organisation on a date?"
    #+ why = "..."
    #+ [parameters.organisation]
    #+ type = "iri"            # iri, date, string, integer, boolean
    #+ example = "organisation/RA7"
    #+ required = true

The body has one block marked by its variables, ``VALUES (?organisation ?asOf) { (<…> "…"^^xsd:date) }``. Binding
replaces the rows of that block with terms serialised by rdflib; nothing else of the text ever changes, and the
stored file runs as it is in any SPARQL tool.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import XSD, Literal, URIRef
from rdflib.term import Identifier

from loader.dates import parse_date
from loader.errors import Fault, InputError, QueryFileError
from loader.paths import content
from loader.terms import iri

_BLOCK = re.compile(r"VALUES\s*\(((?:\s*\?\w+)+)\s*\)\s*\{[^}]*\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f<>\"{}|\\^`\s]")
_PREFIX = re.compile(r"^PREFIX\s+(\w*):\s*<([^>]*)>", re.MULTILINE)
_TERM = re.compile(r"\b(\w+):([\w-]+)")
_KINDS = frozenset({"iri", "date", "string", "integer", "boolean"})


@dataclass(frozen=True)
class Parameter:
    """One parameter of a stored query."""

    name: str
    kind: str
    label: str
    example: str
    required: bool = False
    choices: tuple[str, ...] = ()

    def term(self, value: object) -> Identifier:
        """Return ``value`` as an RDF term; raises InputError when it is not of the parameter's kind."""
        text = str(value)
        if self.kind == "date":
            day = value if isinstance(value, date) else parse_date(text, self.name)
            return Literal(day.isoformat(), datatype=XSD.date)
        if self.kind == "iri":
            full = iri(text)
            if _CONTROL.search(full):
                raise self._fault(text, "is not an identifier.")
            return URIRef(full)
        if self.kind == "integer":
            if not re.fullmatch(r"-?\d{1,18}", text):
                raise self._fault(text, "is not a whole number.")
            return Literal(int(text))
        if self.kind == "boolean":
            if text.lower() not in ("true", "false"):
                raise self._fault(text, "is neither true nor false.")
            return Literal(text.lower() == "true")
        if "\x00" in text:
            raise self._fault("", "holds a control character.")
        return Literal(text)

    def _fault(self, text: str, message: str) -> InputError:
        remedy = f"For example {self.example}."
        return InputError(Fault(f"“{text[:60]}” {message}", field=self.name, remedy=remedy))


@dataclass(frozen=True)
class Query:
    """A stored query: its header and its text."""

    name: str
    text: str
    question: str
    why: str
    parameters: tuple[Parameter, ...]
    header: Mapping[str, Any] = field(default_factory=dict)

    def bind(self, **values: object) -> str:
        """Return the text with its ``VALUES`` block bound to ``values``; an omitted value is ``UNDEF``.

        Raises QueryFileError on a parameter that the query does not have, InputError on a missing or
        malformed value.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        if unknown := set(values) - set(known):
            raise QueryFileError(f"{self.name} has no parameter {', '.join(sorted(unknown))}.")
        if not known:
            return self.text
        block = _BLOCK.search(self.text)
        if block is None:
            raise QueryFileError(f"{self.name} has parameters but no VALUES block.")
        row = []
        for variable in block[1].split():
            parameter = known[variable.lstrip("?")]
            value = values.get(parameter.name)
            if value is None or value == "":
                if parameter.required:
                    remedy = f"For example {parameter.example}."
                    raise InputError(Fault("is missing.", field=parameter.name, remedy=remedy))
                row.append("UNDEF")
            else:
                row.append(parameter.term(value).n3())
        bound = f"VALUES ({block[1].strip()}) {{ ({' '.join(row)}) }}"
        return self.text[: block.start()] + bound + self.text[block.end() :]

    def among(self, values: Iterable[object]) -> str:
        """Return the text with the ``VALUES`` block of its only parameter bound to each of ``values``.

        Raises QueryFileError when it has not one parameter, InputError on a malformed value.
        """
        block = _BLOCK.search(self.text)
        if block is None or len(self.parameters) != 1:
            raise QueryFileError(f"{self.name} has not one parameter with a VALUES block.")
        rows = " ".join(f"({self.parameters[0].term(value).n3()})" for value in values)
        bound = f"VALUES ({block[1].strip()}) {{ {rows} }}"
        return self.text[: block.start()] + bound + self.text[block.end() :]


def read_query(path: Path) -> Query:
    """Read one ``.rq`` file; raises QueryFileError when its header is malformed."""
    text = path.read_text(encoding="utf-8")
    header_text = "\n".join(
        line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")
    )
    try:
        header = tomllib.loads(header_text)
    except tomllib.TOMLDecodeError as error:
        raise QueryFileError(f"{path}: the header is not TOML: {error}") from None
    parameters = []
    for name, entry in header.get("parameters", {}).items():
        if entry.get("type") not in _KINDS:
            raise QueryFileError(f"{path}: parameter {name} needs a type of {sorted(_KINDS)}.")
        parameters.append(
            Parameter(
                name,
                entry["type"],
                entry.get("label", name),
                str(entry.get("example", "")),
                entry.get("required", False),
                tuple(entry.get("choices", ())),
            )
        )
    return Query(
        path.stem,
        text,
        header.get("question", header.get("problem", "")),
        header.get("why", ""),
        tuple(parameters),
        header,
    )


@cache
def catalogue(folder: str) -> dict[str, Query]:
    """Return the queries of ``queries/<folder>`` by name, in the order of their file names."""
    return {
        path.stem: read_query(path) for path in sorted((content("queries") / folder).glob("*.rq"))
    }


def query(name: str, folder: str = "questions") -> Query:
    """Return one stored query; raises QueryFileError when there is none of that name."""
    found = catalogue(folder).get(name)
    if found is None:
        raise QueryFileError(f"There is no query {folder}/{name}.")
    return found


def terms_of(queries: Iterable[Query]) -> frozenset[str]:
    """Return the terms that queries name by prefix."""
    found: set[str] = set()
    for query in queries:
        body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))
        prefixes = dict(_PREFIX.findall(body))
        found |= {prefixes[p] + name for p, name in _TERM.findall(body) if p in prefixes}
    return frozenset(found)
