"""Read the tables of the Care Quality Commission: directory, active locations, latest ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from loader.errors import Fault
from loader.sources.cqc_records import CqcRecord, Rating, identifier, written_day
from loader.sources.records import Faulty, Period, joined
from loader.sources.tables import TableRow, headings, rows

Cells = dict[str, str]
Items: TypeAlias = Iterator[CqcRecord | Fault]

REQUIRED: dict[str, frozenset[str]] = {
    "directory": frozenset(["name", "postcode", "cqc_location_id", "cqc_provider_id"]),
    "active-locations": frozenset(["location_id", "location_hsca_start_date", "provider_id"]),
    "latest-ratings": frozenset(["domain", "latest_rating", "provider_id"]),
}
_PLACE = ("street_address", "address_line_2", "city", "county")
_RATED = frozenset(
    f"{which}_{what}"
    for which in ("location", "provider")
    for what in ("id", "name", "ods_code", "type", "post_code", *_PLACE)
)
TAKEN: dict[str, frozenset[str]] = {
    "directory": frozenset(
        ["name", "address", "postcode", "service_types", "provider_name"],
    )
    | REQUIRED["directory"],
    "active-locations": frozenset(
        f"{which}_{what}"
        for which in ("location", "provider")
        for what in (
            "id",
            "name",
            "ods_code",
            "postal_code",
            "hsca_start_date",
            "type_sector",
            *_PLACE,
        )
    )
    | {"location_type", "location_latest_overall_rating", "publication_date"},
    "latest-ratings": _RATED
    | {"domain", "latest_rating", "publication_date", "service_population_group"},
}


def untaken(path: Path, kind: str) -> tuple[str, ...]:
    """Return the columns of a table that ``read`` does not take."""
    found = headings(path, REQUIRED[kind])
    return tuple(name for name in found if name not in TAKEN[kind])


def read(path: Path, kind: str) -> Items:
    """Yield the records of each row of a table of the given kind, and a fault for a row that cannot be used."""
    make = _MAKERS[kind]
    for row in rows(path, REQUIRED[kind]):
        try:
            yield from make(row)
        except Faulty as error:
            yield error.at(path, row.number)


def _directory(row: TableRow) -> Iterator[CqcRecord]:
    cells = row.cells
    provider = identifier(cells["cqc_provider_id"], "CQC Provider ID")
    yield CqcRecord(
        kind="location",
        code=identifier(cells["cqc_location_id"], "CQC Location ID"),
        name=_name(cells, "name"),
        place=row.number,
        type=cells.get("service_types", ""),
        status="Registered",
        address=joined(cells.get("address")),
        postcode=cells.get("postcode", ""),
        provider=provider,
    )
    yield CqcRecord("provider", provider, cells.get("provider_name") or provider, row.number)


def _active(row: TableRow) -> Iterator[CqcRecord]:
    cells = row.cells
    provider = identifier(cells["provider_id"], "Provider ID")
    value = cells.get("location_latest_overall_rating", "")
    day = written_day(cells.get("publication_date"), "Publication Date")
    yield CqcRecord(
        kind="location",
        code=identifier(cells["location_id"], "Location ID"),
        name=_name(cells, "location_name"),
        place=row.number,
        ods_code=_ods(cells, "location_ods_code"),
        type=cells.get("location_type_sector", "") or cells.get("location_type", ""),
        status="Registered",
        registered=Period(
            written_day(cells["location_hsca_start_date"], "Location HSCA start date")
        ),
        address=_address(cells, "location"),
        postcode=cells.get("location_postal_code", ""),
        provider=provider,
        ratings=(Rating("Overall", value, day),) if value and value != "-" else (),
    )
    started = written_day(cells.get("provider_hsca_start_date"), "Provider HSCA start date")
    yield CqcRecord(
        kind="provider",
        code=provider,
        name=_name(cells, "provider_name"),
        place=row.number,
        ods_code=_ods(cells, "provider_ods_code"),
        type=cells.get("provider_type_sector", ""),
        status="Registered",
        registered=Period(started),
        address=_address(cells, "provider"),
        postcode=cells.get("provider_postal_code", ""),
    )


def _ratings(row: TableRow) -> Iterator[CqcRecord]:
    cells = row.cells
    location = "location_id" in cells
    which = "location" if location else "provider"
    day = written_day(cells.get("publication_date"), "Publication Date")
    service = cells.get("service_population_group", "")
    rating = Rating(
        cells["domain"], cells["latest_rating"], day, "" if service == "Overall" else service
    )
    yield CqcRecord(
        kind="location" if location else "provider",
        code=identifier(cells[f"{which}_id"], f"{which.title()} ID"),
        name=_name(cells, f"{which}_name"),
        place=row.number,
        ods_code=_ods(cells, f"{which}_ods_code"),
        type=cells.get(f"{which}_type", ""),
        status="Registered",
        address=_address(cells, which),
        postcode=cells.get(f"{which}_post_code", ""),
        provider=identifier(cells["provider_id"], "Provider ID") if location else "",
        ratings=(rating,) if rating.value and rating.question else (),
    )


_MAKERS: dict[str, Callable[[TableRow], Iterator[CqcRecord]]] = {
    "directory": _directory,
    "active-locations": _active,
    "latest-ratings": _ratings,
}


def _name(cells: Cells, column: str) -> str:
    if not cells.get(column):
        raise Faulty("is empty.", column, "Give the name.")
    return cells[column]


def _ods(cells: Cells, column: str) -> str:
    """Return an ODS code, or nothing: the Commission writes a dash for none."""
    return cells.get(column, "").strip(" -").upper()


def _address(cells: Cells, which: str) -> str:
    return joined(*(cells.get(f"{which}_{line}") for line in _PLACE))
