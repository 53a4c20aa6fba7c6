"""What every page answer carries: a content security policy, and compression."""

from __future__ import annotations

import gzip

from flask import Response, request

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COMPRESSED = {"text/html", "text/css", "text/javascript", "image/svg+xml"}
WORTH_IT = 1000
LEVEL = 6


def finish(response: Response) -> Response:
    """Adds the policy to pages and compresses pages and assets for clients that accept it."""
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
    return compress(response) if response.mimetype in COMPRESSED else response


def compress(response: Response) -> Response:
    """Compresses a whole answer with gzip when that helps; leaves partial answers alone."""
    response.vary.add("Accept-Encoding")
    accepted = request.accept_encodings["gzip"] > 0
    if not accepted or response.status_code != 200 or response.is_streamed:
        return response
    body = response.get_data()
    if len(body) >= WORTH_IT:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response
