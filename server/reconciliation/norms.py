"""Find powers, duties and provisions by citation or by name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz

from loader.terms import ID
from loader.textindex.forms import form
from server.answers.citations import cite, parse
from server.answers.index import index
from server.answers.versioned import Versioned
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
    """A norm: identifier, type, label, the provisions that it rests on, and its names in their one form."""

    id: str
    type: str
    label: str
    provisions: frozenset[str]
    forms: frozenset[str]


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
    found = []
    for norm in norms(store):
        if norm.type in wanted:
            likeness = max(fuzz.token_sort_ratio(words, name) for name in norm.forms)
            if likeness >= 65:
                found.append(
                    Found(norm.id, norm.label, norm.type, likeness, {"name_similarity": likeness})
                )
    return found


_kept = Versioned[list[Norm]]()


def norms(store: Store) -> list[Norm]:
    """Return the norms of the store's data version with what they rest on."""
    return _kept.get(store, lambda: _read(store))


def _read(store: Store) -> list[Norm]:
    known = index(store)
    names = {
        entry.id: {form(text) for text in (entry.label, *(name.text for name in entry.names))}
        for kind in _LABELS.values()
        for entry in known.of_kind(kind)
    }
    rows: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for norm, class_, label, provision in known.reader.rows(
        "SELECT norm, class, label, provision FROM norm"
    ):
        rows[norm, class_, label].add(provision)
    return [
        Norm(*key, frozenset(provisions), frozenset(names.get(key[0], {form(key[2])})))
        for key, provisions in sorted(rows.items())
    ]
