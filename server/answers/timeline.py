"""When the answer for an organisation changes: its life, the law's, and the verdicts between each two dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rdflib import RDF, URIRef
from rdflib.term import Node

from loader.catalogue import query
from loader.terms import REMIT
from server.answers.organisation import Organisation, load
from server.answers.reference import Json, Reference, reference
from server.answers.versioned import Versioned
from server.store.protocol import Store

_STARTS = (REMIT.validFrom, REMIT.attestedFrom, REMIT.existsFrom, REMIT.inForceFrom)
_ENDS = (REMIT.validTo, REMIT.existsTo, REMIT.inForceTo, REMIT.inForceAttestedFrom)
_NAMES = {"applies": "applies", "doesNotApply": "does-not-apply", "unknown": "unknown"}

Answer = dict[str, tuple[str, str | None]]


@dataclass(frozen=True)
class _Period:
    """Days from ``start`` on which every verdict stays the same."""

    start: date
    answer: Answer


def timeline(store: Store, code: str) -> Json:
    """Return how the answer for an organisation (ODS code or slug) changes over time.

    ``{organisation, names, types, holders, law, periods: [{from, to, applies, doesNotApply, unknown, changes}]}``. The
    answer is the same on each day of a period; ``changes`` names the powers whose verdict or holder differs from the
    period before. Nothing is told of the days before the earliest date that the sources give. Raises NotFound, with
    near codes, when there is no such organisation.
    """
    ref, organisation = reference(store), load(store, code)
    today = date.today()
    described = organisation.described(today)
    periods = _recent.get(store, lambda: _periods(store, ref, organisation), organisation.id)
    return {
        "organisation": organisation.summary(today),
        "dataVersion": store.version,
        "names": described["names"],
        "types": [each for each in described["types"] if not each["derived"]],
        "holders": _holders(ref),
        "law": _law(ref),
        "periods": [_told(ref, periods, place) for place in range(len(periods))],
    }


_recent = Versioned[list[_Period]](256, remote=False)


def boundaries(ref: Reference, organisation: Organisation) -> list[date]:
    """Return the days on which a fact begins or ends on which a verdict can rest, in order.

    Before the organisation is known to exist and after its end nothing changes, so such days are left out.
    """
    powers = list(ref.graph.subjects(RDF.type, REMIT.Power))
    holdings = [holding for power in powers for holding in ref.all(power, REMIT.holding)]
    bodies = {body for holding in holdings for body in ref.all(holding, REMIT.heldBy)}
    days = _days(ref, (*powers, *holdings, *bodies))
    days |= {day + timedelta(days=1) for day in _dates(ref, powers, (REMIT.notInForceAsAt,))}
    facts = organisation.facts
    days |= _days(facts, (organisation.node, *facts.all(organisation.node, REMIT.membership)))
    life = organisation.life
    first = life.start or life.seen or min(days)
    return sorted(day for day in days if first <= day and (life.end is None or day <= life.end))


def _periods(store: Store, ref: Reference, organisation: Organisation) -> list[_Period]:
    found: list[_Period] = []
    for day in boundaries(ref, organisation):
        answer = _answer(store, ref, organisation, day)
        if not found or found[-1].answer != answer:
            found.append(_Period(day, answer))
    return found


def _answer(store: Store, ref: Reference, organisation: Organisation, day: date) -> Answer:
    """Return the verdict of each power on a day, with its holder where it applies."""
    bound = query("powers-of-organisation").bind(organisation=organisation.id, asOf=day)
    found: Answer = {}
    for row in store.select(bound):
        power, verdict = str(row["power"]), str(row["verdict"])
        found[power] = (verdict, _holder(ref, power, day) if verdict == "applies" else None)
    return found


def _holder(ref: Reference, power: str, day: date) -> str | None:
    for holding in ref.all(URIRef(power), REMIT.holding):
        start = _date(ref, holding, REMIT.validFrom) or _date(ref, holding, REMIT.attestedFrom)
        end = _date(ref, holding, REMIT.validTo)
        if start and start <= day and (end is None or day < end):
            return ref.text(holding, REMIT.heldBy)
    return None


def _told(ref: Reference, periods: list[_Period], place: int) -> Json:
    period = periods[place]
    later = periods[place + 1].start if place + 1 < len(periods) else None
    counted = Counter(verdict for verdict, _ in period.answer.values())
    changes = _changes(ref, periods[place - 1].answer, period.answer) if place else []
    return {
        "from": period.start.isoformat(),
        "to": later.isoformat() if later else None,
        **{name: counted[verdict] for name, verdict in _NAMES.items()},
        "changes": changes,
    }


def _changes(ref: Reference, before: Answer, after: Answer) -> list[Json]:
    rows = [
        {
            "power": ref.link(URIRef(power)),
            "before": before[power][0],
            "after": verdict,
            "holder": ref.link(URIRef(holder)) if holder else None,
        }
        for power, (verdict, holder) in after.items()
        if before.get(power) != (verdict, holder)
    ]
    return sorted(rows, key=lambda row: (row["after"], row["power"]["label"]))


def _law(ref: Reference) -> list[Json]:
    """Return how many powers are in force over each interval that the register gives."""
    counted = Counter(
        (_iso(ref, power, REMIT.inForceFrom), _iso(ref, power, REMIT.inForceTo))
        for power in ref.graph.subjects(RDF.type, REMIT.Power)
    )
    rows = [{"from": start, "to": end, "powers": n} for (start, end), n in counted.items()]
    return sorted(rows, key=lambda row: (row["from"] or "9999", row["to"] or "9999"))


def _holders(ref: Reference) -> list[Json]:
    """Return each body that holds powers, with the first and last day over all of its holdings."""
    found: dict[str, list[Node]] = {}
    for power in ref.graph.subjects(RDF.type, REMIT.Power):
        for holding in ref.all(power, REMIT.holding):
            found.setdefault(str(ref.one(holding, REMIT.heldBy)), []).append(holding)
    rows = []
    for holder, holdings in found.items():
        starts = _dates(ref, holdings, (REMIT.validFrom, REMIT.attestedFrom))
        ends = _dates(ref, holdings, (REMIT.validTo,))
        ended = all(_date(ref, each, REMIT.validTo) for each in holdings)
        interval = {
            "from": min(starts).isoformat() if starts else None,
            "to": max(ends).isoformat() if ended and ends else None,
        }
        rows.append({**ref.link(URIRef(holder)), **interval, "powers": len(holdings)})
    return sorted(rows, key=lambda row: (row["from"] or "", row["label"]))


def _days(ref: Reference, nodes: Iterable[Node]) -> set[date]:
    return _dates(ref, nodes, (*_STARTS, *_ENDS))


def _dates(ref: Reference, nodes: Iterable[Node], properties: Iterable[URIRef]) -> set[date]:
    wanted = list(properties)
    found = (_date(ref, node, each) for node in nodes for each in wanted)
    return {day for day in found if day}


def _date(ref: Reference, node: Node, property_: URIRef) -> date | None:
    text = ref.text(node, property_)
    return date.fromisoformat(text) if text else None


def _iso(ref: Reference, node: Node, property_: URIRef) -> str | None:
    return ref.text(node, property_)
