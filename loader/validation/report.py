"""Reports: findings counted by rule, organisation, owner and severity, and how complete the data are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

from loader.validation.findings import Finding
from loader.validation.rules import SHAPE, rules

SEVERITIES = ("violation", "warning", "info")
_SAMPLES = 3


@dataclass(frozen=True)
class Checked:
    """One thing that was checked: its kind and the organisation that it concerns."""

    record: str
    kind: str
    organisation: str


@dataclass(frozen=True)
class Report:
    """The outcome of validating data: what was checked and what was found."""

    title: str
    findings: tuple[Finding, ...]
    checked: tuple[Checked, ...]
    rules_run: int
    made: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    kept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether no mandatory rule found anything; advice does not count."""
        return not any(finding.severity == "violation" for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """Return the number of findings by severity."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in SEVERITIES}

    def by_rule(self) -> dict[str, int]:
        """Return the number of findings by rule, in the order of their numbers."""
        return dict(sorted(Counter(finding.rule for finding in self.findings).items()))

    def groups(self) -> list[dict[str, Any]]:
        """Return findings by rule, organisation, owner and severity, most first, each with samples."""
        return grouped(self.findings)

    def completeness(self) -> dict[str, list[dict[str, Any]]]:
        """Return by kind and by organisation how many of the things checked have no violation."""
        if self.kept:
            return dict(self.kept["completeness"])
        faulty = {finding.record for finding in self.findings if finding.severity == "violation"}
        return {
            "byKind": _shares(((c.kind, c.record) for c in self.checked), faulty),
            "byOrganisation": _shares(((c.organisation, c.record) for c in self.checked), faulty),
        }

    def summary(self) -> dict[str, Any]:
        """Return the report without its single findings: what is kept of a build and compared with the next."""
        return {
            "title": self.title,
            "made": self.made,
            "conforms": self.conforms,
            "checked": self.kept.get("checked", len(self.checked)),
            "rulesRun": self.rules_run,
            "counts": self.counts(),
            "byRule": self.by_rule(),
            "completeness": self.completeness(),
            "groups": self.groups(),
        }

    def as_json(self, size: int = 500) -> dict[str, Any]:
        """Return the report with the first ``size`` of its findings, as plain data; ``total`` counts them all."""
        return {
            **self.summary(),
            "findings": [finding.as_json() for finding in self.findings[:size]],
            "total": len(self.findings),
        }


def from_json(kept: Mapping[str, Any]) -> Report:
    """Return a report that was kept as plain data; what was checked comes back as its shares only."""
    names = [field.name for field in fields(Finding)]
    rows = (
        {**{n: row[n] for n in names}, "sources": tuple(row["sources"])} for row in kept["findings"]
    )
    report = Report(
        kept["title"], tuple(Finding(**row) for row in rows), (), kept["rulesRun"], kept["made"]
    )
    return replace(report, kept=dict(kept))


def grouped(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings counted by rule, organisation, owner and severity, most first."""
    count: Counter[tuple[str, str, str, str]] = Counter()
    samples: dict[tuple[str, str, str, str], list[Finding]] = {}
    for found in findings:
        key = (found.rule, found.organisation, found.owner, found.severity)
        count[key] += 1
        if len(kept := samples.setdefault(key, [])) < _SAMPLES:
            kept.append(found)
    rows = sorted(count.items(), key=lambda pair: (SEVERITIES.index(pair[0][3]), -pair[1], pair[0]))
    return [_group(key, number, samples[key]) for key, number in rows]


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


def _shares(pairs: Iterable[tuple[str, str]], faulty: set[str]) -> list[dict[str, Any]]:
    total: Counter[str] = Counter()
    fine: Counter[str] = Counter()
    for name, record in pairs:
        total[name] += 1
        fine[name] += record not in faulty
    return [
        {
            "name": name,
            "checked": total[name],
            "complete": fine[name],
            "percent": round(100 * fine[name] / total[name], 1),
        }
        for name in sorted(total, key=lambda n: (fine[n] / total[n], n))
    ]
