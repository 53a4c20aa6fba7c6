"""Scores of single metrics under the 2024 draft: quartiles, standard met then tertiles, improvement then tertiles.

Which organisations have a fixed score, how many groups the others make and what the best group scores stands in the
registers (section 4.2 of the draft, metric scoring, items b to d). The arithmetic stands here: the others are ranked,
best first, and split into groups of equal size. Where the groups would be uneven, equal values straddle a boundary, or
data are missing and the text gives them no score, nothing is guessed: the answer says what the text leaves open,
unless the user supplies a rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import RDF, URIRef
from rdflib.term import Node

from loader.terms import REMIT, iri
from server.answers.reference import Json, Reference, reference
from server.answers.segmentation.assessment_model import locator, whole
from server.errors import BadParameter, excerpt
from server.store.protocol import Store

FRAMEWORK = URIRef(iri("framework/oaf-2024-draft"))
_MOST = 10_000
_OWN = {"unevenGroups": ("better", "worse"), "ties": ("better", "worse"), "missingData": ("worst", "excluded"),
        "standardInclusive": (True, False)}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One organisation: its value (None: no data supplied) and whether its position improved."""

    id: str
    value: float | None
    improved: bool | None


@dataclass(frozen=True)
class Scoring:
    """A scoring rule of the framework, in numbers."""

    node: Node
    groups: int
    first: int
    met: int | None
    unimproved: int | None
    missing: int | None

    @property
    def worst(self) -> int:
        """The score of the worst group."""
        return self.first + self.groups - 1


@dataclass(frozen=True)
class Request:
    """A request as checked: rule, direction, standard, entries, and the user's own rules."""

    rule: str
    higher: bool | None
    standard: float | None
    entries: tuple[Entry, ...]
    own: Mapping[str, Any]


class UndefinedError(Exception):
    """The text does not define what the request needs; ``key`` names the undefined matter."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def metric_scores(store: Store, request: Mapping[str, Any]) -> Json:
    """Return ``{scores}`` or ``{unspecified: {what, why}}``, with the rule, its locator and assumptions.

    ``request`` is the body of the HTTP contract. Raises BadParameter when it is malformed.
    """
    ref = reference(store)
    asked = _read(ref, request)
    scoring = _scoring(ref, asked.rule)
    about = {
        "rule": {**ref.link(scoring.node), "statement": ref.text(scoring.node, REMIT.statement)},
        "locator": locator(ref.sources(scoring.node)),
        "sources": ref.sources(scoring.node),
        "dataVersion": store.version,
    }
    try:
        scores = score(scoring, asked)
    except UndefinedError as gap:
        matter = _matter(ref, gap.key)
        return {"unspecified": matter, "answer": f"Not specified: {matter['why']}", **about}
    shown = {entry.id: scores[entry.id] for entry in asked.entries if entry.id in scores}
    excluded = [entry.id for entry in asked.entries if entry.id not in scores]
    assumed = [_matter(ref, key) for key in _assumptions(asked)]
    told = ", ".join(f"{name} {value}" for name, value in shown.items())
    return {
        "scores": shown,
        "answer": " ".join([f"{ref.label(scoring.node)}: {told}.", *(m["why"] for m in assumed)]),
        **({"excluded": excluded} if excluded else {}),
        "assumptions": assumed,
        "userRules": [_own_rule(ref, key, value) for key, value in asked.own.items()],
        **about,
    }


def score(scoring: Scoring, asked: Request) -> dict[str, int]:
    """Return the score of each organisation by its id (section 4.2, metric scoring).

    Raises UndefinedError where the text does not settle a score.
    """
    fixed: dict[str, int] = {}
    ranked: list[Entry] = []
    for entry in asked.entries:
        own = _fixed(scoring, asked, entry)
        if own is not None:
            fixed[entry.id] = own
        elif entry.value is not None:
            ranked.append(entry)
    if ranked and asked.higher is None:
        raise UndefinedError("higherIsBetter")
    return {**fixed, **_grouped(scoring, asked, ranked)}


def _fixed(scoring: Scoring, asked: Request, entry: Entry) -> int | None:
    """Return the score that an organisation has whatever the others have, or None."""
    if entry.value is None:
        return scoring.missing if scoring.missing is not None else _missing(scoring, asked)
    if scoring.unimproved is not None:
        if entry.improved is None:
            raise UndefinedError("improved")
        return None if entry.improved else scoring.unimproved
    if scoring.met is not None:
        return scoring.met if _meets(asked, entry.value) else None
    return None


def _missing(scoring: Scoring, asked: Request) -> int | None:
    if "missingData" not in asked.own:
        raise UndefinedError("missingData")
    return scoring.worst if asked.own["missingData"] == "worst" else None


def _meets(asked: Request, value: float) -> bool:
    if asked.standard is None:
        raise UndefinedError("standard")
    if asked.higher is None:
        raise UndefinedError("higherIsBetter")
    if value == asked.standard:
        if "standardInclusive" not in asked.own:
            raise UndefinedError("standardInclusive")
        return bool(asked.own["standardInclusive"])
    return (value > asked.standard) == asked.higher


def _grouped(scoring: Scoring, asked: Request, ranked: list[Entry]) -> dict[str, int]:
    """Split the organisations, best first, into groups of equal size and score the groups."""
    ordered = sorted(ranked, key=_value, reverse=bool(asked.higher))
    group_of = [
        n for n, size in enumerate(_sizes(len(ordered), scoring.groups, asked)) for _ in range(size)
    ]
    for start, end in _equal_runs(ordered):
        if group_of[start] != group_of[end]:
            if "ties" not in asked.own:
                raise UndefinedError("ties")
            target = group_of[start] if asked.own["ties"] == "better" else group_of[end]
            group_of[start : end + 1] = [target] * (end + 1 - start)
    return {entry.id: scoring.first + group_of[n] for n, entry in enumerate(ordered)}


def _sizes(number: int, groups: int, asked: Request) -> list[int]:
    """Return the sizes of the groups, best first; equal unless the user says who takes the rest."""
    size, rest = divmod(number, groups)
    if rest and "unevenGroups" not in asked.own:
        raise UndefinedError("unevenGroups")
    larger = (
        range(rest) if asked.own.get("unevenGroups") == "better" else range(groups - rest, groups)
    )
    return [size + (n in larger) for n in range(groups)]


def _equal_runs(ordered: Sequence[Entry]) -> list[tuple[int, int]]:
    """Return the first and last place of each run of equal values."""
    runs: list[tuple[int, int]] = []
    for n, entry in enumerate(ordered):
        if n and ordered[n - 1].value == entry.value:
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    return runs


def _value(entry: Entry) -> float:
    return entry.value if entry.value is not None else 0.0


def _assumptions(asked: Request) -> list[str]:
    return ["bestGroup", *(["rankBy"] if asked.rule == "improvement" else [])]


def _matter(ref: Reference, key: str) -> Json:
    for node in sorted(ref.graph.subjects(REMIT.matterKey, None), key=str):
        if ref.text(node, REMIT.matterKey) == key:
            sources = ref.sources(node)
            return {
                "what": ref.label(node),
                "why": ref.text(node, REMIT.statement),
                "key": key,
                "userRule": ref.text(node, REMIT.userRule),
                "locator": locator(sources),
                "sources": sources,
            }
    return {"what": key, "why": "The text does not define it.", "key": key}


def _own_rule(ref: Reference, key: str, value: Any) -> Json:
    return {"key": key, "rule": value, "suppliedBy": "you", "inStead": _matter(ref, key)}


def _scoring(ref: Reference, key: str) -> Scoring:
    node = next(n for n, name in _rules(ref) if name == key)
    return Scoring(
        node,
        whole(ref, node, REMIT.groupCount) or 1,
        whole(ref, node, REMIT.firstScore) or 1,
        whole(ref, node, REMIT.metScore),
        whole(ref, node, REMIT.unimprovedScore),
        whole(ref, node, REMIT.missingScore),
    )


def _rules(ref: Reference) -> list[tuple[Node, str]]:
    nodes = [n for n in ref.graph.subjects(RDF.type, REMIT.ScoringRule)
             if (n, REMIT.framework, FRAMEWORK) in ref.graph]  # fmt: skip
    return sorted((n, str(ref.text(n, REMIT.scoringKey))) for n in nodes)


def _read(ref: Reference, request: Mapping[str, Any]) -> Request:
    if not isinstance(request, Mapping):
        raise BadParameter("The body is a mapping with rule and values.", parameter="body")
    names = [key for _, key in _rules(ref)]
    if request.get("rule") not in names:
        raise BadParameter(f"rule is one of: {', '.join(names)}.", parameter="rule")
    higher = request.get("higherIsBetter")
    if higher is not None and not isinstance(higher, bool):
        raise BadParameter("higherIsBetter is true or false.", parameter="higherIsBetter")
    standard = request.get("standard")
    values = request.get("values")
    if not isinstance(values, list) or len(values) > _MOST:
        raise BadParameter(f"values is a list of at most {_MOST:,} entries.", parameter="values")
    entries = tuple(_entry(value, n) for n, value in enumerate(values, 1))
    if len({entry.id for entry in entries}) < len(entries):
        raise BadParameter("An id stands twice among the values.", parameter="values")
    return Request(
        str(request["rule"]),
        higher,
        None if standard is None else _number(standard, "standard"),
        entries,
        _own(request.get("rules") or {}),
    )


def _entry(value: Any, position: int) -> Entry:
    place = f"values[{position}]"
    if not isinstance(value, Mapping) or not isinstance(value.get("id"), str | int):
        raise BadParameter("Each value is {id, value, improved}.", parameter=place)
    figure, improved = value.get("value"), value.get("improved")
    if improved is not None and not isinstance(improved, bool):
        raise BadParameter("improved is true, false or null.", parameter=place)
    number = None if figure is None else _number(figure, place)
    return Entry(str(value["id"])[:100], number, improved)


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise BadParameter(f"{place} needs a number.", parameter=place)
    return float(value)


def _own(rules: Any) -> dict[str, Any]:
    if not isinstance(rules, Mapping):
        raise BadParameter("rules is a mapping.", parameter="rules")
    for key, value in rules.items():
        if key not in _OWN or value not in _OWN[key]:
            takes = "; ".join(f"{k}: {' or '.join(map(str, v))}" for k, v in _OWN.items())
            raise BadParameter(
                f"“{excerpt(str(key))}” with that value is not a rule that you can supply. {takes}.",
                parameter="rules",
            )
    return dict(rules)
