"""Write records of the Care Quality Commission, areas and lone successions as statements."""

from __future__ import annotations

import re
from datetime import date

from loader.nquads import Writer, literal, node, term
from loader.sources.cqc_records import CqcRecord, Rating
from loader.sources.ons import Area
from loader.sources.successions import Followed

_KINDS = {"merger": "Merger", "split": "Split", "acquisition": "Acquisition"}


class CqcWriter:
    """Writes providers and locations, each once however often a table names it; ratings add up."""

    def __init__(self, out: Writer, mark: str, document: str) -> None:
        self._out, self._mark, self._document = out, mark, node(document)
        self._said: set[str] = set()
        self._pointed: set[str] = set()

    def write(self, record: CqcRecord) -> None:
        """Write the record, if it is new, and its ratings."""
        path = f"cqc/{record.kind}/{record.code}"
        if path not in self._said:
            self._said.add(path)
            self._identity(node(path), record)
        for rating in record.ratings:
            self._rating(path, rating)

    def close(self) -> None:
        """Write the providers that locations point at and no row describes."""
        for path in sorted(self._pointed - self._said):
            code = path.rpartition("/")[2]
            self._identity(node(path), CqcRecord("provider", code, f"Provider {code}", 0))

    def _identity(self, subject: str, record: CqcRecord) -> None:
        out = self._out
        out.say(
            subject, "rdf:type", term("CqcProvider" if record.kind == "provider" else "CqcLocation")
        )
        out.text(subject, "rdfs:label", record.name, "en")
        out.say(subject, "recordCode", literal(record.code))
        out.say(subject, "statedIn", self._document)
        out.text(subject, "recordName", record.name)
        out.text(subject, "recordOdsCode", record.ods_code)
        out.text(subject, "recordType", record.type)
        out.text(subject, "registrationStatus", record.status)
        out.text(subject, "recordAddress", record.address)
        out.text(subject, "recordPostcode", record.postcode)
        out.date(subject, "registeredFrom", record.registered.first)
        out.date(subject, "registeredTo", record.registered.end)
        if record.provider:
            provider = f"cqc/provider/{record.provider}"
            self._pointed.add(provider)
            out.say(subject, "providedBy", node(provider))

    def _rating(self, path: str, rating: Rating) -> None:
        local = re.sub(r"[^a-z0-9]+", "-", f"{rating.service} {rating.question}".lower()).strip("-")
        fact = node(f"{path}/{self._mark}/{local}")
        out = self._out
        out.say(node(path), "hasPublishedRating", fact)
        out.say(fact, "rdf:type", term("PublishedRating"))
        out.text(fact, "ratingQuestion", rating.question)
        out.text(fact, "ratingService", rating.service)
        out.text(fact, "ratingValue", rating.value)
        out.date(fact, "ratingPublished", rating.published)
        out.say(fact, "statedIn", self._document)


def write_area(out: Writer, document: str, area: Area) -> None:
    """Write an area with its codes; the ODS code links it to an organisation later."""
    subject = node(f"ons/{area.code}")
    out.say(subject, "rdf:type", term("AreaRecord"))
    out.text(subject, "rdfs:label", area.name, "en")
    out.say(subject, "recordCode", literal(area.code))
    out.text(subject, "recordName", area.name)
    out.text(subject, "recordOdsCode", area.ods_code)
    out.text(subject, "recordType", area.kind)
    out.say(subject, "statedIn", node(document))


def write_succession(out: Writer, document: str, each: Followed, known: set[str]) -> None:
    """Write a succession as an event; organisations that no register describes are named by their code."""
    event = node(f"event/succession-{each.day.isoformat()}-{each.before}-{each.after}")
    out.say(event, "rdf:type", term(_KINDS.get(each.kind, "Succession")))
    out.text(event, "rdfs:label", f"{each.before} is succeeded by {each.after}", "en")
    out.date(event, "date", each.day)
    out.say(event, "statedIn", node(document))
    for link, code in (("original", each.before), ("resulting", each.after)):
        subject = node(f"organisation/{code}")
        out.say(event, link, subject)
        if code not in known:
            known.add(code)
            out.say(subject, "odsCode", literal(code))
            out.text(subject, "rdfs:label", f"{code} (named in a succession)", "en")


def write_document(out: Writer, document: str, title: str, publisher: str, released: date) -> None:
    """Write the description of the document from which an import is made."""
    subject = node(document)
    out.say(subject, "rdf:type", term("Document"))
    out.text(subject, "rdfs:label", title, "en")
    out.text(subject, "publisher", publisher)
    out.date(subject, "issued", released)
    out.text(subject, "licence", "Open Government Licence v3.0")
