"""The ontology as read from its files, for the tests of single terms."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rdflib import OWL, RDF, BNode, Graph, URIRef

ONTOLOGY = Path(__file__).parents[2] / "ontology"
TERMS = "https://w3id.org/remit/def/"
KINDS = (
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
)


@dataclass
class Ontology:
    """Modules and alignments, each by its file name, and all modules as one graph."""

    modules: dict[str, Graph] = field(default_factory=dict)
    alignments: dict[str, Graph] = field(default_factory=dict)
    merged: Graph = field(default_factory=Graph)
    everything: Graph = field(default_factory=Graph)

    def terms(self, *kinds: URIRef) -> list[URIRef]:
        found = {s for kind in kinds or KINDS for s in self.merged.subjects(RDF.type, kind)}
        return sorted(s for s in found if isinstance(s, URIRef) and s.startswith(TERMS))


@cache
def ontology() -> Ontology:
    result = Ontology()
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        graph = Graph().parse(path)
        if path.stem != "prefixes":
            result.modules[path.stem] = graph
        result.merged += graph
    for path in sorted((ONTOLOGY / "alignments").glob("*.ttl")):
        result.alignments[path.stem] = Graph().parse(path)
        result.everything += result.alignments[path.stem]
    result.everything += result.merged
    return result


@cache
def keys() -> dict[str, dict[str, str]]:
    """The keys of the registers: name and definition, from all context files."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(ONTOLOGY.glob("context*.jsonld")):
        context = json.loads(path.read_text(encoding="utf-8"))["@context"]
        found |= {k: v for k, v in context.items() if isinstance(v, dict)}
    return found


@cache
def prefixes() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(ONTOLOGY.glob("context*.jsonld")):
        context = json.loads(path.read_text(encoding="utf-8"))["@context"]
        found |= {k: v for k, v in context.items() if isinstance(v, str) and not k.startswith("@")}
    return found


def expanded(definition: dict[str, str]) -> str:
    """The IRI of the term to which a key leads."""
    prefix, _, local = definition["@id"].partition(":")
    return prefixes()[prefix] + local


def name(term: object) -> str:
    return "anonymous" if isinstance(term, BNode) else str(term).removeprefix(TERMS)
