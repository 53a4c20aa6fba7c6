"""The documentation: the ontology, the shapes, the API and the guides."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, current_app, redirect, render_template
from flask.typing import ResponseReturnValue

from loader.build import current
from loader.errors import BuildError
from loader.ontology_docs import style_hash
from server.errors import NotFound, excerpt
from server.openapi import document
from server.settings import TABLE

GUIDES = ("legal", "stewards", "data", "administrators")

bp = Blueprint("docs", __name__, url_prefix="/docs")


@bp.get("")
def index() -> str:
    """What there is to read."""
    return render_template("docs.html")


@bp.get("/guides/<name>")
def guide(name: str) -> str:
    """A guide for one group of users, with worked examples that tests run."""
    if name not in GUIDES:
        raise NotFound(
            f"There is no guide called “{excerpt(name)}”. There are: {', '.join(GUIDES)}."
        )
    return render_template(f"guides/{name}.html", settings=TABLE)


@bp.get("/remote")
def remote() -> str:
    """How to run over another SPARQL server or a cluster, and what was tested."""
    return render_template("docs-remote.html")


@bp.get("/api")
def api() -> str:
    """Every operation of the API with its parameters, from the OpenAPI description."""
    described = document(current_app._get_current_object())  # type: ignore[attr-defined]
    found = [
        {
            "topic": operation["tags"][0].strip("<>").replace("kind", "registers"),
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"].replace("`", ""),
            "parameters": [parameter["name"] for parameter in operation["parameters"]],
        }
        for path, item in described["paths"].items()
        for method, operation in item.items()
    ]
    found.sort(key=lambda each: each["topic"])
    topics = [(topic, list(each)) for topic, each in groupby(found, key=lambda each: each["topic"])]
    return render_template("docs-api.html", topics=topics)


@bp.get("/shapes")
def shapes() -> ResponseReturnValue:
    """The rules that the shapes state."""
    return redirect("/validation/rules", 301)


@bp.get("/ontology/reference")
def ontology() -> ResponseReturnValue:
    """The reference of the ontology on one page, written when the build in service was made."""
    try:
        build = current(current_app.extensions["remit"].settings.home)
        html = (build.path / "docs" / "ontology.html").read_text(encoding="utf-8")
    except (BuildError, OSError):
        raise NotFound(
            "This server has no reference of the ontology; “remit docs” writes one."
        ) from None
    response = Response(html, mimetype="text/html")
    policy = (
        f"default-src 'none'; style-src {style_hash(html)}; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Content-Security-Policy"] = policy
    return response
