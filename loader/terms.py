"""IRIs of the project's namespaces and of the terms that code needs by name."""

from __future__ import annotations

import re

from rdflib import Namespace

DEF = "https://w3id.org/remit/def/"
ID = "https://w3id.org/remit/id/"
LEGISLATION = "http://www.legislation.gov.uk/id/"
GRAPH = f"{ID}graph/"

REMIT = Namespace(DEF)

_UNSAFE = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def iri(path: str) -> str:
    """Return the absolute IRI of a thing named by its path, for example ``organisation/RA7``."""
    return path if path.startswith(("http://", "https://")) else ID + path


def safe(text: str) -> bool:
    """Say whether an IRI can hold all characters of a text (SPARQL 1.1, production IRIREF)."""
    return _UNSAFE.search(text) is None


def slug(iri_: str) -> str:
    """Return the last path segment of an IRI."""
    return iri_.rstrip("/").rsplit("/", 1)[-1]
