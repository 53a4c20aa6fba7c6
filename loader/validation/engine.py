"""The SHACL engine: pySHACL, run shape by shape so that nodes can be chosen and work shared among processes."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pyshacl.errors import ReportableRuntimeError
from pyshacl.graph_abstraction import DataGraph
from pyshacl.monkey import apply_patches
from pyshacl.validator import Validator
from rdflib import Graph, Literal
from rdflib.namespace import SH
from rdflib.term import Node

from loader.validation.result import Result

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())
_CHUNK = 500


class Engine:
    """Shapes made ready to validate one data graph.

    ``data`` holds the data and the class hierarchy that targets follow. Neither graph is changed.
    """

    def __init__(self, data: Graph, shapes: Graph) -> None:
        apply_patches()  # type: ignore[no-untyped-call]
        options = {"logger": _log, "inplace": True}
        wrapped = DataGraph.from_rdflib(data)
        own = Graph() + shapes  # pySHACL adds statements of its own to the graph that it is given
        self._validator = Validator(wrapped, shacl_graph=own, options=options)
        self._executor = self._validator.make_executor()
        self._data = wrapped
        self._shapes = [s for s in self._validator.shacl_graph.shapes if not s.deactivated]

    def report(self, focus: Collection[Node] | None = None) -> tuple[bool, Graph]:
        """Return whether the data conform, and the report as a graph."""
        rows, conforms = self._rows(self._work(focus))
        graph, _ = self._validator.create_validation_report(
            self._validator.shacl_graph, conforms, rows
        )
        return conforms, graph

    def results(self, focus: Collection[Node] | None = None, workers: int = 1) -> list[Result]:
        """Return what every shape finds, or what it finds at ``focus`` nodes among its targets.

        More than one worker forks the process; use one in a process that has threads.
        """
        work = self._work(focus)
        if workers == 1 or len(work) < 2:
            return self._results(work)
        parts = [work[n::workers] for n in range(workers)]
        with multiprocessing.get_context("fork").Pool(workers, _adopt, (self,)) as pool:
            return [result for part in pool.map(_run, parts) for result in part]

    def _work(self, focus: Collection[Node] | None) -> list[tuple[Any, Sequence[Node]]]:
        chosen = None if focus is None else set(focus)
        work: list[tuple[Any, Sequence[Node]]] = []
        for shape in self._shapes:
            nodes = shape.focus_nodes(self._data)
            wanted = sorted(nodes if chosen is None else nodes & chosen, key=str)
            work.extend((shape, wanted[n : n + _CHUNK]) for n in range(0, len(wanted), _CHUNK))
        return work

    def _rows(self, work: Iterable[tuple[Any, Sequence[Node]]]) -> tuple[list[Any], bool]:
        rows: list[Any] = []
        conforms = True
        for shape, nodes in work:
            fine, found = shape.validate(self._executor, self._data, focus=nodes)
            conforms = conforms and fine
            rows.extend(found)
        return rows, conforms

    def _results(self, work: Iterable[tuple[Any, Sequence[Node]]]) -> list[Result]:
        found: list[Result] = []
        for shape, nodes in work:
            try:
                rows, _ = self._rows([(shape, nodes)])
            except (ReportableRuntimeError, TypeError):
                found.extend(self._one_by_one(shape, nodes))
            else:
                found.extend(_result(node, triples) for _, node, triples in rows)
        return found

    def _one_by_one(self, shape: Any, nodes: Sequence[Node]) -> list[Result]:
        """Return what a shape finds where the library stops at values that it cannot compare: these are found."""
        if len(nodes) > 1:
            return [result for node in nodes for result in self._results([(shape, [node])])]
        message = next(iter(shape.message), Literal(""))
        component = SH.LessThanOrEqualsConstraintComponent
        path = shape.path()
        return [Result(shape.node, nodes[0], path, None, component, str(message), shape.severity)]


_adopted: list[Engine] = []


def _adopt(engine: Engine) -> None:
    _adopted[:] = [engine]


def _run(work: list[tuple[Any, Sequence[Node]]]) -> list[Result]:
    return _adopted[0]._results(work)


def _result(node: Node, triples: Iterable[tuple[Node, Node, Any]]) -> Result:
    parts: dict[Node, Any] = {}
    for subject, predicate, value in triples:
        if subject == node:
            parts.setdefault(predicate, value[1] if isinstance(value, tuple) else value)
    return Result(
        parts[SH.sourceShape],
        parts[SH.focusNode],
        parts.get(SH.resultPath),
        parts.get(SH.value),
        parts[SH.sourceConstraintComponent],
        str(parts.get(SH.resultMessage, "")),
        parts[SH.resultSeverity],
    )
