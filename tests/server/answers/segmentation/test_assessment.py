"""Properties of segmentation under the 2024 draft, on generated facts, and its single rules."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.answers.segmentation.assessment import alternatives, facts_schema, segment
from server.errors import BadParameter

AREAS = [
    "urgent care",
    "elective care",
    "cancer care",
    "primary care",
    "mental health care",
    "finance",
]
SETS = ("provisionalDeliveryScore", "provisionalSegment", "finalSegment")
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "indicativeDeliveryScore": st.integers(1, 4),
        "challengedAreas": st.lists(st.sampled_from([*AREAS, "diagnostics"]), max_size=7),
        "relevantOrganisation": st.booleans(),
        "capability": st.sampled_from(["high", "neutral", "low"]),
        "trajectory": st.sampled_from(["improving", "maintaining", "declining"]),
        "supportsPartners": st.booleans(),
        "complexChallenges": st.booleans(),
        "enforcementRequired": st.booleans(),
        "highConcern": st.booleans(),
        "wholeSystemResponse": st.booleans(),
        "recoveryProgrammeEntry": st.booleans(),
    },
)
generated = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@generated
@given(facts=FACTS)
def test_outcomes_are_never_empty_and_stay_on_the_scale(store, facts):
    answer = segment(store, facts)
    for name in SETS:
        assert answer[name]
        assert set(answer[name]) <= {1, 2, 3, 4}


@generated
@given(facts=FACTS, data=st.data())
def test_more_facts_never_widen_a_set(store, facts, data):
    fewer = {key: facts[key] for key in facts if data.draw(st.booleans(), label=key)}
    wide, narrow = segment(store, fewer), segment(store, facts)
    for name in SETS:
        assert set(narrow[name]) <= set(wide[name])


@generated
@given(facts=FACTS)
def test_every_outcome_has_a_rule_that_permits_it(store, facts):
    answer = segment(store, facts)
    for name in SETS:
        permitted = {
            v for step in answer["steps"] if step["outcome"] == name for v in step["permits"]
        }
        assert set(answer[name]) <= permitted
    assert all(step["locator"] and step["modality"] in ("must", "may") for step in answer["steps"])


@generated
@given(facts=FACTS)
def test_each_segment_has_a_standing_that_agrees_with_the_final_set(store, facts):
    answer = segment(store, facts)
    reached = {r["segment"] for r in answer["outcomes"] if r["status"] in ("required", "permitted")}
    assert reached == set(answer["finalSegment"])
    required = [r for r in answer["outcomes"] if r["status"] == "required"]
    assert len(required) == (len(answer["finalSegment"]) == 1)
    for row in answer["outcomes"]:
        assert row["rule"]


@generated
@given(facts=FACTS)
def test_the_path_leads_from_set_to_set(store, facts):
    path = segment(store, facts)["path"]
    for before, after in pairwise(path):
        assert {way["from"] for way in after["ways"]} == set(before["values"])
        assert {way["to"] for way in after["ways"]} == set(after["values"])


@pytest.mark.parametrize(
    ("score", "areas", "expected", "intervention"),
    [
        (1, [], [1], []),
        (1, ["finance"], [2], ["finance"]),
        (3, ["finance"], [3], ["finance"]),
        (1, ["finance", "cancer care"], [1, 2], []),
        (3, AREAS, [3, 4], []),
        (4, AREAS, [4], []),
        (2, ["Urgent and emergency care"], [2], ["urgent care"]),
        (2, ["finance", "finance"], [2], ["finance"]),
        (1, ["frailty"], [1], []),
    ],
)
def test_additional_considerations(store, score, areas, expected, intervention):
    answer = segment(store, {"indicativeDeliveryScore": score, "challengedAreas": areas})
    assert answer["provisionalDeliveryScore"] == expected
    assert answer["targetedIntervention"] == intervention


@pytest.mark.parametrize(
    ("score", "capability", "expected"),
    [
        (1, "high", [1]), (2, "high", [1, 2]), (4, "high", [3, 4]),
        (1, "low", [1, 2]), (4, "low", [4]), (3, "neutral", [3]),
    ],
)  # fmt: skip
def test_capability_moves_by_one_level_at_most(store, score, capability, expected):
    facts = {"provisionalDeliveryScore": score, "capability": capability}
    assert segment(store, facts)["provisionalSegment"] == expected


def test_an_irrelevant_organisation_does_not_deteriorate(store):
    facts = {"indicativeDeliveryScore": 2, "challengedAreas": AREAS, "relevantOrganisation": False}
    assert segment(store, facts)["provisionalDeliveryScore"] == [2]


def test_enforcement_bars_segment_1_and_leaves_open_how_much_more(store):
    facts = {"provisionalSegment": 1, "enforcementRequired": True, "recoveryProgrammeEntry": False}
    answer = segment(store, facts)
    assert answer["finalSegment"] == [2]
    assert answer["outcomes"][0]["status"] == "excluded"
    assert "enforcementSegment" in [each["key"] for each in answer["unspecified"]]


def test_a_provisional_4_without_entry_is_reported_as_unsettled(store):
    answer = segment(store, {"provisionalSegment": 4, "recoveryProgrammeEntry": False})
    assert "recoveryProgrammeEntry" in [each["key"] for each in answer["unspecified"]]
    considered = [a for a in answer["actions"] if a["action"] == "recoveryProgrammeMayBeConsidered"]
    assert considered[0]["locator"] == "recovery programme annex, referral, 1st circumstance"


def test_what_is_considered_without_a_number_moves_nothing_but_is_told(store):
    plain = {"provisionalDeliveryScore": 2, "capability": "neutral"}
    answer = segment(store, {**plain, "trajectory": "declining", "complexChallenges": True})
    assert answer["provisionalSegment"] == segment(store, plain)["provisionalSegment"]
    assert {"trajectory", "complexChallenges"} <= {each["key"] for each in answer["unspecified"]}


def test_ratings_are_not_read_as_high_or_low_unless_the_user_says_so(store):
    facts = {"provisionalDeliveryScore": 3, "capabilityRating": "Excelling"}
    open_ = segment(store, facts)
    assert open_["provisionalSegment"] == [2, 3, 4]
    assert "capabilityRatings" in [each["key"] for each in open_["unspecified"]]
    own = segment(store, facts, {"capabilityRatings": {"high": ["Excelling"]}})
    assert own["provisionalSegment"] == [2, 3]
    assert own["userRules"][0]["suppliedBy"] == "you"


def test_domain_scores_make_a_score_only_by_the_users_rule(store):
    facts = {"domainScores": {"access": 2, "quality": 3}, "challengedAreas": []}
    assert "indicativeAggregation" in [m["key"] for m in segment(store, facts)["unspecified"]]
    for rule, expected in (("best", 2), ("worst", 3), ({"method": "mean", "rounding": "down"}, 2)):
        answer = segment(store, facts, {"indicativeAggregation": rule})
        assert answer["provisionalDeliveryScore"] == [expected]


def test_metric_scores_and_area_performance_by_the_users_rules(store):
    facts = {
        "metricScores": {"access": [1, 2], "quality": [4, 4]},
        "areaPerformance": {"finance": 4, "elective care": 2, "diagnostics": 4},
    }
    rules = {
        "domainAggregation": "worst",
        "indicativeAggregation": "mean",
        "challenged": {"atLeast": 4},
    }
    answer = segment(store, facts, rules)
    assert answer["provisionalDeliveryScore"] == [3]
    assert answer["targetedIntervention"] == ["finance"]
    assert [each["what"] for each in answer["ignored"]] == ["diagnostics"]


@pytest.mark.parametrize(
    ("facts", "rules", "message"),
    [
        ({"indicativeScore": 2}, None, "Did you mean indicativeDeliveryScore"),
        ({"indicativeDeliveryScore": 5}, None, "whole number from 1 to 4"),
        ({"indicativeDeliveryScore": True}, None, "whole number"),
        ({"capability": "middling"}, None, "one of"),
        ({"enforcementRequired": "yes"}, None, "true or false"),
        ({"challengedAreas": [1]}, None, "list of names"),
        ({"domainScores": {}}, None, "mapping"),
        ({"metricScores": {"a": []}}, None, "list of numbers"),
        ({"domainScores": {"a": "x"}}, None, "a number"),
        ({"challengedAreas": ["finance"], "challengedAreaCount": 3}, None, "is 1 by"),
        ({"indicativeDeliveryScore": 1, "challengedAreas": [], "provisionalDeliveryScore": 4}, None, "does not follow"),
        ({}, {"weights": 1}, "not a rule"),
        ({}, {"challenged": {}}, "atLeast or atMost"),
        ({}, {"capabilityRatings": {"high": "Excelling"}}, "list of ratings"),
        ({"domainScores": {"a": 1}}, {"indicativeAggregation": "sum"}, "needs a method"),
        ([], None, "mappings"),
    ],
)  # fmt: skip
def test_faults_say_what_to_do(store, facts, rules, message):
    with pytest.raises(BadParameter, match=message):
        segment(store, facts, rules)


def test_the_facts_are_described_with_their_sources(store):
    schema = facts_schema(store)
    keys = [fact["key"] for fact in schema["facts"]]
    assert keys[:2] == ["indicativeDeliveryScore", "challengedAreas"]
    assert "wellLedRating" not in keys
    assert all(fact["sources"] for fact in schema["facts"])
    assert segment(store, schema["example"]["facts"])["finalSegment"]


def test_alternatives_change_one_fact_at_a_time(store):
    facts = {"indicativeDeliveryScore": 2, "challengedAreas": ["finance"], "capability": "neutral",
             "enforcementRequired": False, "recoveryProgrammeEntry": False}  # fmt: skip
    found = {(move["fact"], move["shown"]): move for move in alternatives(store, facts)}
    assert found["recoveryProgrammeEntry", "yes"]["segments"] == [4]
    assert found["challengedAreas", "also cancer care"]["segments"] == [2, 3]
    assert not found["enforcementRequired", "yes"]["moves"]
