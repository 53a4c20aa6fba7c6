"""`/sparql`: the SPARQL 1.1 Protocol for queries, the service description, and the editor."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, request

from server.errors import BadParameter, Problem, UnsupportedMediaType, excerpt
from server.forms import FORM, as_text, check_charset, one, read_fields
from server.negotiation import choose
from server.service_description import FORMATS, describe
from server.sparql_page import present
from server.store import results
from server.store.protocol import Store

bp = Blueprint("sparql", __name__)

_QUERY = "application/sparql-query"
_MOST_BYTES = 1 << 20
_LEAST_SECONDS = 0.01


@dataclass(frozen=True)
class Asked:
    """What a request asks: the query (None without one), its dataset, and its time limit."""

    query: str | None
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    timeout: float | None = None


@bp.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, or describe the service when there is none."""
    asked = read_request()
    accept = request.headers.get("Accept", "")
    if asked.query is None:
        return _landing(accept)
    if choose([*results.SELECT_FORMATS, *results.GRAPH_FORMATS, "text/html"], accept) == (
        "text/html"
    ):
        return _page(asked.query, asked)
    return _answer(asked.query, asked, accept)


@bp.after_request
def share(response: Response) -> Response:
    """Let pages of other sites call the endpoint (it is public and takes no credentials)."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = (
        "Remit-Data-Version, Remit-Unknown-Graphs, Retry-After"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    response.vary.add("Accept")
    return response


def read_request() -> Asked:
    """Read the query and its parameters from the request in hand, in any of the three ways.

    Raises BadParameter, QuerySyntax (not UTF-8) or UnsupportedMediaType.
    """
    address = read_fields(request.query_string, "the address")
    if request.method != "POST":
        return _asked(one(address, "query"), address)
    request.max_content_length = _MOST_BYTES
    check_charset()
    if request.mimetype == FORM:
        form = read_fields(request.get_data(cache=False), "the form")
        query = one(form, "query")
        if query is None:
            raise BadParameter("The form has no field “query”.", parameter="query")
        return _asked(query, form)
    if request.mimetype == _QUERY:
        return _asked(as_text(request.get_data(cache=False)), address)
    raise UnsupportedMediaType(
        f"A query is posted as {FORM} with a field “query”, or as {_QUERY}. This path takes no "
        "updates: post those to /update."
    )


def _asked(query: str | None, fields: Mapping[str, list[str]]) -> Asked:
    if "update" in fields:
        raise BadParameter(
            "This path answers queries and takes no updates: post those to /update.",
            parameter="update",
        )
    return Asked(
        query,
        tuple(fields.get("default-graph-uri", ())),
        tuple(fields.get("named-graph-uri", ())),
        _seconds(one(fields, "timeout")),
    )


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not _LEAST_SECONDS <= seconds < math.inf:
        raise BadParameter(
            f"“{excerpt(text, 20)}” is not a time limit. Give seconds, for example timeout=5.",
            parameter="timeout",
        )
    return seconds


def _store() -> Store:
    return cast(Store, current_app.extensions["remit"].store)


def _takes_writes() -> bool:
    return getattr(current_app.extensions["remit"], "writing", None) is not None


def _answer(query: str, asked: Asked, accept: str) -> Response:
    result = _store().query(
        query,
        accept=accept,
        timeout=asked.timeout,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        base=request.base_url,
    )
    response = Response(result.body, content_type=results.content_type(result.media_type))
    response.headers["Remit-Data-Version"] = result.version
    if unknown := _unknown(asked):
        response.headers["Remit-Unknown-Graphs"] = " ".join(
            quote(iri, ":/#?&=%") for iri in unknown
        )
    return response


def _unknown(asked: Asked) -> list[str]:
    """Return the graphs of the dataset asked for that are not here, and so count as empty."""
    chosen = {*asked.default_graphs, *asked.named_graphs}
    return sorted(chosen - _store().graphs)


def _landing(accept: str) -> Response:
    store = _store()
    media_type = choose([*FORMATS, "text/html"], accept)
    if media_type is None:
        raise BadParameter("There is no query: give one as “query”.", parameter="query")
    if media_type == "text/html":
        return Response(render_template("sparql.html", query=""), mimetype="text/html")
    response = Response(
        describe(
            request.base_url.rstrip("/"),
            store,
            media_type,
            writes=_takes_writes(),
            federates=getattr(store, "federates", False),
        )
    )
    response.content_type = media_type
    response.headers["Remit-Data-Version"] = store.version
    return response


def _page(query: str, asked: Asked) -> Response:
    """Show the editor with the query and its result, or with what is wrong with it."""
    try:
        if unknown := _unknown(asked):
            raise BadParameter(
                f"There is no graph “{excerpt(unknown[0], 120)}”.", parameter="query"
            )
        answer = _store().query(
            query,
            accept=f"{results.JSON}, text/turtle",
            timeout=asked.timeout,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
        )
    except Problem as problem:
        page = render_template("sparql.html", query=query, problem=problem.body())
        return Response(page, problem.status, problem.headers, mimetype="text/html")
    page = render_template("sparql.html", query=query, result=present(answer))
    headers = {"Remit-Data-Version": answer.version}
    return Response(page, headers=headers, mimetype="text/html")
