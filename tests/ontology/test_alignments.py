"""Alignments say only what concerns our terms, and only of terms that exist."""

import pytest
from ontology_files import TERMS, ontology
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

ALIGNMENTS = ontology().alignments
LINKS = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.relatedMatch)


@pytest.mark.parametrize("file", ALIGNMENTS)
def test_alignment_starts_from_declared_terms_of_ours(file):
    ours = set(ontology().terms())
    starts = {s for link in LINKS for s in ALIGNMENTS[file].subjects(link)}
    assert starts
    assert starts <= ours


@pytest.mark.parametrize("file", ALIGNMENTS)
def test_alignment_leads_out_of_our_vocabulary(file):
    for link in LINKS:
        for target in ALIGNMENTS[file].objects(predicate=link):
            assert not str(target).startswith(TERMS)


@pytest.mark.parametrize("file", ALIGNMENTS)
def test_foreign_term_is_declared_only_where_an_axiom_uses_it(file):
    graph = ALIGNMENTS[file]
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in graph.subjects(RDF.type, kind):
            assert not str(term).startswith(TERMS)
            used = [(s, p) for s, p in graph.subject_predicates(term) if p != RDF.type]
            used += list(graph.subjects(RDF.type, term))
            assert used, term


def test_every_list_is_a_scheme_of_its_own():
    graph = ALIGNMENTS["skos"]
    schemes = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    of_classes = [
        graph.value(r, OWL.hasValue) for r in graph.subjects(OWL.onProperty, SKOS.inScheme)
    ]
    assert set(of_classes) == schemes
    assert len(of_classes) == len(schemes)
    for scheme in schemes:
        assert isinstance(scheme, URIRef)
        assert graph.value(scheme, RDFS.label)
