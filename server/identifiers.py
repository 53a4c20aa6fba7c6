"""Identifiers of things: ``/id/…`` answers 303 to the document that describes the thing."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from loader.terms import iri
from server.answers.reference import reference
from server.answers.registers import address
from server.errors import NotFound, excerpt
from server.negotiation import choose

bp = Blueprint("identifiers", __name__)

_OFFERED = ("text/html", "application/json")
_UNSAFE = frozenset('<>"{}|\\^` \n\r\t')


@bp.get("/id/<path:path>")
def see_other(path: str) -> ResponseReturnValue:
    """Redirect an identifier to its page, or to its JSON for a client that prefers it."""
    wants_json = choose(_OFFERED, request.headers.get("Accept")) == "application/json"
    prefix = "/api/v1" if wants_json else ""
    kind, _, name = path.partition("/")
    if kind == "organisation" and name:
        return redirect(f"{prefix}/organisations/{name}", 303)
    if not _UNSAFE & set(path):
        ref = reference(current_app.extensions["remit"].store)
        if page := address(ref, URIRef(iri(path))):
            return redirect(prefix + page, 303)
    suggestions = [{"label": "Search", "href": "/"}]
    raise NotFound(f"Nothing has the identifier “{excerpt(path)}”.", suggestions=suggestions)
