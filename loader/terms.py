"""IRIs of the project's namespaces and of the terms that code needs by name."""

from __future__ import annotations

from rdflib import Namespace

DEF = "https://w3id.org/remit/def/"
ID = "https://w3id.org/remit/id/"
LEGISLATION = "http://www.legislation.gov.uk/id/"
GRAPH = f"{ID}graph/"

REMIT = Namespace(DEF)


def iri(path: str) -> str:
    """Return the absolute IRI of a thing named by its path, for example ``organisation/RA7``."""
    return path if path.startswith(("http://", "https://")) else ID + path


def slug(iri_: str) -> str:
    """Return the last path segment of an IRI."""
    return iri_.rstrip("/").rsplit("/", 1)[-1]
