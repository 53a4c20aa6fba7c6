"""Run the application on gunicorn."""

from __future__ import annotations

import logging
import os
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from server import create_app, http_worker, warming
from server.service import Remit

_PATIENCE = 60  # for the longest drain, 20, and for what a worker then takes to end


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
        http_worker.install(app)
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
    REMIT_DRAIN_SECONDS more, and those under way are answered, for up to half a minute; what then
    has no answer is told that the server stops.
    """
    _Gunicorn(
        {
            "bind": f"{host}:{port}",
            "workers": 1,
            "worker_class": "server.http_worker.Worker",
            "threads": threads,
            "graceful_timeout": _PATIENCE,
            "timeout": 60,
            "keepalive": 15,
            "limit_request_line": 8190,  # queries are long
            "accesslog": None,
            "control_socket_disable": True,
            "proc_name": "remit",
        }
    ).run()
