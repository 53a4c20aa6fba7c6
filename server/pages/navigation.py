"""The main navigation: only what this application really serves."""

from __future__ import annotations

from flask import current_app, request

ITEMS = (
    ("Search", "/"),
    ("Organisations", "/organisations"),
    ("Powers", "/powers"),
    ("Instruments", "/instruments"),
    ("Compare", "/compare"),
    ("Segmentation", "/segmentation"),
    ("Validation", "/validation"),
    ("SPARQL", "/sparql"),
    ("About", "/about"),
    ("Docs", "/docs"),
)


def items() -> list[dict[str, object]]:
    """Label, address and whether it is the present section, for each section that exists."""
    routes = current_app.url_map.bind("")
    return [
        {"text": text, "href": path, "current": is_current(path)}
        for text, path in ITEMS
        if routes.test(path, "GET")
    ]


def is_current(path: str) -> bool:
    """Whether the present page belongs to the section at `path`."""
    here = request.path.rstrip("/") or "/"
    return here == path or (path != "/" and here.startswith(f"{path}/"))
