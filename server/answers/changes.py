"""What changed for an organisation between two dates: verdicts with their cause, names, classes and events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from loader.dates import parse_date
from server.answers.organisation import load
from server.answers.reference import Json
from server.answers.sheet import answer_sheet
from server.errors import BadParameter
from server.store.protocol import Store

Sheet = Callable[[Store, str, date], Json]
_LISTS = (("applies", "applies"), ("doesNotApply", "does-not-apply"), ("unknown", "unknown"))


def changes(
    store: Store, code: str, start: date | str, end: date | str, sheet: Sheet = answer_sheet
) -> Json:
    """Return what differs between two dates for an organisation (ODS code or slug).

    ``{organisation, from, to, powers: [{power, before, after, causes}], names, types, events, instruments}``. A change
    of a power tells each condition that came out differently, why, and the sources. Raises NotFound for an unknown
    organisation, DateError for an impossible date, BadParameter when ``end`` is before ``start``.
    """
    first = start if isinstance(start, date) else parse_date(start, "from")
    last = end if isinstance(end, date) else parse_date(end, "to")
    if last < first:
        raise BadParameter("The date “to” is before the date “from”.", parameter="to")
    organisation = load(store, code)
    before, after = sheet(store, code, first), sheet(store, code, last)
    described = organisation.described(last)
    return {
        "organisation": organisation.summary(last),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "dataVersion": store.version,
        "powers": differences(before, after),
        "unchanged": len(_verdicts(after)) - len(differences(before, after)),
        "names": _dated(described["names"], first, last),
        "types": _dated(described["types"], first, last),
        "relations": _dated(described["relations"], first, last),
        "events": [
            e for e in described["events"] if e["date"] and _between(e["date"], first, last)
        ],
    }


def differences(before: Json, after: Json) -> list[Json]:
    """Return the powers whose verdict or holder differs between two answer sheets."""
    then, now = _verdicts(before), _verdicts(after)
    rows = []
    for identifier, (verdict, row) in now.items():
        old_verdict, old = then[identifier]
        holder, old_holder = _holder(row), _holder(old)
        if verdict == old_verdict and (verdict != "applies" or holder == old_holder):
            continue
        rows.append(
            {
                "power": row["power"],
                "before": _told(old_verdict, old),
                "after": _told(verdict, row),
                "causes": _causes(old, row),
            }
        )
    return sorted(rows, key=lambda row: (row["after"]["verdict"], row["power"]["label"]))


def _verdicts(sheet: Json) -> dict[str, tuple[str, Json]]:
    return {row["power"]["id"]: (verdict, row) for name, verdict in _LISTS for row in sheet[name]}


def _holder(row: Json) -> str | None:
    holder = row.get("holder")
    return str(holder["label"]) if holder else None


def _told(verdict: str, row: Json) -> Json:
    return {
        "verdict": verdict,
        "holder": _holder(row),
        "failedCondition": row.get("failedCondition"),
        "because": row.get("because") or row.get("missing"),
    }


def _causes(old: Json, new: Json) -> list[Json]:
    """Return the conditions that hold differently, or are met by another holder, with why."""
    earlier = {step["condition"]: step for step in old["trace"]}
    return [
        {
            "condition": step["condition"],
            "before": earlier[step["condition"]]["because"],
            "after": step["because"],
            "sources": _unique(step["sources"] + earlier[step["condition"]]["sources"]),
        }
        for step in new["trace"]
        if step["holds"] != earlier[step["condition"]]["holds"]
        or (step["condition"] == "holder-exists" and _holder(old) != _holder(new))
    ]


def _unique(sources: list[Json]) -> list[Json]:
    return list({source["url"]: source for source in sources}.values())


def _dated(rows: list[Json], first: date, last: date) -> list[Json]:
    """Return the dated facts that begin or end after ``first`` and not after ``last``."""
    return [
        {**row, "change": change}
        for row in rows
        for change, day in (("begins", row["from"]), ("ends", row["to"]))
        if day and _between(day, first, last)
    ]


def _between(day: str, first: date, last: date) -> bool:
    return first.isoformat() < day <= last.isoformat()
