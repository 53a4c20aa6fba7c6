"""Run the application on gunicorn."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from server import create_app
from server.service import Remit


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.app: Flask | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)
        self.cfg.set("worker_exit", self.close)

    def load(self) -> Flask:
        self.app = create_app()
        return self.app

    def close(self, _server: object, _worker: object) -> None:
        """Finish writes and end the query workers, once the last request has been answered."""
        if self.app is not None:
            remit: Remit = self.app.extensions["remit"]
            remit.close()


def run(host: str, port: int, threads: int) -> None:
    """Serve on ``host:port`` with one process and ``threads`` threads until stopped.

    SIGTERM stops it gracefully: requests under way are answered, for up to half a minute.
    """
    _Gunicorn(
        {
            "bind": f"{host}:{port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": threads,
            "graceful_timeout": 30,
            "timeout": 60,
            "keepalive": 15,
            "limit_request_line": 8190,  # queries are long
            "accesslog": None,
            "control_socket_disable": True,
            "proc_name": "remit",
        }
    ).run()
