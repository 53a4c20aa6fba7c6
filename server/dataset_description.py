"""The dataset as VoID and DCAT describe it: size, vocabularies, partitions, and how it is had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from rdflib import DCAT, DCTERMS, RDF, VOID, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from loader.catalogue import query
from loader.terms import DEF, ID
from server.answers.versioned import Versioned
from server.errors import QueryProblem, StoreUnavailable
from server.store.embedded import EmbeddedStore
from server.store.protocol import Store

_VOCABULARIES = (
    DEF,
    "http://www.w3.org/ns/org#",
    "http://data.europa.eu/eli/ontology#",
    "http://www.w3.org/2004/02/skos/core#",
)
_IANA = "https://www.iana.org/assignments/media-types/"
_RESULTS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv")

Counts = list[tuple[str, int]]


@dataclass(frozen=True)
class Statistics:
    """How many things of each class there are, and statements with each property and in each graph."""

    classes: Counts = field(default_factory=list)
    properties: Counts = field(default_factory=list)
    graphs: Counts = field(default_factory=list)


_kept = Versioned[Statistics]()


def statistics(store: Store) -> Statistics:
    """Return the statistics of the store's data version, counted once; those that take too long are empty."""
    return _kept.get(store, lambda: _counted(store))


def _counted(store: Store) -> Statistics:
    return Statistics(
        _counts(store, "class-partitions", "class", "entities"),
        _counts(store, "property-partitions", "property", "triples"),
        _counts(store, "graph-sizes", "graph", "triples"),
    )


def _counts(store: Store, name: str, key: str, count: str) -> Counts:
    try:
        rows = store.select(query(name, "views").text)
    except (QueryProblem, StoreUnavailable):
        return []
    return [(str(row[key]), int(str(row[count]))) for row in rows]


def describe_dataset(graph: Graph, dataset: URIRef, endpoint: str, store: Store) -> None:
    """Add to `graph` what the dataset is, how large, of which version, and how it is had."""
    site, counted = endpoint.removesuffix("sparql"), statistics(store)
    facts: list[tuple[URIRef, Node]] = [
        (RDF.type, VOID.Dataset),
        (RDF.type, DCAT.Dataset),
        (DCTERMS.title, Literal("Remit: the oversight of the NHS in England", lang="en")),
        (DCTERMS.identifier, Literal(store.version)),
        (DCAT.landingPage, URIRef(f"{site}about")),
        (VOID.sparqlEndpoint, URIRef(endpoint)),
        (VOID.uriSpace, Literal(ID)),
        *((VOID.vocabulary, URIRef(each)) for each in _VOCABULARIES),
    ]
    if isinstance(store, EmbeddedStore):
        made = store.build.made
        facts += [(DCTERMS.modified, Literal(made, datatype=XSD.dateTime))] if made else []
    if counted.classes:
        facts.append((VOID.classes, Literal(len(counted.classes))))
    if counted.properties:
        facts.append((VOID.properties, Literal(len(counted.properties))))
        facts.append((VOID.triples, Literal(sum(number for _, number in counted.properties))))
    for property_, value in facts:
        graph.add((dataset, property_, value))
    _partitions(graph, dataset, counted)
    _distributions(graph, dataset, endpoint)
    for iri, triples in counted.graphs:
        _subset(graph, dataset, site, iri, triples)


def _partitions(graph: Graph, dataset: URIRef, counted: Statistics) -> None:
    kinds = (
        (VOID.classPartition, VOID["class"], VOID.entities, counted.classes),
        (VOID.propertyPartition, VOID.property, VOID.triples, counted.properties),
    )
    for link, of, measure, counts in kinds:
        for iri, number in counts:
            part = BNode()
            graph.add((dataset, link, part))
            graph.add((part, of, URIRef(iri)))
            graph.add((part, measure, Literal(number)))


def _distributions(graph: Graph, dataset: URIRef, endpoint: str) -> None:
    """Describe the ways to have the data: answers of the endpoint by media type."""
    service = URIRef(endpoint)
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((service, DCAT.servesDataset, dataset))
    for media_type in _RESULTS:
        _distribution(graph, dataset, URIRef(endpoint), media_type, DCAT.accessURL)


def _subset(graph: Graph, dataset: URIRef, site: str, iri: str, triples: int) -> None:
    """Describe one named graph as a subset, with the address at which it can be had."""
    part, address = URIRef(iri), URIRef(f"{site}data?graph={quote(iri, safe=':/')}")
    for fact in (
        (dataset, VOID.subset, part),
        (part, RDF.type, VOID.Dataset),
        (part, VOID.triples, Literal(triples)),
        (part, VOID.dataDump, address),
    ):
        graph.add(fact)
    for media_type in ("text/turtle", "application/ld+json"):
        _distribution(graph, part, address, media_type, DCAT.downloadURL)


def _distribution(
    graph: Graph, dataset: URIRef, address: URIRef, media_type: str, how: URIRef
) -> None:
    node = BNode()
    facts: Sequence[tuple[Node, URIRef, Node]] = (
        (dataset, DCAT.distribution, node),
        (node, RDF.type, DCAT.Distribution),
        (node, how, address),
        (node, DCAT.mediaType, URIRef(_IANA + media_type)),
    )
    for fact in facts:
        graph.add(fact)
