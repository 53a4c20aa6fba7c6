"""What each single fact changes in the eligibility for segments, framework by framework.

“tests/answers/eligibility.yaml” holds, for each version and kind of organisation, the outcome without any fact, and
for each value of each fact the criteria that it settles and the outcomes that it changes. “pytest --refresh” writes
it anew.
"""

from itertools import chain
from pathlib import Path

import pytest
import yaml

from server.answers.segmentation.eligibility import schema, segment

GOLDEN = Path(__file__).parents[3] / "answers" / "eligibility.yaml"
PARTS = ("criteria", "gateway", "alternativeTrigger", "placement")
FRAMEWORKS = ("sof-2021-22-consultation", "sof-2021-22", "nof-2022-23")


def values(fact):
    if fact["type"] == "boolean":
        return [True, False]
    return [choice["value"] if isinstance(choice, dict) else choice for choice in fact["choices"]]


def states(answer):
    """The outcome of each segment, and whether each criterion is met, as flat text."""
    found = {f"segment {row['segment']}": row["outcome"] for row in answer["segments"]}
    for row in answer["segments"]:
        for reading in [row, *row["readings"]]:
            for criterion in chain.from_iterable(reading[part] for part in PARTS):
                name = criterion.get("id", criterion["label"]).rsplit("/", 1)[-1]
                found[name] = {True: "met", False: "not met", None: "open"}[criterion["met"]]
    return found


def told(store, framework, kind):
    empty = states(segment(store, framework, {"organisationKind": kind}))
    effects = {}
    for fact in schema(store, framework, kind)["facts"]:
        for value in values(fact):
            request = {"organisationKind": kind, "facts": {fact["key"]: value}}
            now = states(segment(store, framework, request))
            changed = {name: state for name, state in now.items() if state != empty.get(name)}
            effects[f"{fact['key']}={value}"] = changed
    return {"without facts": empty, "facts": effects}


@pytest.fixture(scope="module")
def outcomes(store, refresh):
    found = {
        f"{framework} {kind}": told(store, framework, kind)
        for framework in FRAMEWORKS
        for kind in schema(store, framework)["organisationKinds"]
    }
    if refresh:
        GOLDEN.write_text(yaml.safe_dump(found, sort_keys=True), encoding="utf-8")
    return found


def test_each_fact_changes_what_the_text_lets_it_change(outcomes):
    golden = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
    assert set(outcomes) == set(golden)
    for name, effects in outcomes.items():
        assert effects == golden[name], name
