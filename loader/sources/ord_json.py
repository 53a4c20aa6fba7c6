"""Read answers of the ODS ORD interface 2-0-0 (JSON): an organisation, or the result of a search.

A file may hold one answer, or many whole organisations as JSON lines. A list of links (the answer of ``sync``) holds no
organisation, only where to fetch them: each is reported as left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loader.errors import Fault, InputError
from loader.sources.opened import document
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

Json = dict[str, Any]


def read(path: Path) -> Items:
    """Yield a record, or a fault, for each organisation of a file of ORD answers.

    Raises InputError when the file is not JSON or is no answer with organisations.
    """
    for place, value in _values(path):
        if isinstance(value, dict) and isinstance(value.get("Organisation"), dict):
            yield _safely(_whole, value["Organisation"], path, place)
        elif isinstance(value, dict) and isinstance(value.get("Organisations"), list):
            for number, each in enumerate(value["Organisations"], 1):
                yield _safely(_summary, each, path, number)
        else:
            raise _not_organisations(path, value)


def _values(path: Path) -> Iterator[tuple[int, Any]]:
    _, text = document(path)
    if (one := _parsed(text)) is not None:
        yield 1, one
        return
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    for number, line in lines:
        if (value := _parsed(line)) is None:
            fault = Fault("is not JSON.", path, number, remedy="Download the file again.")
            raise InputError(fault)
        yield number, value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _not_organisations(path: Path, value: Any) -> InputError:
    said = value.get("errorText") if isinstance(value, dict) else None
    message = f"is an error answer: {said}." if said else "holds no organisation."
    remedy = "Give an answer of …/ORD/2-0-0/organisations or of …/organisations/CODE."
    return InputError(Fault(message, path, remedy=remedy))


def _safely(make: Any, value: Any, path: Path, place: int) -> Record | Fault:
    try:
        if not isinstance(value, dict):
            raise Faulty("is not an organisation.")
        made: Record = make(value, place)
    except Faulty as error:
        return error.at(path, place)
    except (KeyError, TypeError, AttributeError) as error:
        return Fault(f"has not the form of ORD 2-0-0 ({error}).", path, place)
    return made


def _summary(value: Json, place: int) -> Record:
    if "OrgId" not in value and "OrgLink" in value:
        link = str(value["OrgLink"]).rsplit("/", 1)[-1]
        raise Faulty(f"{link} is only a link.", remedy="Fetch the organisation and import that.")
    return Record(
        code=code(value["OrgId"]),
        name=_name(value),
        place=place,
        active=value.get("Status") == "Active",
        changed=day(value.get("LastChangeDate"), "LastChangeDate"),
        site=value.get("OrgRecordClass") == "RC2",
        postcode=str(value.get("PostCode") or ""),
        roles=(Role(str(value["PrimaryRoleId"]), Dates(), primary=True),),
        whole=False,
    )


def _whole(value: Json, place: int) -> Record:
    location = value.get("GeoLoc", {}).get("Location", {})
    lines = (location.get(key) for key in ("AddrLn1", "AddrLn2", "AddrLn3", "Town", "County"))
    return Record(
        code=code(value["OrgId"]["extension"]),
        name=_name(value),
        place=place,
        active=value.get("Status") == "Active",
        dates=_dates(value),
        changed=day(value.get("LastChangeDate"), "LastChangeDate"),
        site=value.get("orgRecordClass") == "RC2",
        address=joined(*lines),
        postcode=str(location.get("PostCode") or ""),
        uprn=str(location.get("UPRN") or ""),
        roles=tuple(_role(role) for role in value.get("Roles", {}).get("Role", ())),
        relations=tuple(_relation(rel) for rel in value.get("Rels", {}).get("Rel", ())),
        successions=tuple(_succession(each) for each in value.get("Succs", {}).get("Succ", ())),
    )


def _name(value: Json) -> str:
    name = str(value.get("Name") or "").strip()
    if not name:
        raise Faulty("is empty.", "Name", "Give the name of the organisation.")
    return name


def _role(value: Json) -> Role:
    number = str(value.get("uniqueRoleId") or "")
    return Role(str(value["id"]), _dates(value), bool(value.get("primaryRole")), number)


def _relation(value: Json) -> Relation:
    target = code(value["Target"]["OrgId"]["extension"], "Target")
    number = str(value.get("uniqueRelId") or "")
    return Relation(str(value["id"]), target, _dates(value), number)


def _succession(value: Json) -> Succession:
    target, number = value["Target"]["OrgId"]["extension"], str(value.get("uniqueSuccId") or "")
    return succession(str(value["Type"]), target, _dates(value).chosen.first, number, "Succs")


def _dates(value: Json) -> Dates:
    periods = {
        str(each.get("Type")): Period(day(each.get("Start"), "Start"), day(each.get("End"), "End"))
        for each in value.get("Date", ())
    }
    return Dates(periods.get("Legal"), periods.get("Operational"))
