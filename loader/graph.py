"""Put registers, ontology and imported files together as one dataset of named graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from oxrdflib.store import OxigraphStore
from rdflib import Dataset
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from loader.errors import Fault, InputError, RegisterError
from loader.paths import content
from loader.terms import GRAPH
from loader.yamlld import Register, locate, read_register

ONTOLOGY_GRAPH = f"{GRAPH}ontology"
DERIVED_GRAPH = f"{GRAPH}derived"


def read_registers(root: Path) -> list[Register]:
    """Read every register below ``root``; raises RegisterError with the faults of all files together."""
    registers: list[Register] = []
    faults: list[Fault] = []
    for path in sorted(root.rglob("*.yaml")):
        try:
            registers.append(read_register(path, root))
        except RegisterError as error:
            faults.extend(error.faults)
    faults.extend(_described_twice(registers))
    if faults:
        raise RegisterError(faults)
    return registers


def _described_twice(registers: list[Register]) -> Iterator[Fault]:
    """Yield a fault for each entry that two registers, or one register twice, describe."""
    first: dict[str, Path] = {}
    for register in registers:
        for entry in register.entries:
            identifier = str(entry["id"])
            if identifier in first:
                place = locate(register.path, identifier)
                message = f"{identifier} is described in {first[identifier].name} too."
                yield Fault(message, register.path, place, "id", "Keep one entry for each thing.")
            first.setdefault(identifier, register.path)


def ontology_quads() -> Iterator[ox.Quad]:
    """Yield the statements of the ontology modules and alignments, in the graph of the ontology."""
    name = ox.NamedNode(ONTOLOGY_GRAPH)
    folder = content("ontology")
    for path in sorted([*folder.glob("*.ttl"), *(folder / "alignments").glob("*.ttl")]):
        yield from _turtle(path, name)


def import_quads(paths: Iterable[Path]) -> Iterator[ox.Quad]:
    """Yield the statements of imported graph files (N-Quads), each with the graph that it names."""
    for path in paths:
        try:
            yield from ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            remedy = "Import the file again with “remit import”."
            raise InputError(Fault(f"is not N-Quads: {error}.", path, remedy=remedy)) from None


def merged(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield each statement in its named graph and in the default graph.

    The engine's union of named graphs gives a statement once for each graph that holds it; a merged default graph
    gives it once, as RDF means it.
    """
    for quad in quads:
        yield quad
        yield ox.Quad(quad.subject, quad.predicate, quad.object)


def dataset(store: ox.Store) -> Dataset:
    """Return an Oxigraph store behind rdflib's interface."""
    wrapped = OxigraphStore(store=store)
    return Dataset(store=wrapped, default_graph_base=None, default_union=True)


def _turtle(path: Path, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        line = getattr(error, "lineno", None)
        raise InputError(Fault(f"is not Turtle: {error.msg}.", path, line)) from None


__all__ = [
    "DATASET_DEFAULT_GRAPH_ID",
    "DERIVED_GRAPH",
    "ONTOLOGY_GRAPH",
    "dataset",
    "import_quads",
    "ontology_quads",
    "read_registers",
]
