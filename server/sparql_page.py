"""Query results as the editor's page shows them."""

import json
from typing import Any

from server.store.protocol import Result

MOST_ROWS = 1000


def present(result: Result) -> dict[str, Any]:
    """Turn a result (SPARQL JSON, or Turtle for graphs) into what `sparql.html` shows.

    Has `kind`; then `answer` for ask, `text` for graph, and for select `variables`, `rows` of
    cells, `total` and `shown`: the page shows at most `MOST_ROWS` rows and says so. A cell has
    `text`, and `href`, `lang` or `datatype` where they apply; an unbound one is None.
    """
    if result.kind == "graph":
        return {"kind": "graph", "text": result.body.decode()}
    body = json.loads(result.body)
    if result.kind == "ask":
        return {"kind": "ask", "answer": body["boolean"]}
    variables, bindings = body["head"]["vars"], body["results"]["bindings"]
    return {
        "kind": "select",
        "variables": variables,
        "rows": [
            [_cell(binding.get(name)) for name in variables] for binding in bindings[:MOST_ROWS]
        ],
        "total": len(bindings),
        "shown": min(len(bindings), MOST_ROWS),
    }


def _cell(value: dict[str, Any] | None) -> dict[str, str] | None:
    if value is None:
        return None
    text = value["value"]
    if not isinstance(text, str):  # a triple term
        return {"text": json.dumps(text, ensure_ascii=False)}
    cell = {"text": text}
    if value["type"] == "uri" and text.startswith(("http://", "https://")):
        cell["href"] = text
    if "xml:lang" in value:
        cell["lang"] = value["xml:lang"]
    if "datatype" in value:
        cell["datatype"] = value["datatype"]
    return cell
