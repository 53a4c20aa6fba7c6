"""Every term of the ontology, one by one: typed, labelled, defined, placed and used."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from ontology_files import KINDS, TERMS, expanded, keys, name, ontology
from rdflib import OWL, RDF, RDFS, SKOS, XSD, URIRef

REGISTERS = Path(__file__).parents[2] / "loader" / "registers"
ALL = ontology().terms()
CLASSES = ontology().terms(OWL.Class)
OBJECT_PROPERTIES = ontology().terms(OWL.ObjectProperty)
DATA_PROPERTIES = ontology().terms(OWL.DatatypeProperty)
ANNOTATIONS = ontology().terms(OWL.AnnotationProperty)
INDIVIDUALS = ontology().terms(OWL.NamedIndividual)
PROPERTIES = OBJECT_PROPERTIES + DATA_PROPERTIES
GRAPH = ontology().merged

# Modules whose terms registers do not use: state that users record, and links and records that imports write.
BESIDE_REGISTERS = {"cases", "links"}
UPPER, LOWER = re.compile(r"[A-Z][A-Za-z0-9]*"), re.compile(r"[a-z][A-Za-z0-9]*")
DASHED = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def term(values):
    return pytest.mark.parametrize("term", values, ids=name)


@term(ALL)
def test_term_is_of_one_kind(term):
    assert sum((term, RDF.type, kind) in GRAPH for kind in KINDS) == 1


@term(ALL)
def test_term_is_declared_in_one_module(term):
    homes = [
        module
        for module, graph in ontology().modules.items()
        if any((term, RDF.type, kind) in graph for kind in KINDS)
    ]
    assert len(homes) == 1


@term(ALL)
def test_term_has_one_english_label(term):
    labels = list(GRAPH.objects(term, RDFS.label))
    assert len(labels) == 1
    assert labels[0].language == "en"
    assert str(labels[0]) == str(labels[0]).strip()


@term(ALL)
def test_term_has_one_definition_that_is_a_sentence(term):
    definitions = list(GRAPH.objects(term, SKOS.definition))
    assert len(definitions) == 1
    assert definitions[0].language == "en"
    assert re.fullmatch(r"[A-Z“].*\.", str(definitions[0])), definitions[0]


@term(CLASSES)
def test_definition_does_not_merely_repeat_the_label(term):
    label, definition = GRAPH.value(term, RDFS.label), GRAPH.value(term, SKOS.definition)
    bare = re.sub(r"^(an?|the) ", "", definition.lower()).rstrip(".")
    assert bare != label.lower(), f"{name(term)}: a definition must be able to replace the term"


@term(CLASSES)
def test_class_is_in_upper_camel_case(term):
    assert UPPER.fullmatch(name(term))


@term(PROPERTIES + ANNOTATIONS)
def test_property_is_in_lower_camel_case(term):
    assert LOWER.fullmatch(name(term))


@term(INDIVIDUALS)
def test_individual_is_in_lower_case_with_hyphens_and_has_a_class(term):
    assert DASHED.fullmatch(name(term))
    assert set(GRAPH.objects(term, RDF.type)) & set(CLASSES)


@term(PROPERTIES)
def test_domain_and_range_are_declared(term):
    data = (term, RDF.type, OWL.DatatypeProperty) in GRAPH
    for axiom in (RDFS.domain, RDFS.range):
        named = [o for o in GRAPH.objects(term, axiom) if isinstance(o, URIRef)]
        assert len(named) <= 1, "several domains or ranges mean all of them at once"
        for target in named:
            declared = target in CLASSES
            assert declared != (data and axiom == RDFS.range and target.startswith(str(XSD)))


@term(DATA_PROPERTIES)
def test_data_property_has_a_datatype(term):
    assert GRAPH.value(term, RDFS.range) is not None


def module_of(term):
    return next(
        module for module, graph in ontology().modules.items() if (term, RDF.type, None) in graph
    )


def labels_of(terms):
    found = defaultdict(list)
    for each in terms:
        found[str(GRAPH.value(each, RDFS.label)).lower()].append(name(each))
    return found


@pytest.mark.parametrize("kind", [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty], ids=name)
def test_labels_are_unique_within_a_kind(kind):
    assert {k: v for k, v in labels_of(ontology().terms(kind)).items() if len(v) > 1} == {}


@pytest.mark.parametrize(
    "cls",
    sorted({c for i in INDIVIDUALS for c in GRAPH.objects(i, RDF.type)} - {OWL.NamedIndividual}),
    ids=name,
)
def test_labels_are_unique_within_a_list(cls):
    members = [i for i in INDIVIDUALS if (i, RDF.type, cls) in GRAPH]
    assert {k: v for k, v in labels_of(members).items() if len(v) > 1} == {}


@term(CLASSES)
def test_class_is_not_above_itself(term):
    above, pending = set(), list(GRAPH.objects(term, RDFS.subClassOf))
    while pending:
        if (higher := pending.pop()) not in above:
            above.add(higher)
            pending.extend(GRAPH.objects(higher, RDFS.subClassOf))
    assert term not in above


@term(CLASSES)
def test_class_above_is_declared(term):
    for above in GRAPH.objects(term, RDFS.subClassOf):
        assert not isinstance(above, URIRef) or above in CLASSES


@pytest.mark.parametrize("key", sorted(keys()))
def test_key_leads_to_a_declared_term(key):
    iri = URIRef(expanded(keys()[key]))
    if not iri.startswith(TERMS):
        return
    assert iri in PROPERTIES
    reference = keys()[key].get("@type") in ("@id", "@vocab")
    assert (iri in OBJECT_PROPERTIES) == reference, (
        "a key of type @id or @vocab needs an object property"
    )


@pytest.mark.parametrize("key", sorted(keys()))
def test_key_has_the_datatype_of_its_property(key):
    datatype, iri = keys()[key].get("@type"), URIRef(expanded(keys()[key]))
    if iri not in DATA_PROPERTIES:
        return
    expected = GRAPH.value(iri, RDFS.range)
    assert datatype == (
        "xsd:" + expected.removeprefix(str(XSD)) if expected != XSD.string else None
    )


@pytest.mark.parametrize("key", sorted(keys()))
def test_key_does_not_take_the_name_of_a_value(key):
    """A key that is also the name of a class or member would turn that value into the property of the key."""
    assert URIRef(TERMS + key) not in {*CLASSES, *INDIVIDUALS}


@term([p for p in PROPERTIES if module_of(p) not in BESIDE_REGISTERS])
def test_property_has_a_key_or_is_marked_as_not_written_in_registers(term):
    """Derived properties, and those that only imports or state write, say so at the end of their definition."""
    marked = re.search(
        r"; (derived|imported|recorded)\b[^;]*\.$", GRAPH.value(term, SKOS.definition)
    )
    keyed = str(term) in {expanded(definition) for definition in keys().values()}
    assert keyed != bool(marked)


def used_classes():
    found = set()

    def walk(node):
        if isinstance(node, dict):
            for key in (
                "type",
                "class",
                "implies",
                "excluded",
                "over",
                "appliesTo",
                "audience",
                "heldByClass",
                "owedToClass",
            ):
                values = node.get(key, [])
                found.update(
                    v
                    for v in (values if isinstance(values, list) else [values])
                    if isinstance(v, str)
                )
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    for path in REGISTERS.rglob("*.yaml"):
        walk(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))
    return found


USED = used_classes()


@term([c for c in CLASSES if module_of(c) not in BESIDE_REGISTERS])
def test_class_serves(term):
    """A class is used by a register, is the domain or range of a property, has members or narrower classes, or says
    in its definition that it is imported or recorded."""
    serves = (
        name(term) in USED
        or any(GRAPH.subjects(RDFS.domain, term))
        or any(GRAPH.subjects(RDFS.range, term))
        or any(GRAPH.subjects(RDF.type, term))
        or any(GRAPH.subjects(RDFS.subClassOf, term))
        or any(GRAPH.objects(term, OWL.equivalentClass))
        or re.search(r"; (derived|imported|recorded)\b", GRAPH.value(term, SKOS.definition))
    )
    assert serves, "nothing uses the class: use it, or remove it"
