"""The table of rules for people, generated from the shapes: ``shapes/README.md``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from loader.paths import content
from loader.state.sheets import sheets
from loader.terms import slug
from loader.validation.rules import REGISTER, STATE, Rule, rules


def readme() -> Path:
    """Return the file that holds the table."""
    return content("shapes") / "README.md"


def rule_table() -> str:
    """Return the text of ``shapes/README.md``."""
    introduction = Path(__file__).with_name("rules-introduction.md").read_text(encoding="utf-8")
    return "\n".join([introduction, *_sheets(), *_families()]).rstrip() + "\n"


def _sheets() -> Iterator[str]:
    yield "| sheet or CSV file | class | columns |"
    yield "|---|---|---|"
    for sheet in sheets():
        columns = "; ".join(column.header for column in sheet.columns)
        yield f"| {sheet.name} (`{sheet.slug}.csv`) | `remit:{slug(sheet.cls)}` | {columns} |"
    yield ""


def _families() -> Iterator[str]:
    for family, title in (
        (REGISTER, "Completeness of the registers"),
        (STATE, "Framework constraints on users' data"),
    ):
        chosen = [rule for rule in rules().values() if rule.family == family]
        yield f"## {title} ({len(chosen)} rules)"
        yield ""
        for topic, of_topic in groupby(sorted(chosen, key=_order), key=lambda rule: rule.topic):
            yield f"### {topic.replace('-', ' ').capitalize()}"
            yield ""
            yield "| rule | what it says | severity | to mend it | by |"
            yield "|---|---|---|---|---|"
            for rule in of_topic:
                yield f"| {rule.number} | {rule.message} | {rule.severity} | {rule.fix} | {rule.owner} |"
            yield ""


def _order(rule: Rule) -> tuple[str, str]:
    return rule.topic, rule.number
