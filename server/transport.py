"""What every answer carries: security headers, an ETag with 304, and compression of data."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib

from flask import Flask, Response, request

from server.errors import PreconditionFailed
from server.problems import PROBLEM_TYPE

_COMPRESSED = frozenset(
    {
        "application/json",
        "application/problem+json",
        "application/ld+json",
        "application/rdf+xml",
        "application/n-triples",
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/xml",
        "text/csv",
        "text/plain",
        "text/tab-separated-values",
        "text/turtle",
        "text/xml",
    }
)
_WORTH_IT = 1000
_LARGE = 1 << 20
_VARYING = ("/health", "/ready", "/metrics")
_PUBLIC = ("/sparql", "/update", "/data", "/api/", "/feeds/", "/openapi.json", "/reconcile")
_POLICY = "default-src 'none'; frame-ancestors 'none'"


def install(app: Flask) -> None:
    """Finish every answer of `app`."""
    app.after_request(finish)


def finish(response: Response) -> Response:
    """Add what is missing of headers; answer 304 when the client has it; compress data."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.path.startswith(_PUBLIC):
        _share(response)
    if response.mimetype != "text/html":
        headers.setdefault("Content-Security-Policy", _POLICY)
    if _conditional(response):
        _tag(response)
        if not response.get_etag()[1]:  # a strong tag tells encodings apart, so that comes first
            _encode(response)
        _compare(response)
    _encode(response)
    return response


def _share(response: Response) -> None:
    """Let pages of other sites call a path that is public; a browser asks first (OPTIONS)."""
    headers = response.headers
    headers.setdefault("Access-Control-Allow-Origin", "*")
    if request.method == "OPTIONS":
        headers.setdefault(
            "Access-Control-Allow-Methods", headers.get("Allow", "GET, HEAD, OPTIONS")
        )
        headers.setdefault("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match")
        headers.setdefault("Access-Control-Max-Age", "86400")


def _compare(response: Response) -> None:
    """Answer 304 or 412 when the conditions of the request say so; any answer is what If-Match: * asks for."""
    if response.mimetype in _COMPRESSED:
        response.vary.add("Accept-Encoding")
    environ = request.environ
    if request.if_match.star_tag:
        environ = {name: value for name, value in environ.items() if name != "HTTP_IF_MATCH"}
    response.make_conditional(environ)
    if response.status_code == PreconditionFailed.status:
        problem = PreconditionFailed("What is asked for is not, or no longer, what If-Match names.")
        response.set_data(json.dumps(problem.body(), ensure_ascii=False))
        response.content_type = PROBLEM_TYPE
        response.headers.pop("Content-Encoding", None)


def _encode(response: Response) -> None:
    """Compress an answer of data, and say so in its ETag if that is strong."""
    if response.status_code != 200 or response.mimetype not in _COMPRESSED:
        return
    before = response.content_encoding
    compress(response)
    tag, weak = response.get_etag()
    if tag and not weak and response.content_encoding != before:
        response.set_etag(f"{tag}.{response.content_encoding}")


def _conditional(response: Response) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and not response.is_streamed
        and not response.direct_passthrough
        and request.path not in _VARYING
    )


def _tag(response: Response) -> None:
    """Give an answer a weak ETag: a hash of its body and type, whatever its encoding."""
    if "ETag" not in response.headers:
        digest = hashlib.blake2b(response.get_data(), digest_size=12)
        digest.update((response.content_type or "").encode())
        response.set_etag(digest.hexdigest(), weak=True)
    response.headers.setdefault("Cache-Control", "no-cache")


def compress(response: Response) -> None:
    """Compress a whole body with gzip or deflate, whichever the client likes better, if it helps."""
    response.vary.add("Accept-Encoding")
    if response.content_encoding or response.is_streamed:
        return
    body = response.get_data()
    encoding = request.accept_encodings.best_match(["gzip", "deflate"])
    if len(body) < _WORTH_IT or encoding is None:
        return
    level = 1 if len(body) > _LARGE else 6
    squeezed = (
        gzip.compress(body, level, mtime=0) if encoding == "gzip" else zlib.compress(body, level)
    )
    response.set_data(squeezed)
    response.content_encoding = encoding
