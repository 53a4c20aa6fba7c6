"""The registers of the frameworks: every passage is found, every item has its parts, every change has two versions."""

import pytest
import yaml

from loader.paths import registers
from loader.sources_check import check
from loader.yamlld import read_register

PREFIXES = ("sofc:", "sof:", "nof:")


def entries(folder="frameworks"):
    found = []
    for path in sorted((registers() / folder).glob("*.yaml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]
    return found


@pytest.fixture(scope="module")
def framework_entries():
    return entries()


@pytest.fixture(scope="module")
def items(framework_entries):
    return {e["id"]: e for e in framework_entries if e["type"] == "FrameworkItem"}


def test_every_passage_and_figure_stands_in_the_source(shared):
    root = registers()
    known = [
        entry
        for folder in ("frameworks", "law", "memorandum", "quality")
        for path in sorted((root / folder).glob("*.yaml"))
        for entry in read_register(path, root).entries
        if folder == "frameworks" or "document" in entry or "sourceFile" in entry
    ]
    report = check(shared / "seeds", known)
    unresolved = [
        p.id for p in report.passages if p.id.startswith(PREFIXES) and p.status != "resolved"
    ]
    assert not unresolved
    own = {entry["id"] for entry in entries()}
    assert not [f for f in report.findings if f.entity.split("#")[0] in own]
    assert len([p for p in report.passages if p.id.startswith(PREFIXES)]) > 500


def test_every_item_has_its_parts(items):
    for item in items.values():
        assert {"label", "statement", "topic", "framework", "statedIn"} <= set(item), item["id"]
    assert len({item["label"] for item in items.values()}) == len(items)


def test_an_item_cites_each_version_that_it_belongs_to(items):
    prefix = {
        "framework/sof-2021-22-consultation": "sofc:",
        "framework/sof-2021-22": "sof:",
        "framework/nof-2022-23": "nof:",
    }
    for item in items.values():
        cited = {passage.split(":")[0] + ":" for passage in item["statedIn"]}
        assert cited == {prefix[f] for f in item["framework"]}, item["id"]


def test_changes_join_items_of_their_versions(framework_entries, items):
    changes = [e for e in framework_entries if e["type"] == "FrameworkChange"]
    assert len(changes) > 150
    for change in changes:
        for side, version in (("before", "fromFramework"), ("after", "toFramework")):
            for item in change.get(side, ()):
                assert change[version] in items[item]["framework"], change["id"]
        assert change.get("before") or change.get("after")


def test_criteria_test_facts_that_their_version_asks_for(framework_entries):
    facts = {e["id"]: e for e in framework_entries if e["type"] == "AssessedFact"}
    criteria = [e for e in framework_entries if e["type"] == "EligibilityCriterion"]
    assert len(criteria) == 46

    def tested(node):
        found = {node["tests"]} if "tests" in node else set()
        for part in (*node.get("allOf", ()), *node.get("anyOf", ())):
            found |= tested(part)
        return found

    for criterion in criteria:
        for fact in tested(criterion):
            assert criterion["framework"] in facts[fact]["framework"], criterion["id"]


def test_values_of_tests_are_values_that_their_facts_take(framework_entries):
    facts = {e["id"]: e for e in framework_entries if e["type"] == "AssessedFact"}

    def leaves(node):
        if "tests" in node:
            yield node
        for part in (*node.get("allOf", ()), *node.get("anyOf", ())):
            yield from leaves(part)

    for entry in framework_entries:
        for leaf in leaves(entry):
            fact, wanted = facts[leaf["tests"]], leaf.get("equals", [])
            wanted = wanted if isinstance(wanted, list) else [wanted]
            if fact["factType"] == "choice":
                assert set(wanted) <= set(fact["choices"])
            if fact["factType"] == "boolean":
                assert set(wanted) <= {"true", "false"}
