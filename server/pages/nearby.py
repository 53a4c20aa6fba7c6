"""Addresses near one that leads nowhere, so that a mistyped or shortened address still leads on."""

from __future__ import annotations

from difflib import get_close_matches
from urllib.parse import unquote

from flask import current_app

from server.pages import data, navigation

LIKE = 0.6
MOST = 5
LONGEST = 200


def near_pages(path: str) -> list[dict[str, str]]:
    """Sections and registers whose address is like the first part of `path`, with the rest of it where that fits."""
    first, _, rest = path[:LONGEST].strip("/").partition("/")
    found = get_close_matches(first.lower(), list(_sections()), MOST, LIKE)
    return [_suggestion(section, rest if place == 0 else "") for place, section in enumerate(found)]


def words_of(path: str) -> str:
    """The last part of `path` as words to search for."""
    last = unquote(path[:LONGEST]).rstrip("/").rpartition("/")[2]
    return " ".join(last.replace("-", " ").replace("_", " ").split())


def _sections() -> dict[str, str]:
    named = {path.strip("/"): text for text, path in navigation.ITEMS if path != "/"}
    return {**{kind["slug"]: kind["plural"] for kind in data.kinds().values()}, **named}


def _suggestion(section: str, rest: str) -> dict[str, str]:
    title = _sections()[section]
    label = f"{title[:1].upper()}{title[1:]}"
    if rest and _leads_somewhere(f"/{section}/{rest}"):
        return {"label": f"{label}: {unquote(rest)}", "href": f"/{section}/{rest}"}
    return {"label": label, "href": f"/{section}"}


def _leads_somewhere(path: str) -> bool:
    return current_app.url_map.bind("").test(path, "GET")
