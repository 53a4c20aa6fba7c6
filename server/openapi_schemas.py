"""The schemas of the OpenAPI description: fields that keep their names; others may be added."""

from __future__ import annotations

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_OBJECT: dict[str, Any] = {"type": "object"}


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: dict[str, Any] = {
    "Object": _OBJECT,
    "Problem": _object(
        {
            "type": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
        }
    ),
    "Health": _object({"status": _TEXT, "dataVersion": _TEXT}),
    "Link": _object({"id": _TEXT, "label": _TEXT}, slug=_TEXT),
    "Source": _object({"document": _TEXT, "locator": _TEXT, "url": _TEXT}),
    "TraceStep": _object(
        {
            "condition": _TEXT,
            "holds": {"type": ["boolean", "null"]},
            "because": _MAYBE,
            "sources": _list(_ref("Source")),
        }
    ),
    "Organisations": _object(
        {
            "results": _list(_object({"code": _TEXT, "id": _TEXT, "name": _TEXT})),
            "total": _NUMBER,
            "page": _NUMBER,
            "pages": _NUMBER,
        }
    ),
    "Organisation": _object({"code": _TEXT, "id": _TEXT, "name": _TEXT}),
    "Sheet": _object(
        {
            "organisation": _ref("Organisation"),
            "asOf": {"type": "string", "format": "date"},
            "knownAt": _TEXT,
            "dataVersion": _TEXT,
            "applies": _list(
                _object(
                    {
                        "power": _ref("Link"),
                        "holder": {"anyOf": [_ref("Link"), {"type": "null"}]},
                        "basis": _list(_ref("Link")),
                        "preconditions": _list(_TEXT),
                        "limits": _list(_OBJECT),
                        "procedure": _list(_OBJECT),
                        "bindingness": _MAYBE,
                        "sources": _list(_ref("Source")),
                        "trace": _list(_ref("TraceStep")),
                    },
                    standard={},
                    review={},
                )
            ),
            "doesNotApply": _list(
                _object(
                    {
                        "power": _ref("Link"),
                        "failedCondition": _TEXT,
                        "because": _TEXT,
                        "trace": _list(_ref("TraceStep")),
                    }
                )
            ),
            "unknown": _list(
                _object(
                    {"power": _ref("Link"), "missing": _TEXT, "trace": _list(_ref("TraceStep"))}
                )
            ),
        }
    ),
    "SearchResults": _object(
        {
            "results": _list(
                _object({"id": _TEXT, "kind": _TEXT, "label": _TEXT, "score": {"type": "number"}})
            ),
            "total": _NUMBER,
        }
    ),
    "RegisterPage": _object(
        {
            "results": _list(_object({"id": _TEXT, "slug": _TEXT, "label": _TEXT})),
            "total": _NUMBER,
            "page": _NUMBER,
            "pages": _NUMBER,
        }
    ),
    "Entry": _object(
        {
            "id": _TEXT,
            "slug": _TEXT,
            "label": _TEXT,
            "kind": _TEXT,
            "sources": _list(_ref("Source")),
        }
    ),
    "Answer": _object({"name": _TEXT}),
    "Version": _object(
        {
            "version": _TEXT,
            "made": {"type": "string", "format": "date-time"},
            "triples": _NUMBER,
            "madeBy": {"enum": ["build", "write"]},
            "permalink": _TEXT,
        },
        changes=_object(
            {"since": _MAYBE},
            note=_TEXT,
            added=_list(_ref("Link")),
            removed=_list(_ref("Link")),
            changed=_list(_ref("Link")),
        ),
    ),
    "Versions": _object({"versions": _list(_ref("Version")), "current": _TEXT}),
    "Written": _object({"dataVersion": _TEXT}),
    "SparqlResults": _object(
        {"head": _OBJECT},
        boolean={"type": "boolean"},
        results=_object({"bindings": _list(_OBJECT)}),
    ),
    "Conflicts": _object({"conflicts": _list(_OBJECT), "total": _NUMBER}),
    "Comparison": _object(
        {
            "from": _OBJECT,
            "to": _OBJECT,
            "changes": _list(
                _object({"topic": _TEXT, "change": _TEXT, "decisionRelevant": {"type": "boolean"}})
            ),
        }
    ),
    "Report": _object(
        {"conforms": {"type": "boolean"}, "counts": _OBJECT, "findings": _list(_OBJECT)}
    ),
}
