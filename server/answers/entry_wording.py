"""How the page of an entry reads: which properties come first, which say nothing to a reader, and both ways round."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Literal, URIRef
from rdflib.term import Node

from loader.dates import in_words
from loader.terms import REMIT, slug

LEADS = (SKOS.definition, REMIT.statement, DCTERMS.description)
UNSAID = {
    RDF.type, RDFS.label, SKOS.note, REMIT.statedIn, REMIT.locatorOrder, REMIT.itemOrder,
    REMIT.groupOrder, REMIT.ordinal, REMIT.url, REMIT.derivedFrom, REMIT.situation,
}  # fmt: skip
_FIRST = (
    "citation", "shortTitle", "altLabel", "action", "heldBy", "heldByClass", "owedTo", "beneficiary", "holding",
    "exercisableOver", "excludes", "exclusion", "legalBasis", "basisStatement", "bindingness", "standard", "ground",
    "precondition", "framework", "partOfInstrument", "inDocument", "ofMemorandum", "topic", "purpose", "step", "limit",
    "inForceFrom", "inForceTo", "existsFrom", "existsTo",
)  # fmt: skip
_LAST = ("commencementNote", "commencementStatedIn", "sourceCode", "identifier")
_BACK = {
    "about": "What is noted or said about it",
    "amends": "Amended by",
    "broader": "Its forms",
    "commencementStatedIn": "Commencements stated in it",
    "framework": "What belongs to it",
    "inDocument": "Its passages",
    "legalBasis": "Norms that rest on it",
    "ofMemorandum": "Its clauses",
    "partOfInstrument": "Its provisions",
    "partOfPassage": "Its parts",
    "partOfProvision": "Its parts",
    "procedure": "Norms with this procedure",
    "relatedNorm": "Related norms",
    "review": "Norms whose decisions it reviews",
    "statedIn": "What is taken from it",
    "topic": "What concerns it",
}


def order(property_: Node, label: str) -> tuple[int, str]:
    """Sort key of a property on the page: who, what and on what authority first, remarks on the facts last."""
    name = slug(str(property_)).rsplit("#", 1)[-1]
    if name in _FIRST:
        return (_FIRST.index(name), label)
    return (len(_FIRST) + (name in _LAST), label)


def backwards(property_: URIRef, label: str) -> str:
    """How a property reads from the thing that is its value: “legal basis” as “Norms that rest on it”."""
    return _BACK.get(slug(str(property_)), f"{label[:1].upper()}{label[1:]} of")


def written(value: Literal) -> str:
    """A value as a reader would write it: dates in words, yes and no, thousands parted."""
    plain = value.toPython()
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, date) and value.datatype == XSD.date:
        return in_words(plain)
    return f"{plain:,}" if isinstance(plain, int | Decimal) else str(value)
