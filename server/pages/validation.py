"""The validation pages: the report on the loaded data, the upload of records, the template, and the rules."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request
from markupsafe import Markup
from rdflib import URIRef

from loader.state.sheets import sheets
from loader.state.template import write_template
from loader.state.template_text import as_csv, as_turtle, as_yaml
from loader.validation.examples import example
from loader.validation.rules import SHAPE, rules
from loader.validation.scope import SURVEY
from server.answers import validation
from server.answers.reference import Json, reference
from server.api_validation import uploads
from server.errors import BadParameter, NotFound, Problem, RequestTooLarge
from server.pages import bars, data
from server.pages.downloads import XLSX
from server.settings import Settings

bp = Blueprint("validation", __name__, url_prefix="/validation")
_PAGE = 50
_BARS = 20
FORMATS = (
    ("csv", "CSV"),
    ("xlsx", "Excel"),
    ("json", "JSON"),
    ("sarif", "SARIF"),
    ("ttl", "RDF (Turtle)"),
)


@bp.get("")
def report() -> str:
    """The report on the loaded data: counts first, then the findings that fit, a page at a time."""
    whole = validation.loaded(_settings(), data.version())
    chosen = {name: request.args.get(name, "") for name in ("rule", "organisation", "severity")}
    number = request.args.get("page", 1, type=int)
    answer = validation.with_trend(
        _settings(), data.version(), validation.page(whole, chosen, number, _PAGE)
    )
    return _shown(answer, chosen=chosen, uploaded=False)


@bp.get("/report.<form>")
def download(form: str) -> Response:
    """The report on the loaded data as a file."""
    body, media_type = validation.as_file(validation.loaded(_settings(), data.version()), form)
    return _attached(body, media_type, f"validation.{form}")


@bp.get("/upload")
def ask() -> str:
    """The form for a file of records."""
    return render_template(
        "validation-upload.html",
        formats=FORMATS,
        rows=validation.most_rows(),
        most=_settings().upload_mb,
    )


@bp.post("/upload")
def check() -> Response | str | tuple[str, int]:
    """The report on a file of records, as a page or as a file; nothing is stored."""
    form = ""
    try:
        files = uploads(_settings())
        form = request.form.get("format", "")
        body, media_type = validation.uploaded(_settings(), files, form or "json")
    except (BadParameter, validation.DataUnreadable, RequestTooLarge) as problem:
        return _refused(problem), problem.status
    if form:
        return _attached(body, media_type, f"validation.{form}")
    answer = validation.page(json.loads(body), {}, 1, 1_000)
    return _shown(answer, chosen={}, uploaded=True)


@bp.get("/template")
def templates() -> str:
    """What each sheet of the template holds, and the template in every form."""
    return render_template("validation-template.html", sheets=sheets())


@bp.get("/template.xlsx")
def template() -> Response:
    """The template for records, a workbook."""
    return _attached(_template(), XLSX, "remit-template.xlsx")


@bp.get("/template.<form>")
def template_text(form: str) -> Response:
    """The template as YAML-LD or Turtle, with an example of each kind of record."""
    made = {"yaml": (as_yaml, "application/yaml"), "ttl": (as_turtle, "text/turtle; charset=utf-8")}
    if form not in made:
        raise NotFound("The template comes as xlsx, yaml, ttl, and as CSV for each sheet.")
    maker, media_type = made[form]
    return _attached(maker().encode("utf-8"), media_type, f"remit-template.{form}")


@bp.get("/template/<name>.csv")
def template_sheet(name: str) -> Response:
    """One sheet of the template as CSV: its headings, with ``examples`` an example row."""
    sheet = next((sheet for sheet in sheets() if sheet.slug == name), None)
    if sheet is None:
        raise NotFound("The template has no sheet of this name.")
    text = as_csv(sheet, examples=request.args.get("examples", "") == "1")
    return _attached(text.encode("utf-8"), "text/csv; charset=utf-8", f"{name}.csv")


@bp.get("/rules")
def listing() -> str:
    """Every rule, by topic."""
    return render_template("validation-rules.html", rules=list(rules().values()))


@bp.get("/rules/<number>")
def rule(number: str) -> str:
    """One rule with its sources, and an example that passes and one that fails."""
    found = rules().get(SHAPE + number)
    if found is None:
        raise NotFound("There is no rule of this number.")
    ref = reference(data.store())
    sources = ref.source_list(URIRef(source) for source in found.sources)
    return render_template(
        "validation-rule.html", rule=found, sources=sources, example=example(number)
    )


def _shown(answer: Json, chosen: dict[str, str], uploaded: bool) -> str:
    shares = answer["completeness"]
    charts = {
        "byKind": _chart(shares["byKind"], "Percent without violation, by kind"),
        "byOrganisation": _chart(
            shares["byOrganisation"], "Percent without violation, by organisation"
        ),
    }
    return render_template(
        "validation.html",
        answer=answer,
        chosen=chosen,
        uploaded=uploaded,
        charts=charts,
        formats=FORMATS,
        bars=_BARS,
        surveyed=[g for g in answer.get("graphs", ()) if g["checkedBy"] == SURVEY],
    )


def _chart(shares: list[Json], title: str) -> Markup:
    """Return bars of the least complete shares; what is complete has none."""
    return bars.draw(
        [(s["name"], s["percent"]) for s in shares[:_BARS] if s["percent"] < 100], title
    )


def _refused(problem: Problem) -> str:
    faults = problem.members.get("faults") or []
    return render_template(
        "validation-upload.html",
        formats=FORMATS,
        rows=validation.most_rows(),
        most=_settings().upload_mb,
        refusal=problem.detail,
        faults=faults,
        problems=[("file", problem.detail)],
    )


def _attached(body: bytes, media_type: str, name: str) -> Response:
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path)
        return path.read_bytes()


def _settings() -> Settings:
    settings: Settings = current_app.extensions["remit"].settings
    return settings
