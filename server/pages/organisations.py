"""Organisations: the list, one organisation, and its answer sheet."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from server.pages import data, dates, downloads, organisation_list
from server.pages.home import date_problem

bp = Blueprint("organisations", __name__, url_prefix="/organisations")

LONGEST = 200

Page = Response | str | tuple[str, int]


@bp.get("")
def index() -> Page:
    """The list, by words, type and containing area on a date; with ``format=csv`` all of it as a file."""
    args = request.args
    when = dates.read(args, data.today())
    asked = {name: args.get(name, "").strip() for name in ("q", "type", "within")}
    if when.problem:
        context = {"when": when, "asked": asked, "problems": date_problem(when)}
        return render_template("organisations.html", **context), 400
    if args.get("format") == "csv":
        found = data.every_organisation(asked["q"], asked["type"], asked["within"], when.iso)
        name = f"organisations-{when.iso}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        rows = stream_with_context(organisation_list.table(found))
        return Response(rows, mimetype="text/csv", headers=headers)
    number = max(1, args.get("page", 1, type=int))
    answer = data.organisations(asked["q"], asked["type"], asked["within"], when.iso, number)
    return render_template("organisations.html", when=when, asked=asked, answer=answer)


@bp.get("/<code>")
def show(code: str) -> Page:
    """Identity, names, types, relations and successions, as they were on a date."""
    when = dates.read(request.args, data.today())
    if when.boxes and when.value:
        return redirect(url_for(".show", code=code, asOf=when.iso))
    answer = data.organisation(code, when.iso or data.today().isoformat())
    problems = date_problem(when)
    page = render_template("organisation.html", org=answer, when=when, problems=problems)
    return (page, 400) if problems else page


@bp.get("/<code>/powers")
def sheet(code: str) -> Page:
    """The answer sheet as a page, or as a file with `format`."""
    when = dates.read(request.args, data.today())
    known_at = request.args.get("knownAt") or None
    if when.problem:
        org = data.organisation(code, data.today().isoformat())
        context = {"org": org, "when": when, "problems": date_problem(when)}
        context["holders"] = data.all_holders()
        return render_template("sheet.html", sheet=None, **context), 400
    if when.boxes:
        holder = request.args.get("holder") or None
        return redirect(
            url_for(".sheet", code=code, asOf=when.iso, knownAt=known_at, holder=holder)
        )
    answer = data.sheet(code, when.iso, known_at)
    if holder := request.args.get("holder", "").strip()[:LONGEST]:
        answer = data.held_by(answer, holder)
    if wanted := request.args.get("format"):
        return downloads.sheet(answer, wanted)
    return render_template(
        "sheet.html",
        sheet=answer,
        org=data.organisation(code, when.iso),
        when=when,
        known_at=known_at,
        holders=data.all_holders(),
        whole=request.args.get("details") == "all",
    )


@bp.get("/<code>/powers/<slug>")
def power(code: str, slug: str) -> Page:
    """One power for one organisation on a date: the verdict, every detail, and why."""
    when = dates.read(request.args, data.today())
    if when.boxes and when.value:
        return redirect(url_for(".power", code=code, slug=slug, asOf=when.iso))
    day = when.iso or data.today().isoformat()
    return render_template(
        "organisation-power.html", answer=data.power_of(code, slug, day), when=when
    )
