"""Near codes and names for one that is unknown."""

from __future__ import annotations

from rapidfuzz import fuzz

from server.answers.index import ORGANISATION, Entry, index
from server.answers.search import matches
from server.store.protocol import Store

_LONGEST_CODE = 8
_MOST_LIKE = 50


def near_codes(store: Store, code: str, most: int = 5) -> list[dict[str, str]]:
    """Return up to ``most`` organisations whose code or name is near ``code``: ``{label, href, code}``.

    Codes that begin so or differ in one sign come first, then names with its words.
    """
    known, wanted = index(store), code.strip()[:80]
    like: list[Entry] = []
    if len(wanted) <= _LONGEST_CODE:
        like = known.entries({*known.begun(wanted), *known.mistyped(wanted)})
    like.sort(key=lambda each: -fuzz.ratio(wanted.upper(), _code(each).upper()))
    named = matches(known, wanted, ORGANISATION, most=_MOST_LIKE).matches
    found = {entry.id: entry for entry in [*like, *(match.entry for match in named)]}
    return [_suggestion(entry) for entry in list(found.values())[:most]]


def _suggestion(entry: Entry) -> dict[str, str]:
    code = _code(entry)
    return {"label": f"{entry.label} ({code})", "href": f"/organisations/{code}", "code": code}


def _code(entry: Entry) -> str:
    return entry.code or entry.id.rsplit("/", 1)[-1]
