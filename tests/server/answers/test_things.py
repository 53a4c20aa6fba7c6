"""Things that no register lists: those of the registers, and records that only the store holds."""

from rdflib import RDF, RDFS, Graph, Literal, URIRef

from loader.terms import ID, REMIT
from server.answers.reference import Reference
from server.answers.registers import describe
from server.answers.things import of_store, unlisted

RECORD = URIRef(f"{ID}cqc-location/1-2")


class Held:
    """A store that states one record, whatever it is asked."""

    def graph(self, query, *, timeout=None):
        found = Graph()
        found.add((RECORD, RDF.type, REMIT.Location))
        found.add((RECORD, RDFS.label, Literal("A hospital of the record")))
        found.add((RECORD, REMIT.postcode, Literal("BS1 1AA")))
        return found


def registers():
    graph = Graph()
    graph.add((REMIT.Power, REMIT.register, Literal("powers")))
    graph.add((REMIT.postcode, RDFS.label, Literal("post code")))
    graph.add((URIRef(f"{ID}power/one"), RDF.type, REMIT.Power))
    graph.add((URIRef(f"{ID}step/one"), RDF.type, REMIT.Step))
    graph.add((URIRef(f"{ID}step/one#route"), RDF.type, REMIT.Route))
    graph.add((URIRef(f"{ID}organisation/RA7"), RDF.type, REMIT.NHSTrust))
    return Reference(graph)


def test_what_a_register_lists_and_organisations_and_nested_facts_are_left_out():
    assert unlisted(registers()) == {URIRef(f"{ID}step/one")}


def test_a_record_that_only_the_store_holds_is_described_with_the_labels_of_the_ontology():
    told = describe(of_store(Held(), registers(), RECORD), RECORD, "things")
    assert told["label"] == "A hospital of the record"
    assert [(p["label"], p["values"]) for p in told["properties"]] == [
        ("post code", [{"label": "BS1 1AA"}])
    ]


def test_nothing_is_made_of_what_the_store_does_not_state_or_of_what_is_no_identifier_of_ours():
    for unknown in (f"{ID}cqc-location/3", f"{ID}a> <b", "http://example.org/a"):
        assert of_store(Held(), registers(), URIRef(unknown)) is None
