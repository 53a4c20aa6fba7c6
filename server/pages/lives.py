"""An organisation's timeline: a page with the drawing and its table, and the drawing alone for other pages."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from server.pages import data, dates, lifelines
from server.pages.home import date_problem

bp = Blueprint("lives", __name__, url_prefix="/organisations")


@bp.get("/<code>/timeline")
def show(code: str) -> str | tuple[str, int]:
    """When the answer changes, what changes on each of those days, and the same as a drawing."""
    when = dates.read(request.args, data.today())
    answer = data.timeline(code)
    sheet = url_for("organisations.sheet", code=answer["organisation"]["code"])
    charts = [
        lifelines.draw(answer, when.value, data.today(), sheet, layout)
        for layout in (lifelines.WIDE, lifelines.NARROW)
    ]
    problems = date_problem(when)
    context = {"answer": answer, "charts": charts, "when": when, "problems": problems}
    page = render_template("timeline.html", **context)
    return (page, 400) if problems else page


@bp.get("/<code>/timeline.svg")
def picture(code: str) -> Response:
    """The drawing alone, as the sheet shows it; ``narrow`` for small screens."""
    when = dates.read(request.args, data.today())
    layout = lifelines.NARROW if "narrow" in request.args else lifelines.WIDE
    chart = lifelines.draw(data.timeline(code), when.value, data.today(), layout=layout)
    response = Response(str(chart), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
