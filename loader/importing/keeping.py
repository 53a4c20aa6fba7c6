"""Keep an import: the file as it came and the graph made from it, both or neither."""

from __future__ import annotations

import hashlib
import re
import shutil
from calendar import month_name
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
from rdflib import DCTERMS

from loader import surveys
from loader.bulk import LARGE
from loader.dates import parse_date
from loader.errors import Fault, InputError
from loader.nquads import Writer, literal, node
from loader.survey import survey
from loader.terms import GRAPH
from loader.textindex import keep_rows
from loader.yamlld import Register

_DATE = re.compile(r"(20\d\d)[-_ ]?(\d\d)(?:[-_ ]?(\d\d))?(?!\d)")
_MONTHS = "|".join(month_name[1:])
_WRITTEN = re.compile(rf"(\d{{1,2}})[_ ]({_MONTHS})[_ ](20\d\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Kept:
    """Where an import goes: its family (such as ``ods``), its name, and the file it is made from."""

    home: Path
    family: str
    name: str
    original: Path

    @property
    def folder(self) -> Path:
        """The folder of the family below the imports."""
        return self.home / "imports" / self.family

    @property
    def graph(self) -> str:
        """The IRI of the named graph."""
        return f"{GRAPH}import/{self.family}/{self.name}"

    @property
    def target(self) -> Path:
        """The file with the graph, as N-Quads."""
        return self.folder / f"{self.name}.nq"

    @property
    def copy(self) -> Path:
        """The file as it came."""
        return self.folder / f"{self.name}{''.join(self.original.suffixes[-1:])}"


@contextmanager
def writing(kept: Kept, title: str, document: str, released: date) -> Iterator[Writer]:
    """Give a writer of the import's graph; the import is kept when the block ends without an error.

    A large one is surveyed then, and its names are read for the index, so that no build need do it.

    An error, or a kill, leaves what was kept before as it was.
    """
    kept.folder.mkdir(parents=True, exist_ok=True)
    partial = kept.folder / f".{kept.name}.partial"
    copied = kept.folder / f".{kept.name}.original"
    try:
        with partial.open("w", encoding="utf-8") as file:
            writer = Writer(file, kept.graph)
            yield writer
            _describe(writer, kept, title, document, released)
        shutil.copyfile(kept.original, copied)
        copied.replace(kept.copy)
        partial.replace(kept.target)
    finally:
        partial.unlink(missing_ok=True)
        copied.unlink(missing_ok=True)
    if kept.target.stat().st_size > LARGE:
        surveys.keep(survey(kept.target), kept.home)
        with suppress(OSError):  # the next build asks the engine then
            keep_rows(kept.target, surveys.rows(kept.target, kept.home))


def keep_register(kept: Kept, register: Register) -> None:
    """Keep an import read as a register, and the CSV file that it is made from; a kill leaves what was there."""
    kept.folder.mkdir(parents=True, exist_ok=True)
    partial = kept.folder / f".{kept.name}.partial"
    with kept.original.open("rb") as file:
        digest = ox.Literal(f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}")
    graph = ox.NamedNode(register.graph)
    identifier = ox.Quad(graph, ox.NamedNode(f"{DCTERMS}identifier"), digest, graph)
    ox.serialize(chain(register.quads(), [identifier]), str(partial), format=ox.RdfFormat.N_QUADS)
    shutil.copyfile(kept.original, kept.folder / f"{kept.name}.csv")
    partial.replace(kept.target)


def _describe(out: Writer, kept: Kept, title: str, document: str, released: date) -> None:
    graph = node(kept.graph)
    out.text(graph, "dcterms:title", title, "en")
    out.text(graph, "dcterms:description", f"Imported from {kept.original.name}.", "en")
    out.say(graph, "dcterms:source", node(document))
    out.date(graph, "dcterms:modified", released)
    with kept.original.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    out.say(graph, "dcterms:identifier", literal(f"sha256:{digest}"))


def date_in_name(path: Path) -> date:
    """Return the date that a file's name holds, such as ``etr_2026-07.csv`` or ``01_August_2024_…``.

    The first of a month stands where no day is given. Raises InputError when there is no date.
    """
    if match := _WRITTEN.search(path.name):
        return parse_date(f"{match[1]} {match[2]} {match[3]}")
    match = _DATE.search(path.name)
    if match is None:
        remedy = "Say when it was published, with --released 2026-07-08."
        raise InputError(Fault("has no date in its name.", path, remedy=remedy))
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        raise InputError(Fault(f"“{match[0]}” is not a date.", path)) from None


def slug(text: str) -> str:
    """Return a text as part of a file name and an identifier."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
