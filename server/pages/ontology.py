"""The ontology as pages: its modules with their terms, and a page for each term."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from flask import Blueprint, redirect, render_template, request, url_for
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from werkzeug.wrappers import Response

from loader.paths import content
from loader.terms import DEF, REMIT
from server.errors import NotFound, excerpt
from server.filters import curie

bp = Blueprint("ontology", __name__)

LONGEST = 120
CLASSES, PROPERTIES = "Classes", "Properties"
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_KINDS = {
    OWL.Class: "Class",
    OWL.ObjectProperty: "Property that leads to a thing",
    OWL.DatatypeProperty: "Property with a value",
    OWL.AnnotationProperty: "Annotation",
}
_FORWARD = (
    ("Is a kind of", RDFS.subClassOf),
    ("Is a case of", RDFS.subPropertyOf),
    ("Of", RDFS.domain),
    ("Leads to", RDFS.range),
    ("Read the other way", OWL.inverseOf),
    ("Cannot also be", OWL.disjointWith),
    ("Same as", OWL.equivalentClass),
)
_BACKWARD = (
    ("Kinds of it", RDFS.subClassOf),
    ("Cases of it", RDFS.subPropertyOf),
    ("Properties of it", RDFS.domain),
    ("Properties that lead to it", RDFS.range),
    ("Members", RDF.type),
)

Link = dict[str, str]


@dataclass(frozen=True)
class Module:
    """A file of the ontology: its title, what it is about, and its classes and properties by label."""

    name: str
    title: str
    abstract: str
    terms: dict[str, list[Link]]


@cache
def graph() -> Graph:
    """All modules together."""
    found = Graph()
    for part in _parsed().values():
        found += part
    return found


@cache
def _parsed() -> dict[str, Graph]:
    paths = sorted(content("ontology").glob("*.ttl"))
    return {path.stem: Graph().parse(path, format="turtle") for path in paths}


@cache
def modules() -> tuple[Module, ...]:
    """The modules that define terms, in the order of their names."""
    found = (_module(name, part) for name, part in _parsed().items())
    return tuple(module for module in found if any(module.terms.values()))


@bp.get("/docs/ontology")
def index() -> str:
    """The modules and their terms, narrowed by words."""
    q = request.args.get("q", "").strip()[:LONGEST]
    words = q.lower().split()
    shown = [
        (
            module,
            {kind: [t for t in terms if _has(t, words)] for kind, terms in module.terms.items()},
        )
        for module in modules()
    ]
    narrowed = [(module, terms) for module, terms in shown if any(terms.values())]
    return render_template("ontology.html", modules=narrowed, q=q)


@bp.get("/docs/ontology/<name>")
def term(name: str) -> str:
    """One class, property or member of a list: what it means and what it is tied to."""
    node = _known(name)
    types = [each for each in graph().objects(node, RDF.type) if each != OWL.NamedIndividual]
    return render_template(
        "ontology-term.html",
        term=_link(node),
        iri=str(node),
        kind=next((name for each, name in _KINDS.items() if each in types), "Member of a list"),
        definition=_text(node, SKOS.definition),
        remarks=[str(each) for each in graph().objects(node, SKOS.scopeNote)],
        register=_text(node, REMIT.register),
        facts=_facts(node, types),
    )


def statements(name: str) -> tuple[str, Graph]:
    """Return the IRI of a term and what the ontology states of it, with labels of what that names; raises NotFound.

    Without a name: the namespace, and all that the ontology states.
    """
    if not name:
        return DEF, graph()
    node = _known(name)
    found: Graph = graph().cbd(node)
    for value in {*found.predicates(), *found.objects()}:
        if isinstance(value, URIRef) and (label := graph().value(value, RDFS.label)):
            found.add((value, RDFS.label, label))
    return str(node), found


def _known(name: str) -> URIRef:
    node = URIRef(DEF + name[:LONGEST])
    if (node, None, None) not in graph():
        known = [
            str(each).removeprefix(DEF)
            for each in set(graph().subjects())
            if str(each).startswith(DEF)
        ]
        near = [
            {"label": each, "href": url_for(".term", name=each)}
            for each in get_close_matches(name[:LONGEST], known, 5, 0.5)
        ]
        raise NotFound(f"The ontology has no term “{excerpt(name)}”.", suggestions=near)
    return node


@bp.get("/def/")
@bp.get("/def/<name>")
def see_other(name: str = "") -> Response:
    """The identifier of a term, or the namespace, leads to its document: a page or RDF (see ``server.documents``)."""
    return redirect(url_for(".term", name=name) if name else url_for(".index"), 303)


def _module(name: str, found: Graph) -> Module:
    head = found.value(None, RDF.type, OWL.Ontology)
    terms = {
        CLASSES: _links(_own(found, OWL.Class)),
        PROPERTIES: _links(node for kind in _PROPERTIES for node in _own(found, kind)),
    }
    title = found.value(head, DCTERMS.title) if head is not None else None
    abstract = found.value(head, DCTERMS.abstract) if head is not None else None
    return Module(name, str(title or name), str(abstract or ""), terms)


def _own(found: Graph, kind: URIRef) -> Iterable[Node]:
    """Our own terms of a kind; modules also name terms of others that they use."""
    return (node for node in found.subjects(RDF.type, kind) if str(node).startswith(DEF))


def _facts(node: URIRef, types: list[Node]) -> list[tuple[str, list[Link]]]:
    found = graph()
    listed = [("In the list", _links(each for each in types if str(each).startswith(DEF)))]
    forward = [(label, _links(_parts(found.objects(node, p)))) for label, p in _FORWARD]
    backward = [(label, _links(_subjects(p, node))) for label, p in _BACKWARD]
    return [(label, links) for label, links in (*listed, *forward, *backward) if links]


def _subjects(property_: URIRef, node: URIRef) -> Iterable[Node]:
    """The terms that point at a term by a property, in a union of classes too."""
    for subject, value in graph().subject_objects(property_):
        if node in _parts([value]):
            yield subject


def _parts(values: Iterable[Node]) -> list[Node]:
    """Named things among values; a union of classes counts as each of its members."""
    found: list[Node] = []
    for value in values:
        union = graph().value(value, OWL.unionOf) if isinstance(value, BNode) else None
        found += Collection(graph(), union) if union is not None else [value]
    return found


def _links(nodes: Iterable[Node]) -> list[Link]:
    named = {node for node in nodes if isinstance(node, URIRef)}
    return sorted((_link(node) for node in named), key=lambda link: link["label"].lower())


def _link(node: URIRef) -> Link:
    own = str(node).startswith(DEF)
    name = str(node).removeprefix(DEF)
    label = _text(node, RDFS.label) or (name if own else curie(str(node)))
    return {"label": label, "name": name, "href": f"/docs/ontology/{name}" if own else str(node)}


def _text(node: URIRef, property_: URIRef) -> str:
    return str(graph().value(node, property_) or "")


def _has(link: Link, words: list[str]) -> bool:
    return all(word in f"{link['label']} {link['name']}".lower() for word in words)
