"""Turn a report of the Organisation Data Service into entries of the form that registers have.

The report gives operational dates, so an organisation that our register knows keeps its existence
in law from there. A report of trusts does not say which of them are foundation trusts.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from typing import Any

from loader.paths import registers
from loader.sources.names import ordinary
from loader.sources.ods_rows import REPORTING, Release, Row
from loader.yamlld import read_register

Entry = dict[str, Any]

_TITLES = {
    "etr": "NHS trusts and NHS foundation trusts",
    "eccg": "Clinical commissioning groups and sub-ICB locations",
}
_NOTE = "Existence is taken from the operational dates of the Organisation Data Service."


def to_entries(release: Release, released: date, known: Container[str] = frozenset()) -> Entry:
    """Return ``{"graph": …, "entries": […]}`` for a report that was published on ``released``.

    ``known`` holds the codes that a register already describes: for these no label and no existence
    is stated. What the report shows without a date is attested from ``released`` on.
    """
    document = f"document/ods-{release.kind}-{released.isoformat()}"
    groups_end = _end_of_groups() if release.kind == "eccg" else None
    entries = [
        _entry(row, released, document, row.code in known, groups_end)
        for row in sorted(release.rows, key=lambda row: row.code)
    ]
    title = f"{_TITLES[release.kind]}, Organisation Data Service, {released.isoformat()}"
    graph = {
        "title": title,
        "description": f"Imported from a report {release.kind} of the Organisation Data Service.",
        "source": [document],
        "modified": released.isoformat(),
    }
    return {"graph": graph, "entries": [_document(document, title, released), *entries]}


def _document(identifier: str, title: str, released: date) -> Entry:
    return {
        "id": identifier,
        "type": "Document",
        "label": title,
        "publisher": "NHS England, Organisation Data Service",
        "issued": released.isoformat(),
        "licence": "Open Government Licence v3.0",
    }


def _entry(row: Row, released: date, document: str, known: bool, groups_end: date | None) -> Entry:
    end = row.closed + timedelta(days=1) if row.closed else None
    memberships = _memberships(row, end, groups_end)
    entry: Entry = {
        "id": f"organisation/{row.code}",
        "type": "OrganisationalUnit" if _never_a_body(row, groups_end) else "Organisation",
        "odsCode": row.code,
        **({} if known else _existence(row, end)),
        **_interval("operationalFrom", "operationalTo", row.opened, end),
        "names": [_name(row, released, end, document)],
        "memberships": [{**membership, "statedIn": [document]} for membership in memberships],
        "relations": _relations(row, released, document),
        "addressText": row.address,
        "postcode": row.postcode,
        "statedIn": [document],
    }
    return {key: value for key, value in entry.items() if value}


def _existence(row: Row, end: date | None) -> Entry:
    interval = _interval("existsFrom", "existsTo", row.opened, end)
    return {"label": ordinary(row.name), **interval, "note": _NOTE}


def _memberships(row: Row, end: date | None, groups_end: date | None) -> list[Entry]:
    if groups_end is None:
        return [{"class": "NHSProviderTrust", **_interval("from", "to", row.opened, end)}]
    if _never_a_body(row, groups_end):
        return [{"class": "SubICBLocation", **_interval("from", "to", row.opened, end)}]
    last = min(end, groups_end) if end else groups_end
    group = {"class": "ClinicalCommissioningGroup", **_interval("from", "to", row.opened, last)}
    if end and end <= groups_end:
        return [group]
    return [group, {"class": "SubICBLocation", **_interval("from", "to", groups_end, end)}]


def _never_a_body(row: Row, groups_end: date | None) -> bool:
    return groups_end is not None and (REPORTING in row.roles or row.opened >= groups_end)


def _name(row: Row, released: date, end: date | None, document: str) -> Entry:
    shown = min(released, row.closed) if row.closed else released
    last = {"to": end.isoformat()} if end else {}
    return {
        "name": ordinary(row.name),
        "attestedFrom": max(shown, row.opened).isoformat(),
        **last,
        "statedIn": [document],
    }


def _relations(row: Row, released: date, document: str) -> list[Entry]:
    """Return the board and region of an open organisation; a closed one shows later codes."""
    if row.closed and row.closed < released:
        return []
    last = {"to": (row.closed + timedelta(days=1)).isoformat()} if row.closed else {}
    return [
        {
            "kind": kind,
            "target": f"organisation/{code}",
            "attestedFrom": released.isoformat(),
            **last,
            "statedIn": [document],
        }
        for kind, code in (("within-geography-of", row.board), ("in-region", row.region))
        if code
    ]


def _interval(first: str, last: str, start: date, end: date | None) -> Entry:
    return {first: start.isoformat(), **({last: end.isoformat()} if end else {})}


def _end_of_groups() -> date:
    """Return the day on which clinical commissioning groups ended, from the register of kinds."""
    root = registers()
    kinds = read_register(root / "organisations" / "kinds.yaml", root)
    group = next(e for e in kinds.entries if e["id"] == "organisation/clinical-commissioning-group")
    return date.fromisoformat(group["existsTo"])
