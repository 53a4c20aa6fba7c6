"""What registers say of a thing, and when two of them contradict each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from rdflib import URIRef

from loader.sources.names import same
from loader.terms import slug
from server.answers.reference import Reference

Json = dict[str, Any]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EITHER = frozenset(["NHSProviderTrust", "RegisteredOrganisation"])
_KINDS_OF_BODY = frozenset(
    [
        "NHSTrust",
        "FoundationTrust",
        "IntegratedCareBoard",
        "ClinicalCommissioningGroup",
        "SubICBLocation",
    ]
)


@dataclass(frozen=True)
class Claim:
    """What one source says of a thing: of which kind, and from when to when."""

    organisation: str
    code: str
    kind: str
    value: str
    first: date | None
    end: date | None
    source: str
    moment: bool

    def day_shared(self, other: Claim) -> date | None:
        """Return a day on which both claims hold, or None."""
        start = max(self.first or date.min, other.first or date.min)
        return start if start < min(self.until, other.until) else None

    @property
    def until(self) -> date:
        """The first day on which the claim no longer holds; what is only shown holds for that day."""
        if self.moment and self.first:
            return self.first + timedelta(days=1)
        return self.end or date.max

    @property
    def series(self) -> str:
        """The source without its date: releases of one report, register or list are one series."""
        return _DAY.sub("", self.source)

    def agrees(self, other: Claim) -> bool:
        """Tell whether two claims of the same kind say the same, however they are written."""
        if self.kind in ("name", "title"):
            return same(self.value, other.value)
        if self.kind == "postcode":
            return self.value.replace(" ", "").upper() == other.value.replace(" ", "").upper()
        if self.kind == "type":
            return self.value == other.value or _compatible(self.value, other.value)
        return self.value == other.value

    def worded(self, ref: Reference) -> str:
        """Return the value in words: a thing by its label, a first or last day written out."""
        if self.value.startswith("http"):
            return ref.label(URIRef(self.value))
        if self.kind == "last-day":
            return f"last day {_written(date.fromisoformat(self.value) - timedelta(days=1))}"
        if self.kind.endswith("first-day"):
            return _written(date.fromisoformat(self.value))
        return self.value

    def told(self, ref: Reference, sources: Sequence[str], titles: dict[str, str]) -> Json:
        """Return it as JSON, with every source that makes the same claim."""
        return {
            "source": sources[0],
            "sources": [{"name": each, "title": _title(each, titles)} for each in sources],
            "value": self.value,
            "label": self.worded(ref),
            "from": self.first.isoformat() if self.first else None,
            "to": self.end.isoformat() if self.end else None,
            "shownOnly": self.moment,
        }


@dataclass(frozen=True)
class Conflict:
    """Two claims that cannot both be right, a day on which both are made, and the sources of each."""

    kind: str
    one: Claim
    other: Claim
    on: date | None
    sources: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def newest(claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims without those that a newer release of the same series makes anew.

    For facts that a release states without dates: what the newer release says then replaces the older, over time.
    """
    latest: dict[tuple[str, str], str] = {}
    kept = list(claims)
    for each in kept:
        key = (each.organisation, each.series)
        latest[key] = max(latest.get(key, ""), each.source)
    return [each for each in kept if latest[each.organisation, each.series] == each.source]


def merged(found: Iterable[Conflict]) -> list[Conflict]:
    """Return the conflicts with those of the same two values made one, which names the sources of each."""
    groups: dict[tuple[str, str], list[tuple[Conflict, set[str], set[str]]]] = defaultdict(list)
    for each in found:
        group = groups[each.one.organisation, each.kind]
        for first, one, other in group:
            if _alike(first.one, each.one) and _alike(first.other, each.other):
                one.add(each.one.source)
                other.add(each.other.source)
                break
            if _alike(first.one, each.other) and _alike(first.other, each.one):
                one.add(each.other.source)
                other.add(each.one.source)
                break
        else:
            group.append((each, {each.one.source}, {each.other.source}))
    return [
        replace(each, sources=(tuple(sorted(one)), tuple(sorted(other))))
        for group in groups.values()
        for each, one, other in group
    ]


def _title(source: str, titles: dict[str, str]) -> str:
    title = titles.get(source, source)
    return title if source.startswith("import/") or source not in titles else f"{title} (register)"


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _alike(one: Claim, other: Claim) -> bool:
    return one.kind == other.kind and (
        one.agrees(other) if one.kind != "type" else one.value == other.value
    )


def _compatible(one: str, other: str) -> bool:
    """Tell whether an organisation can belong to both classes; only kinds of body exclude one another."""
    names = {slug(one), slug(other)}
    return bool(names & _EITHER) or not names <= _KINDS_OF_BODY
