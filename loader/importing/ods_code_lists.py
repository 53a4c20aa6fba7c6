"""Import code lists of the Organisation Data Service: names for the roles and relationships that records carry."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from loader.errors import Fault, InputError
from loader.importing.keeping import Kept, date_in_name, slug, writing
from loader.importing.others import write_document
from loader.importing.outcome import Imported
from loader.importing.roles import code_lists
from loader.nquads import Writer, literal, node, term
from loader.sources.code_lists import Code, read
from loader.sources.names import ordinary
from loader.sources.opened import date_of, document

_TYPES = {"role": "OdsRole", "relationship": "OdsRelationship"}


def import_file(path: Path, home: Path, released: date | None, strict: bool) -> Imported:
    """Import a list; raises InputError when it cannot be used, or is faulty and ``strict`` holds."""
    items = list(read(path))
    codes = [item for item in items if isinstance(item, Code)]
    problems = [item for item in items if isinstance(item, Fault)]
    if not codes or (strict and problems):
        raise InputError(problems or [Fault("holds no code.", path)])
    day = released or _date(path)
    kept = Kept(home, "ods", f"codes-{day.isoformat()}-{slug(path.name.split('.')[0])}", path)
    named, title = (
        f"document/ods-{kept.name}",
        f"Code list of the Organisation Data Service, {path.stem}",
    )
    with writing(kept, title, named, day) as out:
        write_document(out, named, title, "NHS England, Organisation Data Service", day)
        for each in codes:
            _code(out, named, each)
    return Imported(kept.name, kept.target, len(codes), (), tuple(problems))


def _code(out: Writer, named: str, each: Code) -> None:
    lists = code_lists()
    if each.code in lists.roles or each.code in lists.relationships:
        return
    subject = node(f"ods-{each.kind}/{each.code}")
    out.say(subject, "rdf:type", term(_TYPES[each.kind]))
    out.say(subject, "roleCode", literal(each.code))
    out.text(subject, "rdfs:label", ordinary(each.name), "en")
    out.say(subject, "statedIn", node(named))


def _date(path: Path) -> date:
    said = "" if path.suffix.lower() == ".csv" else date_of(document(path)[0])
    return date.fromisoformat(said) if said else date_in_name(path)
