"""The SPARQL 1.1 Service Description of the endpoint."""

from typing import ClassVar

from rdflib import RDF, BNode, Graph, Namespace, URIRef
from rdflib.namespace import DefinedNamespace

from server.store.protocol import Store

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
        *("Service", "Dataset", "Graph", "NamedGraph", "SPARQL11Query", "UnionDefaultGraph"),
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


def describe(endpoint: str, store: Store, media_type: str) -> bytes:
    """Serialise the description of the service at `endpoint` as `media_type`, one of FORMATS."""
    graph = description(endpoint, store)
    return graph.serialize(format=FORMATS[media_type], encoding="utf-8")


def description(endpoint: str, store: Store) -> Graph:
    """Describe the service: language, result formats, and the dataset with its named graphs."""
    graph = Graph()
    graph.bind("sd", SD)
    service, dataset, default = URIRef(endpoint), BNode("dataset"), BNode("default")
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
