"""The facts that a quality case can state: what they are, reading them, and what is assumed without them."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from rdflib import RDF, URIRef

from loader.terms import REMIT
from server.answers.quality.conditions import NOT_APPLICABLE, Value
from server.answers.reference import Json, Reference, reference
from server.errors import BadParameter, excerpt
from server.store.protocol import Store


def schema(store: Store) -> Json:
    """Return what a case can state: ``{facts: [{key, label, type, choices, least, assumed, sources}], example}``."""
    ref = reference(store)
    example = {"subject": "icb", "commissionedBy": ["icb"], "boardLeadershipConcerns": True}
    return {
        "facts": [described(ref, node) for node in known(ref).values()],
        "example": {"facts": example},
        "dataVersion": store.version,
    }


def known(ref: Reference) -> dict[str, URIRef]:
    """Return the facts that a case can state, by key, in the order of the register."""
    nodes = [URIRef(str(n)) for n in ref.graph.subjects(RDF.type, REMIT.CaseFact)]
    nodes.sort(key=lambda n: int(ref.text(n, REMIT.ordinal) or 0))
    return {str(ref.text(node, REMIT.factKey)): node for node in nodes}


def described(ref: Reference, node: URIRef) -> Json:
    """Return one fact: key, label, type, choices, least value, assumed value, locators."""
    return {
        "key": ref.text(node, REMIT.factKey),
        "label": ref.label(node),
        "type": ref.text(node, REMIT.factType),
        "choices": ref.texts(node, REMIT.choice),
        "least": ref.text(node, REMIT.leastValue),
        "assumed": ref.text(node, REMIT.assumedValue),
        "sources": ref.sources(node),
    }


def read(ref: Reference, given: Any) -> dict[str, Value]:
    """Return the given facts, checked against their types; null and empty mean not known.

    Raises BadParameter for what is not an object, an unknown fact, or a value that a fact cannot have.
    """
    if not isinstance(given, Mapping):
        raise BadParameter("facts is an object of facts and their values.", parameter="facts")
    keys = known(ref)
    facts: dict[str, Value] = {}
    for key, value in given.items():
        if key not in keys:
            near = get_close_matches(str(key), keys, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise BadParameter(
                f"There is no fact called {excerpt(str(key))}.{hint}",
                parameter=f"facts.{excerpt(str(key))}",
            )
        if value not in (None, "", []):
            facts[key] = _value(ref, keys[key], key, value)
    return facts


def assumed(ref: Reference, facts: Mapping[str, Value]) -> tuple[dict[str, Value], list[Json]]:
    """Return the facts with the values assumed for those not stated, and the assumptions worth telling.

    A fact that does not apply unless stated, such as months since a recurrence, is assumed silently.
    """
    result, told = dict(facts), []
    for key, node in known(ref).items():
        value = ref.text(node, REMIT.assumedValue)
        if value is None or key in facts:
            continue
        if value == NOT_APPLICABLE and value not in ref.texts(node, REMIT.choice):
            result[key] = NOT_APPLICABLE
            continue
        result[key] = _value(ref, node, key, value)
        told.append({"fact": key, "label": ref.label(node), "value": result[key]})
    return result, told


def _value(ref: Reference, node: URIRef, key: str, value: Any) -> Value:
    kind, choices = ref.text(node, REMIT.factType), ref.texts(node, REMIT.choice)
    if kind == "choices":
        several = [value] if isinstance(value, str) else value
        if isinstance(several, list) and all(isinstance(v, str) and v in choices for v in several):
            return tuple(dict.fromkeys(several))
    elif kind == "choice" and isinstance(value, str) and value in choices:
        return value
    elif kind == "boolean" and str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    elif kind == "whole number" and not isinstance(value, bool) and _whole(str(value)):
        return int(value)
    raise BadParameter(f"{key} is {_wanted(kind, choices)}.", parameter=f"facts.{key}")


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


def _wanted(kind: str | None, choices: list[str]) -> str:
    match kind:
        case "boolean":
            return "true or false"
        case "choice":
            return f"one of {', '.join(choices)}"
        case "choices":
            return f"a list of {', '.join(choices)}"
        case _:
            return "a whole number from 0 to 9999"
