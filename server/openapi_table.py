"""What the OpenAPI description says of each route: parameters, bodies and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    required = bool(schema.pop("required", False))
    example = schema.pop("example", None)
    found = {
        "name": name,
        "in": "query",
        "description": description,
        "required": required,
        "schema": {"type": "string", **schema},
    }
    return found | ({"example": example} if example else {})


PARAMETERS: dict[str, dict[str, Any]] = {
    "asOf": _query(
        "asOf", "The day of the law and the organisations; today if absent.", example="2023-05-01"
    ),
    "knownAt": _query(
        "knownAt",
        "The data version, or the day or instant whose data is meant.",
        example="2099-01-01",
    ),
    "q": _query("q", "Words, a code or a citation."),
    "type": _query("type", "A class of the ontology, such as IntegratedCareBoard."),
    "within": _query("within", "The code of a board or region."),
    "kind": _query("kind", "A kind of thing, such as power."),
    "page": _query("page", "The page, from 1.", type="integer", minimum=1, maximum=1_000_000),
    "pageSize": _query("pageSize", "Entries on a page.", type="integer", minimum=1, maximum=200),
    "limit": _query("limit", "The most results.", type="integer", minimum=1, maximum=200),
    "from": _query("from", "The first day.", required=True, example="2022-06-30"),
    "to": _query("to", "The last day; today if absent.", example="2022-07-01"),
    "query": _query("query", "A SPARQL query.", example="ASK { ?s ?p ?o }"),
    "timeout": _query("timeout", "Seconds that the query may take.", type="number", minimum=0.01),
    "default-graph-uri": _query(
        "default-graph-uri",
        "Graphs that make up the default graph.",
        type="array",
        items={"type": "string"},
    ),
    "named-graph-uri": _query(
        "named-graph-uri", "Named graphs.", type="array", items={"type": "string"}
    ),
    "using-graph-uri": _query(
        "using-graph-uri",
        "Graphs that make up the default graph of WHERE.",
        type="array",
        items={"type": "string"},
    ),
    "using-named-graph-uri": _query(
        "using-named-graph-uri", "Named graphs of WHERE.", type="array", items={"type": "string"}
    ),
    "graph": _query("graph", "The IRI of a graph."),
    "default": _query("default", "The graph of what is written without naming one.", maxLength=0),
}

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
    "GET /api/v1/search": Operation(
        ("q", "kind", "limit", "page", "knownAt"), schema="SearchResults"
    ),
    "GET /api/v1/suggest": Operation(("q", "kind", "limit", "knownAt")),
    "GET /api/v1/<kind>": Operation(("q", *_PAGED, "knownAt"), schema="RegisterPage"),
    "GET /api/v1/<kind>/<path:name>": Operation(("knownAt",), schema="Entry"),
    "GET /api/v1/questions": Operation(("knownAt",)),
    "GET /api/v1/questions/<name>": Operation(("knownAt",), schema="Answer"),
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
