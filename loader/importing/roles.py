"""What roles and relationships of the Organisation Data Service mean here, from the register of links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from loader.paths import registers
from loader.yamlld import Node, read_register


@dataclass(frozen=True)
class Meaning:
    """The class that a role gives, while the law knows it; and the roles whose class it displaces."""

    cls: str
    first: date | None
    end: date | None
    unit: bool
    displaces: frozenset[str]


@dataclass(frozen=True)
class CodeLists:
    """Meanings of roles and kinds of relationships, by their codes."""

    roles: dict[str, Meaning]
    relationships: dict[str, str]


@cache
def code_lists() -> CodeLists:
    """Return the code lists of the shipped register ``links/ods-roles.yaml``."""
    root = registers()
    entries = read_register(root / "links" / "ods-roles.yaml", root).entries
    return CodeLists(
        {str(e["roleCode"]): _meaning(e) for e in entries if "mapsToClass" in e},
        {str(e["roleCode"]): str(e["mapsToKind"]) for e in entries if "mapsToKind" in e},
    )


def _meaning(entry: Node) -> Meaning:
    return Meaning(
        str(entry["mapsToClass"]),
        _day(entry.get("mapsFrom")),
        _day(entry.get("mapsTo")),
        bool(entry.get("ofUnit", False)),
        frozenset(str(each).rpartition("/")[2] for each in entry.get("displaces", ())),
    )


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None
