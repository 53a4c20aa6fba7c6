"""Identifiers lead to documents, and documents are pages or RDF as the Accept header wants."""

import pytest
from rdflib import DCAT, OWL, RDF, RDFS, SKOS, VOID, BNode, Graph, URIRef

from loader.terms import ID, REMIT

FORMATS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # rdflib itself, reading JSON-LD
@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize(
    "thing", ["organisation/RA7", "power/direct-nhs-trust", "framework/sof-2021-22"]
)
def test_an_identifier_leads_to_rdf_about_it(client, thing, media_type):
    accept = {"Accept": f"{media_type}, text/html;q=0.5"}
    lead = client.get(f"/id/{thing}", headers=accept)
    assert lead.status_code == 303
    assert "Accept" in lead.headers["Vary"].split(", ")
    answer = client.get(lead.headers["Location"], headers=accept)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]
    graph = Graph().parse(data=answer.data, format=FORMATS[media_type])
    node = URIRef(ID + thing)
    assert (node, RDF.type, None) in graph
    assert (node, RDFS.label, None) in graph


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # rdflib itself, reading JSON-LD
@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("term", ["Power", "holding", "statutory"])
def test_the_identifier_of_a_term_leads_to_rdf_about_it(client, term, media_type):
    accept = {"Accept": f"{media_type}, text/html;q=0.5"}
    answer = client.get(f"/def/{term}", headers=accept, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]
    graph = Graph().parse(data=answer.data, format=FORMATS[media_type])
    assert {RDF.type, RDFS.label, SKOS.definition} <= set(graph.predicates(REMIT[term]))
    assert all((node, None, None) in graph for node in graph.objects() if isinstance(node, BNode))


def test_the_namespace_leads_to_the_whole_ontology(client):
    answer = client.get("/def/", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    graph = Graph().parse(data=answer.data, format="turtle")
    assert {REMIT.Power, REMIT.Duty} <= set(graph.subjects(RDF.type, OWL.Class))
    page = client.get("/def/", headers={"Accept": "text/html"}, follow_redirects=True)
    assert (page.status_code, page.mimetype) == (200, "text/html")


def test_every_kind_of_identifier_leads_to_a_document(client, store):
    """One thing of each kind that the build names, whether a register lists it or not."""
    found = {}
    for row in store.select("SELECT DISTINCT ?thing { ?thing a ?class }"):
        if str(row["thing"]).startswith(ID) and "#" not in row["thing"]:
            found.setdefault(str(row["thing"]).removeprefix(ID).partition("/")[0], row["thing"])
    assert {"actor", "step", "ground", "event", "graph", "power", "organisation"} <= set(found)
    for thing in found.values():
        for media_type in ("text/html", "text/turtle", "application/json"):
            path = "/id/" + str(thing).removeprefix(ID)
            answer = client.get(path, headers={"Accept": media_type}, follow_redirects=True)
            assert (answer.status_code, answer.mimetype) == (200, media_type), path


def test_a_thing_that_no_register_lists_has_a_page_and_the_list_of_such_things(client):
    page = client.get("/things/step/non-compliance-penalty-6").get_data(as_text=True)
    assert "By notice reduce the penalty" in page
    assert 'href="/procedures/non-compliance-penalty"' in page
    assert client.get("/things/step/none").status_code == 404
    listed = client.get("/api/v1/things").get_json()
    assert {"step", "ground", "context fact"} <= {
        value["label"] for value in listed["facet"]["values"]
    }


def test_a_term_that_is_not_there_or_cannot_be_had_is_said(client):
    answer = client.get("/docs/ontology/Powr", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    answer = client.get("/docs/ontology/Power", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")


def test_nested_facts_go_along(client):
    answer = client.get("/organisations/RA7", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.data, format="turtle")
    names = list(graph.objects(URIRef(f"{ID}organisation/RA7"), REMIT.hasName))
    assert names
    assert all((name, REMIT.nameText, None) in graph for name in names)


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("text/turtle;q=0.4, text/html;q=0.6", "text/html"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/html;q=0, text/turtle;q=0, */*;q=0.1", "application/n-triples"),
    ],
)
def test_qualities_decide(client, accept, mimetype):
    answer = client.get("/powers/direct-nhs-trust", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


@pytest.mark.parametrize("path", ["/id/power/direct-nhs-trust", "/powers/direct-nhs-trust"])
def test_what_cannot_be_had_is_said(client, path):
    for accept in ("image/png", "*/*;q=0"):
        answer = client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
        assert "text/turtle" in answer.json["offered"]


def test_json_is_at_the_api_and_the_clocks_stay_pinned(client):
    lead = client.get("/organisations/RA7?asOf=2022-07-01", headers={"Accept": "application/json"})
    assert lead.status_code == 303
    assert lead.headers["Location"] == "/api/v1/organisations/RA7?asOf=2022-07-01"
    lead = client.get("/id/organisation/RA7?asOf=2022-07-01")
    assert lead.headers["Location"] == "/organisations/RA7?asOf=2022-07-01"


@pytest.mark.parametrize("path", ["/organisations/NONE", "/powers/none", "/frameworks/none"])
def test_there_is_no_rdf_about_nothing(client, path):
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_dataset_is_described_with_its_parts(client):
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.data, format="turtle")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    by_class = {
        graph.value(part, VOID["class"]): graph.value(part, VOID.entities)
        for part in graph.objects(dataset, VOID.classPartition)
    }
    assert int(by_class[REMIT.Power]) > 20
    by_property = {
        graph.value(part, VOID.property): int(graph.value(part, VOID.triples))
        for part in graph.objects(dataset, VOID.propertyPartition)
    }
    assert sum(by_property.values()) == int(graph.value(dataset, VOID.triples))
    assert int(graph.value(dataset, VOID.properties)) == len(by_property)
    subset = next(iter(graph.objects(dataset, VOID.subset)))
    dump = str(graph.value(subset, VOID.dataDump)).removeprefix("http://localhost")
    answer = client.get(dump, headers={"Accept": "application/n-triples"})
    assert len(answer.text.splitlines()) == int(graph.value(subset, VOID.triples))
    ways = list(graph.objects(dataset, DCAT.distribution))
    assert all(
        graph.value(way, DCAT.mediaType) and graph.value(way, DCAT.accessURL) for way in ways
    )
