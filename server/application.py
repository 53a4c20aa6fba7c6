"""The application: blueprints and handlers put on one Flask object."""

from __future__ import annotations

from flask import Flask
from flask.typing import ResponseReturnValue

from loader.errors import DateError, InputError
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
    documents,
    errors,
    federated,
    health,
    identifiers,
    pages,
    plumbing,
    problems,
    reconcile,
    sparql,
)
from server.opening import assembled, opened
from server.settings import Settings
from server.store.protocol import Store

_BLUEPRINTS = (
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
)


def make(settings: Settings, store: Store | None = None) -> Flask:
    """Return the application over ``store``, or over the store that the settings name.

    Raises StoreUnavailable when there is no build to serve, InputError for a faulty token file.
    """
    app = Flask("server")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.extensions["remit"] = assembled(settings, store or opened(settings))
    errors.register(app)
    plumbing.install(app)
    app.register_error_handler(InputError, _bad_input)
    app.before_request(api.once)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    pages.register(app)
    documents.install(app)
    return app


def _bad_input(error: InputError) -> ResponseReturnValue:
    """Answer a value that cannot be used, such as an impossible date, as a problem of its parameter."""
    fault = error.faults[0]
    detail = errors.excerpt(f"{fault.message} {fault.remedy}".strip(), 300)
    problem = errors.BadParameter(detail, parameter=fault.field or "")
    if isinstance(error, DateError):
        problem = errors.BadDate("", parameter=fault.field or "asOf")
        problem.detail = detail
    return problems.respond(problem)
