"""Links by identifier: the record carries the code of the organisation, or of one that it succeeded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from loader.linking.reading import Party


@dataclass(frozen=True, slots=True)
class Link:
    """A link: record, organisation, how it was found, how sure it is, and why."""

    record: str
    organisation: str
    method: str
    confidence: float
    weight: float | None = None
    explanation: str = ""


def by_identifier(
    records: Iterable[Party], organisations: Iterable[Party], successors: Mapping[str, list[str]]
) -> list[Link]:
    """Return a link for each record that carries the code of an organisation.

    Where that organisation had ended when the record began, and one organisation alone followed it,
    the record is linked to that one as well, by former identifier.
    """
    by_code = {each.code: each for each in organisations}
    found: list[Link] = []
    for record in records:
        organisation = by_code.get(record.code) if record.code else None
        if organisation is None:
            continue
        told = f"Both carry the code {record.code}."
        found.append(Link(record.id, organisation.id, "by-identifier", 1.0, None, told))
        after = successors.get(organisation.id, [])
        if organisation.day and len(after) == 1:
            told = f"The record carries {record.code}, which ended on {organisation.day} and was succeeded."
            found.append(Link(record.id, after[0], "by-former-identifier", 1.0, None, told))
    return found
