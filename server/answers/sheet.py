"""The answer sheet: every power, for one organisation on one date.

The verdicts are computed by ``queries/questions/powers-of-organisation.rq``; the evidence by
``grounds-for-organisation.rq`` and ``holders-of-powers.rq``. This module joins them with what the registers say of
each power.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from rdflib import URIRef

from loader.catalogue import query
from loader.dates import parse_date
from server.answers.facts import Row
from server.answers.norms import describe
from server.answers.organisation import Organisation, load
from server.answers.reference import Json, Reference, reference
from server.answers.registers import entry
from server.answers.trace import Evidence, grounds, missing, reason, trace
from server.errors import NotFound, excerpt
from server.store.protocol import Store

_BRIEF = ("power", "definition", "family", "broader", "basis", "bindingness", "notes", "sources")


@dataclass(frozen=True)
class Asked:
    """One question put to the sheet, with the registers and the organisation as they are then."""

    reference: Reference
    organisation: Organisation
    as_of: date


def answer_sheet(store: Store, code: str, as_of: date | str, known_at: str | None = None) -> Json:
    """Return the answer sheet of the HTTP contract for an organisation (ODS code or slug) on a date.

    ``known_at`` names the data version that the store serves; it is told in the answer. Raises UnknownOrganisation,
    with near codes, when there is no such organisation, and DateError for an impossible date.
    """
    organisation = load(store, code)
    node = organisation.id
    day = as_of if isinstance(as_of, date) else parse_date(as_of, "asOf")
    asked = Asked(reference(store), organisation, day)
    evidence = _evidence(store, node, day)
    bound = query("powers-of-organisation").bind(organisation=node, asOf=day)
    rows: dict[str, list[Json]] = {"applies": [], "does-not-apply": [], "unknown": []}
    for row in store.select(bound):
        verdict = str(row["verdict"])
        rows[verdict].append(_row(asked, verdict, row, evidence[str(row["power"])]))
    return {
        "organisation": organisation.summary(day),
        "asOf": day.isoformat(),
        "knownAt": known_at or store.version,
        "dataVersion": store.version,
        "applies": _sorted(rows["applies"]),
        "doesNotApply": _sorted(rows["does-not-apply"]),
        "unknown": _sorted(rows["unknown"]),
    }


def power_answer(store: Store, code: str, slug: str, as_of: date | str) -> Json:
    """Return one row of the sheet: ``{organisation, asOf, verdict, row}``.

    Raises NotFound, with near powers, when the register holds no such power.
    """
    sheet = answer_sheet(store, code, as_of)
    verdicts = (("applies", "applies"), ("does-not-apply", "doesNotApply"), ("unknown", "unknown"))
    for verdict, key in verdicts:
        for row in sheet[key]:
            if row["power"]["slug"] == slug:
                told = {name: sheet[name] for name in ("organisation", "asOf", "dataVersion")}
                return {**told, "verdict": verdict, "row": row}
    entry(store, "powers", slug)
    raise NotFound(f"“{excerpt(slug)}” is not a power of the answer sheet.")


def _row(asked: Asked, verdict: str, row: Row, evidence: Evidence) -> Json:
    power = URIRef(str(row["power"]))
    described = describe(asked.reference, power)
    steps = trace(asked.reference, asked.organisation, described, row, evidence, asked.as_of)
    if verdict == "applies":
        situations = grounds(asked.reference, power, evidence, asked.as_of)
        return {**described, "holder": evidence.holder(), "grounds": situations, "trace": steps}
    brief = {key: described[key] for key in _BRIEF}
    if verdict == "does-not-apply":
        failed = str(row["failed"])
        failing = [step["condition"] for step in steps if step["holds"] is False]
        return {
            **brief,
            "failedCondition": failed,
            "failedConditions": failing,
            "because": reason(steps, failed),
            "trace": steps,
        }
    return {**brief, "missing": missing(described, steps), "trace": steps}


def _evidence(store: Store, organisation: str, as_of: date) -> defaultdict[str, Evidence]:
    found: defaultdict[str, Evidence] = defaultdict(Evidence)
    bound = query("grounds-for-organisation").bind(organisation=organisation, asOf=as_of)
    for row in store.select(bound):
        found[str(row["power"])].memberships.append(row)
    for row in store.select(query("holders-of-powers").bind(asOf=as_of)):
        found[str(row["power"])].holdings.append(row)
    return found


def _sorted(rows: Iterable[Json]) -> list[Json]:
    def key(row: dict[str, Any]) -> tuple[str, str]:
        return (row["family"] or "", row["power"]["label"])

    return sorted(rows, key=key)
