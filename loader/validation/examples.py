"""The examples of each rule: one that passes and one that fails by that rule, as Turtle."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loader.paths import content

_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "remit": "https://w3id.org/remit/def/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_NAME = re.compile(r"([rR]\d{3})([ -])(?:in)?valid")


@dataclass(frozen=True)
class Example:
    """The two examples of a rule as Turtle text, and the statements in which they differ."""

    valid: str
    invalid: str
    only_valid: str
    only_invalid: str


def examples() -> Path:
    """Return the folder with one folder of examples for each rule."""
    return content("shapes") / "examples"


def example(number: str) -> Example | None:
    """Return the examples of a rule, or None where there are none. The files sort as invalid-…, valid-…."""
    files = sorted((examples() / number).glob("*.ttl"))
    if len(files) != 2:
        return None
    invalid, valid = (path.read_text(encoding="utf-8") for path in files)
    first, second = _statements(valid), _statements(invalid)
    return Example(valid, invalid, _turtle(first - second), _turtle(second - first))


def _statements(text: str) -> set[ox.Triple]:
    same = _NAME.sub(r"\1\2example", text)
    return {quad.triple for quad in ox.parse(same, format=ox.RdfFormat.TURTLE)}


def _turtle(triples: set[ox.Triple]) -> str:
    made = (
        ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=_PREFIXES)
        or b""
    )
    lines = made.decode("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("@prefix")).strip()
