"""Write records of the Organisation Data Service as statements, one record at a time."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from loader.importing.classes import memberships, of_unit
from loader.importing.roles import code_lists
from loader.nquads import Writer, literal, node, term
from loader.sources.names import ordinary
from loader.sources.records import Dates, Record, Relation, Role

_LEGAL_UNKNOWN = "Existence is taken from the operational dates of the Organisation Data Service."


# The kind of the other facts follows from the property that leads to them; a national register has millions.
_TYPED = frozenset(["ClassMembership"])


class OrganisationWriter:
    """Writes organisations; ``close`` writes their successions and names what was only pointed at.

    ``known`` holds codes that the shipped registers describe: for these no label, no existence and
    no class is stated, because the registers have them from the law. ``mark`` tells the facts of
    this import from those of others.
    """

    def __init__(
        self, out: Writer, mark: str, document: str, released: date, known: Container[str]
    ) -> None:
        self._out, self._mark, self._released, self._known = out, mark, released, known
        self._document = node(document)
        self._lists = code_lists()
        self._said: set[str] = set()
        self._named: set[str] = set()
        self.successions: set[tuple[str, str, date | None]] = set()

    def write(self, record: Record) -> None:
        """Write everything that a record states."""
        self._said.add(record.code)
        subject = node(f"organisation/{record.code}")
        out = self._out
        unit = of_unit(record, self._lists)
        out.say(subject, "rdf:type", term("OrganisationalUnit" if unit else "Organisation"))
        out.say(subject, "odsCode", literal(record.code))
        out.say(subject, "statedIn", self._document)
        out.text(subject, "postcode", record.postcode)
        out.text(subject, "addressText", record.address)
        out.text(subject, "uprn", record.uprn)
        self._existence(subject, record)
        self._name(subject, record)
        if record.code not in self._known:
            self._classes(subject, record)
        for number, role in enumerate(record.roles, 1):
            self._role(subject, record, role, number)
        for number, relation in enumerate(record.relations, 1):
            self._relation(subject, record, relation, number)
        self._note_successions(record)

    def close(self, circular: Container[tuple[str, str, date | None]] = ()) -> None:
        """Write the successions, except circular ones, and the organisations only pointed at."""
        for before, after, day in sorted(self.successions, key=str):
            if (before, after, day) not in circular:
                self._succession(before, after, day)
        for code in sorted(self._named - self._said):
            if code not in self._known:
                subject = node(f"organisation/{code}")
                self._out.say(subject, "odsCode", literal(code))
                self._out.text(subject, "rdfs:label", f"{code} (named in another record)", "en")

    def _existence(self, subject: str, record: Record) -> None:
        out, life = self._out, record.life
        if life.operational:
            out.date(subject, "operationalFrom", life.operational.first)
            out.date(subject, "operationalTo", life.operational.end)
        if record.code in self._known:
            return
        out.text(subject, "rdfs:label", ordinary(record.name), "en")
        out.date(subject, "existsFrom", life.chosen.first)
        out.date(subject, "existsTo", life.chosen.end)
        if life.chosen.first is None:
            out.date(subject, "attestedFrom", self._released)
        elif life.legal is None:
            out.text(subject, "skos:note", _LEGAL_UNKNOWN, "en")

    def _name(self, subject: str, record: Record) -> None:
        last, first = record.life.chosen.last, record.life.chosen.first
        seen = min(self._released, last) if last else self._released
        name = self._fact(subject, "hasName", "DatedName", record.code, "name")
        self._out.text(name, "nameText", ordinary(record.name))
        self._out.date(name, "attestedFrom", max(seen, first) if first else seen)
        self._out.date(name, "validTo", record.life.chosen.end)

    def _classes(self, subject: str, record: Record) -> None:
        found = memberships(record, self._lists, self._released)
        for number, each in enumerate(found, 1):
            held = self._fact(
                subject, "membership", "ClassMembership", record.code, f"class-{number}"
            )
            self._out.say(held, "organisationClass", term(each.cls))
            self._out.date(held, "validFrom", each.first)
            self._out.date(held, "attestedFrom", each.seen)
            self._out.date(held, "validTo", each.end)

    def _role(self, subject: str, record: Record, role: Role, number: int) -> None:
        local = f"role-{role.number or number}"
        held = self._fact(subject, "hasRole", "RoleHolding", record.code, local)
        listed = node(f"ods-role/{role.code}")
        self._out.say(held, "odsRole", listed)
        if role.code not in self._said:
            self._out.say(listed, "roleCode", literal(role.code))
            self._said.add(role.code)
        self._dates(held, role.dates)

    def _relation(self, subject: str, record: Record, relation: Relation, number: int) -> None:
        local = f"relation-{relation.number or number}"
        held = self._fact(subject, "hasRelation", "OrganisationRelation", record.code, local)
        kind = self._lists.relationships.get(relation.code, "other-relation")
        listed = node(f"ods-relationship/{relation.code}")
        self._out.say(held, "kind", term(kind))
        self._out.say(held, "odsRelationship", listed)
        if relation.code not in self._said:
            self._out.say(listed, "roleCode", literal(relation.code))
            self._said.add(relation.code)
        self._out.say(held, "target", node(f"organisation/{relation.target}"))
        self._named.add(relation.target)
        self._dates(held, relation.dates)

    def _dates(self, fact: str, dates: Dates) -> None:
        chosen = dates.chosen
        self._out.date(fact, "validFrom", chosen.first)
        self._out.date(fact, "validTo", chosen.end)
        if chosen.first is None:
            self._out.date(fact, "attestedFrom", self._released)
        if dates.operational and dates.legal:
            self._out.date(fact, "operationallyValidFrom", dates.operational.first)
            self._out.date(fact, "operationallyValidTo", dates.operational.end)

    def _fact(self, subject: str, link: str, kind: str, code: str, local: str) -> str:
        fact = node(f"organisation/{code}/{self._mark}/{local}")
        self._out.say(subject, link, fact)
        if kind in _TYPED:
            self._out.say(fact, "rdf:type", term(kind))
        self._out.say(fact, "statedIn", self._document)
        return fact

    def _note_successions(self, record: Record) -> None:
        for each in record.successions:
            pair = (
                (each.target, record.code)
                if each.kind == "predecessor"
                else (record.code, each.target)
            )
            self.successions.add((*pair, each.day))

    def _succession(self, before: str, after: str, day: date | None) -> None:
        when = day.isoformat() if day else "undated"
        event = node(f"event/ods-succession-{when}-{before}-{after}")
        self._out.say(event, "rdf:type", term("Succession"))
        self._out.text(event, "rdfs:label", f"{before} is succeeded by {after}", "en")
        self._out.say(event, "original", node(f"organisation/{before}"))
        self._out.say(event, "resulting", node(f"organisation/{after}"))
        self._out.date(event, "date", day)
        self._out.say(event, "statedIn", self._document)
        self._named.update((before, after))
