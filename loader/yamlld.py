"""Read YAML-LD registers: YAML whose keys are the terms of ``ontology/context.jsonld``.

A register file is a mapping with ``graph`` (title, description, source, modified) and ``entries``. YAML is read
with the scalars of the YAML 1.2 core schema, so that dates stay text and ``on`` is not a truth value. Nested mappings
without ``id`` become nodes with the IRI ``<parent>#<key>-<n>``, so that every fact can be pointed at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from loader.errors import Fault, RegisterError
from loader.paths import content
from loader.terms import GRAPH, ID

Node = dict[str, Any]

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:/#._+()-]*")
_SHAPES = {
    "xsd:date": (
        re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
        "a date as YYYY-MM-DD",
    ),
    "xsd:integer": (re.compile(r"-?\d+"), "a whole number"),
    "xsd:decimal": (re.compile(r"-?\d+(\.\d+)?"), "a number"),
    "xsd:boolean": (re.compile(r"true|false"), "true or false"),
}


class _CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe loader with the scalars of YAML 1.2 core, and an error on a key that stands twice."""


_CoreLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?(0|[1-9]\d*)", "-0123456789"),
    ("float", r"-?(0|[1-9]\d*)\.\d+", "-0123456789"),
    ("null", r"~|null|", ["~", "n", ""]),
):
    _CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first)
    )


def _mapping(loader: _CoreLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.MarkedYAMLError(
                problem=f"the key “{key.value}” stands twice", problem_mark=key.start_mark
            )
        seen.add(key.value)
    constructed: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return constructed


_CoreLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


@dataclass(frozen=True)
class Register:
    """One register file: its named graph, its description, and its entries with their lines."""

    path: Path
    graph: str
    about: Node
    entries: list[Node]

    def quads(self) -> Iterator[ox.Quad]:
        """Yield the statements of the register, in its named graph."""
        name = ox.NamedNode(self.graph)
        document = {"@context": context_document(), "@graph": [self.about, *self.entries]}
        for quad in ox.parse(json.dumps(document).encode(), format=ox.RdfFormat.JSON_LD):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


@cache
def context_document() -> Node:
    """Return the JSON-LD context of the registers: ``context.jsonld`` and those of single modules."""
    context: Node = {}
    for path in sorted(content("ontology").glob("context*.jsonld")):
        context.update(json.loads(path.read_text(encoding="utf-8"))["@context"])
    return context


@cache
def _fields() -> frozenset[str]:
    """Return the names that may be keys of an entry: terms, not prefixes or JSON-LD keywords."""
    context = context_document()
    return frozenset(k for k, v in context.items() if isinstance(v, dict)) | {"id", "type"}


def read_register(path: Path, root: Path) -> Register:
    """Read one register file; ``root`` is the folder that its graph name is relative to.

    Raises RegisterError that lists every fault of the file, with line and field.
    """
    relative = path.relative_to(root).with_suffix("").as_posix()
    tree = _load(path)
    graph = GRAPH + relative
    if not isinstance(tree, dict) or not isinstance(tree.get("entries"), list):
        raise RegisterError(
            Fault("is not a register.", path, 1, remedy="It needs the keys “graph” and “entries”.")
        )
    return register_from(tree, graph, path)


def register_from(tree: Node, graph: str, path: Path, mark: str = "") -> Register:
    """Check a loaded tree and return it as a register of the named graph ``graph``.

    ``mark`` goes into the identifiers of nested facts. An import needs one of its own, since it speaks of things that
    registers and other imports describe too.
    """
    checker = _Checker(path, mark)
    about = {"id": graph, "type": "RegisterGraph", **(tree.get("graph") or {})}
    checker.node(about, graph, ("graph",))
    entries: list[Node] = []
    for number, entry in enumerate(tree["entries"]):
        place = ("entries", number)
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            checker.fault(
                "an entry needs an “id”.", place, remedy="For example id: power/direct-board."
            )
            continue
        entries.append(checker.node(entry, entry["id"], place))
    checker.raise_faults()
    return Register(path, graph, about, entries)


def locate(path: Path, iri_or_id: str) -> int | None:
    """Return the line on which the entry with this IRI or id begins, or None."""
    wanted = {iri_or_id, iri_or_id.removeprefix(ID)}
    for prefix, expansion in context_document().items():
        if isinstance(expansion, str) and iri_or_id.startswith(expansion) and ":" not in prefix:
            wanted.add(f"{prefix}:{iri_or_id.removeprefix(expansion)}")
    pattern = re.compile(r"^\s*(?:-\s*)?\{?\s*id:\s*[\"']?([^\s,\"'}]+)")
    base = {w.split("#")[0] for w in wanted}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if (match := pattern.match(line)) and match[1] in wanted | base:
            return number
    return None


def _load(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RegisterError(
            Fault("is not UTF-8 text.", path, line, remedy="Save the file as UTF-8.")
        ) from None
    try:
        return yaml.load(text, Loader=_CoreLoader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line_ = mark.line + 1 if mark else None
        raise RegisterError(
            Fault(f"is not valid YAML: {error.problem}.", path, line_, remedy="Mend the line.")
        ) from None
    except yaml.YAMLError as error:
        raise RegisterError(Fault(f"is not valid YAML: {error}.", path)) from None


class _Checker:
    """Walks the entries of one file, names nested nodes and collects faults."""

    def __init__(self, path: Path, mark: str = "") -> None:
        self.path = path
        self.mark = f"{mark}-" if mark else ""
        self.faults: list[Fault] = []
        self.context = context_document()

    def node(self, node: Node, identifier: str, place: tuple[str | int, ...]) -> Node:
        """Return the node with an id on every nested node; record faults of its keys and values."""
        if not _SAFE_ID.fullmatch(identifier):
            self.fault(f"“{identifier}” cannot be an identifier.", (*place, "id"))
        result: Node = {}
        for key, value in node.items():
            if value is None:
                self.fault(
                    "has no value.", (*place, key), remedy="Give one or leave the field out."
                )
            elif self._known(key, place):
                result[key] = self._value(key, value, identifier, (*place, key))
        result["id"] = identifier
        return result

    def _known(self, key: str, place: tuple[str | int, ...]) -> bool:
        fields = _fields()
        if key in fields:
            return True
        near = get_close_matches(key, fields, n=1)
        hint = (
            f"Did you mean “{near[0]}”?" if near else "See ontology/context.jsonld for the fields."
        )
        self.fault(f"unknown field “{key}”.", (*place, key), remedy=hint)
        return False

    def _value(self, key: str, value: Any, parent: str, place: tuple[str | int, ...]) -> Any:
        if isinstance(value, list):
            return [
                self._item(key, item, parent, n, (*place, n - 1)) for n, item in enumerate(value, 1)
            ]
        return self._item(key, value, parent, 1, place)

    def _item(
        self, key: str, item: Any, parent: str, number: int, place: tuple[str | int, ...]
    ) -> Any:
        if isinstance(item, dict):
            joint = "-" if "#" in parent else f"#{self.mark}"
            return self.node(item, item.get("id") or f"{parent}{joint}{key}-{number}", place)
        if isinstance(item, list):
            self.fault("is a list within a list.", place)
            return item
        self._scalar(key, item, place)
        return self._typed(key, item)

    def _typed(self, key: str, item: Any) -> Any:
        definition = self.context.get(key)
        datatype = definition.get("@type") if isinstance(definition, dict) else None
        if datatype == "xsd:decimal":
            return str(item)
        if isinstance(item, (int, float)) and not isinstance(item, bool) and datatype is None:
            return str(item)
        return item

    def _scalar(self, key: str, item: Any, place: tuple[str | int, ...]) -> None:
        definition = self.context.get(key)
        datatype = definition.get("@type") if isinstance(definition, dict) else None
        text = str(item).lower() if isinstance(item, bool) else str(item)
        if datatype in _SHAPES and not _well_formed(datatype, text):
            self.fault(f"“{text}” is not {_SHAPES[datatype][1]}.", place)
        if datatype in ("@id", "@vocab") and not _SAFE_ID.fullmatch(text):
            self.fault(f"“{text}” cannot be an identifier.", place)

    def fault(self, message: str, place: tuple[str | int, ...], remedy: str = "") -> None:
        """Record a fault at a place given as a path of keys and list positions."""
        field = ".".join(str(part) for part in place if isinstance(part, str) and part != "entries")
        self.faults.append(Fault(message, self.path, _line(self.path, place), field, remedy))

    def raise_faults(self) -> None:
        """Raise RegisterError when any fault was recorded."""
        if self.faults:
            raise RegisterError(self.faults)


def _well_formed(datatype: str, text: str) -> bool:
    if not _SHAPES[datatype][0].fullmatch(text):
        return False
    if datatype == "xsd:date":
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
    return True


def _line(path: Path, place: tuple[str | int, ...]) -> int | None:
    """Return the line of the value at ``place``; the file is read again only when a fault is reported."""
    if not path.is_file():
        return None
    node: yaml.Node | None = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_CoreLoader)
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pairs = [(k, v) for k, v in node.value if k.value == str(part)]
            if not pairs:
                return line
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
