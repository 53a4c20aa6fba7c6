"""`/update`: the SPARQL 1.1 Protocol for updates, for those who have a token."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from server.audit import fingerprint
from server.errors import (
    BadParameter,
    MethodNotAllowed,
    Problem,
    SourceFailed,
    UnsupportedMediaType,
    WriteUncertain,
)
from server.forms import FORM, as_text, check_charset, one, read_fields
from server.service import Writing, service, writing
from server.store.ntriples import scoped
from server.store.operations import Operation, Using
from server.store.updates import read_update

bp = Blueprint("update", __name__)

_UPDATE = "application/sparql-update"
_DEPTH = 100


@bp.route("/update", methods=["GET", "PUT", "PATCH", "DELETE"])
def refuse() -> ResponseReturnValue:
    """Say that updates are posted; without this the page of a register would be looked for here."""
    raise MethodNotAllowed(
        "Updates are posted, with a token. Queries go to /sparql.",
        headers={"Allow": "OPTIONS, POST"},
    )


@bp.post("/update")
def update() -> ResponseReturnValue:
    """Apply an update as one transaction; the answer comes when readers see it."""
    side = writing()
    who = side.holder("update")
    request.max_content_length = most = service().settings.upload_mb << 20
    body = request.get_data(cache=False)
    try:
        text, using = _read(body)
        operations = read_update(text, using, size=most, depth=_DEPTH, base=request.base_url)
        if not operations:
            raise BadParameter("The update does nothing: it is empty.", parameter="update")
        written = side.writes.update(text, _fetched(operations, side))
    except Problem as problem:
        note(side, who, "update", problem.status, sha256=fingerprint(body), **untold(problem))
        raise
    graphs = sorted({graph for each in operations for graph in each.graphs})
    note(side, who, "update", 200, sha256=fingerprint(body), graphs=graphs, version=written.version)
    response = jsonify(dataVersion=written.version)
    response.headers["Remit-Data-Version"] = written.version
    return response


def _fetched(operations: list[Operation], side: Writing) -> list[Operation]:
    """Put the documents that LOAD names in place of it; raises QueryRefused or SourceFailed."""
    done = []
    for number, each in enumerate(operations):
        if each.load is None:
            done.append(each)
            continue
        try:
            triples = side.documents.fetch(each.load.address)
            done.append(each.load.operation(scoped(triples, str(number))))
        except SourceFailed:
            if not each.load.silent:
                raise
    return done


def note(side: Writing, who: str, action: str, status: int, **facts: object) -> None:
    """Write one line of the audit log about the request in hand."""
    side.audit.note(
        who=who,
        client=request.remote_addr or "",
        request=g.get("request_id", ""),
        action=action,
        status=status,
        **facts,
    )


def untold(problem: Problem) -> dict[str, str]:
    """Return the version that a write names of which it cannot be told whether it was done."""
    return {"version": problem.members["version"]} if isinstance(problem, WriteUncertain) else {}


@bp.after_request
def share(response: Response) -> Response:
    """Let pages of other sites call this path: the token, not a cookie, says who calls."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Remit-Data-Version, Retry-After"
    if request.method == "OPTIONS":
        response.headers["Allow"] = "OPTIONS, POST"
        response.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type"
    return response


def _read(body: bytes) -> tuple[str, Using]:
    address = read_fields(request.query_string, "the address")
    check_charset()
    if request.mimetype == FORM:
        form = read_fields(body, "the form")
        text = one(form, "update")
        if text is None:
            raise BadParameter("The form has no field “update”.", parameter="update")
        return text, _using(form)
    if request.mimetype == _UPDATE:
        return as_text(body), _using(address)
    raise UnsupportedMediaType(f"An update is posted as {FORM} (field “update”) or as {_UPDATE}.")


def _using(fields: Mapping[str, list[str]]) -> Using:
    if "query" in fields:
        raise BadParameter("This path takes updates; queries go to /sparql.", parameter="query")
    return Using(
        tuple(fields.get("using-graph-uri", ())), tuple(fields.get("using-named-graph-uri", ()))
    )
