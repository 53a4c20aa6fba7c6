"""What people decided about links: a CSV file that is read, reviewed and kept like any register."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from loader.errors import Fault, InputError
from loader.linking.exact import Link
from loader.terms import ID

COLUMNS = ("record", "organisation", "decision", "by", "on", "reason", "confidence", "explanation")
DECISIONS = ("accepted", "rejected", "")
Decision = Literal["accepted", "rejected"]


def read(path: Path) -> dict[tuple[str, str], Decision]:
    """Return the decision on each pair of record and organisation; none when the file does not exist.

    Raises InputError for a row with an unknown decision, or without a name or a day of the decision.
    """
    found: dict[tuple[str, str], Decision] = {}
    faults: list[Fault] = []
    if not path.exists():
        return found
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            decision = (row.get("decision") or "").strip()
            if decision not in DECISIONS:
                remedy = "Write accepted or rejected, or leave it empty."
                faults.append(
                    Fault(f"“{decision[:20]}” is no decision.", path, line, "decision", remedy)
                )
            elif decision and not ((row.get("by") or "").strip() and _is_day(row.get("on") or "")):
                remedy = "Say who decided, and on which day (YYYY-MM-DD)."
                faults.append(Fault("has no name or no day.", path, line, "by", remedy))
            elif decision:
                pair = (_iri(row.get("record") or ""), _iri(row.get("organisation") or ""))
                found[pair] = "accepted" if decision == "accepted" else "rejected"
    if faults:
        raise InputError(faults)
    return found


def apply(links: Iterable[Link], decided: dict[tuple[str, str], Decision]) -> list[Link]:
    """Return the links without those rejected; an accepted one is certain, whatever the model says."""
    kept = []
    for link in links:
        decision = decided.get((link.record, link.organisation))
        if decision != "rejected":
            kept.append(replace(link, confidence=1.0) if decision == "accepted" else link)
    return kept


def write_open(path: Path, links: Iterable[Link], decided: dict[tuple[str, str], Decision]) -> int:
    """Add a row to the file for each link by likeness that nobody has decided on; return how many.

    Rows that are there stay as they are.
    """
    known = set(decided)
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            known |= {(_iri(r["record"]), _iri(r["organisation"])) for r in csv.DictReader(file)}
    new = [
        li
        for li in links
        if li.method == "by-likeness" and (li.record, li.organisation) not in known
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        if is_new:
            out.writerow(COLUMNS)
        for link in sorted(new, key=lambda each: each.confidence):
            pair = (link.record.removeprefix(ID), link.organisation.removeprefix(ID))
            out.writerow([*pair, "", "", "", "", link.confidence, link.explanation])
    return len(new)


def _iri(text: str) -> str:
    return text if text.startswith("http") else ID + text


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True
