"""Import files of the Organisation Data Service, in whichever of its formats they come."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from loader.errors import Fault, InputError
from loader.graph import read_registers
from loader.importing import ods_code_lists, ods_reports, ods_successions
from loader.importing.keeping import Kept, date_in_name, slug
from loader.importing.outcome import Imported, Tick
from loader.importing.records import RecordFormat, Run
from loader.paths import registers
from loader.sources import code_lists, fhir_r4, hscorgrefdata, listed, ord_json, successions
from loader.sources.opened import date_of, document

_UNTAKEN = (
    "telephone, e-mail and web addresses",
    "country",
    "status of single roles and relations",
)

ORD = RecordFormat(
    "ord", "ODS organisations (ORD interface)", ord_json.read, untaken=lambda _: _UNTAKEN
)
FHIR = RecordFormat("fhir", "ODS organisations (FHIR R4)", fhir_r4.read, untaken=lambda _: _UNTAKEN)
XML = RecordFormat(
    "hscorgrefdata",
    "ODS register (HSCOrgRefData)",
    hscorgrefdata.read,
    whole=True,
    untaken=lambda _: (*_UNTAKEN, "names of codes (import the code lists)"),
)
LIST = RecordFormat(
    "list", "List of organisations by ODS code", listed.read, untaken=listed.untaken
)

_MARKUP = (b"<", b"PK\x03\x04", b"\x1f\x8b")
_JSON = (b"{", b"[", b"HTTP/")


def import_file(
    path: Path, home: Path, released: date | None, strict: bool, tick: Tick
) -> Imported:
    """Import a file; raises InputError when it is of no known format or cannot be used."""
    start = _start(path)
    if start.startswith(_JSON) and code_lists.fits_json(document(path)[1]):
        return ods_code_lists.import_file(path, home, released, strict)
    if start.startswith((*_MARKUP, *_JSON)):
        return _records(_format(path, start), path, home, released, strict, tick)
    if successions.fits(path):
        return ods_successions.import_file(path, home, released, strict, known_codes())
    if code_lists.fits_table(path):
        return ods_code_lists.import_file(path, home, released, strict)
    if listed.fits(path):
        return _records(LIST, path, home, released, strict, tick)
    return ods_reports.import_file(path, home, released, strict, known_codes())


@cache
def known_codes() -> frozenset[str]:
    """Return the ODS codes that the shipped registers describe."""
    return frozenset(
        str(entry["odsCode"])
        for register in read_registers(registers())
        for entry in register.entries
        if "odsCode" in entry
    )


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InputError(Fault(f"cannot be read: {reason}.", path)) from None


def _format(path: Path, start: bytes) -> RecordFormat:
    if start.startswith(_MARKUP):
        return XML
    if start.startswith(b"["):
        return LIST
    _, text = document(path)
    return FHIR if '"resourceType"' in text[:4_000] else ORD


def _records(
    chosen: RecordFormat, path: Path, home: Path, released: date | None, strict: bool, tick: Tick
) -> Imported:
    day = released or _released(chosen, path)
    name = f"{chosen.name}-{day.isoformat()}"
    if not chosen.whole:
        name += f"-{slug(path.name.split('.')[0])}"
    kept = Kept(home, "ods", name, path)
    return Run(kept, chosen, day, known_codes(), strict).perform(tick)


def _released(chosen: RecordFormat, path: Path) -> date:
    """Return when a file was published: as it says itself, else as its name says."""
    said = ""
    if chosen is XML:
        said = hscorgrefdata.published(path)
    elif chosen in (FHIR, ORD):
        said = date_of(document(path)[0])
    if not said and chosen is FHIR:
        said = fhir_r4.last_updated(path)
    try:
        return date.fromisoformat(said) if said else date_in_name(path)
    except ValueError:
        return date_in_name(path)
