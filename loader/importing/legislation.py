"""Import legislation.gov.uk XML (CLML) and RDF: titles, extents and dates of instruments and provisions."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from loader.errors import Fault, InputError
from loader.graph import read_registers
from loader.importing.keeping import Kept, slug, writing
from loader.importing.others import write_document
from loader.importing.outcome import Imported, Tick
from loader.nquads import Writer, literal, node, term
from loader.paths import registers
from loader.sources import clml
from loader.terms import LEGISLATION

_ACTS = ("ukpga", "ukla", "asp", "anaw", "asc", "nia")
_UNTAKEN = (
    "the text",
    "annotations and commentaries",
    "the changes that are not applied yet, one by one",
)
_WANTED = (
    "title",
    "first_date_entry_in_force",
    "date_no_longer_in_force",
    "date_document",
    "is_part_of",
)


def import_file(
    path: Path, home: Path, released: date | None, strict: bool, tick: Tick
) -> Imported:
    """Import a CLML or RDF file of an instrument; raises InputError when it cannot be used.

    ``strict`` changes nothing: such a file is used whole or not at all.
    """
    if path.suffix.lower() in (".rdf", ".ttl", ".nt"):
        return _rdf(path, home, released or date.today())
    instrument, provisions = clml.read(path)
    day = released or instrument.text_of or date.today()
    local = instrument.id.removeprefix(LEGISLATION)
    kept = Kept(home, "legislation", f"{slug(local)}-{day.isoformat()}-{slug(path.stem)}", path)
    document, title = f"document/{kept.name}", f"{instrument.title}, legislation.gov.uk"
    with writing(kept, title, document, day) as out:
        write_document(out, document, title, "The National Archives", day)
        _instrument(out, document, instrument, local)
        for provision in provisions:
            _provision(out, document, instrument, provision)
    tick(len(provisions))
    return Imported(kept.name, kept.target, 1 + len(provisions), untaken=_UNTAKEN)


def _instrument(out: Writer, document: str, each: clml.Instrument, local: str) -> None:
    subject = node(each.id)
    is_act = local.split("/")[0] in _ACTS
    out.say(subject, "rdf:type", term("Act" if is_act else "Regulations"))
    out.text(subject, "dcterms:title", each.title, "en")
    if each.id not in described():
        out.text(subject, "rdfs:label", each.title, "en")
    out.date(subject, "enactedOn", each.made)
    out.date(subject, "eli:first_date_entry_in_force", each.in_force)
    if each.unapplied:
        note = f"{each.unapplied:,} changes by other instruments are not in this text yet."
        out.text(subject, "skos:note", note, "en")
    out.date(subject, "textAsAt", each.text_of)
    out.text(subject, "territorialExtent", each.extent)
    out.say(subject, "statedIn", node(document))


def _provision(
    out: Writer, document: str, instrument: clml.Instrument, each: clml.Provision
) -> None:
    subject = node(each.id)
    shown = " ".join(part for part in (each.number, each.title) if part)
    local = each.id.removeprefix(instrument.id).strip("/").replace("/", " ")
    out.say(subject, "rdf:type", term("LegalProvision"))
    if each.id not in described():
        out.text(subject, "rdfs:label", f"{instrument.title}, {local}", "en")
    out.text(subject, "provisionHeading", shown)
    out.say(subject, "partOfInstrument", node(instrument.id))
    out.date(subject, "textVersionFrom", each.version_from)
    out.text(subject, "territorialExtent", each.extent)
    if each.prospective:
        out.date(subject, "notInForceAsAt", instrument.text_of)
    out.say(subject, "statedIn", node(document))


@cache
def described() -> frozenset[str]:
    """Return the instruments and provisions that the shipped registers describe, which keep their own labels."""
    return frozenset(
        LEGISLATION + str(entry["id"]).removeprefix("leg:")
        for register in read_registers(registers())
        for entry in register.entries
        if str(entry["id"]).startswith("leg:")
    )


def _rdf(path: Path, home: Path, day: date) -> Imported:
    kept = Kept(home, "legislation", f"rdf-{day.isoformat()}-{slug(path.stem)}", path)
    document, title = f"document/{kept.name}", f"{path.stem}, legislation.gov.uk (RDF)"
    subjects: set[str] = set()
    try:
        with writing(kept, title, document, day) as out:
            write_document(out, document, title, "The National Archives", day)
            for triple in ox.parse(path=str(path)):
                subjects.update(_triple(out, triple))
            if not subjects:
                message = "states no title or date of anything on legislation.gov.uk."
                raise InputError(Fault(message, path, remedy="Give the RDF of an instrument."))
    except SyntaxError as error:
        raise InputError(
            Fault(f"is not RDF: {error}.", path, remedy="Download it again.")
        ) from None
    return Imported(kept.name, kept.target, len(subjects))


def _triple(out: Writer, triple: ox.Triple) -> set[str]:
    subject, wanted = triple.subject, triple.predicate.value
    if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(LEGISLATION):
        return set()
    if wanted.replace("#", "/").rsplit("/", 1)[-1] not in _WANTED:
        return set()
    out.say(
        node(subject.value),
        "dcterms:title" if wanted.endswith("title") else _eli(wanted),
        _dated(triple.object),
    )
    return {subject.value}


def _dated(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """Return a term; a day that stands as plain text becomes a date, so that days can be compared."""
    try:
        return (
            literal(date.fromisoformat(value.value[:10]))
            if isinstance(value, ox.Literal)
            else str(value)
        )
    except ValueError:
        return str(value)


def _eli(predicate: str) -> str:
    return "eli:" + predicate.replace("#", "/").rsplit("/", 1)[-1]
