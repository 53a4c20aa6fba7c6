"""Near codes and names for one that is unknown."""

from __future__ import annotations

from rapidfuzz import fuzz, process, utils

from server.answers.index import Entry, index
from server.store.protocol import Store


def near_codes(store: Store, code: str, most: int = 5) -> list[dict[str, str]]:
    """Return up to ``most`` organisations whose code or name is near ``code``: ``{label, href, code}``."""
    entries = {e.id: e for e in index(store).of_kind("organisation")}
    choices: dict[tuple[str, int], str] = {
        (e.id, n): name.text for e in entries.values() for n, name in enumerate(e.names)
    }
    scored = process.extract(
        code[:80],
        choices,
        scorer=fuzz.ratio if len(code) <= 6 else fuzz.WRatio,
        processor=utils.default_process,
        limit=most * 4,
        score_cutoff=45,
    )
    best = dict.fromkeys(key[0] for _, _, key in scored)
    return [_suggestion(entries[identifier]) for identifier in list(best)[:most]]


def _suggestion(entry: Entry) -> dict[str, str]:
    code = entry.code or entry.id.rsplit("/", 1)[-1]
    return {"label": f"{entry.label} ({code})", "href": f"/organisations/{code}", "code": code}
