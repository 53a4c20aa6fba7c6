"""The process that answers HTTP: how it stops, how long it waits for clients, what it answers to what is no HTTP."""

from __future__ import annotations

import json
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from types import FrameType
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import ThreadWorker

from server import problems
from server.problem import PROBLEM_BASE
from server.service import Remit

_LOG = logging.getLogger(__name__)
GRACE, LAST = 30, 5
HEADER_SECONDS = 20.0
IDLE_SECONDS = 30
_STATUSES = {
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that stops in three steps, so that no request that it took stays without an answer.

    At SIGTERM /ready says 503, and every answer ends its connection. After the seconds of
    REMIT_DRAIN_SECONDS nobody new is let in. What has no answer half a minute later is answered 503.

    No client holds a thread for ever: the head of a request has to be whole in `HEADER_SECONDS`, and
    `IDLE_SECONDS` may pass without a byte of a body, or without the client taking any of an answer.
    """

    def init_process(self) -> None:
        """Begin to serve; this process ends before the one above it would kill it."""
        self._arriving: dict[Any, float] = {}
        self.cfg.set("graceful_timeout", GRACE + LAST)
        super().init_process()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second signal changes nothing."""
        remit: Remit | None = getattr(self.app, "remit", None)
        if remit is None:
            super().handle_exit(sig, frame)
        elif not remit.stopping.is_set():
            remit.stopping.set()
            self.max_keepalived = 0
            _later(remit.settings.drain, super().handle_exit, sig, frame)
            _later(remit.settings.drain + GRACE, remit.close)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Let connections in, or not; at the end those that the system took, and then nobody."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                before = -1
                while before != self.nr_conns:
                    before = self.nr_conns
                    self.accept(listener)
                listener.close()

    def handle(self, conn: Any) -> Any:
        """Read and answer one request in a thread."""
        wait = struct.pack("ll", IDLE_SECONDS, 0)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, option, wait)
        self._arriving[conn] = time.monotonic() + HEADER_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._arriving.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request whose head is there."""
        self._arriving.pop(conn, None)
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """End connections that wait too long for the head of a request, begun or not."""
        super().murder_pending()
        now = time.monotonic()
        for conn, deadline in list(self._arriving.items()):
            if deadline < now and self._arriving.pop(conn, 0.0):
                end(conn.sock)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer what is not HTTP, or not as much of it as is read, with a problem; nothing is echoed."""
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        if isinstance(exc, ParseException):
            status = _STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
            _LOG.info("no request: %s", type(exc).__name__)
        else:
            _LOG.error("request failed", exc_info=exc)
        try:
            client.sendall(refusal(status))
        except OSError:
            _LOG.debug("nobody takes the answer")


def end(sock: socket.socket) -> None:
    """End a connection, so that the thread that waits for its client goes on."""
    try:
        sock.shutdown(socket.SHUT_RD)
    except OSError:
        _LOG.debug("the client is gone")


def refusal(status: HTTPStatus) -> bytes:
    """Return an answer that ends the connection, with a problem for its body."""
    body = json.dumps(
        {
            "type": f"{PROBLEM_BASE}bad-request",
            "title": status.phrase,
            "status": status,
            "detail": "The request cannot be read as it was sent.",
        }
    ).encode()
    head = (
        f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\n"
        f"Content-Type: {problems.PROBLEM_TYPE}\r\nContent-Length: {len(body)}\r\n"
        "X-Content-Type-Options: nosniff\r\n\r\n"
    )
    return head.encode("ascii") + body


def install(app: Flask) -> None:
    """Answer as a fault of the client when a body is cut short, is not chunked as it says, or does not come."""
    app.register_error_handler(ParseException, _broken)
    app.before_request(_check_host)
    inner = app.wsgi_app

    def counted(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        # With this mark, a body that ends before its length would be taken for a whole one.
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return inner(environ, start)

    app.wsgi_app = counted  # type: ignore[method-assign,assignment]


def _check_host() -> ResponseReturnValue | None:
    """Refuse HTTP/1.1 without a Host header (RFC 9112, section 3.2)."""
    protocol = request.environ.get("SERVER_PROTOCOL", "")
    missing = protocol == "HTTP/1.1" and not request.headers.get("Host")
    return problems.respond(problems.plain(HTTPStatus.BAD_REQUEST)) if missing else None


def _broken(_: Exception) -> ResponseReturnValue:
    return problems.respond(problems.plain(HTTPStatus.BAD_REQUEST))


def _later(seconds: float, do: Callable[..., object], *arguments: object) -> None:
    timer = threading.Timer(seconds, do, arguments)
    timer.daemon = True
    timer.start()
