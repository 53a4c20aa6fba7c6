"""The SPARQL 1.1 Service Description of the endpoint, with VoID and DCAT on the dataset."""

from typing import ClassVar

from rdflib import DCAT, DCTERMS, RDF, VOID, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DefinedNamespace
from rdflib.term import Node

from loader.terms import DEF, ID
from server.store.embedded import EmbeddedStore
from server.store.protocol import Store

_VOCABULARIES = (
    DEF,
    "http://www.w3.org/ns/org#",
    "http://data.europa.eu/eli/ontology#",
    "http://www.w3.org/2004/02/skos/core#",
)
FORMATS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


class SD(DefinedNamespace):
    """SPARQL 1.1 Service Description: the terms used here."""

    _fail = True
    _NS = Namespace("http://www.w3.org/ns/sparql-service-description#")
    _extras: ClassVar = [
        *(
            "Service",
            "Dataset",
            "Graph",
            "NamedGraph",
            "SPARQL11Query",
            "SPARQL11Update",
            "UnionDefaultGraph",
        ),
        *("endpoint", "supportedLanguage", "resultFormat", "feature"),
        *("defaultDataset", "defaultGraph", "namedGraph", "name"),
    ]


class FORMAT(DefinedNamespace):
    """W3C's URIs of file formats: the result formats on offer."""

    _fail = True
    _NS = Namespace("http://www.w3.org/ns/formats/")
    _extras: ClassVar = [
        *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV"),
        *("SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
    ]


def describe(endpoint: str, store: Store, media_type: str, *, writes: bool = False) -> bytes:
    """Serialise the description of the service at `endpoint` as `media_type`, one of FORMATS."""
    graph = description(endpoint, store, writes=writes)
    return graph.serialize(format=FORMATS[media_type], encoding="utf-8")


def description(endpoint: str, store: Store, *, writes: bool = False) -> Graph:
    """Describe the service: language, result formats, and the dataset with its named graphs.

    `writes` says whether updates are taken, beside `endpoint`, at `update`.
    """
    graph = Graph()
    graph.bind("sd", SD)
    service, dataset, default = URIRef(endpoint), URIRef(f"{endpoint}#dataset"), BNode("default")
    if writes:
        update = BNode("update")
        graph.add((update, RDF.type, SD.Service))
        graph.add((update, SD.endpoint, URIRef(f"{endpoint.removesuffix('sparql')}update")))
        graph.add((update, SD.supportedLanguage, SD.SPARQL11Update))
    _describe_dataset(graph, dataset, endpoint, store)
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((service, SD.feature, SD.UnionDefaultGraph))
    for name in FORMAT._extras:
        graph.add((service, SD.resultFormat, FORMAT[name]))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    for iri in sorted(store.graphs):
        named = BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(iri)))
    return graph


def _describe_dataset(graph: Graph, dataset: URIRef, endpoint: str, store: Store) -> None:
    """Say what the dataset is, how large, of which version, and how it is had (VoID and DCAT)."""
    site, distribution = endpoint.removesuffix("sparql"), BNode("distribution")
    facts: list[tuple[URIRef, Node]] = [
        (RDF.type, VOID.Dataset),
        (RDF.type, DCAT.Dataset),
        (DCTERMS.title, Literal("Remit: the oversight of the NHS in England", lang="en")),
        (DCTERMS.identifier, Literal(store.version)),
        (VOID.sparqlEndpoint, URIRef(endpoint)),
        (VOID.uriSpace, Literal(ID)),
        (DCAT.distribution, distribution),
        *((VOID.vocabulary, URIRef(each)) for each in _VOCABULARIES),
    ]
    if isinstance(store, EmbeddedStore):
        build = store.build
        facts += [(VOID.triples, Literal(build.triples))] if build.triples is not None else []
        if build.made is not None:
            facts.append((DCTERMS.modified, Literal(build.made, datatype=XSD.dateTime)))
    for property_, value in facts:
        graph.add((dataset, property_, value))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCAT.accessURL, URIRef(f"{site}data")))
    graph.add((distribution, DCAT.accessService, URIRef(endpoint)))
