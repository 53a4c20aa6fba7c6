"""Take what is to be linked from a store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from loader.catalogue import query

_SHORT = {
    "road": "rd", "street": "st", "avenue": "ave", "lane": "ln", "limited": "ltd", "hospital": "hosp",
    "and": "", "the": "", "surgery": "surg", "centre": "ctr", "center": "ctr", "company": "co",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a link: a record or an organisation. ``code`` of a record is the ODS code it carries."""

    id: str
    code: str
    name: str
    postcode: str
    address: str
    day: date | None

    def row(self) -> dict[str, str | None]:
        """Return it as a row for comparison: cleaned, None for what is missing."""
        name, postcode = plain(self.name), self.postcode.replace(" ", "").upper()
        return {
            "unique_id": self.id,
            "name": name or None,
            "start": name[:6] or None,
            "postcode": postcode or None,
            "outward": postcode[:-3] or None,
            "address": plain(self.address.split(",")[0]) or None,
        }


def plain(text: str) -> str:
    """Return a name or address in lower case, with usual words shortened alike and no punctuation."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))
    return " ".join(short for word in words if (short := _SHORT.get(word, word)))


def records(store: ox.Store) -> list[Party]:
    """Return the records of other registers; a provider whose own code is an ODS code carries that."""
    found = []
    for row in _rows(store, "link-records"):
        code = row["odsCode"] or (
            row["code"] if "/cqc/provider/" in row["id"] and "-" not in row["code"] else ""
        )
        found.append(_party(row, code, "from"))
    return found


def organisations(store: ox.Store) -> list[Party]:
    """Return the organisations with an ODS code; ``day`` is the first on which one no longer exists."""
    return [_party(row, row["code"], "to") for row in _rows(store, "link-organisations")]


def successors(store: ox.Store) -> dict[str, list[str]]:
    """Return the organisations that followed each organisation, by identifier."""
    found: dict[str, list[str]] = {}
    for row in _rows(store, "successions"):
        found.setdefault(row["before"], []).append(row["after"])
    return found


def _party(row: dict[str, str], code: str, day: str) -> Party:
    when = date.fromisoformat(row[day]) if row[day] else None
    return Party(row["id"], code.upper(), row["name"], row["postcode"], row["address"], when)


def _rows(store: ox.Store, name: str) -> list[dict[str, str]]:
    solutions = store.query(query(name, "views").text)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - the views here are SELECT
    names = [variable.value for variable in solutions.variables]
    seen: dict[str, dict[str, str]] = {}
    for solution in solutions:
        row = {
            n: getattr(solution[n], "value", "") if solution[n] is not None else "" for n in names
        }
        seen.setdefault(" ".join(row[n] for n in names if n in ("id", "before", "after")), row)
    return list(seen.values())
