"""What every request passes through, and the paths that are the service's own: put on an application here."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from server import clocks, feeds, graph_store, limits, logs, metrics, openapi, transport, update
from server.service import Remit


def install(app: Flask) -> None:
    """Put the protocols, request handling and operations on `app`.

    Handlers of requests run in this order, those of responses in the reverse order.
    """
    remit: Remit = app.extensions["remit"]
    settings = remit.settings
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    app.config["MAX_CONTENT_LENGTH"] = settings.upload_mb << 20
    app.config["MAX_FORM_MEMORY_SIZE"] = 1 << 20
    logs.install(app, settings.log)
    metrics.install(app, remit)
    transport.install(app)
    limits.install(app, settings.rate)
    clocks.install(app)
    for blueprint in (update.bp, graph_store.bp, feeds.bp, openapi.bp):
        app.register_blueprint(blueprint)
