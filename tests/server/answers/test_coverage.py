from server.answers.coverage import coverage
from server.answers.registers import entries


def document(store, slug):
    return next(each for each in coverage(store)["documents"] if each["slug"] == slug)


def test_facts_are_counted_by_kind(store):
    kinds = {kind["label"]: kind["facts"] for kind in coverage(store)["kinds"]}
    assert kinds["power"] == entries(store, "powers")["total"]
    assert {
        "duty",
        "right",
        "prohibition",
        "step",
        "appeal route",
        "relation between norms",
    } <= set(kinds)
    assert "passage" not in kinds
    assert "silence of the source" not in kinds


def test_facts_are_counted_by_passage_with_those_of_its_parts(store):
    guidance = document(store, "enforcement-guidance-2022-draft")
    counted = {each["locator"]: each["facts"] for each in guidance["byPassage"]}
    assert counted["para 47"] >= 3
    assert counted["para 130"] >= counted["para 130(a)"] > 0
    assert guidance["covered"] + len(guidance["without"]) == guidance["passages"] == len(counted)


def test_passages_without_any_fact_are_named(store):
    for each in coverage(store)["documents"]:
        assert all(not passage["facts"] for passage in each["without"])


def test_gaps_and_version_are_told(store):
    found = coverage(store)
    assert found["silences"] >= 28
    assert found["notes"] >= 55
    assert found["dataVersion"] == store.version
