"""Data versions as a list and as feeds, and a feed of the dates on which the law changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from loader.build import Build
from loader.catalogue import query
from server.answers.versions import changed
from server.clocks import store_of
from server.errors import BadParameter, NotFound, excerpt
from server.service import service

bp = Blueprint("feeds", __name__)

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 50


@dataclass(frozen=True)
class Item:
    """One item of a feed: identifier, title, text, address, and when it was or will be (RFC 3339)."""

    id: str
    title: str
    text: str
    link: str
    when: str


@bp.get("/api/v1/versions")
def versions() -> ResponseReturnValue:
    """List the data versions that are kept, newest first, each with how it was made."""
    listed = [_version(build) for build in reversed(_kept())]
    return jsonify({"versions": listed, "current": service().current.version})


@bp.get("/api/v1/versions/<version>")
def one_version(version: str) -> ResponseReturnValue:
    """Describe one data version, with what changed in the registers since the one before it."""
    kept = _kept()
    names = [build.version for build in kept]
    if version not in names:
        raise NotFound(
            f"There is no data version “{excerpt(version)}”. /api/v1/versions lists those kept."
        )
    place = names.index(version)
    before = kept[place - 1] if place else None
    return jsonify({**_version(kept[place]), "changes": _changes(before, kept[place])})


@bp.get("/.well-known/void")
def void() -> ResponseReturnValue:
    """Lead to the description of the dataset."""
    return redirect("/sparql", 303)


@bp.get("/feeds/<name>.<form>")
def feed(name: str, form: str) -> ResponseReturnValue:
    """Give a feed, `versions` or `law`, in the form `atom` or `json` (JSON Feed 1.1)."""
    if name not in _FEEDS or form not in ("atom", "json"):
        raise NotFound(
            "There is no such feed. There are versions.atom, versions.json, law.atom, law.json."
        )
    title, items = _FEEDS[name]
    make = _atom if form == "atom" else _json
    return make(f"Remit: {title}", items())


def _kept() -> list[Build]:
    held = service().versions
    if held is None:
        raise BadParameter("A remote store keeps one version of the data.", parameter="version")
    return held.kept()


def _version(build: Build) -> dict[str, Any]:
    manifest = json.loads((build.path / "manifest.json").read_text("utf-8"))
    written = manifest.get("writtenAfter")
    return {
        "version": build.version,
        "made": build.made,
        "triples": build.triples,
        "madeBy": "write" if written else "build",
        "permalink": f"{request.host_url}?knownAt={build.version}",
    }


def _changes(before: Build | None, build: Build) -> dict[str, Any]:
    """Return what changed since `before`; writes never change the registers. Kept on disk once known."""
    if before is None:
        return {"since": None, "note": "The version before this one is not kept."}
    since = {"since": before.version}
    if "writtenAfter" in json.loads((build.path / "manifest.json").read_text("utf-8")):
        return {**since, "note": "Data was written over HTTP; the registers are as they were."}
    kept = service().settings.home / "changes" / f"{before.version}--{build.version}.json"
    if kept.exists():
        return {**since, **json.loads(kept.read_text("utf-8"))}
    found = changed(store_of(before.version), store_of(build.version))
    kept.parent.mkdir(exist_ok=True)
    partial = kept.with_suffix(".partial")
    partial.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    partial.replace(kept)
    return {**since, **found}


def _version_items() -> list[Item]:
    kept = _kept()
    pairs = list(zip([None, *kept], kept, strict=False))
    return [
        Item(
            f"https://w3id.org/remit/id/version/{build.version}",
            f"Data version {build.version}",
            _summary(_changes(before, build)),
            f"{request.host_url}api/v1/versions/{build.version}",
            datetime.fromisoformat(build.made).isoformat(timespec="seconds"),
        )
        for before, build in reversed(pairs[-_MOST:])
    ]


def _summary(changes: dict[str, Any]) -> str:
    if "note" in changes:
        return str(changes["note"])
    parts = []
    for kind in ("added", "removed", "changed"):
        labels = [entry["label"] for entry in changes[kind]]
        if labels:
            more = f" and {len(labels) - 10} more" if len(labels) > 10 else ""
            parts.append(f"{len(labels)} {kind}: {'; '.join(labels[:10])}{more}.")
    return " ".join(parts) or "Nothing in the registers changed."


def _law_items() -> list[Item]:
    rows = service().store.select(query("dates-of-law", "views").text)
    grouped = groupby(rows, key=lambda row: (str(row["date"]), str(row["event"])))
    items = []
    for (day, event), found in grouped:
        labels = [str(row["label"]) for row in found]
        items.append(
            Item(
                f"https://w3id.org/remit/id/date/{day}/{event.replace(' ', '-')}",
                f"{day}: {labels[0]} {event}"
                + (f", and {len(labels) - 1} more" if labels[1:] else ""),
                "; ".join(labels) + ".",
                f"{request.host_url}?asOf={day}",
                f"{day}T00:00:00+00:00",
            )
        )
    return items[: 4 * _MOST]


_FEEDS = {
    "versions": ("changes of the data", _version_items),
    "law": ("dates on which the law changes", _law_items),
}


def _updated(items: Sequence[Item]) -> str:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    past = [item.when for item in items if item.when <= now]
    return max(past, default=now)


def _atom(title: str, items: Sequence[Item]) -> Response:
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", request.base_url)
    _add(root, "title", title)
    _add(root, "updated", _updated(items))
    _add(_add(root, "author"), "name", "Remit")
    _add(root, "link", rel="self", href=request.base_url, type="application/atom+xml")
    for item in items:
        entry = _add(root, "entry")
        _add(entry, "id", item.id)
        _add(entry, "title", item.title)
        _add(entry, "updated", item.when)
        _add(entry, "link", href=item.link)
        _add(entry, "content", item.text, type="text")
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _add(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _json(title: str, items: Sequence[Item]) -> Response:
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": request.host_url,
        "feed_url": request.base_url,
        "items": [
            {
                "id": item.id,
                "url": item.link,
                "title": item.title,
                "content_text": item.text,
                "date_modified": item.when,
            }
            for item in items
        ],
    }
    response = jsonify(body)
    response.content_type = "application/feed+json; charset=utf-8"
    return response
