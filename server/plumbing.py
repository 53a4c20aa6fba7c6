"""What every request passes through, and the paths that are the service's own: put on an application here."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Put the protocols, request handling and operations on `app`."""
    from server import graph_store, update

    for blueprint in (update.bp, graph_store.bp):
        app.register_blueprint(blueprint)
