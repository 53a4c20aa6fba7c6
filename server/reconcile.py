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
from server.answers.index import index
from server.errors import BadParameter, NotFound, excerpt
from server.reconciliation import queries
from server.reconciliation.body import Body
from server.reconciliation.extending import extend, proposal
from server.reconciliation.register import DEFAULT_TYPES, Register, register
from server.reconciliation.suggesting import entities, properties, properties_known, types
from server.store.protocol import Store

bp = Blueprint("reconcile", __name__, url_prefix="/reconcile")

Json = dict[str, Any]
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,120}")
_MOST_IDS = 500
_FRAMED = "default-src 'none'; frame-ancestors *"
_MID = re.compile(r"\bmid:([^\s)]+)")


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
    return _answer(entities(_register(), _prefix(), date.today(), _cursor()))


@bp.get("/suggest/type")
def suggest_type() -> ResponseReturnValue:
    """Suggest types."""
    return _answer(types(_register(), _prefix(), _cursor()))


@bp.get("/suggest/property")
def suggest_property() -> ResponseReturnValue:
    """Suggest properties that narrow a query."""
    return _answer(properties(_prefix(), _cursor()))


@bp.get("/extend/propose")
def propose() -> ResponseReturnValue:
    """Propose properties by which a table can be extended."""
    limit = request.args.get("limit", "50")
    return _answer(proposal(int(limit) if limit.isascii() and limit.isdigit() else 50))


@bp.get("/preview")
def preview() -> ResponseReturnValue:
    """Show one thing in a small page, which OpenRefine puts into a frame."""
    title, told = _told(request.args.get("id", ""))
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1>{told}</body></html>"
    )
    return Response(page, mimetype="text/html", headers={"Content-Security-Policy": _FRAMED})


@bp.get("/flyout/<what>")
def flyout(what: str) -> ResponseReturnValue:
    """Show one thing, type or property in a few words of HTML, beside a list of suggestions."""
    return _answer(_flyout(what, request.args.get("id", "")))


@bp.get("/search")
def hovered() -> ResponseReturnValue:
    """Give the same for a thing as OpenRefine asks for it: it goes by an older address and form of the request."""
    found = _MID.search(request.args.get("filter", ""))
    identifier = found[1] if found else ""
    return _answer(_flyout("entity", identifier))


@bp.get("/view")
def view() -> ResponseReturnValue:
    """Redirect to the page of a thing: ours, or that of legislation.gov.uk."""
    identifier = request.args.get("id", "")
    if identifier.startswith("http://www.legislation.gov.uk/id/"):
        return redirect(identifier, 303)
    if not re.fullmatch(r"[A-Za-z0-9/._#-]+", identifier):
        raise _nothing(identifier)
    return redirect(f"/id/{identifier}", 303)


def manifest(root: str) -> Json:
    """Return the manifest of the service at the address ``root``."""
    return {
        "versions": ["0.2"],
        "name": "Remit: oversight of the NHS in England",
        "identifierSpace": ID,
        "schemaSpace": DEF,
        "documentation": f"{root}/about",
        "defaultTypes": DEFAULT_TYPES,
        "view": {"url": f"{root}/reconcile/view?id={{{{id}}}}"},
        "preview": {"url": f"{root}/reconcile/preview?id={{{{id}}}}", "width": 420, "height": 220},
        "suggest": {
            what: {
                "service_url": f"{root}/reconcile",
                "service_path": f"/suggest/{what}",
                "flyout_service_url": f"{root}/reconcile",
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }
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
        return _answer(extend(_store(), asked, date.today()))
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


def _cursor() -> int:
    """Return how many suggestions were shown already."""
    text = request.args.get("cursor", "")
    return int(text[:6]) if text.isascii() and text.isdigit() else 0


def _flyout(what: str, identifier: str) -> Json:
    """Return ``{id, html}`` of a thing, a type or a property; raises NotFound when there is none."""
    if what == "entity":
        title, told = _told(identifier)
        return {"id": identifier, "html": f"<h1>{escape(title)}</h1>{told}"}
    known = {"type": _register().types, "property": properties_known()}.get(what, {})
    if identifier not in known:
        raise _nothing(identifier)
    return {"id": identifier, "html": f"<p>{escape(known[identifier])}</p>"}


def _told(identifier: str) -> tuple[str, str]:
    """Return the name of a thing and what tells it from others as HTML; raises NotFound when there is none."""
    body = _register().body(identifier)
    if body is not None:
        return body.label, described(_described(body))
    entry = index(_store()).entry(iri(identifier))
    if entry is None:
        raise _nothing(identifier)
    return entry.label, described([("Kind", entry.kind), ("Summary", entry.summary or "")])


def _described(body: Body) -> list[tuple[str, str]]:
    successors = [_register().body(other) for other, _ in body.successors]
    return [
        ("Code", ", ".join(sorted(body.codes))),
        ("Type", ", ".join(sorted(body.types(date.today()).values()))),
        ("Exists", f"{body.start or 'not known'} – {body.end or ''}"),
        ("Followed by", ", ".join(after.label for after in successors if after)),
    ]


def described(rows: list[tuple[str, str]]) -> str:
    """Return a list of terms and their values as HTML; terms without a value are left out."""
    told = "".join(
        f"<dt>{escape(term)}</dt><dd>{escape(value)}</dd>" for term, value in rows if value
    )
    return f"<dl>{told}</dl>"


def _nothing(identifier: str) -> NotFound:
    return NotFound(f"Nothing has the identifier “{excerpt(identifier)}”.")


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
