"""Run the application on gunicorn."""

from __future__ import annotations

import logging
import os
import threading
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from server import create_app, warming
from server.service import Remit


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that goes on answering for a moment after SIGTERM, while /ready says 503."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Say that the server stops; close the door once balancers have seen it."""
        remit: Remit | None = getattr(self.app, "remit", None)
        if remit is None or remit.stopping.is_set():
            super().handle_exit(sig, frame)
            return
        remit.stopping.set()
        closing = threading.Timer(remit.settings.drain, super().handle_exit, (sig, frame))
        closing.daemon = True
        closing.start()


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.remit: Remit | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)
        self.cfg.set("worker_exit", self.close)

    def load(self) -> Flask:
        app = create_app()
        self.remit = app.extensions["remit"]
        warming.start(app)
        return app

    def close(self, _server: object, _worker: object) -> None:
        """Finish writes and end the query workers, once the last request has been answered.

        The process ends here: Python would wait for threads that wait for connections to say something.
        """
        if self.remit is not None:
            self.remit.close()
        logging.shutdown()
        os._exit(0)


def run(host: str, port: int, threads: int) -> None:
    """Serve on ``host:port`` with one process and ``threads`` threads until stopped.

    SIGTERM stops it gracefully: /ready says 503 at once, requests are taken for the seconds of
    REMIT_DRAIN_SECONDS more, and those under way are answered, for up to half a minute.
    """
    _Gunicorn(
        {
            "bind": f"{host}:{port}",
            "workers": 1,
            "worker_class": "server.serving.Worker",
            "threads": threads,
            "graceful_timeout": 35,
            "timeout": 60,
            "keepalive": 15,
            "limit_request_line": 8190,  # queries are long
            "accesslog": None,
            "control_socket_disable": True,
            "proc_name": "remit",
        }
    ).run()
