"""Records read from a file, with the place of each, so that a finding can point at sheet, row and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from loader.errors import Fault, InputError
from loader.state.sheets import Column, Sheet, Term, sheet_of
from loader.terms import DEF, ID

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
BASE = ox.NamedNode(f"{DEF}StateRecord")


@dataclass(frozen=True)
class Place:
    """Where a record stands: its file, its sheet (or none), and its row or line."""

    file: str
    sheet: str
    row: int | None

    def __str__(self) -> str:
        parts = [self.file, self.sheet, f"row {self.row}" if self.row and self.sheet else ""]
        if self.row and not self.sheet:
            parts.append(f"line {self.row}")
        return ", ".join(part for part in parts if part)


@dataclass
class Records:
    """The records of some files: their statements, and the place and columns of each."""

    store: ox.Store = field(default_factory=ox.Store)
    places: dict[str, Place] = field(default_factory=dict)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    read: int = 0

    def add(
        self, sheet: Sheet, subject: str, place: Place, values: Iterator[tuple[Column, Term]]
    ) -> None:
        """Add one record of a sheet."""
        node = ox.NamedNode(subject)
        self.places[subject] = place
        self.read += 1
        self.store.add(ox.Quad(node, RDF_TYPE, ox.NamedNode(sheet.cls)))
        self.store.add(ox.Quad(node, RDF_TYPE, BASE))
        for column, term in values:
            self.store.add(ox.Quad(node, ox.NamedNode(column.property), term))

    def subjects(self) -> list[str]:
        """Return the records, in the order in which they were read."""
        return list(self.places)

    def column(self, subject: str, property_: str) -> str:
        """Return the column of a property in the sheet of a record: its letters in a workbook, else its heading."""
        place = self.places.get(subject)
        return self.columns.get((place.sheet, property_), "") if place else ""


def record_iri(sheet: Sheet, row: int, file: str = "") -> str:
    """Return the identifier of the record in a row of a sheet."""
    return f"{ID}state/{file + '/' if file else ''}{sheet.slug}/row-{row}"


class TooManyRowsError(InputError):
    """A file holds more rows than Remit checks at once."""

    def __init__(self, place: Place, most: int) -> None:
        remedy = "Split the file, or allow more with --most-rows on your own machine."
        fault = Fault(f"{place}: there are more than {most:,} rows.", remedy=remedy)
        super().__init__(fault)


__all__ = ["BASE", "RDF_TYPE", "Place", "Records", "TooManyRowsError", "record_iri", "sheet_of"]
