"""What an engine finds: the parts of a ``sh:ValidationResult``."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib.term import Node


@dataclass(frozen=True)
class Result:
    """One result of an engine: the parts of a ``sh:ValidationResult``."""

    shape: Node
    focus: Node
    path: Node | None
    value: Node | None
    component: Node
    message: str
    severity: Node
