"""The named questions as pages: the list, and one page each with its form, answer and downloads."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from rdflib import URIRef
from werkzeug.wrappers import Response

from loader.errors import InputError
from loader.terms import iri
from server.answers import questions
from server.answers.entities import candidates, path
from server.answers.reference import Json
from server.errors import BadParameter, NotFound
from server.filters import nhs_date
from server.pages import data
from server.pages.home import CODE_BEHIND
from server.pages.tables import table_file

MOST_CHOICES = 80
LONGEST = 300
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")

bp = Blueprint("questions", __name__, url_prefix="/questions")

Page = Response | str | tuple[str, int]


@bp.get("")
def index() -> str:
    """The list, by topic."""
    found = sorted(questions.listed(), key=lambda q: (q["topic"], q["name"]))
    topics = [(topic, list(each)) for topic, each in groupby(found, key=lambda q: q["topic"])]
    return render_template("questions.html", topics=topics, total=len(found))


@bp.get("/<name>")
def show(name: str) -> Page:
    """One question: its form and, when enough is filled in, its answer, or a file with ``format``."""
    described = questions.described(questions.named(name))
    given = {
        p["name"]: plain(p, request.args.get(p["name"], "").strip()[:LONGEST])
        for p in described["parameters"]
    }
    fields = [field(each, given[each["name"]]) for each in described["parameters"]]
    context: dict[str, Any] = {"question": described, "fields": fields}
    if not (request.args or not fields):
        return render_template("question.html", **context)
    try:
        answer = questions.answer(data.store(), name, {n: t for n, t in given.items() if t})
    except (NotFound, BadParameter, InputError) as error:
        return render_template("question.html", **context, **problem(error, fields)), 400
    if wanted := request.args.get("format"):
        return table_file(answer, wanted, f"remit-{name}")
    context |= {"answer": answer, "scripts": scripts(answer)}
    return render_template("question.html", **context)


def field(parameter: Json, given: str) -> Json:
    """A field of the form: its label, hint and, where there are not too many, what can be chosen."""
    choices = [{"value": each, "label": each} for each in parameter["choices"]]
    classes = tuple(parameter["class"])
    if parameter["type"] == "iri" and classes and "Organisation" not in classes:
        found = candidates(data.store(), classes, "")
        if len(found) <= MOST_CHOICES:
            named = [
                {"value": path(n), "label": (names or [path(n)])[0]} for n, names in found.items()
            ]
            choices = sorted(named, key=lambda each: each["label"].lower())
    example = str(parameter["example"])
    if parameter["type"] == "iri":
        example = path(URIRef(iri(example)))
    elif parameter["type"] == "date":
        example, given = nhs_date(example), nhs_date(given) if _ISO.fullmatch(given) else given
    suggest = "organisation" if "Organisation" in classes else None
    told = {"value": given, "options": choices, "example": example, "suggest": suggest}
    return {**parameter, **told}


def plain(parameter: Json, text: str) -> str:
    """A value as the question takes it: the code alone of an organisation chosen as “name (code)”."""
    behind = CODE_BEHIND.search(text) if "Organisation" in parameter["class"] else None
    return behind[1] if behind else text


def problem(error: NotFound | BadParameter | InputError, fields: list[Json]) -> Json:
    """What the page says of a value that cannot be used: the field, the message, and near values."""
    names = [each["name"] for each in fields]
    if isinstance(error, InputError):
        fault = error.faults[0]
        return {"problems": [(fault.field or names[0], f"{fault.message} {fault.remedy}".strip())]}
    near = error.members.get("suggestions", [])
    name = str(error.members.get("parameter") or asked_for(near) or filled(fields))
    return {"problems": [(name, error.detail)], "near": near}


def asked_for(near: list[dict[str, str]]) -> str | None:
    """The parameter for which near values are offered."""
    return near[0]["href"].partition("?")[2].partition("=")[0] if near else None


def filled(fields: list[Json]) -> str:
    """The first field that holds something, to point at when nothing says which is wrong."""
    return str(next((each["name"] for each in fields if each["value"]), fields[0]["name"]))


def scripts(answer: Json) -> Json:
    """How to get the same answer from a script: address, curl, Python and the command line."""
    given = questions.written(answer["parameters"])
    query = f"?{urlencode(given)}" if given else ""
    here = f"{request.host_url.rstrip('/')}/api/v1/questions/{answer['name']}{query}"
    words = "".join(f" --{name} '{text}'" for name, text in given.items())
    return {
        "query": query,
        "page": f"{url_for('questions.show', name=answer['name'])}{query}",
        "files": f"{url_for('questions.show', name=answer['name'])}{query}{'&' if query else '?'}format=",
        "curl": f"curl '{here}'",
        "python": f"import pandas\n\nanswer = pandas.read_csv({here + ('&' if query else '?') + 'format=csv'!r})",
        "command": f"remit ask {answer['name']}{words}",
    }
