"""An answer on segments in words: each outcome with the sentences that lead to it, and what the text leaves open."""

from __future__ import annotations

from collections.abc import Iterable

from server.answers.reference import Json
from server.answers.segmentation.assessment_engine import Applied, Run
from server.answers.segmentation.assessment_model import locator

TITLES = {
    "indicativeDeliveryScore": "Indicative delivery score",
    "provisionalDeliveryScore": "Provisional delivery score",
    "provisionalSegment": "Provisional segment",
    "finalSegment": "Final segment",
}


def in_words(done: Run, areas: list[str], matters: Iterable[Json]) -> str:
    """Return the answer as lines: outcomes with their rules, required intervention, and open matters."""
    lines = []
    for name, values in done.outcomes.items():
        rules = [
            e for e in done.applied if e.step.outcome == name and e.rule and e.met is not False
        ]
        lines.append(f"{TITLES.get(name, name)}: {either(values)}. {_rules(rules)}".strip())
    if areas:
        lines.append(f"Targeted intervention is required in: {', '.join(areas)}.")
    lines += [f"Not settled by the text – {each['what']}: {each['why']}" for each in matters]
    return "\n".join(lines)


def either(values: Iterable[int]) -> str:
    """Return numbers as `2`, `2 or 3`, `1, 2 or 3`."""
    texts = [str(value) for value in sorted(values)]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def _rules(applied: list[Applied]) -> str:
    told = [_rule(each) for each in applied if each.rule is not None]
    return " ".join(told)


def _rule(each: Applied) -> str:
    assert each.rule is not None  # noqa: S101 - the caller leaves out steps without a rule
    sure = "" if each.met else "Perhaps: "
    note = f" {each.rule.note}" if each.rule.note else ""
    return f"{sure}{each.rule.statement}{note} [{locator(each.rule.sources)}]"
