"""Publish links as a linkset: each with method, confidence and explanation, and the run that found it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from loader.linking.decisions import Decision
from loader.linking.exact import Link
from loader.nquads import Writer, literal, node, term
from loader.terms import GRAPH, ID

_VOID = "http://rdfs.org/ns/void#"


def publish(
    home: Path, links: Iterable[Link], decided: Mapping[tuple[str, str], Decision], engine: str
) -> Path:
    """Write the linkset as an import that every later build contains; return its file.

    ``owl:sameAs`` is stated for a link by current identifier only.
    """
    folder = home / "imports" / "links"
    folder.mkdir(parents=True, exist_ok=True)
    partial, target = folder / ".links.partial", folder / "links.nq"
    made = datetime.now(UTC)
    linkset = node("linkset/cqc-and-ons-to-ods")
    with partial.open("w", encoding="utf-8") as file:
        out = Writer(file, f"{GRAPH}import/links/links")
        out.say(linkset, "rdf:type", term("LinkSet"), f"<{_VOID}Linkset>")
        label = "Links from records of other registers to organisations"
        out.text(linkset, "rdfs:label", label, "en")
        when = (
            f'"{made.isoformat(timespec="seconds")}"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
        )
        out.say(linkset, "prov:generatedAtTime", when)
        out.text(
            linkset,
            "dcterms:description",
            f"By identifier, and by likeness with Splink on {engine}.",
            "en",
        )
        for link in links:
            _link(out, linkset, link, decided.get((link.record, link.organisation)))
        graph = node(f"{GRAPH}import/links/links")
        out.text(graph, "dcterms:title", label, "en")
        out.date(graph, "dcterms:modified", made.date())
    partial.replace(target)
    return target


def _link(out: Writer, linkset: str, link: Link, decision: Decision | None) -> None:
    local = re.sub(r"[^A-Za-z0-9-]+", "-", f"{link.record} {link.organisation}".replace(ID, ""))
    subject = node(f"link/{local}")
    record, organisation = node(link.record), node(link.organisation)
    out.say(subject, "rdf:type", term("Link"))
    out.say(subject, "inLinkSet", linkset)
    out.say(subject, "linkedRecord", record)
    out.say(subject, "linkedOrganisation", organisation)
    out.say(subject, "linkMethod", term(link.method))
    out.say(subject, "linkConfidence", literal(Decimal(str(link.confidence))))
    if link.weight is not None:
        out.say(subject, "linkWeight", literal(Decimal(str(link.weight))))
    out.text(subject, "linkExplanation", link.explanation)
    out.text(subject, "linkDecision", decision or "")
    if link.method == "by-identifier":
        out.say(record, "describesOrganisation", organisation)
        out.say(record, "owl:sameAs", organisation)
