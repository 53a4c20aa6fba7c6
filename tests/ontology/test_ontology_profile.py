"""The ontology stays within OWL 2 DL, as far as the statements themselves can show it.

One thing goes beyond: ``xsd:date``, which the datatype map of OWL 2 lacks and which conforming tools may add. The
reasoner is not shown it; the context of the registers types each date and a check holds every date to it.
"""

import pytest
from ontology_files import KINDS, ontology
from rdflib import OWL, RDF, RDFS, XSD, BNode, Literal, URIRef

EVERYTHING = ontology().everything
FILES = {**ontology().modules, **ontology().alignments}
RESERVED = tuple(map(str, (OWL, RDF, RDFS, XSD)))
BUILT_IN_ANNOTATIONS = {
    RDFS.label,
    RDFS.comment,
    RDFS.seeAlso,
    RDFS.isDefinedBy,
    OWL.versionInfo,
    OWL.priorVersion,
}
DATATYPES = {
    *(
        XSD.string,
        XSD.boolean,
        XSD.decimal,
        XSD.integer,
        XSD.nonNegativeInteger,
        XSD.anyURI,
        XSD.dateTime,
    ),
    *(RDFS.Literal, RDF.langString, XSD.date),
}
AXIOMS = {
    RDF.type, RDF.first, RDF.rest, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range,
    OWL.equivalentClass, OWL.unionOf, OWL.intersectionOf, OWL.onProperty, OWL.hasValue, OWL.members,
    OWL.distinctMembers, OWL.imports,
}  # fmt: skip
TYPES = {*KINDS, OWL.Ontology, OWL.Restriction, OWL.AllDisjointClasses, OWL.AllDifferent}


def declared(kind):
    return set(EVERYTHING.subjects(RDF.type, kind))


CLASSES, OBJECTS, DATA = map(declared, (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty))
ANNOTATIONS = declared(OWL.AnnotationProperty)


def test_no_name_is_more_than_one_kind_of_property():
    assert OBJECTS & DATA == OBJECTS & ANNOTATIONS == DATA & ANNOTATIONS == set()


def test_no_name_is_a_class_and_something_else():
    assert CLASSES & (OBJECTS | DATA | ANNOTATIONS | declared(OWL.NamedIndividual)) == set()


def test_no_individual_is_a_property():
    assert declared(OWL.NamedIndividual) & (OBJECTS | DATA | ANNOTATIONS) == set()


@pytest.mark.parametrize("file", FILES)
def test_statement_is_an_axiom_that_the_stand_ins_allow_for_or_an_annotation(file):
    """Stand-ins (``loader.exemplars``) are sound for these axioms; another kind needs thought first."""
    used = set(FILES[file].predicates())
    assert used - AXIOMS - ANNOTATIONS - BUILT_IN_ANNOTATIONS == set()


@pytest.mark.parametrize("file", FILES)
def test_types_are_declarations_or_declared_classes(file):
    used = set(FILES[file].objects(predicate=RDF.type))
    assert used - TYPES - CLASSES == set()


def test_reserved_names_are_not_described():
    described = {
        s for s in EVERYTHING.subjects() if isinstance(s, URIRef) and s.startswith(RESERVED)
    }
    assert described == set()


def test_domains_and_classes_above_are_classes():
    for axiom in (RDFS.domain, RDFS.subClassOf, OWL.equivalentClass):
        for target in EVERYTHING.objects(predicate=axiom):
            restriction = (target, RDF.type, OWL.Restriction) in EVERYTHING
            assert target in CLASSES or restriction, target


def test_ranges_suit_the_kind_of_property():
    for prop, target in EVERYTHING.subject_objects(RDFS.range):
        assert target in (CLASSES if prop in OBJECTS else DATATYPES), (prop, target)


def test_broader_properties_are_of_the_same_kind():
    for prop, broader in EVERYTHING.subject_objects(RDFS.subPropertyOf):
        assert any({prop, broader} <= kind for kind in (OBJECTS, DATA)), (prop, broader)


def test_restrictions_are_whole():
    for restriction in EVERYTHING.subjects(RDF.type, OWL.Restriction):
        assert isinstance(restriction, BNode)
        assert EVERYTHING.value(restriction, OWL.onProperty) in OBJECTS
        assert isinstance(EVERYTHING.value(restriction, OWL.hasValue), URIRef)


def test_anonymous_nodes_are_used_once():
    """A class expression that two axioms share is not OWL 2 DL."""
    for node in {s for s in EVERYTHING.subjects() if isinstance(s, BNode)}:
        assert len(list(EVERYTHING.triples((None, None, node)))) <= 1


def test_annotation_properties_have_literals_or_names_as_values():
    for prop in ANNOTATIONS:
        for value in EVERYTHING.objects(predicate=prop):
            assert isinstance(value, (Literal, URIRef))


@pytest.mark.parametrize("file", FILES)
def test_file_has_one_whole_header(file):
    (header,) = FILES[file].subjects(RDF.type, OWL.Ontology)
    folder = "" if file in ontology().modules else "alignments/"
    assert str(header) == f"https://w3id.org/remit/ontology/{folder}{file}"
    terms = URIRef("http://purl.org/dc/terms/")
    for part in ("title", "abstract", "license", "creator"):
        assert FILES[file].value(header, terms + part), part
    assert FILES[file].value(header, OWL.versionInfo)
    note = URIRef("http://www.w3.org/2004/02/skos/core#changeNote")
    assert str(FILES[file].value(header, note)).startswith(
        str(FILES[file].value(header, OWL.versionInfo))
    )


def test_roll_up_imports_every_module_and_nothing_else():
    base = "https://w3id.org/remit/ontology/"
    imported = {
        str(o).removeprefix(base) for o in ontology().modules["all"].objects(predicate=OWL.imports)
    }
    assert imported == set(ontology().modules) - {"all"}


@pytest.mark.parametrize("file", FILES)
def test_imports_are_files_here(file):
    headers = {h for graph in FILES.values() for h in graph.subjects(RDF.type, OWL.Ontology)}
    assert set(FILES[file].objects(predicate=OWL.imports)) <= headers
