"""Search by words, codes, former names, citations and locators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from rdflib import URIRef

from loader.terms import slug
from server.answers import cited
from server.answers.index import ORGANISATION, Entry, Index, Name
from server.answers.index_meanwhile import index_meanwhile
from server.answers.ranking import Asked, Match, best, place, rank
from server.answers.reference import Json, reference
from server.answers.vocabulary import words
from server.store.protocol import Store

LONGEST = 200
MOST_RANKED = 1_000
_MOST_SCORED = 400
_SHORTEST_CODE = 3
_MOST_WORDS = 24
_MOST_COMBINED = 6
_NOISE = frozenset((
    "the", "of", "and", "a", "an", "to", "for", "in", "on",
    "nhs", "trust", "foundation", "care", "board", "england",
))  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What a text finds: the best matches, how many there are of each kind, and whether all have every word.

    Where more fit than can be ranked at once, ``rest`` are the numbers of those that come after the matches.
    """

    asked: Asked
    matches: list[Match]
    kinds: Counter[str]
    every: bool
    rest: list[int]


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
    known, older = index_meanwhile(store)
    found = matches(known, text, kind)
    start = (max(page, 1) - 1) * most
    return {
        "results": [_result(store, match) for match in _page(known, found, start, start + most)],
        "total": found.kinds[kind] if kind else found.kinds.total(),
        "q": q,
        "kinds": [
            {"kind": name, "count": found.kinds[name]} for name in sorted(found.kinds, key=rank)
        ],
        "every": found.every,
        "cited": cited.told(known, text),
        **({"indexOf": older} if older else {}),
    }


def suggest(store: Store, q: str, kind: str | None = None, most: int = 8) -> Json:
    """Return what a person who is still typing may mean: ``{q, suggestions: [{id, kind, label, code, matched}]}``."""
    text = q.strip()[:LONGEST]
    if not text:
        return {"q": q, "suggestions": []}
    known, _ = index_meanwhile(store)
    shown = matches(known, text, kind, unfinished=True).matches[:most]
    return {"q": q, "suggestions": [_suggestion(match) for match in shown]}


def matches(
    known: Index,
    text: str,
    kind: str | None = None,
    unfinished: bool = False,
    most: int = _MOST_SCORED,
) -> Found:
    """Return what a text finds, of one kind or of all, best first.

    With ``unfinished`` the last word may be the beginning of one. Where more than ``most`` things fit, those with the
    shortest names are ranked, of each kind some; the rest follows in the order of its kinds and of length.
    """
    leads = {lead.id: lead for lead in cited.leads(known, text).values()}
    led = known.numbers(leads)
    asked = _asked(known, text, unfinished)
    expression, every, of_kinds = _found(known, asked, bool(led))
    kinds = _counted(known, expression, of_kinds)
    groups = [some for name, some in of_kinds.items() if kind in (None, "", name)]
    numbers, rest = _shared(groups, most)
    kinds.update(known.kind_of(number) for number in _beyond(known, expression, led.values()))
    find = known.begun if unfinished or len(text) >= _SHORTEST_CODE else known.coded
    coded = find(text) if kind in (None, "", ORGANISATION) else []
    found = {match.entry.id: match for match in _ranked(known, asked, {*numbers, *coded})}
    for entry in known.entries(led.values()):
        lead = leads[entry.id]
        better = entry.id not in found or found[entry.id].score <= lead.score
        if kind in (None, "", entry.kind) and better:
            found[entry.id] = Match(entry, lead.score, entry.names[0], lead.why)
    first = {*coded, *led.values()}
    rest = [number for number in rest if number not in first][: MOST_RANKED - len(found)]
    return Found(asked, sorted(found.values(), key=place), kinds, every, rest)


def _asked(known: Index, text: str, unfinished: bool) -> Asked:
    wanted = words(text)[:_MOST_WORDS]
    telling = [word for word in wanted if word not in _NOISE] or wanted
    last = len(telling) - 1
    meaning = known.vocabulary.meaning
    found = [meaning(word, unfinished and place == last) for place, word in enumerate(telling)]
    return Asked(text, wanted, found)


def _found(known: Index, asked: Asked, led: bool) -> tuple[str, bool, dict[str, list[int]]]:
    """Return what the full-text index is asked for, whether that is every word, and the numbers found, by kind.

    Where no thing has all words, those that have most are taken, unless a citation has ``led`` somewhere.
    """
    sought = [meaning.sought for meaning in asked.telling if meaning]
    whole = " AND ".join(sought)
    if sought and len(sought) == len(asked.telling) and (found := _having(known, whole)):
        return whole, True, found
    if led or len(asked.telling) < 2:
        return "", True, {}
    sought = sought[:_MOST_COMBINED]
    for number in range(min(len(sought), len(asked.telling) - 1), 0, -1):
        some = " OR ".join(f"({' AND '.join(each)})" for each in combinations(sought, number))
        if found := _having(known, some):
            return some, False, found
    return "", True, {}


def _having(known: Index, expression: str) -> dict[str, list[int]]:
    """Return the numbers of the things found, by kind; of organisations the first ``MOST_RANKED``."""
    last, found = known.organisations, {}
    first = "SELECT rowid FROM words WHERE words MATCH ? AND rowid <= ? ORDER BY rowid LIMIT ?"
    if organisations := known.reader.column(first, expression, last, MOST_RANKED):
        found[ORGANISATION] = organisations
    others = "SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? ORDER BY rowid"
    for number in known.reader.column(others, expression, last):
        found.setdefault(known.kind_of(number), []).append(number)
    return found


def _counted(known: Index, expression: str, of_kinds: dict[str, list[int]]) -> Counter[str]:
    """Return how many things there are of each kind; organisations are counted where not all have been read."""
    kinds = Counter({name: len(numbers) for name, numbers in of_kinds.items()})
    if kinds[ORGANISATION] == MOST_RANKED:
        count = "SELECT count(*) FROM words WHERE words MATCH ? AND rowid <= ?"
        kinds[ORGANISATION] = known.reader.rows(count, expression, known.organisations)[0][0]
    return +kinds


def _shared(groups: list[list[int]], most: int) -> tuple[list[int], list[int]]:
    """Return at most ``most`` members of groups, all of the small ones and a share of each other, and the rest."""
    chosen: list[int] = []
    rest: list[int] = []
    for number, group in enumerate(sorted(groups, key=len)):
        share = (most - len(chosen)) // (len(groups) - number)
        chosen += group[:share]
        rest += group[share:]
    return chosen, rest


def _page(known: Index, found: Found, start: int, end: int) -> list[Match]:
    """Return the matches from one place to another, those that were not ranked after those that were."""
    ranked = len(found.matches)
    shown = found.matches[start:end]
    beyond = found.rest[max(0, start - ranked) : max(0, end - ranked)]
    least = found.matches[-1].score if found.matches else 1.0
    later = _ranked(known, found.asked, beyond)
    return shown + [replace(match, score=min(match.score, least)) for match in later]


def _ranked(known: Index, asked: Asked, numbers: Iterable[int]) -> list[Match]:
    return [best(asked, entry) for entry in known.entries(numbers)]


def _beyond(known: Index, expression: str, numbers: Iterable[int]) -> list[int]:
    """Return those of the numbers that the full-text index does not find."""
    wanted = list(numbers)
    if not expression:
        return wanted
    marks = ", ".join("?" * len(wanted))
    sql = f"SELECT rowid FROM words WHERE words MATCH ? AND rowid IN ({marks})"  # noqa: S608
    found = set(known.reader.column(sql, expression, *wanted))
    return [number for number in wanted if number not in found]


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
    return (entry.code or slug(entry.id)) if entry.kind == ORGANISATION else None


def _matched(entry: Entry, name: Name) -> str:
    if name.role == "name" and name.text != entry.label:
        return f"Named {name.text}" + (f" until {name.until}" if name.until else "")
    return ""
