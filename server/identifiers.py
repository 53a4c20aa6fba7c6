"""Identifiers of things: ``/id/…`` answers 303 to the document that describes the thing."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.answers.registers import KINDS
from server.errors import NotFound, excerpt
from server.negotiation import choose

bp = Blueprint("identifiers", __name__)

_PLURALS = {kind.path: plural for plural, kind in KINDS.items()}
_JSON = ("text/html", "application/json")


@bp.get("/id/<path:path>")
def see_other(path: str) -> ResponseReturnValue:
    """Redirect an identifier to its page, or to its JSON for a client that prefers it."""
    kind, _, name = path.partition("/")
    wants_json = choose(_JSON, request.headers.get("Accept")) == "application/json"
    prefix = "/api/v1" if wants_json else ""
    if kind == "organisation" and name:
        return redirect(f"{prefix}/organisations/{name}", 303)
    if kind in _PLURALS and name:
        return redirect(f"{prefix}/{_PLURALS[kind]}/{name}", 303)
    search = url_for("home.index")
    suggestions = [{"label": "Search", "href": search}]
    raise NotFound(f"Nothing has the identifier “{excerpt(path)}”.", suggestions=suggestions)
