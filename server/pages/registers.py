"""The registers: a list and an entry page for each kind of thing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request

from server.pages import data


@dataclass(frozen=True)
class Kind:
    """How a register is called on its pages."""

    slug: str
    singular: str
    plural: str
    lead: str


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("powers", "Power", "Powers", "Who may do what to whom, and on what authority."),
        Kind("duties", "Duty", "Duties", "What must be done, by whom, and to whom it is owed."),
        Kind("rights", "Right", "Rights", "What somebody may ask for or claim."),
        Kind("prohibitions", "Prohibition", "Prohibitions", "What must not be done."),
        Kind("instruments", "Instrument", "Instruments",
             "Acts, regulations, licences, guidance and policies that the registers draw on."),
        Kind("provisions", "Provision", "Provisions",
             "Sections, schedules, paragraphs and licence conditions that the norms rest on."),
        Kind("documents", "Document", "Documents", "The sources of the facts."),
        Kind("passages", "Passage", "Passages",
             "Paragraphs, footnotes, tables and headings of the sources, in our own words."),
        Kind("procedures", "Procedure", "Procedures", "Steps in order, with their time limits."),
        Kind("appeals", "Appeal route", "Appeal routes",
             "Who can appeal against what, to whom, on which grounds, and with what result."),
        Kind("standards", "Standard", "Standards", "How sure a decision-maker must be."),
        Kind("terms", "Defined term", "Defined terms", "What the sources mean by their words."),
        Kind("notes", "Note on a source", "Notes on the sources",
             "Misprints, wrong cross-references and contradictions, shown and not repaired."),
        Kind("silences", "Silence", "Silences", "What the sources do not say."),
    )
}  # fmt: skip
ADDRESS = f"/<any({', '.join(KINDS)}):kind>"

bp = Blueprint("registers", __name__)


@bp.get(ADDRESS)
def index(kind: str) -> str:
    """One page of a register, optionally narrowed by words."""
    q = request.args.get("q", "").strip()[:200]
    number = max(1, request.args.get("page", 1, type=int))
    answer = data.entries(kind, q, number)
    return render_template("register.html", kind=KINDS[kind], answer=answer, q=q)


@bp.get(ADDRESS + "/<path:slug>")
def show(kind: str, slug: str) -> str:
    """One entry: what it says, what links to it, its sources and notes."""
    if len(slug) > 300:
        abort(404)
    return render_template("entry.html", kind=KINDS[kind], entry=data.entry(kind, slug))
