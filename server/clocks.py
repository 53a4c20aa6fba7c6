"""The two clocks of a request: `knownAt` picks the data version, and a permalink pins both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue

from server.errors import BadParameter
from server.service import service
from server.store.protocol import Store

_DATED = ("/organisations", "/api/v1/organisations", "/api/v1/search", "/search")
_UNPINNED = (
    "/assets",
    "/docs",
    "/feeds",
    "/health",
    "/metrics",
    "/openapi.json",
    "/ready",
    "/static",
)
_TRIES = 3


def install(app: Flask) -> None:
    """Let every path of `app` that reads data take `knownAt`, and name the permalink of its answer."""
    app.before_request(pin)
    app.after_request(link)
    dispatch = app.dispatch_request
    app.dispatch_request = lambda: steady(dispatch)  # type: ignore[method-assign]
    app.context_processor(lambda: {"permalink": permalink()})


def pin() -> None:
    """Answer the request in hand from the data version that its `knownAt` means.

    Raises BadParameter when that is no version or date, or none is kept from so long ago.
    """
    known_at = request.args.get("knownAt")
    if known_at is None or known_at == "":
        return
    if request.path.startswith("/data") and request.method not in ("GET", "HEAD", "OPTIONS"):
        raise BadParameter("What was known cannot be changed.", parameter="knownAt")
    g.remit_store = store_of(known_at)


def steady(dispatch: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Answer the request in hand from one data version: anew when another came into service meanwhile.

    Reads only; what users ask of /sparql is one query, which names its version itself.
    """
    if request.method not in ("GET", "HEAD") or request.path.startswith(("/sparql", *_UNPINNED)):
        return dispatch()
    for _ in range(_TRIES):
        g.remit_version = service().store.version
        answer = dispatch()
        if service().store.version == g.remit_version:
            break
    return answer


def answered() -> str:
    """Return the data version of the answer in hand."""
    version: str = g.get("remit_version") or service().store.version
    return version


def store_of(known_at: str) -> Store:
    """Return the store of the data version that `known_at` means; raises BadParameter."""
    remit = service()
    if known_at == remit.current.version:
        return remit.current
    if remit.versions is None:
        raise BadParameter(
            "This server asks a remote store, which keeps one version of the data.",
            parameter="knownAt",
        )
    build = remit.versions.find(known_at)
    if build.version == remit.current.version:
        return remit.current
    return remit.versions.store(build)


def permalink() -> str:
    """Return the address of the request in hand with both clocks pinned; empty where none applies."""
    if request.method not in ("GET", "HEAD") or request.path.startswith(_UNPINNED):
        return ""
    given = parse_qsl(request.query_string.decode("ascii", "replace"), keep_blank_values=True)
    fields = [(name, value) for name, value in given if name != "knownAt"]
    if request.path.startswith(_DATED) and not any(name == "asOf" for name, _ in fields):
        fields.append(("asOf", date.today().isoformat()))
    fields.append(("knownAt", answered()))
    return f"{request.host_url.rstrip('/')}{quote(request.path)}?{urlencode(fields)}"


def link(response: Response) -> Response:
    """Name the data version of an answer, and its permalink as the Link header's `bookmark`."""
    if request.path.startswith("/api/"):
        response.headers.setdefault("Remit-Data-Version", answered())
    if response.status_code == 200 and (address := permalink()):
        response.headers.add("Link", f'<{address}>; rel="bookmark"')
    return response
