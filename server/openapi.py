"""`/openapi.json`: the OpenAPI 3.1 description, made from the routes that exist and the table beside.

A route that the table does not name is described by its path and the first line of its docstring;
so the description is never short of a route.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from loader.catalogue import Parameter, catalogue
from server.openapi_parameters import PARAMETERS
from server.openapi_schemas import SCHEMAS
from server.openapi_table import TABLE, Operation

bp = Blueprint("openapi", __name__)

_OURS = (
    "/api/",
    "/sparql",
    "/update",
    "/data",
    "/feeds/",
    "/health",
    "/ready",
    "/metrics",
    "/openapi.json",
    "/reconcile",
)
_REFUSING = ("update.refuse",)
_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_BODILESS = ("get", "head", "delete", "options")
_KINDS: dict[str, dict[str, Any]] = {
    "iri": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
}


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Describe the API as an OpenAPI 3.1 document."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if "remit-openapi" not in app.extensions:
        app.extensions["remit-openapi"] = document(app)
    response = jsonify(app.extensions["remit-openapi"])
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI description of the routes of `app`."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.rule.startswith(_OURS):
            item = paths.setdefault(_CONVERTER.sub(r"{\1}", rule.rule), {})
            for method in sorted(rule.methods or ()):
                if method not in ("HEAD", "OPTIONS") and rule.endpoint not in _REFUSING:
                    item[method.lower()] = _operation(app, rule, method)
    for name, query in catalogue("questions").items():
        paths[f"/api/v1/questions/{name}"] = {
            "get": _question(name, query.question, query.parameters)
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Remit",
            "version": version("remit-graph"),
            "summary": "Who may do what to whom in the oversight of the NHS in England, and why.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(app: Flask, rule: Rule, method: str) -> dict[str, Any]:
    view = app.view_functions[rule.endpoint]
    row = TABLE.get(f"{method} {rule.rule}", Operation())
    described: dict[str, Any] = {
        "operationId": f"{method.lower()}-{rule.endpoint.replace('.', '-')}"
        + ("-named" if rule.rule == "/data/<path:name>" else ""),
        "summary": (view.__doc__ or rule.rule).strip().splitlines()[0],
        "tags": [
            rule.rule.split("/")[3] if rule.rule.startswith("/api/v1/") else rule.rule.split("/")[1]
        ],
        "parameters": [_path(name) for name in _CONVERTER.findall(rule.rule)]
        + [PARAMETERS[name] for name in row.parameters],
        "responses": _responses(row, rule),
    }
    if row.body and method.lower() not in _BODILESS:
        described["requestBody"] = {"required": True, "content": row.body}
    if row.scope:
        described["security"] = [{"token": []}]
    return described


def _path(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    }


def _responses(row: Operation, rule: Rule) -> dict[str, Any]:
    content = row.content
    if content is None:
        reference = {"$ref": f"#/components/schemas/{row.schema}"}
        content = {"application/json": {"schema": reference}}
    answer: dict[str, Any] = {"description": row.answer}
    if content:
        answer["content"] = content
    if rule.rule.startswith("/api/v1") or rule.rule in ("/sparql", "/update"):
        answer["headers"] = {"Remit-Data-Version": {"schema": {"type": "string"}, "required": True}}
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        row.status: answer,
        **{code: {"description": text} for code, text in row.others.items()},
        "default": {
            "description": "A problem (RFC 9457).",
            "content": {"application/problem+json": problem},
        },
    }


def _question(name: str, question: str, parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    row = Operation(schema="Answer", answer="The rows, and the data version that they come from.")
    listed = [
        {
            "name": each.name,
            "in": "query",
            "required": each.required,
            "description": each.label,
            "schema": _KINDS[each.kind] | ({"enum": list(each.choices)} if each.choices else {}),
            **({"example": each.example} if each.example else {}),
        }
        for each in parameters
    ]
    return {
        "operationId": f"ask-{name}",
        "summary": question,
        "tags": ["questions"],
        "parameters": [*listed, PARAMETERS["knownAt"]],
        "responses": _responses(row, Rule("/api/v1/questions")),
    }
