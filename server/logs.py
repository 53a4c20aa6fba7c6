"""Request ids, and one line of log for each request: text for people, JSON for machines."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

_LOG = logging.getLogger("remit.requests")
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


def install(app: Flask, style: str) -> None:
    """Give each request an id (its own X-Request-ID when that is sound) and log it in `style`.

    `style` is `text`, `json` or `off`. The address of a request is logged without its query string,
    which may hold what people search for.
    """
    app.before_request(_begin)
    app.after_request(_end)
    if style != "off" and not _LOG.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_Json() if style == "json" else _Text())
        _LOG.addHandler(handler)
        _LOG.setLevel(logging.INFO)
        _LOG.propagate = False


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _ID.match(given) else secrets.token_hex(8)
    g.request_began = time.perf_counter()


def _end(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers["X-Request-ID"] = g.request_id
    facts = {
        "request": g.request_id,
        "client": request.remote_addr,
        "method": request.method,
        "path": request.path[:200],
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.request_began) * 1000, 1),
        "version": response.headers.get("Remit-Data-Version"),
    }
    _LOG.info("%s", facts["path"], extra={"facts": facts})
    return response


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, Any] = getattr(record, "facts", {"message": record.getMessage()})
        return json.dumps({"at": at, "level": record.levelname.lower(), **facts})


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", None)
        if facts is None:
            return record.getMessage()
        path = json.dumps(facts["path"])[1:-1]  # no line breaks of a client's making
        line = f"{facts['client']} {facts['method']} {path} {facts['status']} {facts['ms']} ms"
        return f"{line} {facts['request']}"
