"""The main navigation: only what this application really serves."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from server.pages import data

ITEMS = (
    ("Search", "/"),
    ("Organisations", "/organisations"),
    ("Powers", "/powers"),
    ("Questions", "/questions"),
    ("Instruments", "/instruments"),
    ("Frameworks", "/frameworks"),
    ("Compare", "/compare"),
    ("Segmentation", "/segmentation"),
    ("Quality", "/quality"),
    ("Governance", "/governance"),
    ("Validation", "/validation"),
    ("Conflicts", "/conflicts"),
    ("SPARQL", "/sparql"),
    ("About", "/about"),
    ("Docs", "/docs"),
)


def items() -> list[dict[str, object]]:
    """Label, address and whether it is the present section, for each section that exists."""
    return [
        {"text": text, "href": path, "current": is_current(path)}
        for text, path in ITEMS
        if exists(path)
    ]


def exists(path: str) -> bool:
    """Whether this application serves a section: as a page of its own, or as a register."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return False
    return endpoint != "registers.index" or path.strip("/") in data.kinds()


def is_current(path: str) -> bool:
    """Whether the present page belongs to the section at `path`."""
    here = request.path.rstrip("/") or "/"
    return here == path or (path != "/" and here.startswith(f"{path}/"))
