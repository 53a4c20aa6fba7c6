"""What the README of the ontology says of modules and terms is so."""

import re

from ontology_files import ONTOLOGY, name, ontology
from rdflib import OWL

TEXT = (ONTOLOGY / "README.md").read_text(encoding="utf-8")


def section(title):
    return TEXT.split(f"## {title}\n")[1].split("\n## ")[0]


def rows(title):
    cells = [
        line.strip("|").split("|") for line in section(title).splitlines() if line.startswith("|")
    ]
    return [[cell.strip() for cell in row] for row in cells[2:]]


def test_module_map_names_every_module_and_its_imports():
    listed = {
        row[0].strip("`"): row[2]
        for row in rows("Modules")
        if row[2] != "–" or row[0] == "`core.ttl`"
    }
    expected = {}
    for module, graph in ontology().modules.items():
        imports = sorted(str(o).rsplit("/", 1)[-1] for o in graph.objects(predicate=OWL.imports))
        if module != "all":
            expected[f"{module}.ttl"] = imports
    found = {file: sorted(cell.replace("–", "").split(", ")) for file, cell in listed.items()}
    assert {f: [i for i in cell if i] for f, cell in found.items()} == expected


def test_table_of_alignments_names_every_file():
    assert {row[0].strip("`").removesuffix(".ttl") for row in rows("Alignments")} == set(
        ontology().alignments
    )


def test_questions_are_served_by_declared_terms():
    terms = {name(term) for term in ontology().terms()}
    for question, cell in rows("Questions that the terms serve"):
        named = set(re.findall(r"`(\w+)`", cell))
        assert named, question
        assert named <= terms, question
