"""Server: turns requests into answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.typing import ResponseReturnValue

from loader.errors import DateError, InputError
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
    from server import api, api_questions, errors, health, identifiers, pages, sparql

    chosen = settings or settings_.from_environment()
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.extensions["remit"] = Remit(store or open_store(chosen), chosen)
    errors.register(app)
    app.register_error_handler(InputError, _bad_input)
    for blueprint in (api_questions.bp, api.bp, sparql.bp, health.bp, identifiers.bp):
        app.register_blueprint(blueprint)
    pages.register(app)
    return app


def _bad_input(error: InputError) -> ResponseReturnValue:
    """Answer a value that cannot be used, such as an impossible date, as a problem of its parameter."""
    from server import errors, problems

    fault = error.faults[0]
    detail = errors.excerpt(f"{fault.message} {fault.remedy}".strip(), 300)
    problem = errors.BadParameter(detail, parameter=fault.field or "")
    if isinstance(error, DateError):
        problem = errors.BadDate("", parameter=fault.field or "asOf")
        problem.detail = detail
    return problems.respond(problem)


def open_store(settings: Settings) -> Store:
    """Open the embedded store of the build in service."""
    from server.store.embedded import EmbeddedStore
    from server.store.limits import Limits

    limits = Limits(
        workers=settings.workers,
        seconds=settings.query_seconds,
        memory_bytes=settings.query_memory_mb << 20,
    )
    return EmbeddedStore(settings.home / "current", limits)
