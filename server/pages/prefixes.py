"""The prefixes of the ontology, for the query editor and for what it shows."""

from __future__ import annotations

from functools import cache

from rdflib import Graph

from loader.paths import content


@cache
def prefixes() -> dict[str, str]:
    """Namespace by prefix."""
    graph = Graph(bind_namespaces="none")
    graph.parse(content("ontology") / "prefixes.ttl", format="turtle")
    return {prefix: str(iri) for prefix, iri in graph.namespaces() if prefix}
