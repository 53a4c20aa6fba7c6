"""Find powers, duties and provisions by citation or by name."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from rapidfuzz import fuzz

from loader.catalogue import query
from loader.terms import ID, slug
from server.answers.citations import cite, parse
from server.answers.index import index
from server.reconciliation.spelling import form
from server.store.protocol import Store

NORMS = ("Power", "Duty", "Right", "Prohibition")
PROVISION = "LegalProvision"
_LABELS = {"Power": "power", "Duty": "duty", "Right": "right", "Prohibition": "prohibition"}


@dataclass(frozen=True)
class Found:
    """A norm or provision that may be meant, with its score and features."""

    id: str
    label: str
    type: str
    score: float
    features: dict[str, float | bool]

    @property
    def local(self) -> str:
        """The identifier below the identifier space; that of a provision whole."""
        return self.id.removeprefix(ID)


@dataclass(frozen=True)
class Norm:
    """A norm: identifier, type, label, and the provisions that it rests on."""

    id: str
    type: str
    label: str
    provisions: frozenset[str]


def cited(store: Store, text: str, types: tuple[str, ...], limit: int) -> list[Found]:
    """Return what a citation or a name of a power or duty can mean, best first; ``types`` empty means all."""
    found: dict[str, Found] = {}
    wanted = set(types) or {*NORMS, PROVISION}
    for citation in parse(text):
        score = 100.0 if citation.certain else 70.0
        if PROVISION in wanted and citation.path:
            features: dict[str, float | bool] = {
                "citation": True,
                "instrument_named": citation.certain,
            }
            found[citation.id] = Found(citation.id, cite(citation.id), PROVISION, score, features)
        for norm in norms(store):
            below = any(
                p == citation.id or p.startswith(f"{citation.id}/") for p in norm.provisions
            )
            if citation.path and below and norm.type in wanted:
                features = {"rests_on_citation": True, "instrument_named": citation.certain}
                found.setdefault(
                    norm.id, Found(norm.id, norm.label, norm.type, score - 5, features)
                )
    if wanted & set(NORMS):
        for each in _by_name(store, text, wanted):
            if each.id not in found or found[each.id].score < each.score:
                found[each.id] = each
    return sorted(found.values(), key=lambda each: (-each.score, each.label))[:limit]


def _by_name(store: Store, text: str, wanted: set[str]) -> list[Found]:
    words = form(text)
    names = {
        identifier: [entry.label, *(name.text for name in entry.names)]
        for identifier, entry in index(store).entries.items()
        if entry.kind in _LABELS.values()
    }
    found = []
    for norm in norms(store):
        if norm.type in wanted:
            likeness = max(
                fuzz.token_sort_ratio(words, form(n)) for n in names.get(norm.id, [norm.label])
            )
            if likeness >= 65:
                found.append(
                    Found(norm.id, norm.label, norm.type, likeness, {"name_similarity": likeness})
                )
    return found


_lock = threading.Lock()
_kept: dict[str, list[Norm]] = {}


def norms(store: Store) -> list[Norm]:
    """Return the norms of the store's data version with what they rest on."""
    version = store.version
    with _lock:
        if version not in _kept:
            _kept.clear()
            _kept[version] = _read(store)
        return _kept[version]


def _read(store: Store) -> list[Norm]:
    rows: dict[tuple[str, str, str], set[str]] = {}
    for row in store.select(query("norms-by-basis", "views").text):
        key = (str(row["norm"]), slug(str(row["class"])), str(row["label"]))
        rows.setdefault(key, set()).add(str(row["provision"]))
    return [Norm(*key, frozenset(provisions)) for key, provisions in sorted(rows.items())]
