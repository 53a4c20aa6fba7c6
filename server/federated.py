"""Federated questions over HTTP: ``/api/v1/federated``."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from loader.errors import QueryFileError
from server.errors import BadParameter, excerpt
from server.federation import Federation, endpoints

bp = Blueprint("federated", __name__, url_prefix="/api/v1/federated")


@bp.get("")
def questions() -> ResponseReturnValue:
    """List the federated questions, and whether their endpoints are configured."""
    return jsonify({"questions": _federation().questions()})


@bp.get("/<name>")
def ask(name: str) -> ResponseReturnValue:
    """Put a federated question; 200 with ``answered: false`` when the other side does not answer."""
    try:
        return jsonify(_federation().ask(name, request.args.to_dict()))
    except QueryFileError as error:
        raise BadParameter(excerpt(str(error), 300), parameter="") from None


def _federation() -> Federation:
    extensions = current_app.extensions
    if "remit-federation" not in extensions:
        extensions["remit-federation"] = Federation(endpoints())
    found: Federation = extensions["remit-federation"]
    return found
