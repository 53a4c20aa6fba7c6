"""Things that no register lists: every identifier of ours leads to a document all the same.

They are steps, grounds, events, graphs and the like, and the records of imports, which only the store holds.
"""

from __future__ import annotations

from rdflib import RDF, RDFS, Graph, Literal, URIRef

from loader.catalogue import query
from loader.terms import DEF, ID, REMIT, safe
from server.answers.reference import Json, Reference
from server.store.protocol import Store

KIND = "things"
ABOUT: Json = {
    "slug": KIND,
    "singular": "thing",
    "plural": "other things",
    "lead": "Whatever else the registers describe: steps, grounds, limits, events, facts, graphs.",
}


def unlisted(ref: Reference) -> set[URIRef]:
    """Return the things of the registers that no register lists; organisations and nested facts are not among them."""
    graph = ref.graph
    listed = set(graph.subjects(REMIT.register))
    return {
        URIRef(str(node))
        for node in set(graph.subjects(RDF.type))
        if str(node).startswith(ID)
        and not str(node).startswith(f"{ID}organisation/")
        and "#" not in str(node)
        and listed.isdisjoint(graph.objects(node, RDF.type))
    }


def of_store(store: Store, ref: Reference, node: URIRef) -> Reference | None:
    """Return what the store states of a thing that the registers do not hold, with labels, or None."""
    if not safe(node) or not node.startswith(ID):
        return None
    found = store.graph(query("document", "views").bind(thing=str(node)))
    if (node, None, None) not in found:
        return None
    named = Graph()
    for each in {*found.predicates(), *found.objects()}:
        if (label := ref.text(each, RDFS.label)) is not None and not isinstance(each, Literal):
            named.add((each, RDFS.label, Literal(label)))
        if str(each).startswith(DEF):
            named += ref.graph.triples((each, RDF.type, None))
    return Reference(found + named)
