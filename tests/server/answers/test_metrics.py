"""Scores of single metrics: what the text settles, and what it leaves open."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.answers.metrics import metric_scores
from server.errors import BadParameter


def body(rule, values, **more):
    rows = [
        {"id": name, "value": value, "improved": more.get("improved")}
        for name, value in values.items()
    ]
    return {
        "rule": rule,
        "higherIsBetter": True,
        **{k: v for k, v in more.items() if k != "improved"},
        "values": rows,
    }


def test_quartiles_of_lower_is_better(store):
    asked = body("quartile", {"a": 1, "b": 2, "c": 3, "d": 4}, higherIsBetter=False)
    assert metric_scores(store, asked)["scores"] == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_standard_met_scores_1_and_the_rest_go_by_tertiles(store):
    asked = body("standard", {"a": 99, "b": 94, "c": 90, "d": 80}, standard=95)
    assert metric_scores(store, asked)["scores"] == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_improvement_puts_missing_data_and_no_improvement_at_4(store):
    rows = [
        {"id": "m", "value": None, "improved": True},
        {"id": "n", "value": 99, "improved": False},
    ]
    rows += [{"id": str(n), "value": n, "improved": True} for n in (1, 2, 3)]
    answer = metric_scores(store, {"rule": "improvement", "higherIsBetter": True, "values": rows})
    assert answer["scores"] == {"m": 4, "n": 4, "1": 3, "2": 2, "3": 1}
    assert [each["key"] for each in answer["assumptions"]] == ["bestGroup", "rankBy"]


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (body("quartile", {str(n): n for n in range(10)}), "unevenGroups"),
        (body("quartile", {"a": 1, "b": 2, "c": 2, "d": 4}), "ties"),
        (body("quartile", {"a": 1, "b": 2, "c": 3, "d": None}), "missingData"),
        (body("quartile", {"a": 1, "b": 2, "c": 3, "d": 4}, higherIsBetter=None), "higherIsBetter"),
        (body("standard", {"a": 95, "b": 90}, standard=95), "standardInclusive"),
        (body("standard", {"a": 95}), "standard"),
        (body("standard", {"a": 95}, standard=90, higherIsBetter=None), "higherIsBetter"),
        (body("standard", {"a": None}, standard=90), "missingData"),
        (body("improvement", {"a": 1}), "improved"),
    ],
)
def test_what_the_text_leaves_open_is_said_with_the_reason(store, asked, key):
    answer = metric_scores(store, asked)
    assert "scores" not in answer
    assert answer["unspecified"]["key"] == key
    assert answer["unspecified"]["why"]
    assert "section 4.2" in answer["unspecified"]["locator"]


@pytest.mark.parametrize(
    ("asked", "rules", "scores"),
    [
        (body("quartile", {c: n for n, c in enumerate("edcba")}), {"unevenGroups": "better"},
         {"a": 1, "b": 1, "c": 2, "d": 3, "e": 4}),
        (body("quartile", {c: n for n, c in enumerate("edcba")}), {"unevenGroups": "worse"},
         {"a": 1, "b": 2, "c": 3, "d": 4, "e": 4}),
        (body("quartile", {"a": 4, "b": 2, "c": 2, "d": 1}), {"ties": "better"}, {"a": 1, "b": 2, "c": 2, "d": 4}),
        (body("quartile", {"a": 4, "b": 2, "c": 2, "d": 1}), {"ties": "worse"}, {"a": 1, "b": 3, "c": 3, "d": 4}),
        (body("standard", {"a": 95}, standard=95), {"standardInclusive": True}, {"a": 1}),
        (body("quartile", {"a": None}), {"missingData": "worst"}, {"a": 4}),
        (body("quartile", {"a": None}), {"missingData": "excluded"}, {}),
    ],
)  # fmt: skip
def test_a_rule_of_the_user_settles_it_and_is_named_as_the_users(store, asked, rules, scores):
    answer = metric_scores(store, {**asked, "rules": rules})
    assert answer["scores"] == scores
    assert [rule["suppliedBy"] for rule in answer["userRules"]] == ["you"]


def test_a_tie_within_a_group_is_no_matter(store):
    asked = body("quartile", dict(zip("abcdefgh", (9, 9, 7, 6, 5, 4, 3, 2), strict=True)))
    assert metric_scores(store, asked)["scores"]["b"] == 1


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(st.integers(-1000, 1000), unique=True, min_size=4, max_size=40))
def test_quartiles_are_equal_in_size_and_follow_the_order(store, values):
    values = values[: len(values) // 4 * 4]
    scores = metric_scores(store, body("quartile", {str(v): v for v in values}))["scores"]
    assert [list(scores.values()).count(n) for n in (1, 2, 3, 4)] == [len(values) // 4] * 4
    ordered = [scores[str(v)] for v in sorted(values, reverse=True)]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize(
    "asked",
    [
        [], {"rule": "deciles", "values": []}, {"rule": "quartile"}, {"rule": "quartile", "values": [1]},
        {"rule": "quartile", "values": [{"id": "a", "value": "x"}]},
        {"rule": "quartile", "values": [{"id": "a", "value": True}]},
        {"rule": "quartile", "values": [{"id": "a", "value": 1, "improved": "yes"}]},
        {"rule": "quartile", "values": [{"id": "a", "value": 1}, {"id": "a", "value": 2}]},
        {"rule": "quartile", "values": [], "higherIsBetter": "yes"},
        {"rule": "quartile", "values": [], "rules": {"ties": "alphabet"}},
        {"rule": "quartile", "values": [], "rules": [1]},
        {"rule": "standard", "values": [], "standard": "high"},
    ],
)  # fmt: skip
def test_malformed_requests_are_refused(store, asked):
    with pytest.raises(BadParameter):
        metric_scores(store, asked)
