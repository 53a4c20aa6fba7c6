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
from loader.sources.records import day

_L = "{http://www.legislation.gov.uk/namespaces/legislation}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCT = "{http://purl.org/dc/terms/}"
_ID = re.compile(r"http://www\.legislation\.gov\.uk/id/[a-z]+/[A-Za-z0-9/._-]+")


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument: its identifier, title, when made, the day its text is of, and its extent."""

    id: str
    title: str
    made: date | None
    text_of: date | None
    extent: str


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision: its identifier, number and title as printed, from when its version runs, extent."""

    id: str
    number: str
    title: str
    version_from: date | None
    extent: str


def read(path: Path) -> tuple[Instrument, list[Provision]]:
    """Return the instrument and the provisions that a CLML file identifies, each provision once.

    Raises InputError when the file is not well-formed, not CLML, or does not identify itself.
    """
    root = _root(path)
    identifier = str(root.get("IdURI", ""))
    if not _ID.fullmatch(identifier):
        remedy = "Give the XML of legislation.gov.uk (…/data.xml)."
        raise InputError(Fault("has no identifier of an instrument.", path, remedy=remedy))
    instrument = Instrument(
        identifier,
        _text(root.find(f".//{_DC}title")),
        day(_text(root.find(f".//{_DC}date"))) if root.find(f".//{_DC}date") is not None else None,
        day(_text(root.find(f".//{_DCT}valid"))),
        str(root.get("RestrictExtent", "")),
    )
    found = {each.id: each for each in _provisions(root) if each.id != identifier}
    return instrument, list(found.values())


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
        if _ID.fullmatch(identifier) and local not in ("Contents", "Body", "Schedules"):
            title = element.find(f"{_L}Title")
            if title is None and local == "P1":
                title = element.getparent().find(f"{_L}Title")
            if title is None:
                title = element.find(f"{_L}ContentsTitle")
            number = element.find(f"{_L}Pnumber")
            if number is None:
                number = element.find(f"{_L}ContentsNumber")
            if number is None:
                number = element.find(f"{_L}Number")
            start = str(element.get("RestrictStartDate", ""))
            extent = str(element.get("RestrictExtent", "") or root.get("RestrictExtent", ""))
            yield Provision(identifier, _text(number), _text(title), day(start), extent)


def _text(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
