"""Segmentation under the 2024 draft: facts in; what the text requires, permits, excludes and leaves open out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from rdflib import URIRef

from loader.terms import iri
from server.answers.reference import Json, Reference, reference
from server.answers.segmentation import assessment_told as told
from server.answers.segmentation.assessment_conditions import Fact
from server.answers.segmentation.assessment_engine import Run, raised, run
from server.answers.segmentation.assessment_input import Given, read_given, schema
from server.answers.segmentation.assessment_model import SCALE, Model, locator, read_model
from server.answers.segmentation.assessment_own import apply_own_rules
from server.answers.segmentation.assessment_words import in_words
from server.errors import BadParameter
from server.store.protocol import Store

FRAMEWORK = "framework/oaf-2024-draft"
_models: WeakKeyDictionary[Reference, Model] = WeakKeyDictionary()
_SCORES = ("provisionalDeliveryScore", "provisionalSegment", "finalSegment")


def facts_schema(store: Store) -> Json:
    """Return what can be given: ``{framework, facts: [...], rules: [...], example}``."""
    model = _model(store)
    ref = reference(store)
    return {
        "framework": ref.link(model.framework),
        "facts": [schema(fact) for fact in model.facts.values() if _of_segment(model, fact.key)],
        "rules": [matter.told() for matter in model.matters if matter.user_rule and matter.step],
        "steps": [
            {"number": s.number, "label": s.label, "statement": s.statement, "sources": s.sources}
            for s in model.steps
        ],
        "example": {
            "facts": {
                "indicativeDeliveryScore": 2,
                "challengedAreas": ["urgent care"],
                "capability": "high",
                "enforcementRequired": False,
                "recoveryProgrammeEntry": False,
            }
        },
    }


def segment(store: Store, facts: Mapping[str, Any], rules: Mapping[str, Any] | None = None) -> Json:
    """Return the answer of the HTTP contract for ``facts``; nothing is stored.

    ``rules`` are the user's own, for what the text leaves undefined; the answer names them as the user's. Raises
    BadParameter for an unknown fact or rule, or a value that it cannot have.
    """
    if not isinstance(facts, Mapping) or not isinstance(rules or {}, Mapping):
        raise BadParameter("facts and rules are mappings of names to values.", parameter="facts")
    model = _model(store)
    given = read_given(model.facts, facts)
    own = apply_own_rules(model, given, rules or {})
    assumed = _assume(model, given)
    done = run(model, _known(model, given))
    matters = [*_ignored(model, given), *(m.told() for m in raised(model, done))]
    return {
        "framework": reference(store).link(model.framework),
        "answer": in_words(done, told.targeted(done, given), matters),
        **{name: sorted(done.outcomes.get(name, frozenset(SCALE))) for name in _SCORES},
        "leftOut": [name for name in _SCORES if name not in done.outcomes],
        "targetedIntervention": told.targeted(done, given),
        "actions": told.actions(done),
        "outcomes": [told.outcome(model, done, value) for value in SCALE],
        "path": told.path(done),
        "steps": [told.applied(each) for each in done.applied if each.met is not False],
        "ruledOut": [told.applied(each) for each in done.applied if each.met is False],
        "missing": _missing(model, done),
        "ignored": _ignored(model, given),
        "assumptions": assumed,
        "userRules": own,
        "unspecified": matters,
        "facts": dict(facts),
        "rules": dict(rules or {}),
        "dataVersion": store.version,
        "stored": False,
    }


def alternatives(
    store: Store, facts: Mapping[str, Any], rules: Mapping[str, Any] | None = None
) -> list[Json]:
    """Return what would move if one fact were otherwise: ``{fact, label, value, shown, segments, moves}``.

    Every value of every fact that has few is tried, one at a time; a value that contradicts the rest is left out.
    """
    model = _model(store)
    present = segment(store, facts, rules)["finalSegment"]
    found = []
    for fact in model.facts.values():
        for value, shown in _otherwise(model, fact, facts.get(fact.key)):
            try:
                segments = segment(store, {**facts, fact.key: value}, rules)["finalSegment"]
            except BadParameter:
                continue
            found.append({"fact": fact.key, "label": fact.label, "value": value, "shown": shown,
                          "segments": segments, "moves": segments != present})  # fmt: skip
    return found


def _otherwise(model: Model, fact: Fact, present: Any) -> list[tuple[Any, str]]:
    """Return the values that a fact could have instead of ``present``, with how each is told."""
    stated = {step.starts_from for step in model.steps if step.rules}
    if fact.key in stated or fact.counted_from or not _of_segment(model, fact.key):
        return []
    if fact.kind == "boolean":
        return [(value, "yes" if value else "no") for value in (True, False) if value != present]
    if fact.kind == "choices":
        chosen = list(present or [])
        added = [([*chosen, each], f"also {each}") for each in fact.choices if each not in chosen]
        fewer = [([e for e in chosen if e != each], f"not {each}") for each in chosen]
        return [*added, *fewer]
    return [(value, str(value)) for value in sorted(fact.domain, key=str) if value != present]


def _model(store: Store) -> Model:
    ref = reference(store)
    if ref not in _models:
        _models[ref] = read_model(ref, URIRef(iri(FRAMEWORK)))
    return _models[ref]


def _of_segment(model: Model, key: str) -> bool:
    """Return whether a fact bears on the segment: facts on ratings of providers have their own engine."""
    used = {k for step in model.steps for rule in step.rules for k in rule.test.facts()}
    used |= {str(step.starts_from) for step in model.steps}
    for matter in model.matters:
        used |= {*matter.raised_by, *matter.raised_without}
    fact = model.facts[key]
    sources = {f.counted_from for f in model.facts.values()} | {
        f.rated_from for f in model.facts.values()
    }
    return key in used or key in sources or fact.kind.endswith("by name")


def _assume(model: Model, given: Given) -> list[Json]:
    assumed = []
    for fact in model.facts.values():
        if fact.assumed is not None and fact.key not in given.values:
            given.values[fact.key] = fact.assumed
            assumed.append({"fact": fact.key, "label": fact.label, "value": fact.assumed,
                         "why": fact.statement, "locator": locator(fact.sources)})  # fmt: skip
    return assumed


def _known(model: Model, given: Given) -> dict[str, frozenset[str | int | float]]:
    known = given.possible()
    for fact in model.facts.values():
        counted = fact.counted_from
        if counted is not None and counted in given.values:
            number = len(given.values[counted])
            if known.get(fact.key, {number}) != {number}:
                raise BadParameter(f"{fact.key} is {number} by {counted}.", parameter=fact.key)
            known[fact.key] = frozenset({number})
    return known


def _missing(model: Model, done: Run) -> list[Json]:
    """Return the facts that are not known and that a step looked at."""
    keys: dict[str, None] = {}
    for each in done.applied:
        if each.rule is not None and each.met is None and each.rule.moves:
            keys.update(dict.fromkeys(sorted(each.rule.test.facts())))
    first = next((s for s in model.steps if s.starts_from and s.number > 0), None)
    if first and not done.first and first.starts_from:
        keys = {first.starts_from: None, **keys}
    found = []
    for key in keys:
        fact = model.facts[key]
        asked = model.facts[fact.counted_from] if fact.counted_from else fact
        if len(done.possible.get(key, frozenset())) != 1 and not _computed(model, key):
            found.append({"fact": asked.key, "label": asked.label})
    return found


def _computed(model: Model, key: str) -> bool:
    return any(step.starts_from == key and step.rules for step in model.steps)


def _ignored(model: Model, given: Given) -> list[Json]:
    ignored: list[Json] = []
    for key, texts in given.ignored.items():
        matter = model.matter(key)
        ignored += [
            matter.told(text) if matter else {"what": text, "why": "It is not known."}
            for text in texts
        ]
    return ignored
