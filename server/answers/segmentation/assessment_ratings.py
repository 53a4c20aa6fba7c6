"""Ratings of provider capability under the 2024 draft: which criteria of Annex C stated facts meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import RDF, URIRef
from rdflib.term import Node

from loader.terms import REMIT, iri
from server.answers.reference import Json, Reference, reference
from server.answers.segmentation.assessment_conditions import Fact, Possible
from server.answers.segmentation.assessment_input import read_given, schema
from server.answers.segmentation.assessment_model import locator, read_facts, read_test, whole
from server.errors import BadParameter
from server.store.protocol import Store

_FRAMEWORK = URIRef(iri("framework/oaf-2024-draft"))


def ratings_schema(store: Store) -> Json:
    """Return the facts that can be given: ``{facts: [...]}``."""
    return {"facts": [schema(fact) for fact in _facts(reference(store)).values()]}


def ratings(store: Store, asked: Mapping[str, Any]) -> Json:
    """Return each rating with its criteria met, not met or not to be told, and the readings that remain.

    The text calls the criteria indicative and does not say how they combine, so no rating is concluded.
    Raises BadParameter for an unknown fact or a value that it cannot have.
    """
    if not isinstance(asked, Mapping):
        raise BadParameter("facts is a mapping of names to values.", parameter="facts")
    ref = reference(store)
    facts = _facts(ref)
    possible = read_given(facts, asked).possible()
    bands = [_band(ref, node, facts, possible) for node in _ratings(ref)]
    silence = URIRef(iri("silence/oaf-provider-band-combination"))
    aspects = _aspects(bands)
    return {
        "answer": _in_words(aspects, ref, silence),
        "ratings": bands,
        "aspects": aspects,
        "notes": ref.notes(*_ratings(ref)),
        "unspecified": [
            {
                "what": ref.label(silence),
                "why": ref.text(silence, REMIT.statement),
                "locator": locator(ref.sources(silence)),
            }
        ],
        "dataVersion": store.version,
    }


def _facts(ref: Reference) -> dict[str, Fact]:
    tested: set[str] = set()
    known = {fact.id: fact for fact in read_facts(ref, _FRAMEWORK)}
    for node in _criteria(ref):
        tested |= read_test(ref, node, known).facts()
    return {fact.key: fact for fact in known.values() if fact.key in tested}


def _criteria(ref: Reference) -> list[Node]:
    return sorted(ref.graph.subjects(RDF.type, REMIT.CapabilityCriterion), key=str)


def _ratings(ref: Reference) -> list[Node]:
    rated = {rating for node in _criteria(ref) for rating in ref.all(node, REMIT.rating)}
    return sorted(rated, key=lambda rating: whole(ref, rating, REMIT["rank"]) or 0)


def _band(ref: Reference, rating: Node, facts: Mapping[str, Fact], possible: Possible) -> Json:
    by_id = {fact.id: fact for fact in facts.values()}
    criteria = []
    for node in _criteria(ref):
        if rating not in ref.all(node, REMIT.rating):
            continue
        test = read_test(ref, node, by_id)
        met = test.holds(possible)
        missing = sorted(test.facts() - possible.keys()) if met is None else []
        criteria.append(
            {
                "id": str(node),
                "aspect": ref.text(node, REMIT.aspect),
                "criterion": ref.text(node, REMIT.statement),
                "met": met,
                "missing": [{"fact": key, "label": facts[key].label} for key in missing],
                "locator": locator(ref.sources(node)),
                "sources": ref.sources(node),
            }
        )
    return {**ref.link(rating), "criteria": criteria}


def _aspects(bands: list[Json]) -> list[Json]:
    """Return, for each aspect, which ratings' criteria are met and which may be."""
    names = dict.fromkeys(c["aspect"] for band in bands for c in band["criteria"])
    return [
        {
            "aspect": name,
            "met": [b["label"] for b in bands for c in b["criteria"] if c["aspect"] == name and c["met"]],
            "possible": [
                b["label"] for b in bands for c in b["criteria"]
                if c["aspect"] == name and c["met"] is None
            ],
        }
        for name in names
    ]  # fmt: skip


def _in_words(aspects: list[Json], ref: Reference, silence: Node) -> str:
    lines = []
    for each in aspects:
        if each["met"] or each["possible"]:
            met = ", ".join(each["met"]) or "none"
            possible = ", ".join(each["possible"]) or "none"
            lines.append(f"{each['aspect'].capitalize()}: met {met}; cannot be told {possible}.")
    lines.append(ref.text(silence, REMIT.statement) or "")
    return "\n".join(lines)
