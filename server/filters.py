"""Template filters: dates, quantities and identifiers as a reader of NHS content expects them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Flask

from server.pages import links
from server.pages.prefixes import prefixes

NBSP = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"

BINDINGNESS = {
    "statutory": ("Statutory", "blue"),
    "licence": ("Licence condition", "purple"),
    "policy": ("Policy", "yellow"),
    "intention": ("Stated intention", "orange"),
    "agreement": ("Agreement", "green"),
}
CONDITIONS = {
    "organisation-exists": "The organisation exists on the date",
    "type-in-reach": "Its type is within reach of the power",
    "type-not-excluded": "Its type is not excluded",
    "power-in-force": "The power is in force on the date",
    "holder-exists": "The power has a holder on the date",
}
FAILURES = {
    "organisation-exists": "The organisation did not exist",
    "type-in-reach": "Its type is not within reach",
    "type-not-excluded": "Its type is excluded",
    "power-in-force": "The power was not in force",
    "holder-exists": "Nobody held the power",
}
BOUNDS = {"minimum": "at least ", "maximum": "at most "}
TIME_BOUNDS = {"minimum": "at least ", "maximum": "within "}


def nhs_date(value: object) -> str:
    """A date as `1 July 2022`, from a date or ISO text; other text comes back as it is."""
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    if not match:
        return text
    year, month, day = match.groups()
    if month is None:
        return year
    try:
        moment = date(int(year), int(month), int(day or 1))
    except ValueError:
        return text
    written = moment.strftime("%B %Y")
    return f"{moment.day} {written}" if day else written


def last_day(end: object) -> str:
    """The last day inside an interval whose end (ISO date) is exclusive, in the NHS style."""
    try:
        return nhs_date(date.fromisoformat(str(end)) - timedelta(days=1))
    except ValueError:
        return nhs_date(end)


def day_before(day: str) -> str:
    """The ISO date before an ISO date."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def interval(item: Mapping[str, Any]) -> str:
    """The span of a fact with `from`, `to` (exclusive) and `attestedFrom`, in words."""
    start, end, seen = item.get("from"), item.get("to"), item.get("attestedFrom")
    if start and end:
        return f"{nhs_date(start)} to {last_day(end)}"
    if start:
        return f"from {nhs_date(start)}"
    if seen:
        until = f", until {last_day(end)}" if end else ""
        return f"seen from {nhs_date(seen)}, start not known{until}"
    return f"until {last_day(end)}" if end else "dates not stated"


def quantity(value: object, unit: str | None) -> str:
    """A number with its unit: `10%`, `28 days`, `£10,000,000`."""
    number = f"{value:,}" if isinstance(value, int | float) else str(value)
    name = (unit or "").strip()
    if name in {"percent", "%"}:
        return f"{number}%"
    if name.lower() in {"gbp", "pound", "pounds", "£"}:
        return f"£{number}"
    if not name:
        return number
    plural = name if str(value) in {"1", "1.0"} or name.endswith("s") else f"{name}s"
    return f"{number} {plural}"


def limit(item: Mapping[str, Any]) -> str:
    """A limit in words: `at most 10% of turnover in England`; its label when it has no number."""
    if item.get("value") is None:
        return str(item.get("label", ""))
    of, named = str(item.get("of") or ""), f"{item.get('unit') or ''}s "
    of = of[len(named) - 1 :] if of.startswith(named) else f" of {of}" if of else ""
    return BOUNDS.get(str(item.get("bound")), "") + quantity(item["value"], item.get("unit")) + of


def time_limit(item: Mapping[str, Any]) -> str:
    """A time limit in words: `at least 28 days, counted from the notice`."""
    bound = TIME_BOUNDS.get(str(item.get("bound")), "")
    words = [bound + quantity(item.get("value"), item.get("unit"))]
    if item.get("from"):
        words.append(f"counted from {item['from']}")
    if item.get("mayBeShortenedTo") is not None:
        shorter = quantity(item["mayBeShortenedTo"], item.get("unit"))
        when = str(item.get("shortenedWhen") or "").rstrip(".")
        words.append(
            f"may be shortened to {shorter}" + (f": {when[:1].lower()}{when[1:]}" if when else "")
        )
    return ", ".join(words)


def time_short(item: Mapping[str, Any]) -> str:
    """A time limit without the cases in which it may be shorter: `at least 28 days, may be shortened to 5 days`."""
    return time_limit({**item, "shortenedWhen": None})


def glance(power: Mapping[str, Any]) -> list[str]:
    """The limits and time limits of one power of the sheet, shortest wording, no repeats."""
    limits = [limit(item) for item in power.get("limits") or []]
    steps = power.get("procedure") or []
    bare = {"from": None, "mayBeShortenedTo": None}
    times = [time_limit({**step["timeLimit"], **bare}) for step in steps if has_time(step)]
    return list(dict.fromkeys(limits + times))


def has_time(step: Mapping[str, Any]) -> bool:
    """Whether a step of a procedure carries a time limit with a number."""
    return bool(step.get("timeLimit")) and step["timeLimit"].get("value") is not None


def bindingness(slug: str | None) -> tuple[str, str]:
    """Label and tag colour for how binding a statement is."""
    return BINDINGNESS.get((slug or "").lower(), (humanise(slug) or "Not stated", "grey"))


def condition(slug: str) -> str:
    """A condition of the trace as a sentence."""
    return CONDITIONS.get(slug, humanise(slug))


def failure(slug: str) -> str:
    """A condition of the trace that fails, as a sentence."""
    return FAILURES.get(slug, f"Fails: {humanise(slug).lower()}")


def humanise(slug: str | None) -> str:
    """`type-in-reach` as `Type in reach`."""
    words = (slug or "").replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def unhyphened(text: str) -> str:
    """A name that a program gave, such as `does-not-apply`, as words; any other text as it is."""
    return text.replace("-", " ") if re.fullmatch(r"[a-z]+(-[a-z]+)+", text) else text


def sentence(text: str | None) -> str:
    """A text as a sentence: a capital at its start and a full stop at its end."""
    words = (text or "").strip()
    return words and words[0].upper() + words[1:] + ("" if words[-1] in ".?!”" else ".")


def by_document(sources: Sequence[Mapping[str, Any]] | None) -> list[tuple[str, list[Any]]]:
    """Sources grouped by the short title of their document, each once, in the order given."""
    found: dict[str, list[Any]] = {}
    for source in sources or []:
        found.setdefault(links.titled(source), []).append(source)
    return list(found.items())


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 power`, `2 powers`, with a no-break space."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,}{NBSP}{noun}"


def pairs(items: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Slug and label of each thing, for a list to choose from."""
    return [(str(item["slug"]), str(item["label"])) for item in items]


def pyquote(text: object) -> str:
    """A text as Python writes it."""
    return repr(str(text))


def shquote(text: object) -> str:
    """A text as one word of a shell command."""
    return shlex.quote(str(text))


def curie(iri: str) -> str:
    """An identifier with the prefix that the ontology gives it, as `remit:Power`; as it is where none fits."""
    for prefix, start in prefixes().items():
        rest = iri.removeprefix(start)
        if rest != iri and re.fullmatch(r"[A-Za-z0-9][\w-]*", rest):
            return f"{prefix}:{rest}"
    return iri


FILTERS = (
    nhs_date, last_day, day_before, interval, quantity, limit, time_limit, time_short, glance, has_time,
    bindingness, by_document, condition, failure, humanise, sentence, count, pairs, pyquote, shquote, curie, unhyphened,
    links.page, links.legislation,
)  # fmt: skip


def register(app: Flask) -> None:
    """Makes each function of FILTERS a template filter under its own name."""
    for function in FILTERS:
        app.add_template_filter(function, function.__name__)
