"""Turn a file of the NHS Oversight Framework into entries of the form that registers have: metrics and observations.

The figures belong to the scheme that published them. They are never computed by the rules of another scheme, and a
trust can have several segments under one scheme: unadjusted, adjusted, overridden, and one for each domain.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from loader.sources.nof import Release, Row
from loader.sources.periods import days

Entry = dict[str, Any]

_NOTE = (
    "Published under this scheme. The consultation draft of 2024 is another scheme: neither is computed by the "
    "rules of the other."
)


def name_of(release: Release) -> str:
    """Return the name of the import of a release, for example ``2025-26-q1``."""
    quarter, year = release.quarter.split(" ", 1)
    return f"{year.replace('/', '-')}-{quarter.lower()}"


def to_entries(release: Release, known: Container[str]) -> Entry:
    """Return ``{"graph": …, "entries": […]}`` for a release.

    ``known`` holds the codes that a register describes; a trust with another code gets an entry with its name.
    """
    name = name_of(release)
    year = release.quarter.split(" ", 1)[1]
    document, scheme = f"document/nof-{name}", f"assessment-scheme/nof-{year.replace('/', '-')}"
    title = f"NHS Oversight Framework data, {release.quarter}"
    graph = {
        "title": title,
        "description": "Metrics, scores and segments of trusts, imported from a file of NHS England.",
        "source": [document],
    }
    entries: list[Entry] = [
        {
            "id": document,
            "type": "Document",
            "label": title,
            "publisher": "NHS England",
            "licence": "Open Government Licence v3.0",
        },
        {
            "id": scheme,
            "type": "AssessmentScheme",
            "label": f"NHS Oversight Framework {year}",
            "periodCovered": year,
            "note": _NOTE,
            "statedIn": [document],
        },
    ]
    entries += _trusts(release, known, document)
    entries += _metrics(release, scheme, document)
    entries += [_observation(row, release.quarter, name, scheme, document) for row in release.rows]
    return {"graph": graph, "entries": entries}


def _trusts(release: Release, known: Container[str], document: str) -> list[Entry]:
    """Return entries for trusts that no register knows: shown to exist in the quarter, and no more."""
    names = {row.code: row.name for row in release.rows if row.code not in known}
    span = days(release.quarter)
    shown = {"attestedFrom": span[0].isoformat(), "statedIn": [document]} if span else {}
    return [
        {
            "id": f"organisation/{code}",
            "type": "Organisation",
            "label": name,
            "odsCode": code,
            "names": [{"name": name, **shown}],
            "memberships": [{"class": "NHSProviderTrust", **shown}],
            "note": "Known from the published metrics only.",
            **shown,
        }
        for code, name in sorted(names.items())
    ]


def _metrics(release: Release, scheme: str, document: str) -> list[Entry]:
    first = {row.metric: row for row in reversed(release.rows)}
    entries = [
        {
            "id": _metric(scheme, code),
            "type": "Metric",
            "label": row.description,
            "metricCode": code,
            "metricDomain": row.domain or None,
            "metricSubDomain": row.sub_domain or None,
            "scheme": scheme,
            "statedIn": [document],
        }
        for code, row in sorted(first.items())
    ]
    return [{key: value for key, value in entry.items() if value is not None} for entry in entries]


def _metric(scheme: str, code: str) -> str:
    return f"metric/{scheme.rsplit('/', 1)[1]}/{code}"


def _observation(row: Row, quarter: str, name: str, scheme: str, document: str) -> Entry:
    span = days(row.period)
    entry = {
        "id": f"observation/nof-{name}/{row.code}/{row.metric}" + _suffix(row),
        "type": "Observation",
        "label": f"{row.description}: {row.name}",
        "ofOrganisation": f"organisation/{row.code}",
        "ofMetric": _metric(scheme, row.metric),
        "value": row.value,
        "unit": row.unit,
        "period": row.period or None,
        "periodFrom": span[0].isoformat() if span else None,
        "periodTo": span[1].isoformat() if span else None,
        "releasePeriod": quarter,
        "scheme": scheme,
        "medianValue": row.median,
        "lowerQuartile": row.lower,
        "upperQuartile": row.upper,
        "publishedRank": row.rank,
        "statedIn": [document],
    }
    return {key: value for key, value in entry.items() if value is not None}


def _suffix(row: Row) -> str:
    """Return what tells rows of one trust and metric apart: the period as published."""
    period = re.sub(r"[^a-z0-9]+", "-", row.period.lower()).strip("-")
    return f"/{period}" if period else ""
