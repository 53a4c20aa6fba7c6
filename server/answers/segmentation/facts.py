"""The facts about an organisation: which can be given, reading them, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from weakref import WeakKeyDictionary

from rdflib import RDF, URIRef
from rdflib.term import Node

from loader.terms import REMIT
from server.answers.reference import Json, Reference
from server.answers.segmentation.logic import Facts, Value, evaluate, written
from server.errors import BadParameter, excerpt

_keys: WeakKeyDictionary[Reference, dict[str, URIRef]] = WeakKeyDictionary()


def known(ref: Reference, framework: URIRef) -> dict[str, URIRef]:
    """Return the facts that a framework version asks for, by key."""
    found = ref.graph.subjects(REMIT.framework, framework)
    nodes = [URIRef(str(n)) for n in found if (n, RDF.type, REMIT.AssessedFact) in ref.graph]
    return {str(ref.text(n, REMIT.factKey)): n for n in sorted(nodes)}


def every_key(ref: Reference) -> dict[str, URIRef]:
    """Return the facts that any version asks for, by key; they are gathered once for each data version."""
    if ref not in _keys:
        found: dict[str, URIRef] = {}
        for version in ref.graph.subjects(RDF.type, REMIT.FrameworkVersion):
            found.update(known(ref, URIRef(str(version))))
        _keys[ref] = found
    return _keys[ref]


def schema(
    ref: Reference, framework: URIRef, classes: Collection[URIRef] | None = None
) -> list[Json]:
    """Return the facts that can be given: ``[{key, label, description, type, choices, appliesTo, sources}]``.

    With ``classes``, only those that concern an organisation of these classes.
    """
    rows = known(ref, framework).values()
    return [
        _described(ref, node) for node in rows if classes is None or concerns(ref, node, classes)
    ]


def concerns(ref: Reference, node: Node, classes: Collection[URIRef]) -> bool:
    """Return whether a fact, criterion or consideration is about an organisation of these classes."""
    about = set(ref.graph.objects(node, REMIT.appliesTo))
    return not about or bool(about & set(classes))


def read(ref: Reference, given: Any) -> dict[str, Value]:
    """Return the given facts, checked against their types; null means not known.

    Raises BadParameter for a value that is not a mapping, an unknown fact, or a value of the wrong type.
    """
    if not isinstance(given, Mapping):
        raise BadParameter("facts is an object of facts and their values.", parameter="facts")
    keys = every_key(ref)
    facts: dict[str, Value] = {}
    for key, value in given.items():
        if key not in keys:
            near = get_close_matches(str(key), keys, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise BadParameter(
                f"There is no fact called {excerpt(str(key))}.{hint}",
                parameter=f"facts.{excerpt(str(key))}",
            )
        if value is not None and value != "":
            facts[key] = _value(ref, keys[key], key, value)
    return facts


def completed(ref: Reference, facts: Facts) -> tuple[dict[str, Value], list[Json], list[Json]]:
    """Return the facts with what follows from them, what was inferred, and what contradicts what was given."""
    result = dict(facts)
    inferred: list[Json] = []
    conflicts: list[Json] = []
    for key, node in sorted(every_key(ref).items()):
        for rule in ref.all(node, REMIT.implied):
            if evaluate(ref, rule, facts).met is not True:
                continue
            value = _value(ref, node, key, ref.text(rule, REMIT.impliedValue))
            row = {"fact": key, "value": value, "because": ref.text(rule, REMIT.when)}
            if key not in facts:
                result[key] = value
                inferred.append(row)
            elif facts[key] != value:
                conflicts.append({**row, "given": facts[key]})
    return result, inferred, conflicts


def _described(ref: Reference, node: URIRef) -> Json:
    return {
        "key": ref.text(node, REMIT.factKey),
        "label": ref.label(node),
        "description": ref.text(node, URIRef("http://purl.org/dc/terms/description")),
        "type": ref.text(node, REMIT.factType),
        "choices": ref.texts(node, REMIT.choice),
        "least": ref.text(node, REMIT.leastValue),
        "greatest": ref.text(node, REMIT.greatestValue),
        "appliesTo": ref.labels(node, REMIT.appliesTo),
        "sources": ref.sources(node),
    }


def _value(ref: Reference, node: URIRef, key: str, value: Any) -> Value:
    kind = ref.text(node, REMIT.factType)
    text = written(value) if isinstance(value, (bool, int, str)) else ""
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "choice" and text in ref.texts(node, REMIT.choice):
        return text
    if kind == "whole number" and not isinstance(value, bool) and _whole(ref, node, text):
        return int(text)
    raise BadParameter(f"{key} is {_wanted(ref, node)}.", parameter=f"facts.{key}")


def _whole(ref: Reference, node: URIRef, text: str) -> bool:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return False
    least, most = ref.text(node, REMIT.leastValue), ref.text(node, REMIT.greatestValue)
    return Decimal(least or "0") <= int(text) and (most is None or int(text) <= Decimal(most))


def _wanted(ref: Reference, node: URIRef) -> str:
    match ref.text(node, REMIT.factType):
        case "boolean":
            return "true or false"
        case "choice":
            return f"one of {', '.join(ref.texts(node, REMIT.choice))}"
        case _:
            least, most = ref.text(node, REMIT.leastValue), ref.text(node, REMIT.greatestValue)
            return f"a whole number from {least or 0}" + (f" to {most}" if most else "")
