"""An application whose pages are fed from the files in `fixtures`, for tests of pages alone."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from flask import Flask

from server import errors, pages, problems
from server.pages import data

FIXTURES = Path(__file__).parent / "fixtures"
SHEET = "/organisations/RA7/powers?asOf=2023-05-01"
PAGES = [
    "/", "/about", "/search?q=bristol", "/search?q=zzz", "/organisations", "/organisations/RA7",
    "/organisations/RVJ?asOf=2026-09-01", SHEET, "/powers", "/powers/direct-icb", "/instruments",
]  # fmt: skip


def fixture(name):
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def application(patch, asked):
    """The pages on fixture answers; `asked` collects what they ask for, newest last."""
    for name, reply in (("organisation", organisation), ("sheet", sheet), ("search", search)):
        patch.setattr(data, name, reply)
    patch.setattr(data, "kinds", kinds)
    patch.setattr(data, "address", address)
    patch.setattr(data, "power", power)
    patch.setattr(data, "short_title", lambda iri: None)
    patch.setattr(data, "coverage", dict)
    patch.setattr(data, "timeline", timeline)
    patch.setattr(data, "all_holders", all_holders)
    patch.setattr(data, "held_by", held_by)
    patch.setattr(data, "power_of", power_of)
    for name in ("organisations", "entry", "entries"):
        patch.setattr(data, name, recorded(name, asked))
    patch.setattr(data, "today", lambda: date(2026, 11, 22))
    app = Flask("server")
    app.extensions["remit"] = SimpleNamespace(store=SimpleNamespace(version="v-2026"))
    pages.register(app)
    problems.register(app)
    return app


def recorded(name, asked):
    def reply(*args):
        asked.append((name, args))
        return fixture(name)

    return reply


def organisation(code, as_of):
    if code not in {"RA7", "RVJ"}:
        near = [{"label": "Bristol NHS Foundation Trust (RA7)", "href": "/organisations/RA7"}]
        raise errors.NotFound(f"There is no organisation {code}.", suggestions=near)
    return fixture("closed" if code == "RVJ" else "organisation")


def sheet(code, as_of, known_at=None):
    organisation(code, as_of)
    return {**fixture("sheet"), "asOf": as_of}


def power_of(code, slug, as_of):
    answer = sheet(code, as_of)
    for verdict, key in (("applies", "applies"), ("does-not-apply", "doesNotApply")):
        for row in answer[key]:
            if row["power"]["slug"] == slug:
                return {**answer, "verdict": verdict, "row": row}
    raise errors.NotFound(f"There is no power {slug}.")


def power(iri):
    described = {**fixture("sheet")["applies"][0], "trace": [], "grounds": []}
    return {**described, "notes": fixture("entry")["notes"]}


def kinds():
    return {
        plural: {
            "slug": plural,
            "singular": plural[:-1],
            "plural": plural,
            "lead": f"The {plural}.",
        }
        for plural in ("instruments", "powers", "provisions")
    }


def address(iri):
    if "legislation.gov.uk" in iri:
        return "/provisions/" + iri.partition("/id/")[2]
    kind, name = iri.rsplit("/", 2)[1:]
    return f"/{kind}s/{name}" if f"{kind}s" in kinds() else None


def search(q, as_of, kind=None, page=1):
    if q == "zzz":
        return {"results": [], "total": 0, "kinds": []}
    found = fixture("search")
    results = [each for each in found["results"] if kind in (None, "", each["kind"])]
    return {**found, "results": results, "total": len(results)}


def timeline(code):
    organisation(code, "2023-05-01")
    return fixture("timeline")


def all_holders():
    return [
        {"id": f"https://w3id.org/remit/id/organisation/{slug}", "slug": slug, "label": label}
        for slug, label in (("monitor", "Monitor"), ("nhs-england", "NHS England"))
    ]


def held_by(answer, slug):
    holder = next(each for each in all_holders() if each["slug"] == slug)
    return {**answer, "applies": answer["applies"][:1], "holder": holder, "heldByOthers": 1}
