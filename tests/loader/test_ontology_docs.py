"""The page about the ontology: whole, and in need of nothing else."""

import base64
import hashlib
import logging
import re
from html.parser import HTMLParser

import pytest
from rdflib import OWL, RDF

from loader.ontology_docs import ROOT, document, modules, one_ontology, self_contained, style_hash


class Reader(HTMLParser):
    """Collects the elements and attributes that could fetch or run something."""

    def __init__(self):
        super().__init__()
        self.loading, self.ids, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"script", "link", "iframe", "img", "object", "embed", "form"}:
            self.loading.append(tag)
        self.loading += [
            name for name in given if name.startswith("on") or name in {"style", "src"}
        ]
        self.ids.append(given.get("id"))
        if tag == "a":
            self.links.append(given.get("href", ""))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return document(tmp_path_factory.mktemp("docs") / "new").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


def test_page_loads_and_runs_nothing(page, read):
    assert read.loading == []
    assert not re.search(r"@import|url\(", page)


def test_page_describes_every_class_and_property(page):
    ontology = one_ontology(modules())
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in ontology.subjects(RDF.type, kind):
            if term.startswith("https://w3id.org/remit/def/"):
                assert f"<code>{term}</code>" in page


def test_links_within_the_page_lead_somewhere(read):
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)


def test_page_lists_the_members_of_lists(page):
    assert "statutory: Made by an Act or regulations." in page


def test_page_has_one_title_from_the_roll_up(page):
    assert "<title>Remit ontology</title>" in page


def test_merged_ontology_has_one_header_and_imports_nothing():
    ontology = one_ontology(modules())
    assert list(ontology.subjects(RDF.type, OWL.Ontology)) == [ROOT]
    assert (None, OWL.imports, None) not in ontology


def test_style_hash_is_that_of_the_style_sheet(page):
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    expected = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert style_hash(page) == f"'sha256-{expected}'"


def test_foreign_parts_are_taken_out():
    page = (
        '<html><head><link rel="icon" href="x"><style>@import "y"; a {background: url(https://z/)}</style>'
        '<script>alert()</script></head><p style="a" id="b" style="c">Text</p></html>'
    )
    assert self_contained(page) == (
        '<html lang="en"><head><style> a {background: }</style></head><p id="b">Text</p></html>'
    )


def test_logging_is_left_as_it_was(tmp_path):
    root = logging.getLogger()
    before = root.handlers[:], root.level, root.disabled
    document(tmp_path)
    assert (root.handlers[:], root.level, root.disabled) == before
