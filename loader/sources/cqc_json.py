"""Read the JSON of the interface of the Care Quality Commission: providers and locations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from loader.errors import Fault, InputError
from loader.sources.cqc_records import CqcRecord, Rating, identifier, written_day
from loader.sources.opened import document
from loader.sources.records import Faulty, Period, joined

Json = dict[str, Any]


def read(path: Path) -> Iterator[CqcRecord | Fault]:
    """Yield a record, or a fault, for each provider or location: one, a list, or JSON lines."""
    _, text = document(path)
    for place, value in _values(path, text):
        try:
            yield _record(value, place)
        except Faulty as error:
            yield error.at(path, place)
        except (KeyError, TypeError, AttributeError) as error:
            yield Fault(f"has not the form of the Commission's interface ({error}).", path, place)


_LINES = (
    "postalAddressLine1",
    "postalAddressLine2",
    "postalAddressTownCity",
    "postalAddressCounty",
)
TAKEN = frozenset(
    ["locationId", "providerId", "name", "odsCode", "type", "registrationStatus", "registrationDate",
     "deregistrationDate", "postalCode", "currentRatings", *_LINES]
)  # fmt: skip
_LOOKED_AT = 1_000


def untaken(path: Path) -> tuple[str, ...]:
    """Return the fields with content of the first thousand records that ``read`` does not take."""
    _, text = document(path)
    found: dict[str, None] = {}
    for _, value in islice(_values(path, text), _LOOKED_AT):
        if isinstance(value, dict):
            found.update(
                dict.fromkeys(
                    key for key, content in value.items() if content not in ("", None, [], {})
                )
            )
    return tuple(name for name in found if name not in TAKEN)


def _values(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, list):
        yield from enumerate(whole, 1)
        return
    if whole is not None:
        yield 1, whole
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                remedy = "Download the file again; it may be cut short."
                raise InputError(Fault("is not JSON.", path, number, remedy=remedy)) from None


def _record(value: Any, place: int) -> CqcRecord:
    if not isinstance(value, dict) or not ("locationId" in value or "providerId" in value):
        raise Faulty("is neither a provider nor a location.", "locationId")
    location = "locationId" in value
    code = value["locationId"] if location else value["providerId"]
    name = str(value.get("name") or "").strip()
    if not name:
        raise Faulty("is empty.", "name")
    return CqcRecord(
        kind="location" if location else "provider",
        code=identifier(code, "locationId" if location else "providerId"),
        name=name,
        place=place,
        ods_code=str(value.get("odsCode") or ""),
        type=str(value.get("type") or ""),
        status=str(value.get("registrationStatus") or ""),
        registered=Period(
            written_day(value.get("registrationDate"), "registrationDate"),
            written_day(value.get("deregistrationDate"), "deregistrationDate"),
        ),
        address=joined(*(value.get(line) for line in _LINES)),
        postcode=str(value.get("postalCode") or ""),
        provider=identifier(value["providerId"], "providerId") if location else "",
        ratings=tuple(_ratings(value)),
    )


def _ratings(value: Json) -> Iterator[Rating]:
    current = value.get("currentRatings") or {}
    overall = current.get("overall") or {}
    day = written_day(overall.get("reportDate") or current.get("reportDate"), "reportDate")
    if overall.get("rating"):
        yield Rating("Overall", str(overall["rating"]), day)
    for question in overall.get("keyQuestionRatings", ()):
        yield Rating(str(question["name"]), str(question["rating"]), day)
    for service in current.get("serviceRatings", ()):
        published = written_day(service.get("reportDate"), "reportDate")
        name = str(service.get("name", ""))
        yield Rating("Overall", str(service["rating"]), published, name)
        for question in service.get("keyQuestionRatings", ()):
            yield Rating(str(question["name"]), str(question["rating"]), published, name)
