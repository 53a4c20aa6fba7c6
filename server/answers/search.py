"""Search by words, codes, former names and citations."""

from __future__ import annotations

import re
from datetime import date

from rapidfuzz import fuzz, utils
from rdflib import URIRef

from loader.terms import slug
from server.answers.citations import provisions_cited
from server.answers.index import Entry, Name, index
from server.answers.reference import Json, reference
from server.store.protocol import Store

_WORD = re.compile(r"[a-z0-9]+")
_NOISE = frozenset(
    {
        "the",
        "of",
        "and",
        "a",
        "an",
        "to",
        "for",
        "in",
        "on",
        "nhs",
        "trust",
        "foundation",
        "care",
        "board",
    }
)


def search(
    store: Store,
    q: str,
    kind: str | None = None,
    as_of: date | str | None = None,
    most: int = 50,
) -> Json:
    """Return ranked things: ``{results: [{id, kind, label, summary, score, sources, …}], total}``.

    ``score`` runs from 0 to 1. Each result names the text that matched; for an organisation found by a former name,
    when it bore it. ``as_of`` does not narrow the results: a closed organisation is found too.
    """
    words = q.strip()[:200]
    if not words:
        return {"results": [], "total": 0, "q": q}
    cited = provisions_cited(words)
    found = []
    for entry in index(store).entries.values():
        if kind and entry.kind != kind:
            continue
        score, name = (1.0, entry.names[0]) if entry.id in cited else _best(words, entry)
        if score >= 0.5:
            found.append((score, entry, name))
    found.sort(key=lambda item: (-item[0], item[1].kind != "organisation", item[1].label))
    ref = reference(store)
    results = [
        {
            "id": entry.id,
            "kind": entry.kind,
            "slug": slug(entry.id),
            "code": (entry.code or slug(entry.id)) if entry.kind == "organisation" else None,
            "label": entry.label,
            "summary": entry.summary or _matched(entry, name),
            "matched": {"text": name.text, "role": name.role, "from": name.since, "to": name.until},
            "score": round(score, 3),
            "sources": ref.sources(URIRef(entry.id)),
        }
        for score, entry, name in found[:most]
    ]
    return {"results": results, "total": len(found), "q": q}


def _best(words: str, entry: Entry) -> tuple[float, Name]:
    scored = [(_score(words, name), name) for name in entry.names]
    return max(scored, key=lambda pair: pair[0])


def _score(words: str, name: Name) -> float:
    if name.role == "code":
        return 1.0 if words.upper() == name.text.upper() else 0.0
    wanted, have = _WORD.findall(words.lower()), _WORD.findall(name.text.lower())
    if wanted == have:
        return 0.99
    telling = [w for w in wanted if w not in _NOISE] or wanted
    hits = [max((_likeness(w, h) for h in have), default=0.0) for w in telling]
    if not hits or min(hits) < 0.8:
        return 0.0
    closeness = fuzz.token_sort_ratio(words, name.text, processor=utils.default_process) / 100
    return 0.5 + 0.3 * sum(hits) / len(hits) + 0.15 * closeness


def _likeness(word: str, have: str) -> float:
    if word == have:
        return 1.0
    if len(word) >= 3 and have.startswith(word):
        return 0.9
    if len(word) >= 4 and (likeness := fuzz.ratio(word, have) / 100) >= 0.8:
        return likeness
    return 0.0


def _matched(entry: Entry, name: Name) -> str:
    if name.role == "name" and name.text != entry.label:
        return f"Named {name.text}" + (f" until {name.until}" if name.until else "")
    return ""
