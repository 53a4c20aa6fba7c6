"""A build as one file of N-Quads, to be loaded into a SPARQL server of another make.

It holds every statement in its named graph and none in the default graph, which such a server shows
as the union of all; and the data version in a graph of its own, where a server over it looks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from loader.build import Build
from loader.terms import GRAPH

VERSION_GRAPH = f"{GRAPH}version"
_LARGE = f"{GRAPH}imports"
_VERSION_INFO = ox.NamedNode("http://www.w3.org/2002/07/owl#versionInfo")


def dump(build: Build, target: Path) -> None:
    """Write the statements of a build to `target`, whole or not at all. Raises OSError when it cannot be written."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        ox.serialize(dumped(build), str(partial), ox.RdfFormat.N_QUADS)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def dumped(build: Build) -> Iterator[ox.Quad]:
    """Yield what a dump of a build holds.

    A build keeps a large import once, in its default graph; here it goes back to the graph of the
    import, or where there are several such imports to one graph of them all.
    """
    store = ox.Store.read_only(str(build.store))
    large = json.loads((build.path / "manifest.json").read_text("utf-8")).get("heldOnce", [])
    once = ox.NamedNode(large[0] if len(large) == 1 else _LARGE)
    default = ox.DefaultGraph()
    graph = ox.NamedNode(VERSION_GRAPH)
    yield ox.Quad(graph, _VERSION_INFO, ox.Literal(build.version), graph)
    for quad in store:
        if quad.graph_name != default:
            yield quad
        elif large and not _named(store, quad):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, once)


def _named(store: ox.Store, quad: ox.Quad) -> bool:
    """Tell whether a named graph states a statement too."""
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(each.graph_name != quad.graph_name for each in found)
