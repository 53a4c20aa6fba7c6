"""Reports: findings counted by rule, organisation, owner and severity, and how complete the data are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from loader.validation.findings import Finding
from loader.validation.rules import SHAPE, rules
from loader.validation.scope import Scope, scope_from_json

SEVERITIES = ("violation", "warning", "info")
SAMPLES = 3
MOST_ROWS = 1_000

Key = tuple[str, str, str, str]
Counts = Mapping[str, Counter[str]]


@dataclass(frozen=True)
class Checked:
    """One thing that was checked: its kind and the organisation that it concerns."""

    record: str
    kind: str
    organisation: str


@dataclass(frozen=True)
class Report:
    """The outcome of validating data: what was checked, by what, and what was found.

    ``kept`` holds the counts of a report whose findings and things checked are not all here: one that was kept, or
    one of more findings than are told singly.
    """

    title: str
    findings: tuple[Finding, ...]
    checked: tuple[Checked, ...]
    rules_run: int
    made: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    kept: Mapping[str, Any] = field(default_factory=dict)
    scope: tuple[Scope, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether no mandatory rule found anything; advice does not count."""
        return not self.counts()["violation"]

    def counts(self) -> dict[str, int]:
        """Return the number of findings by severity."""
        if self.kept:
            return dict(self.kept["counts"])
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in SEVERITIES}

    def by_rule(self) -> dict[str, int]:
        """Return the number of findings by rule, in the order of their numbers."""
        if self.kept:
            return dict(self.kept["byRule"])
        return dict(sorted(Counter(finding.rule for finding in self.findings).items()))

    def groups(self) -> list[dict[str, Any]]:
        """Return findings by rule, organisation, owner and severity, most first, each with samples."""
        return list(self.kept["groups"]) if self.kept else grouped(self.findings)

    def completeness(self) -> dict[str, list[dict[str, Any]]]:
        """Return by kind and by organisation how many of the things checked have no violation, the least first."""
        if self.kept:
            return dict(self.kept["completeness"])
        faulty = {finding.record for finding in self.findings if finding.severity == "violation"}
        return shares(
            _counted(self.checked), _counted(c for c in self.checked if c.record in faulty)
        )

    def summary(self) -> dict[str, Any]:
        """Return the report without its single findings: what is kept of a build and compared with the next.

        Groups and organisations are at most ``MOST_ROWS``; ``groupsTotal`` and ``organisations`` count them all.
        """
        groups, complete = self.groups(), self.completeness()
        return {
            "title": self.title,
            "made": self.made,
            "conforms": self.conforms,
            "checked": self.kept.get("checked", len(self.checked)),
            "rulesRun": self.rules_run,
            "counts": self.counts(),
            "byRule": self.by_rule(),
            "completeness": {name: rows[:MOST_ROWS] for name, rows in complete.items()},
            "organisations": self.kept.get("organisations", len(complete["byOrganisation"])),
            "groups": groups[:MOST_ROWS],
            "groupsTotal": self.kept.get("groupsTotal", len(groups)),
            "graphs": [scope.as_json() for scope in self.scope],
        }

    def as_json(self, size: int = 500) -> dict[str, Any]:
        """Return the report with the first ``size`` of its findings, as plain data; ``total`` counts them all."""
        return {
            **self.summary(),
            "findings": [finding.as_json() for finding in self.findings[:size]],
            "total": self.kept.get("total", len(self.findings)),
        }


def from_json(kept: Mapping[str, Any]) -> Report:
    """Return a report that was kept as plain data; what was checked comes back as its shares only."""
    names = [field.name for field in fields(Finding)]
    rows = (
        {**{n: row[n] for n in names}, "sources": tuple(row["sources"])} for row in kept["findings"]
    )
    findings = tuple(Finding(**row) for row in rows)
    scope = tuple(scope_from_json(row) for row in kept.get("graphs", ()))
    return Report(kept["title"], findings, (), kept["rulesRun"], kept["made"], dict(kept), scope)


def grouped(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings counted by rule, organisation, owner and severity, most first."""
    tally = Tally()
    tally.add(findings)
    return tally.groups()


class Tally:
    """Findings counted as they come: how many of each rule, organisation, owner and severity, with samples."""

    def __init__(self) -> None:
        self._count: Counter[Key] = Counter()
        self._samples: dict[Key, list[Finding]] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """Count findings; each is to be given once."""
        for found in findings:
            key = (found.rule, found.organisation, found.owner, found.severity)
            self._count[key] += 1
            if len(kept := self._samples.setdefault(key, [])) < SAMPLES:
                kept.append(found)

    def groups(self, most: int | None = None) -> list[dict[str, Any]]:
        """Return the groups, or the first ``most`` of them: violations before advice, then the largest."""
        order = sorted(
            self._count.items(), key=lambda pair: (SEVERITIES.index(pair[0][3]), -pair[1], pair[0])
        )
        return [_group(key, number, self._samples[key]) for key, number in order[:most]]

    def kept(self) -> dict[str, Any]:
        """Return the counts as a report keeps them."""
        rules, severities = Counter[str](), Counter[str]()
        for (rule, _, _, severity), number in self._count.items():
            rules[rule] += number
            severities[severity] += number
        return {
            "counts": {severity: severities[severity] for severity in SEVERITIES},
            "byRule": dict(sorted(rules.items())),
            "groups": self.groups(MOST_ROWS),
            "groupsTotal": len(self._count),
            "total": rules.total(),
        }


def trend(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return by rule how many findings there are now and were before; empty without an earlier report."""
    if before is None:
        return []
    numbers = sorted({*now["byRule"], *before["byRule"]})
    rows = (
        (number, now["byRule"].get(number, 0), before["byRule"].get(number, 0))
        for number in numbers
    )
    return [{"rule": n, "now": a, "before": b, "change": a - b} for n, a, b in rows]


def _group(key: tuple[str, str, str, str], count: int, samples: list[Finding]) -> dict[str, Any]:
    number, organisation, owner, severity = key
    rule = rules()[SHAPE + number]
    return {
        "rule": number,
        "message": rule.message,
        "organisation": organisation,
        "owner": owner,
        "severity": severity,
        "count": count,
        "fix": rule.fix,
        "affects": rule.affects,
        "topic": rule.topic,
        "samples": [{"label": f.label, "what": f.what, "place": f.place} for f in samples],
    }


def shares(checked: Counts, faulty: Counts) -> dict[str, list[dict[str, Any]]]:
    """Return for each way of counting how many of the things checked are not faulty, by name, the least first."""
    return {
        way: [
            {
                "name": name,
                "checked": total,
                "complete": (fine := total - faulty[way][name]),
                "percent": round(100 * fine / total, 1),
            }
            for name, total in sorted(
                numbers.items(), key=lambda pair: (1 - faulty[way][pair[0]] / pair[1], pair[0])
            )
        ]
        for way, numbers in checked.items()
    }


def _counted(checked: Iterable[Checked]) -> dict[str, Counter[str]]:
    things = list(checked)
    return {
        "byKind": Counter(each.kind for each in things),
        "byOrganisation": Counter(each.organisation for each in things),
    }
