"""Server: turns requests into answers."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from flask.typing import ResponseReturnValue

from loader.errors import DateError, InputError
from server import settings as settings_
from server.service import Remit
from server.settings import Settings
from server.store.limits import Limits
from server.store.protocol import Store


def create_app(settings: Settings | None = None, store: Store | None = None) -> Flask:
    """Return the application over ``store``, or over the build in service in ``settings.home``.

    Raises StoreUnavailable when there is no build to serve.
    """

    from server import (
        api,
        api_assessment,
        api_frameworks,
        api_quality,
        api_questions,
        api_standing,
        api_suggest,
        api_timeline,
        api_validation,
        conflicts,
        errors,
        federated,
        health,
        identifiers,
        pages,
        plumbing,
        reconcile,
        sparql,
    )

    chosen = settings or settings_.from_environment()
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.extensions["remit"] = _assemble(chosen, store or open_store(chosen))
    errors.register(app)
    plumbing.install(app)
    app.register_error_handler(InputError, _bad_input)
    for blueprint in (
        api_assessment.bp,
        api_frameworks.bp,
        api_quality.bp,
        api_questions.bp,
        api_standing.bp,
        api_suggest.bp,
        api_timeline.bp,
        api_validation.bp,
        conflicts.bp,
        federated.bp,
        reconcile.bp,
        api.bp,
        sparql.bp,
        health.bp,
        identifiers.bp,
    ):
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
    """Open the store that the settings name: a remote endpoint, or the build in service."""
    from server.store.embedded import EmbeddedStore

    if settings.remote:
        from server.store.remote import RemoteStore

        return RemoteStore(settings.remote, seconds=settings.query_seconds)
    return EmbeddedStore(settings.home / "current", _limits(settings))


def _limits(settings: Settings) -> Limits:
    return Limits(
        workers=settings.workers,
        seconds=settings.query_seconds,
        memory_bytes=settings.query_memory_mb << 20,
    )


def _assemble(settings: Settings, store: Store) -> Remit:
    """Put together what the application keeps; raises InputError for a token file that is faulty."""
    from server.audit import AuditLog
    from server.auth import Tokens
    from server.service import Writing
    from server.store.writes import Writes
    from server.versions import Versions

    if settings.remote:
        return Remit(store, settings)
    one = replace(_limits(settings), workers=1, reserved=0)
    remit = Remit(store, settings, Versions(settings.home, one))
    if settings.tokens is not None:
        tokens, audit = Tokens(settings.tokens), AuditLog(settings.home / "audit.jsonl")
        remit.writing = Writing(Writes(settings.home), tokens, audit)
    return remit
