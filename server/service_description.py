"""The SPARQL 1.1 Service Description of the endpoint, with VoID and DCAT on the dataset."""

from typing import ClassVar

from rdflib import RDF, VOID, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DefinedNamespace

from server.dataset_description import describe_dataset, statistics
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
        *(
            "Service",
            "Dataset",
            "Graph",
            "NamedGraph",
            "SPARQL11Query",
            "SPARQL11Update",
            "UnionDefaultGraph",
            "BasicFederatedQuery",
        ),
        *("endpoint", "supportedLanguage", "resultFormat", "feature"),
        *("defaultDataset", "defaultGraph", "namedGraph", "name", "graph", "inputFormat"),
    ]


class FORMAT(DefinedNamespace):
    """W3C's URIs of file formats: the result formats on offer."""

    _fail = True
    _NS = Namespace("http://www.w3.org/ns/formats/")
    _extras: ClassVar = [
        *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV"),
        *("SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
    ]


def describe(
    endpoint: str, store: Store, media_type: str, *, writes: bool = False, federates: bool = False
) -> bytes:
    """Serialise the description of the service at `endpoint` as `media_type`, one of FORMATS."""
    graph = description(endpoint, store, writes=writes, federates=federates)
    return graph.serialize(format=FORMATS[media_type], encoding="utf-8")


def description(
    endpoint: str, store: Store, *, writes: bool = False, federates: bool = False
) -> Graph:
    """Describe the service: language, result formats, and the dataset with its named graphs.

    `writes` says whether updates are taken, beside `endpoint`, at `update`; `federates` whether
    SERVICE may ask some other endpoint.
    """
    graph = Graph()
    graph.bind("sd", SD)
    service, dataset, default = URIRef(endpoint), URIRef(f"{endpoint}#dataset"), BNode("default")
    if writes:
        update = BNode("update")
        graph.add((update, RDF.type, SD.Service))
        graph.add((update, SD.endpoint, URIRef(f"{endpoint.removesuffix('sparql')}update")))
        graph.add((update, SD.supportedLanguage, SD.SPARQL11Update))
    describe_dataset(graph, dataset, endpoint, store)
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((service, SD.feature, SD.UnionDefaultGraph))
    if federates:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    for name in FORMAT._extras:
        graph.add((service, SD.resultFormat, FORMAT[name]))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    sizes = dict(statistics(store).graphs)
    for iri in sorted(store.graphs):
        named = BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(iri)))
        if iri in sizes:
            contents = BNode()
            graph.add((named, SD.graph, contents))
            graph.add((contents, RDF.type, SD.Graph))
            graph.add((contents, VOID.triples, Literal(sizes[iri])))
    return graph
