"""Style sheet, script and icon, served with a fingerprint in the path and kept by browsers."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response, abort, request

STATIC = Path(__file__).resolve().parent.parent / "static"
SERVED = frozenset({"remit.css", "remit.js", "favicon.svg", "sparql.css", "sparql.js"})
A_YEAR = 365 * 24 * 3600

bp = Blueprint("assets", __name__)


@cache
def body(name: str) -> bytes:
    """The bytes of a file of server/static."""
    return (STATIC / name).read_bytes()


@cache
def fingerprint(name: str) -> str:
    """The first characters of the hash of a file of server/static."""
    return sha256(body(name)).hexdigest()[:12]


@bp.get("/assets/<mark>/<name>")
def serve(mark: str, name: str) -> Response:
    """One file; kept for ever when the fingerprint is the file's own, else asked for each time."""
    if name not in SERVED:
        abort(404)
    response = Response(body(name), mimetype=guess_type(name)[0])
    response.set_etag(fingerprint(name), weak=True)
    if mark == fingerprint(name):
        response.cache_control.public = True
        response.cache_control.max_age = A_YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@bp.get("/favicon.ico")
def favicon() -> Response:
    """The icon that browsers ask for by themselves."""
    return serve("", "favicon.svg")
