"""The parameters that the OpenAPI description names, each described once."""

from __future__ import annotations

from typing import Any

from loader.catalogue import query as stored


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


def _graphs(name: str, description: str) -> dict[str, dict[str, Any]]:
    """Return a parameter of the SPARQL Protocol that lists IRIs of graphs."""
    return {name: _query(name, description, type="array", items={"type": "string"})}


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
    "query": _query("query", "A SPARQL query.", example=stored("store-answers", "views").text),
    "timeout": _query("timeout", "Seconds that the query may take.", type="number", minimum=0.01),
    **_graphs("default-graph-uri", "Graphs that make up the default graph."),
    **_graphs("named-graph-uri", "Named graphs."),
    **_graphs("using-graph-uri", "Graphs that make up the default graph of WHERE."),
    **_graphs("using-named-graph-uri", "Named graphs of WHERE."),
    "graph": _query("graph", "The IRI of a graph."),
    "default": _query("default", "The graph of what is written without naming one.", maxLength=0),
    "organisation": _query("organisation", "The code of an organisation.", example="RA7"),
    "rule": _query("rule", "The number of a rule, such as R001."),
    "severity": _query(
        "severity", "How grave findings are.", enum=["violation", "warning", "info"]
    ),
    "name": _query("name", "The name of the file that is sent.", example="upload.csv"),
    "table-format": _query(
        "format", "The form of the answer.", enum=["json", "csv", "xlsx"], default="json"
    ),
    "report-format": _query("format", "The form of the report, instead of the Accept header."),
    "organisationKind": _query(
        "organisationKind",
        "The kind of organisation whose facts are described.",
        enum=["trust", "foundation-trust", "icb", "ics", "ccg"],
    ),
    "prefix": _query("prefix", "The beginning of a name or code."),
    "id": _query("id", "An identifier below the identifier space.", example="organisation/RA7"),
    "cursor": _query("cursor", "How many were shown already.", type="integer", minimum=0),
    "hovered": _query(
        "filter", "The thing, as OpenRefine asks for it.", example="(all mid:organisation/RA7)"
    ),
    "callback": _query("callback", "The function that JSONP calls."),
    "queries": _query("queries", "A batch of queries, as JSON."),
    "extend": _query("extend", "A request to extend a table, as JSON."),
    "proposed": _query("limit", "The most properties.", type="integer", minimum=1),
}
