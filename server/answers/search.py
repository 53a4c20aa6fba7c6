"""Search by words, codes, former names, citations and locators."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, utils
from rdflib import URIRef

from loader.terms import slug
from server.answers import cited
from server.answers.index import Entry, Index, Name, index
from server.answers.reference import Json, reference
from server.answers.vocabulary import words
from server.store.protocol import Store

LONGEST = 200
MOST_RANKED = 1_000
_NOISE = frozenset((
    "the", "of", "and", "a", "an", "to", "for", "in", "on",
    "nhs", "trust", "foundation", "care", "board", "england",
))  # fmt: skip
_ORDER = (
    "organisation", "power", "duty", "right", "prohibition", "provision", "instrument", "framework",
)  # fmt: skip
_WHOLE = 0.98
_SOUGHT = {"organisation": 0.04, "power": 0.03, "duty": 0.02, "instrument": 0.02}
_LAST = ("note", "document", "passage")


@dataclass(frozen=True)
class Found:
    """What a text finds: the best matches, how many there are of each kind, and whether all have every word."""

    matches: list[Match]
    kinds: Counter[str]
    every: bool


@dataclass(frozen=True)
class Match:
    """A thing found: how well it fits, by which of its names, and why where that is not by a name."""

    entry: Entry
    score: float
    name: Name
    why: str = ""


def search(
    store: Store,
    q: str,
    kind: str | None = None,
    as_of: date | str | None = None,
    most: int = 50,
    page: int = 1,
) -> Json:
    """Return ranked things: ``{results: [{id, kind, label, summary, score, sources, …}], total, kinds, cited}``.

    ``score`` runs from 0 to 1. Each result names the text that matched; for an organisation found by a former name,
    when it bore it. ``kinds`` counts what was found of every kind, before ``kind`` narrows it. Where nothing has all of
    the words, what has most of them is found and ``every`` is False. ``as_of`` does not narrow the results: a closed
    organisation is found too. All are counted, but only the first ``MOST_RANKED`` are on any page.
    """
    text = q.strip()[:LONGEST]
    if not text:
        return {"results": [], "total": 0, "q": q}
    found = matches(index(store), text, kind)
    start = (max(page, 1) - 1) * most
    return {
        "results": [_result(store, match) for match in found.matches[start : start + most]],
        "total": found.kinds[kind] if kind else found.kinds.total(),
        "q": q,
        "kinds": [
            {"kind": name, "count": found.kinds[name]} for name in sorted(found.kinds, key=rank)
        ],
        "every": found.every,
        "cited": cited.told(index(store), text),
    }


def suggest(store: Store, q: str, kind: str | None = None, most: int = 8) -> Json:
    """Return what a person who is still typing may mean: ``{q, suggestions: [{id, kind, label, code, matched}]}``."""
    text = q.strip()[:LONGEST]
    shown = matches(index(store), text, kind, unfinished=True).matches[:most] if text else []
    return {"q": q, "suggestions": [_suggestion(match) for match in shown]}


def matches(known: Index, text: str, kind: str | None = None, unfinished: bool = False) -> Found:
    """Return what a text finds, of one kind or of all, best first.

    With ``unfinished`` the last word may be the beginning of one.
    """
    entries = known.entries
    leads = {
        lead.id: Match(entries[lead.id], lead.score, entries[lead.id].names[0], lead.why)
        for lead in cited.leads(known, text).values()
        if lead.id in entries
    }
    identifiers, likeness, every = _having(known, words(text), unfinished, bool(leads))
    kinds = Counter(entries[each].kind for each in identifiers | set(leads))
    shown = [entries[each] for each in identifiers if not kind or entries[each].kind == kind]
    found = {each: match for each, match in leads.items() if kind in (None, "", match.entry.kind)}
    for match in _ranked(text, shown, likeness):
        if match.entry.id not in found or found[match.entry.id].score < match.score:
            found[match.entry.id] = match
    return Found(sorted(found.values(), key=_place), kinds, every)


def rank(kind: str) -> tuple[int, str]:
    """Sort key of kinds: the ones that people look for first, passages and documents last."""
    if kind in _ORDER:
        return (_ORDER.index(kind), kind)
    return (len(_ORDER) + (kind in _LAST), kind)


def _place(match: Match) -> tuple[float, tuple[int, str], str]:
    return (-match.score, rank(match.entry.kind), match.entry.label)


def _having(
    known: Index, wanted: list[str], unfinished: bool, led: bool
) -> tuple[set[str], dict[str, float], bool]:
    """Return the things that have the words, the likeness of each known word, and whether they have all.

    Where none has all, those that have most are taken, unless a citation has ``led`` somewhere.
    """
    telling = [word for word in wanted if word not in _NOISE] or wanted
    likeness: dict[str, float] = {}
    having: list[set[str]] = []
    for place, word in enumerate(telling, 1):
        meanings = known.vocabulary.meanings(word, unfinished and place == len(telling))
        likeness |= meanings
        having.append(known.vocabulary.things(meanings))
    all_of = set.intersection(*having) if having else set()
    if all_of or led or len(having) < 2:
        return all_of, likeness, True
    counted = Counter(identifier for each in having for identifier in each)
    most = max(counted.values(), default=0)
    return {each for each, number in counted.items() if number == most}, likeness, not counted


def _ranked(text: str, entries: list[Entry], likeness: dict[str, float]) -> list[Match]:
    if len(entries) > MOST_RANKED:
        entries = heapq.nsmallest(MOST_RANKED, entries, key=lambda each: len(each.label))
    return [_best(text, entry, likeness) for entry in entries]


def _best(text: str, entry: Entry, likeness: dict[str, float]) -> Match:
    scored = [(_score(text, name, entry, likeness), name) for name in entry.names]
    score, name = max(scored, key=lambda pair: pair[0])
    sought = _SOUGHT.get(entry.kind, 0.0) if score < _WHOLE else 0.0
    return Match(entry, score + sought, name)


def _score(text: str, name: Name, entry: Entry, likeness: dict[str, float]) -> float:
    """Return how well a name fits: a code by itself, a whole name, or the share of the words that it has."""
    wanted, have = words(text), words(name.text)
    if name.role == "code":
        same, begins = have == wanted, name.text.upper().startswith(text.upper())
        return 1.0 if same else 0.9 if begins else 0.1
    if wanted == have:
        return _WHOLE
    known = set(have) if name.role == "text" else {*have, *entry.around}
    telling = [word for word in wanted if word not in _NOISE] or wanted
    hits = [
        max(
            (likeness[each] for each in known if each in likeness and _stands(word, each)),
            default=0,
        )
        for word in telling
    ]
    share = sum(hits) / len(hits) if hits else 0.0
    if name.role == "text":
        return 0.05 + 0.4 * share
    if not hits or min(hits) == 0:
        return 0.05 + 0.35 * share
    closeness = fuzz.token_sort_ratio(text, name.text, processor=utils.default_process) / 100
    return 0.5 + 0.3 * share + 0.15 * closeness


def _stands(word: str, known: str) -> bool:
    """Return whether ``known`` is a word that ``word`` can stand for, as the vocabulary has it."""
    return known.startswith(word) or fuzz.ratio(word, known) >= 80


def _result(store: Store, match: Match) -> Json:
    entry, name = match.entry, match.name
    return {
        "id": entry.id,
        "kind": entry.kind,
        "slug": slug(entry.id),
        "code": _code(entry),
        "label": entry.label,
        "context": entry.context,
        "summary": match.why or entry.summary or _matched(entry, name),
        "matched": {"text": name.text, "role": name.role, "from": name.since, "to": name.until},
        "score": round(match.score, 3),
        "sources": reference(store).sources(URIRef(entry.id)),
    }


def _suggestion(match: Match) -> Json:
    entry, name = match.entry, match.name
    former = name.text if name.role == "name" and name.text != entry.label else None
    return {
        "id": entry.id,
        "kind": entry.kind,
        "label": entry.label,
        "code": _code(entry),
        "context": former or entry.context,
    }


def _code(entry: Entry) -> str | None:
    return (entry.code or slug(entry.id)) if entry.kind == "organisation" else None


def _matched(entry: Entry, name: Name) -> str:
    if name.role == "name" and name.text != entry.label:
        return f"Named {name.text}" + (f" until {name.until}" if name.until else "")
    return ""
