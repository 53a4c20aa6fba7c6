"""Rules that a user supplies where the text defines none; the answer names each as the user's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import mean, median
from typing import Any

from server.answers.reference import Json
from server.answers.segmentation.assessment_input import Given, read_given
from server.answers.segmentation.assessment_model import Model
from server.errors import BadParameter

_METHODS: dict[str, Callable[[list[float]], float]] = {
    "mean": mean,
    "median": median,
    "best": min,
    "worst": max,
}
_ROUNDING: dict[str, Callable[[float], int]] = {
    "nearest": lambda value: math.floor(value + 0.5),
    "up": math.ceil,
    "down": math.floor,
}


def apply_own_rules(model: Model, given: Given, rules: Mapping[str, Any]) -> list[Json]:
    """Derive facts from other facts by the user's ``rules`` and add them to ``given``.

    Returns ``{key, rule, inStead, locator, gives}`` for each rule that was used. Raises BadParameter for a
    rule that nothing asks for or that is malformed.
    """
    used: list[Json] = []
    for key in rules:
        if key not in _RULES:
            raise BadParameter(
                f"“{str(key)[:60]}” is not a rule that you can supply. The rules are {', '.join(_RULES)}.",
                parameter="rules",
            )
    for key, derive in _RULES.items():
        if key in rules:
            gives = derive(given, rules[key])
            for name, value in (gives or {}).items():
                checked = read_given(model.facts, {name: value})
                given.values[name] = checked.values[name]
                given.ignored.update(checked.ignored)
            if gives is not None:
                used.append(_told(model, key, rules[key], gives))
    return used


def _told(model: Model, key: str, rule: Any, gives: Json) -> Json:
    matter = model.matter(key)
    return {
        "key": key,
        "rule": rule,
        "suppliedBy": "you",
        "inStead": matter.told() if matter else None,
        "gives": gives,
    }


def _aggregate(rule: Any, values: list[float], key: str) -> int:
    rule = rule if isinstance(rule, dict) else {"method": rule}
    method, rounding = rule.get("method"), rule.get("rounding", "nearest")
    if method not in _METHODS or rounding not in _ROUNDING:
        raise BadParameter(
            f"{key} needs a method ({', '.join(_METHODS)}) and a rounding ({', '.join(_ROUNDING)}).",
            parameter=key,
        )
    return _ROUNDING[rounding](_METHODS[method](values))


def _domains(given: Given, rule: Any) -> Json | None:
    metrics = given.values.get("metricScores")
    if metrics is None or "domainScores" in given.values:
        return None
    scores = {name: _aggregate(rule, list(v), "domainAggregation") for name, v in metrics.items()}
    given.values["domainScores"] = scores
    return {"domainScores": scores}


def _indicative(given: Given, rule: Any) -> Json | None:
    domains = given.values.get("domainScores")
    if domains is None or "indicativeDeliveryScore" in given.values:
        return None
    score = _aggregate(rule, list(domains.values()), "indicativeAggregation")
    given.values["indicativeDeliveryScore"] = score
    return {"indicativeDeliveryScore": score}


def _challenged(given: Given, rule: Any) -> Json | None:
    areas = given.values.get("areaPerformance")
    bounds = rule if isinstance(rule, dict) else {}
    numbers = {k: v for k, v in bounds.items() if k in ("atLeast", "atMost")}
    if not numbers or not all(_is_number(value) for value in numbers.values()):
        raise BadParameter("challenged needs atLeast or atMost, a number.", parameter="challenged")
    if areas is None or "challengedAreas" in given.values:
        return None
    least, most = numbers.get("atLeast", -math.inf), numbers.get("atMost", math.inf)
    found = [name for name, value in areas.items() if least <= value <= most]
    given.values["challengedAreas"] = found
    return {"challengedAreas": found}


def _capability(given: Given, rule: Any) -> Json | None:
    lists = rule if isinstance(rule, dict) else {}
    if not lists or not all(isinstance(lists.get(k, []), list) for k in ("high", "low")):
        raise BadParameter(
            "capabilityRatings needs high and low, each a list of ratings.",
            parameter="capabilityRatings",
        )
    rating = given.values.get("capabilityRating")
    if rating is None or "capability" in given.values:
        return None
    level = next((k for k in ("high", "low") if rating in lists.get(k, [])), "neutral")
    given.values["capability"] = level
    return {"capability": level}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_RULES: dict[str, Callable[[Given, Any], Json | None]] = {
    "domainAggregation": _domains,
    "indicativeAggregation": _indicative,
    "challenged": _challenged,
    "capabilityRatings": _capability,
}
