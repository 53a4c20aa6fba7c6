"""The rules are complete, resolve, and cannot be misspelt without a failure."""

from pathlib import Path

import pytest
from rdflib import RDF, URIRef
from rdflib.namespace import SH

from loader.paths import registers
from loader.terms import ID
from loader.validation.docs import readme, rule_table
from loader.validation.rules import (
    REGISTER,
    SHAPE,
    STATE,
    Rule,
    check_shapes,
    rules,
    shape_files,
    shapes,
)

RULES = list(rules().values())
GOOD = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix remit: <https://w3id.org/remit/def/> .
@prefix rule: <https://w3id.org/remit/shape/> .

rule:R900 a sh:PropertyShape ;
    sh:targetClass remit:Power ;
    sh:path [ sh:alternativePath ( remit:holding remit:legalBasis ) ] ;
    sh:hasValue remit:statutory ;
    sh:message "A sentence."@en .
"""


def test_there_are_enough_rules_of_both_families() -> None:
    assert len([r for r in RULES if r.family == REGISTER]) >= 60
    assert len([r for r in RULES if r.family == STATE]) >= 60
    assert {r.family for r in RULES} == {REGISTER, STATE}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.number)
def test_rule_says_all_that_a_steward_needs(rule: Rule) -> None:
    assert rule.message.endswith(".")
    assert rule.message[0].isupper()
    assert rule.fix.endswith(".")
    assert rule.owner
    assert rule.affects
    assert rule.target


def test_every_shape_with_a_target_is_a_rule() -> None:
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    targeted = {str(s) for target in targets for s in shapes().subjects(target)}
    assert targeted == set(rules())


def test_severity_fits_the_file() -> None:
    for path in shape_files():
        text = path.read_text(encoding="utf-8")
        wrong = "sh:Violation" if path.stem.endswith("-advice") else "sh:Warning"
        assert wrong not in text, path.name


def test_every_cited_passage_is_described() -> None:
    described = "\n".join(
        p.read_text(encoding="utf-8") for p in registers().rglob("passages*.yaml")
    )
    prefixes = {
        "enforcement-guidance-2022-draft": "eg", "sof-2021-22": "sof", "sof-2021-22-consultation": "sofc",
        "nof-2022-23": "nof", "oaf-2024-draft": "oaf", "nqb-risk-response-2022": "nqb", "bnssg-mou-2022": "mou",
    }  # fmt: skip
    for rule in RULES:
        for source in rule.sources:
            document, _, name = source.removeprefix(f"{ID}passage/").partition("/")
            assert f"{prefixes[document]}:{name}" in described, f"{rule.number} cites {source}"


def test_constraints_of_frameworks_name_their_clause() -> None:
    common = {"records"}
    silent = [
        r.number for r in RULES if r.family == STATE and not r.sources and r.topic not in common
    ]
    assert silent == []


def test_the_shipped_shapes_name_only_what_the_ontology_defines() -> None:
    assert check_shapes() == []


@pytest.mark.parametrize(
    ("term", "wrong"),
    [
        ("remit:Power", "remit:Powr"),
        ("remit:legalBasis", "remit:legalBassis"),
        ("remit:statutory", "remit:statutary"),
    ],
)
def test_a_misspelt_target_path_or_value_is_a_fault(tmp_path: Path, term: str, wrong: str) -> None:
    (tmp_path / "example.ttl").write_text(GOOD, encoding="utf-8")
    assert check_shapes(tmp_path) == []
    other = tmp_path / "wrong"
    other.mkdir()
    (other / "example.ttl").write_text(GOOD.replace(term, wrong), encoding="utf-8")
    (fault,) = check_shapes(other)
    assert wrong in str(fault)
    assert "R900" in str(fault)
    assert fault.line is not None


def test_the_readme_is_that_of_the_shapes() -> None:
    assert readme().read_text(encoding="utf-8") == rule_table()


def test_shapes_are_well_formed() -> None:
    for iri in rules():
        kinds = set(shapes().objects(URIRef(iri), RDF.type))
        assert kinds in ({SH.PropertyShape}, {SH.NodeShape}), iri
        assert iri.startswith(SHAPE)
