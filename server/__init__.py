"""Server: turns requests into answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from server import settings as settings_
from server.settings import Settings
from server.store.protocol import Store


@dataclass
class Remit:
    """What the application keeps under ``app.extensions["remit"]``: the store and the settings."""

    store: Store
    settings: Settings


def create_app(settings: Settings | None = None, store: Store | None = None) -> Flask:
    """Return the application over ``store``, or over the build in service in ``settings.home``.

    Raises StoreUnavailable when there is no build to serve.
    """
    from server import api, errors, health, identifiers, pages, sparql

    chosen = settings or settings_.from_environment()
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.extensions["remit"] = Remit(store or open_store(chosen), chosen)
    errors.register(app)
    for blueprint in (api.bp, sparql.bp, health.bp, identifiers.bp):
        app.register_blueprint(blueprint)
    pages.register(app)
    return app


def open_store(settings: Settings) -> Store:
    """Open the embedded store of the build in service."""
    from server.store.embedded import EmbeddedStore
    from server.store.pool import Limits

    limits = Limits(
        workers=settings.workers,
        seconds=settings.query_seconds,
        memory_bytes=settings.query_memory_mb << 20,
    )
    return EmbeddedStore(settings.home / "current", limits)
