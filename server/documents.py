"""Documents about things: one address, as a page or as RDF, by the Accept header."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from rdflib import Graph
from rdflib.term import Node

from loader.catalogue import query
from server.answers import frameworks, registers
from server.answers.organisation import load
from server.answers.reference import reference
from server.errors import NotAcceptable
from server.negotiation import choose
from server.pages import ontology
from server.pages.prefixes import prefixes
from server.service import service
from server.service_description import FORMATS

OFFERED = ("text/html", *FORMATS, "application/json")
_OF_ONTOLOGY = frozenset({"ontology.index", "ontology.term"})
_ENDPOINTS = _OF_ONTOLOGY | {"organisations.show", "registers.show", "frameworks.show"}


def install(app: Flask) -> None:
    """Let the pages of `app` that describe one thing be had as RDF at the same address."""
    app.before_request(negotiate)
    app.after_request(vary)


def negotiate() -> ResponseReturnValue | None:
    """Answer the request in hand with RDF, or lead it to the API, where that is wanted of a document.

    Raises NotAcceptable when the document is not to be had as the Accept header wants it.
    """
    if request.endpoint not in _ENDPOINTS or request.method not in ("GET", "HEAD"):
        return None
    offered = ("text/html", *FORMATS) if request.endpoint in _OF_ONTOLOGY else OFFERED
    media_type = choose(offered, request.headers.get("Accept"))
    if media_type is None:
        raise NotAcceptable(offered)
    if media_type == "text/html":
        return None
    if media_type == "application/json":
        asked = request.query_string.decode("ascii", "replace")
        return redirect(f"/api/v1{request.path}" + (f"?{asked}" if asked else ""), 303)
    if request.endpoint in _OF_ONTOLOGY:
        return _rendered(
            *ontology.statements((request.view_args or {}).get("name", "")), media_type
        )
    return described(_thing(), media_type)


def described(thing: str, media_type: str) -> Response:
    """Return what is stated of a thing, and of the facts nested in it, as `media_type`, one of FORMATS."""
    store = service().store
    text = query("document", "views").bind(thing=thing)
    response = _rendered(thing, store.graph(text), media_type)
    response.headers["Remit-Data-Version"] = store.version
    return response


def _rendered(
    thing: str, statements: Iterable[tuple[Node, Node, Node]], media_type: str
) -> Response:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in prefixes().items():
        graph.bind(prefix, namespace)
    graph += statements
    body = graph.serialize(format=FORMATS[media_type], encoding="utf-8")
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    response = Response(body, content_type=media_type + charset)
    response.headers["Link"] = f'<{thing}>; rel="describes"'
    return response


def vary(response: Response) -> Response:
    """Say that a document depends on the Accept header."""
    if request.endpoint in _ENDPOINTS or request.path.startswith("/id/"):
        response.vary.add("Accept")
    return response


def _thing() -> str:
    """Return the IRI of the thing that the document asked for describes; raises NotFound."""
    given, store = request.view_args or {}, service().store
    if "code" in given:
        return str(load(store, given["code"]).node)
    if request.endpoint == "frameworks.show":
        return str(frameworks.version(reference(store), given["slug"]))
    return str(registers.entry(store, given["kind"], given["slug"])["id"])
