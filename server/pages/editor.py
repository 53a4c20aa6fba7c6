"""What the query editor completes: prefixes, and the classes and properties that the data uses."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from rdflib import RDF, URIRef
from werkzeug.wrappers import Response

from loader.catalogue import Query, catalogue
from server.answers.reference import reference
from server.errors import NotFound, excerpt
from server.pages import data
from server.pages.prefixes import prefixes
from server.pages.scripts import stored_query

bp = Blueprint("editor", __name__, url_prefix="/sparql")


@bp.get("/terms.json")
def terms() -> ResponseReturnValue:
    """Prefixes by name, and the identifiers of classes and properties in use, in order."""
    graph = reference(data.store()).graph
    classes = {str(each) for each in graph.objects(None, RDF.type) if isinstance(each, URIRef)}
    properties = {str(each) for each in graph.predicates()}
    answer = {
        "prefixes": prefixes(),
        "classes": sorted(classes),
        "properties": sorted(properties),
    }
    return jsonify(answer)


@bp.get("/examples/<name>")
def example(name: str) -> Response:
    """A named question in the editor, with its example values; raises NotFound for an unknown one."""
    found = catalogue("questions").get(name)
    if found is None:
        raise NotFound(f"There is no question called “{excerpt(name)}”.")
    return redirect(url_for("sparql.endpoint", query=stored_query(name, **examples(found))))


def examples(asked: Query) -> dict[str, str]:
    """The example value of each parameter that must have one."""
    return {each.name: each.example for each in asked.parameters if each.required}
