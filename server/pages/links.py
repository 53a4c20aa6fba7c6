"""From identifiers to addresses: our own pages, and legislation.gov.uk at the right date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from loader.terms import DEF
from server.pages import data

THINGS = "https://w3id.org/remit/id/"
ORGANISATION = f"{THINGS}organisation/"
LEGISLATION = ("http://www.legislation.gov.uk/id/", "https://www.legislation.gov.uk/id/")
# Types of legislation whose older versions legislation.gov.uk keeps and addresses by date.
DATED = ("ukpga/", "asp/", "anaw/", "asc/", "nia/")


def page(iri: str | None) -> str | None:
    """The page for an identifier: a path of ours, an outside address, or None when it has none.

    Legislation in our registers gets our own page, which leads on to legislation.gov.uk.
    """
    if not iri:
        return None
    if iri.startswith(ORGANISATION):
        return f"/organisations/{iri.removeprefix(ORGANISATION)}"
    if iri.startswith((THINGS, *LEGISLATION)) and (found := data.address(iri)):
        return found
    if iri.startswith(THINGS):
        return None
    if iri.startswith(DEF):
        return f"/docs/ontology/{iri.removeprefix(DEF)}"
    return legislation(iri) if iri.startswith(("https://", "http://")) else None


def titled(source: Mapping[str, Any]) -> str:
    """How a source is called beside a statement: the short title of its document, else its title."""
    short = data.short_title(str(source["url"])) if source.get("url") else None
    return short or str(source.get("document") or "Source")


def legislation(iri: str, as_of: str | None = None) -> str:
    """The legislation.gov.uk page of a provision, as it stood on `as_of` (ISO date) for Acts.

    Dates after today, and kinds of legislation that are not kept by date, give the current text.
    """
    for prefix in LEGISLATION:
        if iri.startswith(prefix):
            path = iri.removeprefix(prefix)
            dated = as_of and path.startswith(DATED) and as_of <= date.today().isoformat()
            return f"https://www.legislation.gov.uk/{path}" + (f"/{as_of}" if dated else "")
    return iri
