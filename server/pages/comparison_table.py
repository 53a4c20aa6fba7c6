"""A comparison of framework versions as columns and rows, for files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_COLUMNS = (
    ("topic", "Topic"),
    ("change", "Change"),
    ("decisive", "One would decide differently"),
    ("before", "Before"),
    ("beforeAt", "Stated in (before)"),
    ("after", "After"),
    ("afterAt", "Stated in (after)"),
    ("statement", "What changed"),
)


def as_table(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison in the shape that ``server.pages.tables`` writes: ``{columns, rows}``."""
    return {
        "columns": [{"name": name, "label": label} for name, label in _COLUMNS],
        "rows": [_row(change) for change in answer["changes"]],
        "explanation": "Nothing changed between these versions.",
    }


def _row(change: Mapping[str, Any]) -> dict[str, Any]:
    before, after = change["before"] or {}, change["after"] or {}
    texts = {
        "topic": change["topic"],
        "change": change["change"],
        "decisive": "yes" if change["decisionRelevant"] else "no",
        "before": before.get("text"),
        "beforeAt": "; ".join(before.get("locators", ())),
        "after": after.get("text"),
        "afterAt": "; ".join(after.get("locators", ())),
        "statement": change["statement"],
    }
    cells: dict[str, Any] = {k: {"label": text} if text else None for k, text in texts.items()}
    return {**cells, "sources": [*before.get("sources", ()), *after.get("sources", ())]}
