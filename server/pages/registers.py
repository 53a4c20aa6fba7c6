"""The registers: a list and an entry page for each kind of thing that the ontology lists."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from server.answers.reference import Json
from server.errors import NotFound
from server.pages import data, dates
from server.pages.home import date_problem

LONGEST = 300

bp = Blueprint("registers", __name__)


@bp.get("/<kind>")
def index(kind: str) -> str:
    """One page of a register, optionally narrowed by words."""
    about = described(kind)
    q = request.args.get("q", "").strip()[:LONGEST]
    number = max(1, request.args.get("page", 1, type=int))
    within = request.args.get("in", "").strip()[:LONGEST]
    answer = data.entries(kind, q, number, within)
    return render_template("register.html", kind=about, answer=answer, q=q, within=within)


@bp.get("/<kind>/<path:slug>")
def show(kind: str, slug: str) -> str:
    """One entry: what it says, what links to it, its sources and notes; the law as it stood on a date."""
    about = described(kind)
    entry = data.entry(kind, slug[:LONGEST])
    norm = data.power(entry["id"]) if kind == "powers" else None
    course = data.procedure(entry["id"]) if kind == "procedures" else None
    when = dates.read(request.args, data.today())
    context = {"kind": about, "entry": entry, "norm": norm, "procedure": course, "when": when}
    return render_template("entry.html", **context, problems=date_problem(when))


def described(kind: str) -> Json:
    """How a register is called on its pages; raises NotFound when there is none of that name."""
    if (found := data.kinds().get(kind)) is None:
        raise NotFound("There is nothing at this address. Check it, or search.")
    return found
