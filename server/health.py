"""Whether the service is alive, and whether it is ready to answer."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from loader.catalogue import query
from server.errors import StoreUnavailable
from server.service import service

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Answer that the process is alive, with the data version it serves."""
    return jsonify(status="ok", dataVersion=service().store.version)


@bp.get("/ready")
def ready() -> ResponseReturnValue:
    """Answer 200 when a query can be answered at once; 503 while starting or stopping, or without the store."""
    remit = service()
    if remit.stopping.is_set():
        raise StoreUnavailable("The server is stopping.")
    if not remit.warm.is_set():
        raise StoreUnavailable("The server is starting.", headers={"Retry-After": "2"})
    store = remit.store
    store.ask(query("store-answers", "views").text, timeout=2)
    return jsonify(status="ready", dataVersion=store.version)
