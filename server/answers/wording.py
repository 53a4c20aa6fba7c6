"""Rows of an answer in words, by the short templates that stored queries carry in their headers.

``{column}`` stands for the text of a column; a part in square brackets is left out when one of its columns is empty:
``"{power}: {standard}[ ({test})]"``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PART = re.compile(r"\[([^\[\]]*)\]")
_COLUMN = re.compile(r"\{(\w+)\}")
_STOPS = re.compile(r"([.?!])(?: ?\.)+(?!\w)")
_BOUNDS = {"maximum": "at most", "minimum": "at least", "to be exceeded": "more than"}


def fill(template: str, texts: Mapping[str, str]) -> str:
    """Return ``template`` with its columns filled from ``texts`` and its empty parts left out."""

    def part(match: re.Match[str]) -> str:
        wanted = _COLUMN.findall(match[1])
        return match[1] if all(texts.get(name) for name in wanted) else ""

    shown = _PART.sub(part, template)
    filled = _COLUMN.sub(lambda match: texts.get(match[1], ""), shown)
    return sentence(_STOPS.sub(r"\1", " ".join(filled.split())))


def figure(texts: Mapping[str, str]) -> str:
    """Return a limit's bound, value and unit as ``at most 14 days``; empty when it has no value."""
    value, unit = texts.get("value", ""), texts.get("unit", "")
    if not value:
        return ""
    bound = _BOUNDS.get(texts.get("bound", ""), texts.get("bound", ""))
    if unit == "percent":
        return f"{bound} {value}%".strip()
    plural = unit if value == "1" or " " in unit or not unit else f"{unit}s"
    return f"{bound} {value} {plural}".strip()


def sentence(text: str) -> str:
    """Return a text with a capital at its start and a full stop at its end."""
    words = text.strip()
    return words and words[0].upper() + words[1:] + ("" if words[-1] in ".?!:”" else ".")


def heading(name: str) -> str:
    """Return a column's name as a heading: ``startEvent`` as ``Start event``."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()
    return words[:1].upper() + words[1:]
