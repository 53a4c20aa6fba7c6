"""How a run of the 2024 draft is told: its outcomes, the rules behind them, and the actions that follow."""

from __future__ import annotations

from loader.terms import slug
from server.answers.reference import Json
from server.answers.segmentation.assessment_engine import Applied, Run
from server.answers.segmentation.assessment_input import Given
from server.answers.segmentation.assessment_model import Model, locator
from server.answers.segmentation.assessment_words import TITLES


def path(done: Run) -> list[Json]:
    """Return the outcomes in order, each with its numbers and the ways from the numbers of the one before."""
    return [
        {
            "outcome": name,
            "label": TITLES.get(name, name),
            "values": sorted(values),
            "ways": [
                {"from": a, "to": b, "open": len(done.moves[name]) > 1}
                for a, b in sorted(done.moves.get(name, frozenset()))
                if b in values
            ],
        }
        for name, values in done.outcomes.items()
    ]


def targeted(done: Run, given: Given) -> list[str]:
    """Return the areas in which the rules that are met call for targeted intervention, each once."""
    areas = [
        area
        for each in done.applied
        if each.rule is not None and each.rule.action_in and each.met
        for area in given.values.get(each.rule.action_in, [])
    ]
    return list(dict.fromkeys(areas))


def actions(done: Run) -> list[Json]:
    """Return the actions of the rules that are met, or may be, in the order of the steps."""
    return [
        {
            "action": each.rule.action,
            "rule": each.rule.statement,
            "modality": each.rule.modality,
            "required": each.met is True and each.rule.modality == "must",
            "locator": locator(each.rule.sources),
        }
        for each in done.applied
        if each.rule is not None and each.rule.action and each.met is not False
    ]


def applied(each: Applied) -> Json:
    """Return a rule, or a stated fact, as it was applied: its step, words, outcome, and where it is written."""
    rule = each.rule
    sources = rule.sources if rule else each.step.sources
    return {
        "step": each.step.label,
        "number": each.step.number,
        "outcome": each.step.outcome,
        "rule": rule.statement if rule else "Stated as a fact by you.",
        "ruleId": str(rule.id) if rule else None,
        "slug": slug(str(rule.id)) if rule else None,
        "applies": each.met,
        "modality": "may" if rule and rule.modality == "may" else "must",
        "wording": rule.modality if rule else "given",
        "permits": sorted(each.permits),
        "note": rule.note if rule else None,
        "locator": locator(sources),
        "sources": sources,
    }


def outcome(model: Model, done: Run, value: int) -> Json:
    """Return how a final segment stands: required, permitted, excluded or open, and by which sentence."""
    final = done.outcomes["finalSegment"]
    if value in final:
        status = "required" if len(final) == 1 else "permitted"
        return _stands(value, status, _leading(done, value))
    if barring := [each for each in done.applied if each.met and _bars(each, value)]:
        return _stands(value, "excluded", barring[-1])
    bound = model.matter("moderation")
    if (
        bound is not None
        and bound.key in model.facts
        and model.facts[bound.key].assumed is not None
    ):
        return {"segment": value, "status": "open", "rule": bound.statement,
                "locator": locator(bound.sources), "sources": bound.sources}  # fmt: skip
    return {"segment": value, "status": "excluded", "rule": "No rule leads here from these facts.",
            "locator": "", "sources": []}  # fmt: skip


def _leading(done: Run, value: int) -> Applied | None:
    """Return the rule that brought an outcome into the final set: the first that permits it."""
    last = [e for e in done.applied if e.step.outcome == "finalSegment" and e.met is not False]
    permitting = [each for each in last if each.rule is not None and value in each.permits]
    return permitting[0] if permitting else None


def _bars(each: Applied, value: int) -> bool:
    rule = each.rule
    if rule is None or each.step.outcome != "finalSegment":
        return False
    fixed = rule.fixed is not None and value != rule.fixed
    return fixed or (rule.least is not None and value < rule.least)


def _stands(value: int, status: str, by: Applied | None) -> Json:
    rule = by.rule if by else None
    sources = rule.sources if rule else []
    return {"segment": value, "status": status, "rule": rule.statement if rule else None,
            "locator": locator(sources), "sources": sources}  # fmt: skip
