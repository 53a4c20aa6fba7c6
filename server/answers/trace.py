"""The trace behind a verdict: the chain of conditions, each with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from rdflib import SKOS, URIRef
from rdflib.term import Node

from loader.dates import in_words
from loader.terms import REMIT
from server.answers.facts import Row, day, since, text
from server.answers.organisation import Organisation
from server.answers.reference import Json, Reference

_HOLDS = {"holds": True, "fails": False, "unknown": None}


@dataclass
class Evidence:
    """Rows of evidence for one power: memberships that bear on its reach, and its holdings."""

    memberships: list[Row] = field(default_factory=list)
    holdings: list[Row] = field(default_factory=list)

    def in_role(self, role: str, *states: str) -> list[Row]:
        """Return the membership rows of a role (reaches, may-reach, excludes) in any of ``states``."""
        return [
            row
            for row in self.memberships
            if text(row, "role") == role and text(row, "state") in states
        ]

    def holder(self) -> Json | None:
        """Return ``{id, label}`` of the holder on the date, or None."""
        for row in self.holdings:
            if text(row, "current") == "true":
                return {"id": str(row["holder"]), "label": str(row["holderLabel"])}
        return None


def trace(
    ref: Reference,
    organisation: Organisation,
    power: Json,
    row: Row,
    evidence: Evidence,
    as_of: date,
) -> list[Json]:
    """Return the five conditions in order: ``{condition, holds, because, sources}``."""
    node = URIRef(power["power"]["id"])
    return [
        _step(
            "organisation-exists",
            row["exists"],
            organisation.existence(as_of),
            organisation.sources,
        ),
        _reach(ref, organisation, node, row["reach"], evidence, as_of),
        _exclusion(ref, organisation, row["notExcluded"], evidence, as_of),
        _force(ref, power, node, row["inForce"], as_of),
        _holder(ref, row["holderExists"], evidence, as_of),
    ]


def reason(steps: list[Json], condition: str) -> str:
    """Return why a condition failed."""
    return next(str(step["because"]) for step in steps if step["condition"] == condition)


def missing(power: Json, steps: list[Json]) -> str:
    """Return the fact that would settle an unknown verdict."""
    parts = []
    for step in steps:
        if step["holds"] is not None:
            continue
        if step["condition"] == "power-in-force" and power["commencementNote"]:
            parts.append(power["commencementNote"])
        else:
            parts.append(step["because"])
    return " ".join(parts)


def grounds(ref: Reference, power: URIRef, evidence: Evidence, as_of: date) -> list[Json]:
    """Return each ground of a power with whether it can arise for the organisation on the date."""
    return [_ground(ref, node, evidence, as_of) for node in ref.all(power, REMIT.ground)] or [
        _ground(ref, node, evidence, as_of)
        for broader in ref.all(power, REMIT.broader)
        for node in ref.all(broader, REMIT.ground)
    ]


def _ground(ref: Reference, node: Node, evidence: Evidence, as_of: date) -> Json:
    rows = [row for row in evidence.memberships if str(row["situation"]) == str(node)]
    mine = Evidence(rows)
    current = mine.in_role("reaches", "current")
    possible = mine.in_role("may-reach", "current") + mine.in_role("reaches", "unproven")
    standard = ref.one(node, REMIT.standard)
    over = ", ".join(ref.labels(node, REMIT.exercisableOver))
    if current:
        because = f"The organisation is then {_classes(current)}."
    elif possible:
        because = f"No source shows whether the organisation was then: {over}."
    else:
        because = f"It concerns: {over}."
    return {
        **ref.link(node),
        "canArise": True if current else None if possible else False,
        "because": because,
        "standard": ref.link(standard) if standard is not None else None,
        "test": ref.text(node, REMIT.test),
        "sources": ref.sources(node),
    }


def _reach(
    ref: Reference, org: Organisation, power: URIRef, state: Node, evidence: Evidence, as_of: date
) -> Json:
    over = _over(ref, power)
    rows = evidence.in_role("reaches", "current")
    if str(state) == "holds":
        because = (
            f"The power reaches: {over}. On {in_words(as_of)} the organisation is {_classes(rows)}."
        )
    elif str(state) == "unknown":
        because = (
            f"The power reaches: {over}. The sources do not show whether the organisation was one of "
            f"these on {in_words(as_of)}: {org.classes(as_of)}."
        )
    else:
        because = f"The power reaches: {over}. On {in_words(as_of)}: {org.classes(as_of)}."
        later = evidence.in_role("reaches", "later")
        ended = evidence.in_role("reaches", "ended")
        because += "".join(
            f" It {verb} {row['classLabel']} {_when(row)}."
            for verb, found in (("becomes", later[:1]), ("was", ended[-1:]))
            for row in found
        )
    situations = [URIRef(str(row["situation"])) for row in rows]
    nodes = {source for s in situations for source in ref.graph.objects(s, REMIT.statedIn)}
    nodes |= set(ref.graph.objects(power, REMIT.statedIn)) if not nodes else set()
    sources = ref.source_list(nodes) + org.membership_sources(
        str(row["membership"]) for row in rows
    )
    return _step("type-in-reach", state, because, _unique(sources))


def _exclusion(
    ref: Reference, org: Organisation, state: Node, evidence: Evidence, as_of: date
) -> Json:
    rows = evidence.in_role("excludes", "current")
    if str(state) == "holds":
        return _step("type-not-excluded", state, "No exclusion from the power concerns it.", [])
    nodes = {s for r in rows for s in ref.graph.objects(r["situation"], REMIT.statedIn)}
    because = f"The power does not reach it because on {in_words(as_of)} it is {_classes(rows)}."
    notes = [ref.text(row["situation"], SKOS.note) for row in rows]
    because += "".join(f" {note}" for note in dict.fromkeys(notes) if note)
    sources = ref.source_list(nodes) + org.membership_sources(
        str(row["membership"]) for row in rows
    )
    return _step("type-not-excluded", state, because, _unique(sources))


def _force(ref: Reference, power: Json, node: URIRef, state: Node, as_of: date) -> Json:
    first, end = power["inForceFrom"], power["inForceTo"]
    not_yet, seen = power["notInForceAsAt"], power["inForceAttestedFrom"]
    if str(state) == "holds":
        start = f"from {_iso(first)}" if first else f"and is spoken of as in force on {_iso(seen)}"
        because = f"It is in force {start}" + (f" until {_iso(end)}." if end else ".")
    elif str(state) == "unknown":
        because = "When it came into force is not known."
        if not_yet:
            because += f" On {_iso(not_yet)} it was not yet in force."
        if seen:
            because += f" On {_iso(seen)} it is spoken of as in force."
    elif end and as_of.isoformat() >= end:
        because = f"It ended on {_iso(end)}."
    elif first:
        because = f"It is not yet in force: it begins on {_iso(first)}."
    else:
        because = f"It is not yet in force: the source of {_iso(not_yet)} says that it still awaits commencement."
    if power["commencementNote"] and str(state) != "holds":
        because += f" {power['commencementNote']}"
    sources = ref.sources(node, REMIT.commencementStatedIn)
    return _step("power-in-force", state, because, sources or power["sources"])


def _holder(ref: Reference, state: Node, evidence: Evidence, as_of: date) -> Json:
    current = [row for row in evidence.holdings if text(row, "current") == "true"]
    told = "; ".join(f"{row['holderLabel']} {_when(row)}" for row in evidence.holdings)
    if current:
        because = f"{current[0]['holderLabel']} holds it {_when(current[0])}."
    elif str(state) == "unknown":
        because = f"Who held it on {in_words(as_of)} is not known: {told}."
    else:
        because = f"Nobody who holds it existed and held it on {in_words(as_of)}. Holders: {told}."
    rows = current or evidence.holdings
    nodes = {s for row in rows for s in ref.graph.objects(row["holding"], REMIT.statedIn)}
    return _step("holder-exists", state, because, ref.source_list(nodes))


def _over(ref: Reference, power: URIRef) -> str:
    situations = ref.all(power, REMIT.ground) or [
        ground for broad in ref.all(power, REMIT.broader) for ground in ref.all(broad, REMIT.ground)
    ]
    nodes = [power, *situations]
    labels = [label for node in nodes for label in ref.labels(node, REMIT.exercisableOver)]
    return "; ".join(dict.fromkeys(labels))


def _classes(rows: list[Row]) -> str:
    told = [f"{_article(str(row['classLabel']))} ({_when(row)})" for row in rows]
    return "; ".join(dict.fromkeys(told))


def _article(label: str) -> str:
    return f"{'an' if label[0].lower() in 'aeiou' or label.startswith('NHS') else 'a'} {label}"


def _when(row: Row) -> str:
    return since(day(row, "from"), day(row, "attested"), day(row, "to"))


def _iso(value: str) -> str:
    return in_words(date.fromisoformat(value))


def _step(condition: str, state: Node, because: str, sources: list[Json]) -> Json:
    return {
        "condition": condition,
        "holds": _HOLDS[str(state)],
        "because": because,
        "sources": sources,
    }


def _unique(sources: list[Json]) -> list[Json]:
    return list({source["url"]: source for source in sources}.values())
