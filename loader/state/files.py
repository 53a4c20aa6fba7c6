"""Read files of records in any form that the template has: XLSX, CSV, YAML-LD, Turtle."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from loader.errors import Fault, InputError, RegisterError
from loader.state.records import BASE, RDF_TYPE, Place, Records, TooManyRowsError
from loader.state.sheets import sheet_of, sheets
from loader.state.tables import add_rows, best_sheet, headings
from loader.state.workbook import read_workbook
from loader.terms import GRAPH
from loader.yamlld import locate, read_register

MOST_ROWS = 100_000
LARGEST = 100 << 20
_RDF = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".jsonld": ox.RdfFormat.JSON_LD}
FORMS = (".xlsx", ".csv", ".yaml", ".yml", *_RDF)


def read_files(paths: Iterable[Path], most: int = MOST_ROWS) -> Records:
    """Return the records of files; raises InputError with file, sheet, row and column of what cannot be read."""
    records = Records()
    for path in paths:
        read_file(path, records, most)
    return records


def read_file(path: Path, records: Records, most: int = MOST_ROWS) -> None:
    """Add the records of one file to ``records``; raises InputError when it cannot be read."""
    name, form = path.name, path.suffix.lower()
    if not path.is_file():
        raise InputError(Fault(f"{name}: there is no such file."))
    if path.stat().st_size > LARGEST:
        raise InputError(Fault(f"{name}: is larger than {LARGEST >> 20} MB.", remedy="Split it."))
    if form in (".xlsm", ".xls", ".xlsb", ".ods"):
        remedy = "Save it as an Excel workbook without macros (.xlsx)."
        raise InputError(Fault(f"{name}: files of the form {form} are not read.", remedy=remedy))
    if form == ".xlsx":
        read_workbook(path, name, records, most)
    elif form == ".csv":
        _read_csv(path, records, most)
    elif form in (".yaml", ".yml"):
        _read_yaml(path, records, most)
    elif form in _RDF:
        _read_rdf(path, records, most, _RDF[form])
    else:
        remedy = f"Give a file of one of the forms {', '.join(FORMS)}."
        raise InputError(Fault(f"{name}: “{form}” is not a form that Remit reads.", remedy=remedy))


def _read_csv(path: Path, records: Records, most: int) -> None:
    faults: list[Fault] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            first = next(rows, [])
            named = {s.slug: s for s in sheets()}.get(path.stem.lower().replace(" ", "-"))
            sheet = named or best_sheet(first)
            if sheet is None:
                names = ", ".join(s.slug + ".csv" for s in sheets())
                remedy = f"Name the file after its sheet: {names}."
                raise InputError(
                    Fault(f"{path.name}, row 1: the headings fit no sheet.", remedy=remedy)
                )
            columns = headings(sheet, first, path.name, faults)
            if faults:
                raise InputError(faults)
            place = Place(path.name, sheet.name, None)
            add_rows(records, sheet, columns, _numbered(rows), place, most)
    except UnicodeDecodeError:
        remedy = "Save it as CSV UTF-8."
        raise InputError(Fault(f"{path.name}: is not UTF-8 text.", remedy=remedy)) from None
    except csv.Error as error:
        raise InputError(
            Fault(f"{path.name}, line {rows.line_num}: is not CSV: {error}.")
        ) from None


def _numbered(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[object]]]:
    for number, row in enumerate(rows, 2):
        yield number, list(row)


def _read_yaml(path: Path, records: Records, most: int) -> None:
    try:
        register = read_register(path, path.parent)
    except RegisterError as error:
        raise InputError([_named(fault, path) for fault in error.faults]) from None
    quads = (ox.Quad(q.subject, q.predicate, q.object) for q in register.quads())
    kept = [q for q in quads if getattr(q.subject, "value", "") != f"{GRAPH}{path.stem}"]
    _add_graph(records, kept, path, most)


def _named(fault: Fault, path: Path) -> Fault:
    return Fault(fault.message, Path(path.name), fault.line, fault.field, fault.remedy)


def _read_rdf(path: Path, records: Records, most: int, form: ox.RdfFormat) -> None:
    try:
        quads = [
            ox.Quad(q.subject, q.predicate, q.object)
            for q in _bounded(ox.parse(path=str(path), format=form), path, most)
        ]
    except SyntaxError as error:
        line = getattr(error, "lineno", None)
        message = f"cannot be read: {error.msg}."
        raise InputError(Fault(message, Path(path.name), line, remedy="Mend the line.")) from None
    except (UnicodeDecodeError, ValueError, OSError) as error:
        raise InputError(Fault(f"{path.name}: cannot be read: {error}.")) from None
    _add_graph(records, quads, path, most)


def _bounded(quads: Iterable[ox.Quad], path: Path, most: int) -> Iterator[ox.Quad]:
    for number, quad in enumerate(quads):
        if number >= most * 40:
            raise TooManyRowsError(Place(path.name, "", None), most)
        yield quad


def _add_graph(records: Records, quads: list[ox.Quad], path: Path, most: int) -> None:
    lines = _Lines(path)
    for quad in quads:
        if quad.predicate != RDF_TYPE or not isinstance(quad.object, ox.NamedNode):
            continue
        sheet = sheet_of(quad.object.value)
        if sheet is None or not isinstance(quad.subject, ox.NamedNode):
            continue
        if records.read >= most:
            raise TooManyRowsError(Place(path.name, "", None), most)
        subject = quad.subject.value
        records.places[subject] = Place(path.name, "", lines.of(subject))
        records.read += 1
        records.store.add(ox.Quad(quad.subject, RDF_TYPE, BASE))
    if not records.places:
        remedy = "Each record needs a type such as remit:AllocationRecord and an IRI."
        raise InputError(Fault(f"{path.name}: holds no records.", remedy=remedy))
    records.store.extend(quads)


class _Lines:
    """Finds the line on which a thing is described, by the last part of its name in the text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first: dict[str, int] = {}
        if path.suffix.lower() in _RDF:
            text = path.read_text("utf-8", "replace")
            for number, line in enumerate(text.splitlines(), 1):
                for word in re.findall(r"[\w./:#-]+", line[:2_000]):
                    self._first.setdefault(_last(word.rstrip(".")), number)

    def of(self, subject: str) -> int | None:
        if not self._first:
            return locate(self._path, subject)
        return self._first.get(_last(subject))


def _last(name: str) -> str:
    return re.split(r"[/:#]", name)[-1]
