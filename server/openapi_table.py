"""What the OpenAPI description says of each route: parameters, bodies and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.openapi_parameters import PARAMETERS

Content = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Operation:
    """One operation: names of its query parameters, its body, and its answer when all is well.

    `content` stands for the media types of an answer that is not one JSON schema; empty for none.
    """

    parameters: tuple[str, ...] = ()
    body: Content | None = None
    schema: str = "Object"
    answer: str = "The answer."
    content: Content | None = None
    status: str = "200"
    others: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""


_TEXT = {"schema": {"type": "string"}}
_RDF = dict.fromkeys(
    ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"), _TEXT
)
_LOOSE: dict[str, Any] = {name: {} for name in _RDF}
_RESULTS: dict[str, Any] = {
    **_LOOSE,
    "application/sparql-results+json": {"schema": {"$ref": "#/components/schemas/SparqlResults"}},
    "application/sparql-results+xml": {},
    "text/csv": {},
    "text/tab-separated-values": {},
    "text/html": {},
}
_CLOCKS = ("asOf", "knownAt")
_SPARQL = ("default-graph-uri", "named-graph-uri", "timeout")
_PAGED = ("page", "pageSize")


def _form(*names: str, required: str) -> dict[str, Any]:
    fields = {
        name: PARAMETERS[name]["schema"] if name in PARAMETERS else {"type": "string"}
        for name in names
    }
    return {"schema": {"type": "object", "properties": fields, "required": [required]}}


def _json(**fields: Any) -> Content:
    """Describe a body that is a JSON object with these fields, all of them required."""
    schema = {"type": "object", "required": list(fields), "properties": fields}
    return {"application/json": {"schema": schema}}


_FACTS = _json(facts={"type": "object"})
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REPORT: dict[str, Any] = {
    "application/json": {"schema": {"$ref": "#/components/schemas/Report"}},
    "application/sarif+json": {},
    "text/csv": {},
    "text/turtle": {},
    "text/html": {},
    _XLSX: {},
}
_JSONP: dict[str, Any] = {"application/json": {}, "application/javascript": {}}
_GRAPH = Operation(("graph", "default", "knownAt"), content=_LOOSE, answer="The graph.")
_WRITTEN = Operation(
    ("graph", "default"),
    body=_RDF,
    content={},
    status="204",
    answer="Written.",
    others={"201": "Written, and the graph is new."},
    scope="upload",
)

TABLE: dict[str, Operation] = {
    "GET /api/v1/organisations": Operation(
        ("q", "type", "within", *_PAGED, *_CLOCKS), schema="Organisations"
    ),
    "GET /api/v1/organisations/<code>": Operation(_CLOCKS, schema="Organisation"),
    "GET /api/v1/organisations/<code>/powers": Operation(_CLOCKS, schema="Sheet"),
    "GET /api/v1/organisations/<code>/powers/<slug>": Operation(_CLOCKS),
    "GET /api/v1/organisations/<code>/duties": Operation(_CLOCKS),
    "GET /api/v1/organisations/<code>/oversight": Operation(_CLOCKS),
    "GET /api/v1/organisations/<code>/changes": Operation(("from", "to", "knownAt")),
    "GET /api/v1/organisations/<code>/timeline": Operation(("knownAt",)),
    "GET /api/v1/search": Operation(
        ("q", "kind", "limit", "page", "knownAt"), schema="SearchResults"
    ),
    "GET /api/v1/suggest": Operation(("q", "kind", "limit", "knownAt")),
    "GET /api/v1/<kind>": Operation(("q", *_PAGED, "knownAt"), schema="RegisterPage"),
    "GET /api/v1/<kind>/<path:name>": Operation(("knownAt",), schema="Entry"),
    "GET /api/v1/questions": Operation(("knownAt",)),
    "GET /api/v1/questions/<name>": Operation(("knownAt",), schema="Answer"),
    "GET /api/v1/conflicts": Operation(
        ("kind", "organisation", *_PAGED, "knownAt"), schema="Conflicts"
    ),
    "GET /api/v1/coverage": Operation(("knownAt",)),
    "GET /api/v1/federated": Operation(),
    "GET /api/v1/federated/<name>": Operation(
        answer="The rows; or “answered: false” and why, when the other side does not answer."
    ),
    "GET /api/v1/frameworks/in-effect": Operation(_CLOCKS),
    "GET /api/v1/frameworks/<name>/items": Operation(("knownAt",)),
    "GET /api/v1/frameworks/<name>/compare/<other>": Operation(("knownAt",), schema="Comparison"),
    "GET /api/v1/frameworks/<name>/segmentation": Operation(("organisationKind", *_CLOCKS)),
    "POST /api/v1/frameworks/<name>/segmentation": Operation(_CLOCKS, body=_FACTS),
    "GET /api/v1/frameworks/oaf-2024-draft/metric-scores": Operation(("knownAt",)),
    "POST /api/v1/frameworks/oaf-2024-draft/metric-scores": Operation(
        ("knownAt",),
        body=_json(
            rule={"enum": ["quartile", "standard", "improvement"]},
            higherIsBetter={"type": "boolean"},
            values={"type": "array", "items": {"type": "object", "required": ["id", "value"]}},
        ),
        answer="The scores; or what the text leaves open, and why.",
    ),
    "GET /api/v1/frameworks/oaf-2024-draft/capability-ratings": Operation(("knownAt",)),
    "POST /api/v1/frameworks/oaf-2024-draft/capability-ratings": Operation(
        ("knownAt",), body=_FACTS
    ),
    "GET /api/v1/procedures/<name>/diagram": Operation(("knownAt",)),
    "GET /api/v1/quality/case": Operation(("knownAt",)),
    "POST /api/v1/quality/case": Operation(("knownAt",), body=_FACTS),
    "GET /api/v1/validation": Operation(
        ("rule", "organisation", "severity", *_PAGED, "report-format"), content=_REPORT
    ),
    "POST /api/v1/validation": Operation(
        ("name", "report-format"),
        body={
            "text/csv": _TEXT,
            "text/turtle": _TEXT,
            "application/yaml": _TEXT,
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
        content=_REPORT,
        answer="The report; nothing is stored.",
    ),
    "GET /reconcile": Operation(("queries", "extend", "callback"), content=_JSONP),
    "POST /reconcile": Operation(
        body={
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {"queries": {"type": "string"}, "extend": {"type": "string"}},
                }
            }
        },
        content=_JSONP,
    ),
    "GET /reconcile/suggest/entity": Operation(("prefix", "cursor", "callback"), content=_JSONP),
    "GET /reconcile/suggest/type": Operation(("prefix", "cursor", "callback"), content=_JSONP),
    "GET /reconcile/suggest/property": Operation(("prefix", "cursor", "callback"), content=_JSONP),
    "GET /reconcile/extend/propose": Operation(("proposed", "callback"), content=_JSONP),
    "GET /reconcile/flyout/<what>": Operation(("id", "callback"), content=_JSONP),
    "GET /reconcile/search": Operation(("hovered", "callback"), content=_JSONP),
    "GET /reconcile/preview": Operation(
        ("id",), content={"text/html": _TEXT}, answer="A small page about one thing."
    ),
    "GET /reconcile/view": Operation(
        ("id",), content={}, status="303", answer="The page of the thing."
    ),
    "GET /sparql/terms.json": Operation(("knownAt",)),
    "GET /sparql/examples/<name>": Operation(
        content={}, status="302", answer="The editor with a named question."
    ),
    "GET /api/v1/versions": Operation(schema="Versions"),
    "GET /api/v1/versions/<version>": Operation(schema="Version"),
    "GET /feeds/<name>.<form>": Operation(
        ("knownAt",), content={"application/atom+xml": _TEXT, "application/feed+json": {}}
    ),
    "GET /sparql": Operation(
        ("query", *_SPARQL, "knownAt"),
        content=_RESULTS,
        answer="The result of the query; without one, the description of the service.",
    ),
    "POST /sparql": Operation(
        (*_SPARQL, "knownAt"),
        body={
            "application/x-www-form-urlencoded": _form("query", *_SPARQL, required="query"),
            "application/sparql-query": _TEXT,
        },
        content=_RESULTS,
    ),
    "POST /update": Operation(
        ("using-graph-uri", "using-named-graph-uri"),
        body={
            "application/x-www-form-urlencoded": _form(
                "update", "using-graph-uri", "using-named-graph-uri", required="update"
            ),
            "application/sparql-update": _TEXT,
        },
        schema="Written",
        scope="update",
    ),
    "GET /data": _GRAPH,
    "PUT /data": _WRITTEN,
    "POST /data": _WRITTEN,
    "DELETE /data": Operation(
        ("graph", "default"), content={}, status="204", answer="Removed.", scope="upload"
    ),
    "GET /data/<path:name>": Operation(
        ("knownAt",), content=_LOOSE, answer="The graph of this address."
    ),
    "PUT /data/<path:name>": Operation(
        body=_RDF,
        content={},
        status="204",
        answer="Written.",
        others={"201": "Written, and the graph is new."},
        scope="upload",
    ),
    "POST /data/<path:name>": Operation(
        body=_RDF,
        content={},
        status="204",
        answer="Written.",
        others={"201": "Written, and the graph is new."},
        scope="upload",
    ),
    "DELETE /data/<path:name>": Operation(
        content={}, status="204", answer="Removed.", scope="upload"
    ),
    "GET /health": Operation(schema="Health"),
    "GET /ready": Operation(schema="Health"),
    "GET /metrics": Operation(content={"text/plain": _TEXT, "application/openmetrics-text": _TEXT}),
    "GET /openapi.json": Operation(answer="This description."),
}
