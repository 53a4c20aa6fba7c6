"""The index of names: every name, former name, code and citation, read once per data version."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from loader.catalogue import query
from loader.terms import slug
from server.answers.facts import Row, text
from server.store.protocol import Store

_KINDS = {
    "ExemplarOrganisation": "organisation",
    "NHSEnglandRegion": "organisation",
    "Act": "instrument",
    "Regulations": "instrument",
    "Guidance": "instrument",
    "LicenceInstrument": "instrument",
    "ConsultationDocument": "instrument",
    "PolicyDocument": "instrument",
    "LegalProvision": "provision",
    "LicenceCondition": "provision",
    "AppealRoute": "appeal",
    "DefinedTerm": "term",
}


@dataclass(frozen=True)
class Name:
    """One text by which a thing is known; ``role`` is label, alternative, name or code."""

    text: str
    role: str
    since: str | None
    until: str | None


@dataclass
class Entry:
    """One thing with its names."""

    id: str
    kind: str
    label: str
    code: str | None
    summary: str | None
    names: list[Name] = field(default_factory=list)


@dataclass(frozen=True)
class Index:
    """All entries, by identifier."""

    entries: dict[str, Entry]

    def of_kind(self, kind: str) -> list[Entry]:
        """Return the entries of a kind in the order of their labels."""
        return sorted((e for e in self.entries.values() if e.kind == kind), key=lambda e: e.label)


_lock = threading.Lock()
_kept: dict[str, Index] = {}


def index(store: Store) -> Index:
    """Return the index of the store's data version; it is read on first use."""
    version = store.version
    with _lock:
        if version not in _kept:
            rows = store.select(query("entries", "views").text)
            while len(_kept) >= 4:
                _kept.pop(next(iter(_kept)))
            _kept[version] = Index(_entries(rows))
        return _kept[version]


def _entries(rows: Iterable[Row]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for row in rows:
        identifier = str(row["id"])
        class_ = slug(str(row["class"]))
        entry = found.setdefault(
            identifier,
            Entry(
                identifier,
                _KINDS.get(class_, class_.lower()),
                str(row["label"]),
                text(row, "code"),
                text(row, "summary"),
            ),
        )
        name = Name(str(row["text"]), str(row["role"]), text(row, "from"), text(row, "to"))
        if name not in entry.names:
            entry.names.append(name)
    return found
