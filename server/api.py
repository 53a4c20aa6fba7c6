"""The JSON API under ``/api/v1``."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from server.answers import organisations as organisations_
from server.answers import registers
from server.answers.reference import Json
from server.answers.search import search as search_
from server.answers.sheet import answer_sheet, power_answer
from server.errors import BadParameter, excerpt
from server.store.protocol import Store

bp = Blueprint("api", __name__, url_prefix="/api/v1")

MOST = 200


def store() -> Store:
    """Return the store in service."""
    found: Store = current_app.extensions["remit"].store
    return found


@bp.after_request
def name_version(response: Response) -> Response:
    """Name the data version in every answer, and let scripts of other sites read it."""
    response.headers["Remit-Data-Version"] = store().version
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Remit-Data-Version"
    return response


@bp.get("/organisations")
def list_organisations() -> ResponseReturnValue:
    """List organisations as on a date, narrowed by words, type and area."""
    answer = organisations_.organisations(
        store(),
        request.args.get("q", ""),
        request.args.get("type", ""),
        request.args.get("within", ""),
        as_of(),
        whole("page", 1, 1, 1_000_000),
        whole("pageSize", 50, 1, MOST),
    )
    return jsonify(asked_page(answer))


@bp.get("/organisations/<code>")
def one_organisation(code: str) -> ResponseReturnValue:
    """Describe an organisation as on a date."""
    return jsonify(organisations_.organisation(store(), code, as_of()))


@bp.get("/organisations/<code>/powers")
def sheet(code: str) -> ResponseReturnValue:
    """Give the answer sheet of an organisation on a date."""
    return jsonify(answer_sheet(store(), code, as_of(), known_at=request.args.get("knownAt")))


@bp.get("/organisations/<code>/powers/<slug>")
def one_power(code: str, slug: str) -> ResponseReturnValue:
    """Give the verdict on one power for an organisation on a date."""
    return jsonify(power_answer(store(), code, slug, as_of()))


@bp.get("/search")
def find() -> ResponseReturnValue:
    """Search everything by words, codes, former names and citations."""
    most, page = whole("limit", 50, 1, MOST), whole("page", 1, 1, 1_000_000)
    q, kind = request.args.get("q", ""), request.args.get("kind")
    return jsonify(search_(store(), q, kind, most=most, page=page))


@bp.get("/<kind>")
def list_register(kind: str) -> ResponseReturnValue:
    """List one page of a register."""
    page, size = whole("page", 1, 1, 1_000_000), whole("pageSize", 50, 1, MOST)
    found = registers.entries(store(), kind, request.args.get("q", ""), page, size)
    return jsonify(asked_page(found))


@bp.get("/<kind>/<path:name>")
def one_entry(kind: str, name: str) -> ResponseReturnValue:
    """Describe one entry of a register."""
    return jsonify(registers.entry(store(), kind, name))


def as_of() -> str:
    """Return the ``asOf`` parameter, or today."""
    return request.args.get("asOf") or date.today().isoformat()


def asked_page(answer: Json, of: str = "results") -> Json:
    """Return a page of a list; one beyond the end is empty, where readers of pages are shown the last."""
    page = whole("page", 1, 1, 1_000_000)
    return answer if page <= answer["pages"] else {**answer, of: [], "page": page}


def once() -> None:
    """Refuse a parameter of the request in hand that is given several values; raises BadParameter."""
    if request.path.startswith("/api/"):
        for name, values in request.args.lists():
            if len(set(values)) > 1:
                raise BadParameter(
                    f"“{excerpt(name)}” is given {len(values)} times, with different values.",
                    parameter=excerpt(name),
                )


def whole(name: str, default: int, least: int, most: int) -> int:
    """Return a whole-number parameter; raises BadParameter when it is not one within bounds."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        raise BadParameter(f"{name} is a whole number from {least} to {most}.", parameter=name)
    return int(text)
