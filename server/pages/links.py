"""From identifiers to addresses: our own pages, and legislation.gov.uk at the right date."""

from __future__ import annotations

from datetime import date

from server.answers import registers

THINGS = "https://w3id.org/remit/id/"
LEGISLATION = ("http://www.legislation.gov.uk/id/", "https://www.legislation.gov.uk/id/")
# Types of legislation whose older versions legislation.gov.uk keeps and addresses by date.
DATED = ("ukpga/", "asp/", "anaw/", "asc/", "nia/")
# The folder of a thing's identifier, and that of its page.
PLURALS = {"organisation": "organisations"} | {
    kind.path: plural for plural, kind in registers.KINDS.items()
}
PARTS = ("/section/", "/schedule/", "/part/", "/chapter/", "/regulation/", "/article/")


def page(iri: str | None) -> str | None:
    """The page for an identifier: a path of ours, an outside address, or None when it has none.

    Legislation gets our own page, which leads on to legislation.gov.uk.
    """
    if not iri:
        return None
    if iri.startswith(THINGS):
        kind, _, slug = iri.removeprefix(THINGS).partition("/")
        plural = PLURALS.get(kind)
        return f"/{plural}/{slug}" if plural and slug else None
    for prefix in LEGISLATION:
        if iri.startswith(prefix):
            path = iri.removeprefix(prefix)
            kind = "provisions" if any(part in path for part in PARTS) else "instruments"
            return f"/{kind}/{path}"
    return iri if iri.startswith(("https://", "http://")) else None


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
