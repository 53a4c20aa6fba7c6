"""Import files of records of the Organisation Data Service: ORD JSON, FHIR R4, HSCOrgRefData XML, plain lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from loader.errors import Fault, InputError
from loader.importing.keeping import Kept, writing
from loader.importing.organisations import OrganisationWriter
from loader.importing.others import write_document
from loader.importing.outcome import Imported, Tick, event_label
from loader.nquads import Writer, literal, node, term
from loader.sources.changes import Event, Snapshot, differences, reused
from loader.sources.names import ordinary
from loader.sources.records import Items, Record
from loader.sources.soundness import circular, sound

_EVERY = 1_000
_TYPES = {
    "opened": "Establishment",
    "closed": "Dissolution",
    "renamed": "Renaming",
    "moved": "Move",
}


@dataclass(frozen=True)
class RecordFormat:
    """A format of records: its name, title and reader, and whether a file is the whole register."""

    name: str
    title: str
    read: Callable[[Path], Items]
    whole: bool = False
    untaken: Callable[[Path], tuple[str, ...]] = lambda _: ()


@dataclass(frozen=True)
class Run:
    """One import of records: where it goes, when the file was published, and which codes are known."""

    kept: Kept
    format: RecordFormat
    released: date
    known: frozenset[str]
    strict: bool

    @property
    def document(self) -> str:
        """The identifier of the document that the facts are stated in."""
        return f"document/ods-{self.kept.name}"

    def perform(self, tick: Tick) -> Imported:
        """Read, check and write; raises InputError when nothing can be kept."""
        older, known_until = self._older()
        title = f"{self.format.title}, {self.released.isoformat()}"
        newer: dict[str, Snapshot] = {}
        problems: list[Fault] = []
        with writing(self.kept, title, self.document, self.released) as out:
            write_document(
                out, self.document, title, "NHS England, Organisation Data Service", self.released
            )
            writer = OrganisationWriter(
                out, self.kept.name, self.document, self.released, self.known
            )
            for record in self._usable(older, problems, tick):
                writer.write(record)
                newer[record.code] = snapshot(record)
            problems += self._close(writer)
            self._require(newer, problems)
            events = differences(older, newer, known_until, self.format.whole) if older else []
            told = [each for each in events if _write_event(out, each, self)]
        counts = Counter(_TYPES[each.kind] for each in told)
        left = self.format.untaken(self.kept.original)
        return Imported(
            self.kept.name, self.kept.target, len(newer), (), tuple(problems), counts, left
        )

    def _usable(
        self, older: Mapping[str, Snapshot], problems: list[Fault], tick: Tick
    ) -> Iterator[Record]:
        path = self.kept.original
        for number, item in enumerate(sound(self.format.read(path), path, self.released), 1):
            if number % _EVERY == 0:
                tick(number)
            if isinstance(item, Fault):
                problems.append(item)
            elif reused(older.get(item.code), snapshot(item)):
                was = older[item.code]
                message = (
                    f"{item.code} was {ordinary(was.name)}, closed on {was.closed}; the code now "
                    f"stands for {ordinary(item.name)}. This record is not used."
                )
                remedy = "A code that is used again needs an identifier of its own."
                problems.append(Fault(message, path, item.place, "code", remedy))
            else:
                yield item

    def _close(self, writer: OrganisationWriter) -> list[Fault]:
        circles = circular(writer.successions)
        writer.close({each for circle in circles for each in circle})
        return [
            Fault(
                f"{' → '.join(sorted({each[0] for each in circle}))} succeed one another in a circle; "
                "these successions are not used.",
                self.kept.original,
                None,
                "succession",
                "Correct the succession in the register it comes from.",
            )
            for circle in circles
        ]

    def _require(self, newer: Mapping[str, Snapshot], problems: list[Fault]) -> None:
        if problems and (self.strict or not newer):
            raise InputError(problems)
        if not newer:
            raise InputError(Fault("holds no organisation.", self.kept.original))

    def _older(self) -> tuple[dict[str, Snapshot], date]:
        """Return the organisations as earlier releases of the format show them, and their date."""
        found = sorted(self.kept.folder.glob(f"{self.format.name}-*.nq"))
        names = [path.stem for path in found if path.stem < self.kept.name]
        names = names[-1:] if self.format.whole else names
        older: dict[str, Snapshot] = {}
        for name in names:
            original = next(p for p in self.kept.folder.glob(f"{name}.*") if p.suffix != ".nq")
            for item in sound(self.format.read(original), original, self.released):
                if isinstance(item, Record):
                    older[item.code] = snapshot(item)
        start = len(self.format.name) + 1
        last = date.fromisoformat(names[-1][start : start + 10]) if names else date.min
        return older, last


def snapshot(record: Record) -> Snapshot:
    """Return what is compared between releases; the board is the open RE5 relation, as a rule one."""
    life = record.life.chosen
    boards = [r.target for r in record.relations if r.code == "RE5" and not r.dates.chosen.last]
    return Snapshot(record.code, record.name, life.first, life.last, min(boards, default=""))


def _write_event(out: Writer, event: Event, run: Run) -> bool:
    kind = _TYPES.get(event.kind)
    if kind is None:
        return False
    when = event.date or run.released
    subject = node(f"event/ods-{when.isoformat()}-{event.code}-{event.kind}")
    organisation = node(f"organisation/{event.code}")
    out.say(subject, "rdf:type", term(kind))
    out.text(subject, "rdfs:label", event_label(event), "en")
    out.say(subject, "date", literal(when))
    out.say(subject, "statedIn", node(run.document))
    if kind != "Establishment":
        out.say(subject, "original", organisation)
    if kind != "Dissolution":
        out.say(subject, "resulting", organisation)
    if event.date is None:
        note = "The day is not known: it lies between the two releases."
        out.text(subject, "skos:note", note, "en")
    return True
