"""The documentation: the ontology, the shapes, the API and the guides."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from loader.build import current
from loader.errors import BuildError
from loader.ontology_docs import style_hash
from server.errors import NotFound

bp = Blueprint("docs", __name__, url_prefix="/docs")


@bp.get("")
def index() -> str:
    """What there is to read."""
    return render_template("docs.html")


@bp.get("/ontology")
def ontology() -> ResponseReturnValue:
    """The reference of the ontology, written when the build in service was made."""
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
