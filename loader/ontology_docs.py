"""Documentation of the ontology as one web page, made by pyLODE from the modules.

The page needs nothing else: its style sheet is within it, it runs no script, and it fetches nothing from another host.
The hash of the style sheet is given out, so that a content security policy can admit that style and no other.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from loader.paths import content

PAGE = "ontology.html"
ROOT = URIRef("https://w3id.org/remit/ontology/all")

_SCRIPT = re.compile(r"<script\b.*?</script>\s*", re.DOTALL | re.IGNORECASE)
_ICON = re.compile(r"<link\b[^>]*\brel=\"icon\"[^>]*>\s*", re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_STYLE_ATTRIBUTE = re.compile(r"(<[a-z][^>]*?)\s+style=\"[^\"]*\"", re.IGNORECASE)
_ID = re.compile(r"\bid=\"([^\"]+)\"")
_INNER_LINK = re.compile(r"<a href=\"#([^\"]*)\">(.*?)</a>", re.DOTALL)
_INDENT = re.compile(r"\n\s+")
# Nothing is wider than a small screen: long names, tables and code break.
_NARROW = """
body, td, dd { overflow-wrap: anywhere; }
img, svg { max-width: 100%; }
@media (max-width: 640px) {
  table { table-layout: fixed; width: 100%; }
  pre { white-space: pre-wrap; }
  dd, ul, ol { margin-left: 0; padding-left: 1em; }
}
"""
_EXTERNAL_STYLE = re.compile(r"@import[^;]*;|@font-face\s*\{[^}]*\}|url\((?!['\"]?data:)[^)]*\)")


def document(folder: Path) -> Path:
    """Write the documentation of the ontology into ``folder`` as one page; return its path.

    Takes a few seconds. The folder is made when it is absent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / PAGE
    page.write_text(page_text(), encoding="utf-8")
    return page


def page_text() -> str:
    """Return the page as HTML."""
    with _quiet():
        from pylode import OntPub  # imported late: it loads the vocabularies that it knows

        html: str = OntPub(one_ontology(modules()), sort_subjects=True).make_html(include_css=True)
    return self_contained(html).replace("</style>", f"{_NARROW}</style>", 1)


def style_hash(html: str) -> str:
    """Return the source expression for ``style-src`` that admits the style sheet of the page."""
    style = _STYLE.search(html)
    digest = hashlib.sha256((style[1] if style else "").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def self_contained(html: str) -> str:
    """Return a page of pyLODE without scripts, icons, style attributes, styles from elsewhere and links to nothing."""
    for pattern in (_SCRIPT, _ICON):
        html = pattern.sub("", html)
    html = _STYLE.sub(lambda m: f"<style>{_EXTERNAL_STYLE.sub('', m[1])}</style>", html)
    while _STYLE_ATTRIBUTE.search(html):
        html = _STYLE_ATTRIBUTE.sub(r"\1", html)
    known = set(_ID.findall(html))
    html = _INNER_LINK.sub(lambda m: m[0] if m[1] in known else m[2], html)
    return _INDENT.sub("\n", html).replace("<html>", '<html lang="en">', 1)


def modules() -> Iterator[Path]:
    """Yield the files of the modules, the roll-up last; alignments are left out."""
    files = sorted(content("ontology").glob("*.ttl"), key=lambda path: (path.stem == "all", path))
    yield from files


def one_ontology(files: Iterator[Path]) -> Graph:
    """Merge modules into one ontology: the header of the roll-up, and each term defined by its module."""
    merged = Graph()
    for file in files:
        module = Graph().parse(file, format="turtle")
        for header in module.subjects(RDF.type, OWL.Ontology):
            for term in _terms(module):
                merged.add((term, RDFS.isDefinedBy, header))
            if header != ROOT:
                module.remove((header, None, None))
        for triple in module:
            merged.add(triple)
    merged.remove((None, OWL.imports, None))
    _list_members(merged)
    merged.remove((None, RDF.type, OWL.NamedIndividual))
    merged.remove((None, SKOS.changeNote, None))
    return merged


def _list_members(ontology: Graph) -> None:
    """Note on each class of kinds or statuses the members that the ontology names, since pyLODE lists only terms."""
    members: dict[Node, list[str]] = defaultdict(list)
    for individual in sorted(ontology.subjects(RDF.type, OWL.NamedIndividual), key=str):
        label = ontology.value(individual, RDFS.label) or individual
        for cls in ontology.objects(individual, RDF.type):
            if cls != OWL.NamedIndividual:
                members[cls].append(f"{label}: {ontology.value(individual, SKOS.definition)}")
    for cls, lines in members.items():
        ontology.add((cls, SKOS.note, Literal("Members:\n\n- " + "\n- ".join(lines), lang="en")))


def _terms(module: Graph) -> Iterator[Node]:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in module.subjects(RDF.type, kind):
            if isinstance(term, URIRef):
                yield term


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pyLODE's habits to itself: it sets up the root logger, and leaves a file to be closed by chance."""
    root = logging.getLogger()
    handlers, level, disabled = root.handlers[:], root.level, root.disabled
    root.disabled = True
    root.addHandler(logging.NullHandler())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.handlers[:], root.level, root.disabled = handlers, level, disabled
