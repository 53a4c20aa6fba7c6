"""The reconciliation service at ``/reconcile``: Reconciliation Service API 0.2, as OpenRefine speaks it."""

from __future__ import annotations

import json
import re
from datetime import date
from html import escape
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from loader.terms import DEF, ID, iri
from server.errors import BadParameter, NotFound, excerpt
from server.reconciliation import queries
from server.reconciliation.extending import extend, proposal
from server.reconciliation.register import Register, register
from server.reconciliation.suggesting import entities, properties, types
from server.store.protocol import Store

bp = Blueprint("reconcile", __name__, url_prefix="/reconcile")

Json = dict[str, Any]
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,120}")
_MOST_IDS = 500


@bp.after_request
def allow(response: Response) -> Response:
    """Let pages of other sites read the answers, and name the data version."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Remit-Data-Version"] = _store().version
    return response


@bp.route("", methods=["GET", "POST"])
def service() -> ResponseReturnValue:
    """Answer queries or a data extension; without either, the manifest."""
    if asked := _parameter("queries"):
        return _answer(queries.answer(_store(), _object(asked, "queries"), date.today()))
    if asked := _parameter("extend"):
        return _extension(_object(asked, "extend"))
    return _answer(manifest(request.url_root.rstrip("/")))


@bp.get("/suggest/entity")
def suggest_entity() -> ResponseReturnValue:
    """Suggest organisations for the beginning of a name or code."""
    return _answer(entities(_register(), _prefix(), date.today()))


@bp.get("/suggest/type")
def suggest_type() -> ResponseReturnValue:
    """Suggest types."""
    return _answer(types(_register(), _prefix()))


@bp.get("/suggest/property")
def suggest_property() -> ResponseReturnValue:
    """Suggest properties that narrow a query."""
    return _answer(properties(_prefix()))


@bp.get("/extend/propose")
def propose() -> ResponseReturnValue:
    """Propose properties by which a table can be extended."""
    limit = request.args.get("limit", "50")
    return _answer(proposal(int(limit) if limit.isascii() and limit.isdigit() else 50))


@bp.get("/preview")
def preview() -> ResponseReturnValue:
    """Show one thing in a small page for the preview of OpenRefine."""
    identifier = request.args.get("id", "")
    body = _register().bodies.get(iri(identifier))
    if body is None:
        raise NotFound(f"Nothing has the identifier “{excerpt(identifier)}”.")
    today = date.today()
    life = f"{body.start or 'not known'} – {body.end or ''}"
    rows = [
        ("Code", ", ".join(sorted(body.codes))),
        ("Type", ", ".join(sorted(body.types(today).values()))),
        ("Exists", life),
        ("Followed by", ", ".join(_register().bodies[i].label for i, _ in body.successors)),
    ]
    told = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows if v)
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(body.label)}</title></head>'
        f"<body><h1>{escape(body.label)}</h1><dl>{told}</dl></body></html>"
    )
    return Response(page, mimetype="text/html")


@bp.get("/view")
def view() -> ResponseReturnValue:
    """Redirect to the page of a thing: ours, or that of legislation.gov.uk."""
    identifier = request.args.get("id", "")
    if identifier.startswith("http://www.legislation.gov.uk/id/"):
        return redirect(identifier, 303)
    if not re.fullmatch(r"[A-Za-z0-9/._#-]+", identifier):
        raise NotFound(f"Nothing has the identifier “{excerpt(identifier)}”.")
    return redirect(f"/id/{identifier}", 303)


def manifest(root: str) -> Json:
    """Return the manifest of the service at the address ``root``."""
    return {
        "versions": ["0.2"],
        "name": "Remit: oversight of the NHS in England",
        "identifierSpace": ID,
        "schemaSpace": DEF,
        "documentation": f"{root}/about",
        "defaultTypes": queries.DEFAULT_TYPES,
        "view": {"url": f"{root}/reconcile/view?id={{{{id}}}}"},
        "preview": {"url": f"{root}/reconcile/preview?id={{{{id}}}}", "width": 420, "height": 220},
        "suggest": {
            what: {"service_url": root, "service_path": f"/reconcile/suggest/{what}"}
            for what in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {
                "service_url": root,
                "service_path": "/reconcile/extend/propose",
            },
            "property_settings": [
                {
                    "name": "asOf",
                    "label": "As on the date",
                    "type": "text",
                    "default": "",
                    "help_text": "A day, such as 2022-07-01; today when empty.",
                }
            ],
        },
    }


def _extension(asked: Json) -> ResponseReturnValue:
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(wanted, list) or len(ids) > _MOST_IDS:
        raise BadParameter(
            f"extend has ids (at most {_MOST_IDS}) and properties.", parameter="extend"
        )
    if not all(isinstance(each, dict) and "id" in each for each in wanted):
        raise BadParameter("Each property of extend has an id.", parameter="extend")
    try:
        return _answer(extend(_register(), asked, date.today()))
    except KeyError as error:
        name = excerpt(str(error.args[0]))
        detail = f"There is no property “{name}”. /reconcile/extend/propose lists them."
        raise BadParameter(detail, parameter="extend") from None


def _parameter(name: str) -> str:
    return request.form.get(name, "") or request.args.get(name, "")


def _object(text: str, name: str) -> Json:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BadParameter(f"{name} is a JSON object.", parameter=name)
    return value


def _prefix() -> str:
    return request.args.get("prefix", "")[:200]


def _answer(value: Json) -> Response:
    body = json.dumps(value, ensure_ascii=False)
    callback = request.args.get("callback", "")
    if callback and _CALLBACK.fullmatch(callback):
        return Response(f"/**/{callback}({body});", mimetype="application/javascript")
    return Response(body, mimetype="application/json")


def _store() -> Store:
    found: Store = current_app.extensions["remit"].store
    return found


def _register() -> Register:
    return register(_store())
