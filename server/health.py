"""Whether the service is alive, and whether it is ready to answer."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from loader.catalogue import query

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Answer that the process is alive, with the data version it serves."""
    return jsonify(status="ok", dataVersion=current_app.extensions["remit"].store.version)


@bp.get("/ready")
def ready() -> ResponseReturnValue:
    """Answer 200 when a query can be answered; the store's own problem (503) otherwise."""
    store = current_app.extensions["remit"].store
    store.ask(query("store-answers", "views").text, timeout=2)
    return jsonify(status="ready", dataVersion=store.version)
