"""Read HSCOrgRefData XML, the full and the archive file of the whole ODS register, as a stream.

Elements are dropped as soon as they are read, so that memory does not grow with the file. The files that TRUD delivers,
a zip within a zip, are read as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from lxml import etree

from loader.errors import Fault, InputError
from loader.sources.opened import stream
from loader.sources.records import (
    Dates,
    Faulty,
    Items,
    Period,
    Record,
    Relation,
    Role,
    Succession,
    code,
    day,
    joined,
    succession,
)

_ROOT = "OrgRefData"


def read(path: Path) -> Items:
    """Yield a record, or a fault, for each organisation. Place is the line in the XML.

    Raises InputError when the file is not XML, is cut short, or is not HSCOrgRefData; the
    organisations before the cut have been yielded by then.
    """
    with stream(path, ".xml") as file:
        for element in _elements(file, path, "Organisation"):
            yield _safely(element, path)


def published(path: Path) -> str:
    """Return the publication date in the manifest, as YYYY-MM-DD, or nothing."""
    with stream(path, ".xml") as file:
        for element in _elements(file, path, "PublicationDate", "Organisations", start=True):
            return str(element.get("value", ""))[:10]
    return ""


def _elements(file: IO[bytes], path: Path, *names: str, start: bool = False) -> Iterator[Any]:
    events = ("start",) if start else ("end",)
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        root: Any = None
        parser = etree.iterparse(file, events=("start", *events), huge_tree=True, **options)
        for event, element in parser:
            if root is None:
                root = element
                _require_root(element, path)
            if event in events and etree.QName(element).localname in names:
                yield element
                if not start:
                    _forget(element)
    except etree.XMLSyntaxError as error:
        remedy = "Download the file again; it may be cut short."
        message = f"is not well-formed XML: {error.msg}."
        raise InputError(Fault(message, path, error.lineno, remedy=remedy)) from None


def _require_root(element: Any, path: Path) -> None:
    if etree.QName(element).localname != _ROOT:
        message = f"is XML of another kind: its root is {etree.QName(element).localname}."
        raise InputError(Fault(message, path, remedy="Give the HSCOrgRefData file from TRUD."))


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _safely(element: Any, path: Path) -> Record | Fault:
    place = int(element.sourceline or 0)
    try:
        return _record(element, place)
    except Faulty as error:
        return error.at(path, place)
    except (KeyError, TypeError, AttributeError) as error:
        return Fault(f"has not the form of HSCOrgRefData ({error}).", path, place)


def _record(element: Any, place: int) -> Record:
    name = " ".join((element.findtext("Name") or "").split())
    if not name:
        raise Faulty("is empty.", "Name", "Give the name of the organisation.")
    location = element.find("GeoLoc/Location")
    lines = (_text(location, tag) for tag in ("AddrLn1", "AddrLn2", "AddrLn3", "Town", "County"))
    return Record(
        code=code(element.find("OrgId").get("extension")),
        name=name,
        place=place,
        active=_value(element, "Status") == "Active",
        dates=_dates(element),
        changed=day(_value(element, "LastChangeDate"), "LastChangeDate"),
        site=element.get("orgRecordClass") == "RC2",
        address=joined(*lines),
        postcode=_text(location, "PostCode"),
        uprn=_text(location, "UPRN"),
        roles=tuple(_role(each) for each in element.iterfind("Roles/Role")),
        relations=tuple(_relation(each) for each in element.iterfind("Rels/Rel")),
        successions=tuple(_succession(each) for each in element.iterfind("Succs/Succ")),
    )


def _role(element: Any) -> Role:
    primary = element.get("primaryRole") == "true"
    return Role(element.attrib["id"], _dates(element), primary, element.get("uniqueRoleId", ""))


def _relation(element: Any) -> Relation:
    target = code(element.find("Target/OrgId").get("extension"), "Target")
    return Relation(element.attrib["id"], target, _dates(element), element.get("uniqueRelId", ""))


def _succession(element: Any) -> Succession:
    kind, target = element.findtext("Type") or "", element.find("Target/OrgId").get("extension")
    number = element.get("uniqueSuccId", "")
    return succession(kind, target, _dates(element).chosen.first, number, "Succ")


def _dates(element: Any) -> Dates:
    found: dict[str, Period] = {}
    for each in element.iterfind("Date"):
        kind = each.get("type") or _value(each, "Type") or ""
        first, last = day(_value(each, "Start"), "Start"), day(_value(each, "End"), "End")
        found[kind] = Period(first, last)
    return Dates(found.get("Legal"), found.get("Operational"))


def _value(element: Any, tag: str) -> str:
    found = element.find(tag)
    return "" if found is None else str(found.get("value") or "")


def _text(element: Any, tag: str) -> str:
    return "" if element is None else str(element.findtext(tag) or "").strip()
