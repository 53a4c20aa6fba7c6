"""One organisation's duties on a date, and what changed for it between two dates."""

from __future__ import annotations

import json

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from loader.errors import DateError
from server.answers.reference import Json
from server.errors import BadParameter
from server.pages import data, dates
from server.pages.home import date_problem

bp = Blueprint("standing", __name__, url_prefix="/organisations")

Page = Response | str | tuple[str, int]


@bp.get("/<code>/duties")
def show_duties(code: str) -> Page:
    """Duties owed by and to an organisation, with its rights and prohibitions, on a date."""
    when = dates.read(request.args, data.today())
    if when.boxes and when.value:
        return redirect(url_for(".show_duties", code=code, asOf=when.iso))
    org = data.organisation(code, when.iso or data.today().isoformat())
    if when.problem:
        context = {"org": org, "when": when, "problems": date_problem(when)}
        return render_template("duties.html", answer=None, **context), 400
    answer = data.duties(code, when.iso)
    return render_template("duties.html", org=org, when=when, answer=answer)


def by_cause(rows: list[Json]) -> list[Json]:
    """Rows that changed in the same way for the same causes as one, with their powers in ``powers``."""
    found: dict[str, Json] = {}
    for row in rows:
        sides = [[row[side]["verdict"], row[side].get("holder")] for side in ("before", "after")]
        told = [[each["condition"], each["before"], each["after"]] for each in row["causes"]]
        group = found.setdefault(json.dumps([sides, told]), {**row, "powers": []})
        group["powers"].append(row["power"])
    return sorted(found.values(), key=lambda group: -len(group["powers"]))


@bp.get("/<code>/changes")
def show_changes(code: str) -> Page:
    """What changed between two dates: powers with the cause of each change, names, types and events."""
    org = data.organisation(code, data.today().isoformat())
    given = {name: request.args.get(name, "").strip()[:40] for name in ("from", "to")}
    context = {"org": org, "given": given}
    if not given["from"]:
        problems = [("from", "Enter the first date")] if request.args else []
        page = render_template("changes.html", answer=None, problems=problems, **context)
        return (page, 400) if problems else page
    try:
        answer = data.changes(code, given["from"], given["to"] or data.today())
    except DateError as error:
        fault = error.faults[0]
        problems = [(fault.field or "from", f"{fault.message} {fault.remedy}".strip())]
    except BadParameter as error:
        problems = [(str(error.members["parameter"]), error.detail)]
    else:
        groups = by_cause(answer["powers"])
        return render_template("changes.html", answer=answer, groups=groups, **context)
    return render_template("changes.html", answer=None, problems=problems, **context), 400
