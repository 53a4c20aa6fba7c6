"""Identifiers of things: ``/id/…`` answers 303 to the document that describes the thing."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from loader.terms import iri, safe
from server.answers import things
from server.answers.reference import reference
from server.answers.registers import address
from server.documents import OFFERED
from server.errors import NotAcceptable, NotFound, excerpt
from server.negotiation import choose

bp = Blueprint("identifiers", __name__)


@bp.get("/id/<path:path>")
def see_other(path: str) -> ResponseReturnValue:
    """Redirect an identifier to its document, which is a page or RDF as wanted, or to its JSON."""
    media_type = choose(OFFERED, request.headers.get("Accept"))
    if media_type is None:
        raise NotAcceptable(OFFERED)
    prefix = "/api/v1" if media_type == "application/json" else ""
    kind, _, name = path.partition("/")
    if kind == "organisation" and name:
        return redirect(_asked(f"{prefix}/organisations/{name}"), 303)
    if safe(path):
        store, node = current_app.extensions["remit"].store, URIRef(iri(path))
        ref = reference(store)
        if page := address(ref, node):
            return redirect(_asked(prefix + page), 303)
        if things.of_store(store, ref, node):
            return redirect(_asked(f"{prefix}/{things.KIND}/{path}"), 303)
    suggestions = [{"label": "Search", "href": "/"}]
    raise NotFound(f"Nothing has the identifier “{excerpt(path)}”.", suggestions=suggestions)


def _asked(path: str) -> str:
    """Return a path with the parameters of the request in hand, which may pin the clocks."""
    given = request.query_string.decode("ascii", "replace")
    return f"{path}?{given}" if given else path
