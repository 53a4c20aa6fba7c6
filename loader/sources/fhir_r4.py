"""Read FHIR R4 organisations of the ODS Terminology service: one Organization, or a Bundle of them.

The profile England-Organization-ODS gives legal and operational periods with each role, not with the organisation,
and marks no role as primary.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from loader.errors import Fault, InputError
from loader.sources.opened import document
from loader.sources.records import Dates, Faulty, Items, Period, Record, Role, code, day, joined

Json = dict[str, Any]


def read(path: Path) -> Items:
    """Yield a record, or a fault, for each Organization of a resource or Bundle.

    Raises InputError when the file is not FHIR JSON or is an OperationOutcome (an error answer).
    """
    value = _parsed(path)
    kind = value.get("resourceType")
    if kind == "Organization":
        yield _safely(value, path, 1)
    elif kind == "Bundle":
        for number, entry in enumerate(value.get("entry", ()), 1):
            yield _safely(entry.get("resource") if isinstance(entry, dict) else None, path, number)
    else:
        raise _other(path, value)


def last_updated(path: Path) -> str:
    """Return the day on which a resource was last updated, as YYYY-MM-DD, or nothing."""
    meta = _parsed(path).get("meta")
    return str(meta.get("lastUpdated", ""))[:10] if isinstance(meta, dict) else ""


def _parsed(path: Path) -> Json:
    _, text = document(path)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        remedy = "Download the file again."
        raise InputError(Fault("is not JSON.", path, line, remedy=remedy)) from None
    return value if isinstance(value, dict) else {}


def _other(path: Path, value: Json) -> InputError:
    said = "; ".join(str(issue.get("diagnostics", "")) for issue in value.get("issue", ()))
    message = f"is an error answer: {said}." if said else "is neither Organization nor Bundle."
    return InputError(Fault(message, path, remedy="Give a FHIR R4 Organization or a Bundle."))


def _safely(value: Any, path: Path, place: int) -> Record | Fault:
    try:
        if not isinstance(value, dict) or value.get("resourceType") != "Organization":
            raise Faulty("is not an Organization.", "resourceType")
        return _record(value, place)
    except Faulty as error:
        return error.at(path, place)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        return Fault(f"has not the form of the ODS profile ({error}).", path, place)


def _record(value: Json, place: int) -> Record:
    name = str(value.get("name") or "").strip()
    if not name:
        raise Faulty("is empty.", "name", "Give the name of the organisation.")
    address = (value.get("address") or [{}])[0]
    kinds = {coding["code"] for kind in value.get("type", ()) for coding in kind.get("coding", ())}
    lines = (*address.get("line", ()), address.get("city"), address.get("district"))
    return Record(
        code=code(_identifier(value)),
        name=name,
        place=place,
        active=bool(value.get("active")),
        dates=_periods(value.get("extension", ())),
        changed=_changed(value),
        site="RC2" in kinds,
        address=joined(*lines),
        postcode=str(address.get("postalCode") or ""),
        uprn=_uprn(address),
        roles=tuple(_role(x) for x in _all(value.get("extension", ()), "OrganisationRole")),
    )


def _identifier(value: Json) -> str:
    for identifier in value.get("identifier", ()):
        if str(identifier.get("system", "")).endswith("ods-organization-code"):
            return str(identifier.get("value"))
    return str(value.get("id", ""))


def _role(extension: Json) -> Role:
    inner = extension.get("extension", ())
    coding = _one(inner, "roleCode")["valueCodeableConcept"]["coding"][0]
    number = str(_one(inner, "instanceID").get("valueInteger", ""))
    return Role(str(coding["code"]), _periods(inner), number=number)


def _periods(extensions: Any) -> Dates:
    found: dict[str, Period] = {}
    for each in _all(extensions, "TypedPeriod"):
        inner = each.get("extension", ())
        period = _one(inner, "period").get("valuePeriod", {})
        kind = str(_one(inner, "dateType").get("valueCoding", {}).get("code", ""))
        found[kind] = Period(day(period.get("start"), "start"), day(period.get("end"), "end"))
    return Dates(found.get("Legal"), found.get("Operational"))


def _changed(value: Json) -> Any:
    for each in _all(value.get("extension", ()), "TypedDateTime"):
        inner = each.get("extension", ())
        if _one(inner, "type").get("valueCoding", {}).get("code") == "LastChangeDate":
            return day(_one(inner, "dateTime").get("valueDateTime"), "LastChangeDate")
    return None


def _uprn(address: Json) -> str:
    for each in _all(address.get("extension", ()), "AddressKey"):
        inner = each.get("extension", ())
        codings = _one(inner, "type").get("valueCodeableConcept", {}).get("coding", ())
        if any(coding.get("code") == "UPRN" for coding in codings):
            return str(_one(inner, "value").get("valueString", ""))
    return ""


def _all(extensions: Any, name: str) -> list[Json]:
    return [each for each in extensions if str(each.get("url", "")).endswith(name)]


def _one(extensions: Any, name: str) -> Json:
    return next((each for each in extensions if each.get("url") == name), {})
