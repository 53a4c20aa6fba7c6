"""`/data`: the SPARQL 1.1 Graph Store Protocol. Reading is public; writing needs a token.

A graph is named by `?graph=IRI`, by its own address below `/data/`, or by `?default`. The default
graph of queries is the union of all graphs and cannot be replaced; `?default` stands for the graph
of what was written without naming one.
"""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from dataclasses import dataclass

from flask import Blueprint, Response, request
from werkzeug.datastructures import ETags
from werkzeug.formparser import parse_form_data

from loader.catalogue import query
from loader.terms import safe
from server.audit import fingerprint
from server.errors import (
    BadParameter,
    NotAcceptable,
    NotFound,
    Problem,
    UnsupportedMediaType,
    excerpt,
)
from server.forms import read_fields
from server.negotiation import choose
from server.service import service, writing
from server.store import results
from server.store.conditions import Condition
from server.store.embedded import EmbeddedStore
from server.store.ntriples import scoped
from server.store.updates import UNNAMED
from server.store.writing import Documents, Written
from server.update import note, untold

bp = Blueprint("graph_store", __name__)

READ = results.PARSED
_MARKS = {name: str(place) for place, name in enumerate(results.GRAPH_FORMATS)}
_METHODS = ["GET", "PUT", "POST", "DELETE"]


@dataclass(frozen=True)
class Target:
    """The graph that a request names; `fresh` when it asks for a new one."""

    iri: str
    fresh: bool = False


@bp.route("/data", methods=_METHODS)
@bp.route("/data/<path:name>", methods=_METHODS)
def graph(name: str = "") -> Response:
    """Read, replace, add to or remove one graph."""
    target = _target(name)
    if request.method in ("GET", "HEAD"):
        return _read(target)
    side = writing()
    who = side.holder("upload")
    request.max_content_length = service().settings.upload_mb << 20
    action, body = request.method.lower(), b""
    try:
        if action == "delete":
            response = _deleted(side.writes.delete(target.iri, _condition()), target)
        else:
            body = b"" if request.mimetype == "multipart/form-data" else request.get_data()
            triples = _triples(target, body, side.documents)
            body = body or triples.encode()
            written = side.writes.put(
                target.iri, triples, replace=action == "put", condition=_condition()
            )
            response = _stored(written, target)
    except Problem as problem:
        facts = {"graphs": [target.iri], "sha256": fingerprint(body), **untold(problem)}
        note(side, who, action, problem.status, **facts)
        raise
    version = response.headers["Remit-Data-Version"]
    facts = {"graphs": [target.iri], "sha256": fingerprint(body), "version": version}
    note(side, who, action, response.status_code, **facts)
    return response


@bp.after_request
def share(response: Response) -> Response:
    """Let pages of other sites call this path: the token, not a cookie, says who calls."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = (
        "ETag, Location, Remit-Data-Version, Retry-After"
    )
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join([*_METHODS, "HEAD", "OPTIONS"])
        response.headers["Access-Control-Allow-Headers"] = (
            "Accept, Authorization, Content-Type, If-Match, If-None-Match"
        )
    response.vary.add("Accept")
    return response


def _target(name: str) -> Target:
    fields = read_fields(request.query_string, "the address")
    named = fields.get("graph", [])
    if name and not named and "default" not in fields:
        return Target(_checked(request.base_url))
    if name or len(named) + len(fields.get("default", [])) > 1:
        raise BadParameter("Name one graph: ?graph=IRI or ?default.", parameter="graph")
    if "default" in fields:
        return Target(UNNAMED)
    if named:
        return Target(_checked(named[0]))
    if request.method == "POST":
        return Target(f"{request.base_url.rstrip('/')}/{uuid.uuid4()}", fresh=True)
    raise BadParameter(
        "Name a graph: ?graph=IRI, or ?default. The service description at /sparql lists them.",
        parameter="graph",
    )


def _checked(iri: str) -> str:
    scheme, colon, _ = iri.partition(":")
    if not colon or not scheme.isalnum() or not safe(iri):
        raise BadParameter(f"“{excerpt(iri)}” is not an absolute IRI.", parameter="graph")
    return iri


def _read(target: Target) -> Response:
    store = service().store
    accept = request.headers.get("Accept", "")
    if choose([*results.GRAPH_FORMATS], accept) is None:
        raise NotAcceptable(READ)
    if target.iri not in store.graphs:
        raise NotFound("There is no such graph. The service description at /sparql lists them.")
    text = query("graph-contents", "views").text
    result = store.query(text, accept=accept, default_graphs=[target.iri])
    media_type = result.media_type
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    response = Response(result.body, content_type=media_type + charset)
    response.headers["Remit-Data-Version"] = result.version
    if isinstance(store, EmbeddedStore) and (build := store.build).version == result.version:
        response.set_etag(f"{build.tag(target.iri)}.{_MARKS[media_type]}")
    return response


def _condition() -> Condition | None:
    """Return what If-Match and If-None-Match ask of the graph; tags of any representation count."""
    match, none = request.if_match, request.if_none_match
    if not (match or none):
        return None
    return Condition(
        _tags(match) if match else None,
        _tags(none, weak=True) if none else None,
    )


def _tags(given: ETags, *, weak: bool = False) -> list[str]:
    if given.star_tag:
        return ["*"]
    return [tag.partition(".")[0] for tag in given.as_set(include_weak=weak)]


def _triples(target: Target, body: bytes, documents: Documents) -> str:
    """Return what is uploaded as N-Triples, parsed in a limited worker."""
    if request.mimetype != "multipart/form-data":
        return _parse(documents, body, request.mimetype, target)
    try:
        _, _, files = parse_form_data(request.environ, silent=False)
    except ValueError:
        raise BadParameter(
            "The form cannot be read. Check its boundary.", parameter="file"
        ) from None
    parts = [each for listed in files.listvalues() for each in listed]
    if not parts:
        raise BadParameter("The form holds no file.", parameter="file")
    with ExitStack() as opened:
        for part in parts:
            opened.callback(part.close)
        return "".join(
            scoped(_parse(documents, part.read(), part.mimetype, target), str(number))
            for number, part in enumerate(parts)
        )


def _parse(documents: Documents, data: bytes, media_type: str, target: Target) -> str:
    if media_type not in READ:
        raise UnsupportedMediaType("A graph is sent as " + ", ".join(READ) + ".")
    return documents.parse(data, media_type, target.iri)


def _stored(written: Written, target: Target) -> Response:
    response = Response(status=201 if written.created else 204)
    if target.fresh:
        response.headers["Location"] = target.iri
    response.headers["Remit-Data-Version"] = written.version
    return response


def _deleted(written: Written, target: Target) -> Response:
    if not written.existed:
        raise NotFound(f"There is no graph “{excerpt(target.iri, 120)}”.")
    response = Response(status=204)
    response.headers["Remit-Data-Version"] = written.version
    return response
