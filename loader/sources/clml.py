"""Read legislation.gov.uk XML (CLML): titles, extents and dates of an instrument and its provisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from loader.errors import Fault, InputError
from loader.sources.opened import MOST_DOCUMENT, stream
from loader.sources.records import Faulty, day

_L = "{http://www.legislation.gov.uk/namespaces/legislation}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCT = "{http://purl.org/dc/terms/}"
_UKM = "{http://www.legislation.gov.uk/namespaces/metadata}"
_SECTION = frozenset(["P1group", "P1", "P2group", "P2", "P3group", "P3", "P4"])
_ID = re.compile(r"http://www\.legislation\.gov\.uk/id/[a-z]+/[A-Za-z0-9/._-]+")


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument: its identifier, title, when made, the day its text is of, and its extent.

    ``in_force`` is the day on which it came into force where the file gives one day for the whole; ``unapplied`` is the
    number of changes by other instruments that the text does not show yet.
    """

    id: str
    title: str
    made: date | None
    text_of: date | None
    extent: str
    in_force: date | None = None
    unapplied: int = 0


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision: its identifier, number and title as printed, from when its version runs, extent.

    ``prospective`` tells that the text is marked as not yet in force.
    """

    id: str
    number: str
    title: str
    version_from: date | None
    extent: str
    prospective: bool = False


def read(path: Path) -> tuple[Instrument, list[Provision]]:
    """Return the instrument and the provisions that a CLML file identifies, each provision once.

    Raises InputError when the file is not well-formed, not CLML, or does not identify itself.
    """
    root = _root(path)
    identifier = str(root.get("IdURI", ""))
    if not _ID.fullmatch(identifier):
        remedy = "Give the XML of legislation.gov.uk (…/data.xml)."
        raise InputError(Fault("has no identifier of an instrument.", path, remedy=remedy))
    try:
        instrument = Instrument(
            identifier,
            _text(root.find(f".//{_DC}title")),
            _dated(root, "EnactmentDate", "Made") or day(_text(root.find(f".//{_DC}date"))),
            day(_text(root.find(f".//{_DCT}valid"))),
            str(root.get("RestrictExtent", "")),
            _dated(root, "ComingIntoForce/{ukm}DateTime"),
            sum(1 for _ in root.iter(f"{_UKM}UnappliedEffect")),
        )
        found = {each.id: each for each in _provisions(root) if each.id != identifier}
    except Faulty as error:
        raise InputError(error.at(path, None)) from None
    return instrument, list(found.values())


def _dated(root: Any, *paths: str) -> date | None:
    """Return the only date that the metadata give at the first of the paths that has any."""
    for path in paths:
        days = {each.get("Date", "") for each in root.iterfind(f".//{_UKM}{path.format(ukm=_UKM)}")}
        if len(days) == 1:
            return day(days.pop())
    return None


def _root(path: Path) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with stream(path, ".xml", MOST_DOCUMENT) as file:
            root = etree.parse(file, parser).getroot()
    except etree.XMLSyntaxError as error:
        message = f"is not well-formed XML: {error.msg}."
        raise InputError(Fault(message, path, error.lineno, remedy="Download it again.")) from None
    if root.tag != f"{_L}Legislation":
        message = f"is XML of another kind: its root is {etree.QName(root).localname}."
        raise InputError(Fault(message, path, remedy="Give the XML of legislation.gov.uk."))
    return root


def _provisions(root: Any) -> Iterator[Provision]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        identifier = str(element.get("IdURI", ""))
        local = etree.QName(element).localname
        if not _ID.fullmatch(identifier) or local in ("Contents", "Body", "Schedules"):
            continue
        if element.tag == f"{_UKM}ConfersPower":
            yield Provision(identifier, "", str(element.get("title", "")), None, "")
        elif etree.QName(element).namespace == _L[1:-1]:
            yield Provision(
                identifier,
                _text(_first(element, "Pnumber", "ContentsNumber", "Number")),
                _text(_title(element, local)),
                day(_inherited(element, "RestrictStartDate", _SECTION)),
                _inherited(element, "RestrictExtent"),
                _inherited(element, "Status") == "Prospective",
            )


def _title(element: Any, local: str) -> Any:
    """Return the title of a provision; that of a section stands in the group around it."""
    title = _first(element, "Title")
    if title is None and local == "P1":
        title = _first(element.getparent(), "Title")
    return _first(element, "ContentsTitle") if title is None else title


def _first(element: Any, *names: str) -> Any:
    """Return the first child of one of the names, in the order of the names, or None."""
    found = (element.find(f"{_L}{name}") for name in names)
    return next((each for each in found if each is not None), None)


def _inherited(element: Any, name: str, within: frozenset[str] = frozenset()) -> str:
    """Return an attribute of an element, or of the nearest one around it that has it.

    With ``within`` only elements of these names count as around it.
    """
    around: Any = element
    while around is not None:
        if found := around.get(name):
            return str(found)
        around = around.getparent()
        if within and around is not None and etree.QName(around).localname not in within:
            break
    return ""


def _text(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
