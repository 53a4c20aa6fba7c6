"""W3C's evaluation and syntax tests of SPARQL 1.1: reading them, and comparing results."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
from manifests import MF, UT
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
DAWGT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")
LEFT_OUT = {"entailment": "entailment regimes", "service": "endpoints that do not exist"}
KINDS = {
    "QueryEvaluationTest": "query",
    "CSVResultFormatTest": "query",
    "UpdateEvaluationTest": "update",
    "PositiveSyntaxTest11": "syntax",
    "NegativeSyntaxTest11": "syntax",
    "PositiveUpdateSyntaxTest11": "syntax",
    "NegativeUpdateSyntaxTest11": "syntax",
}
SUFFIXES = {".ttl": "turtle", ".rdf": "xml", ".nt": "nt"}
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
ROWS = URIRef("urn:rows")
XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass
class Test:
    """One test: files of its request and data, by graph (an empty name is the default graph), and what is due."""

    __test__ = False

    name: str
    kind: str
    form: str
    request: Path
    data: dict[str, Path] = field(default_factory=dict)
    result: Path | None = None
    after: dict[str, Path] = field(default_factory=dict)
    approved: bool = False

    @property
    def text(self) -> str:
        return self.request.read_text("utf-8")

    @property
    def bad(self) -> bool:
        return self.form.startswith("Negative")

    @property
    def update(self) -> bool:
        return "Update" in self.form or self.request.suffix == ".ru"


def tests(folder: Path) -> Iterator[Test]:
    """Yield the evaluation and syntax tests below a folder, but for those that nothing here can pass."""
    for manifest in sorted(folder.glob("*/manifest.ttl")):
        if manifest.parent.name in LEFT_OUT:
            continue
        graph = Graph().parse(manifest, publicID=manifest.as_uri())
        for entry, form in sorted(graph.subject_objects(RDF.type)):
            name = str(form).rpartition("#")[2]
            if name in KINDS:
                found = _test(graph, entry, name, manifest.parent.name)
                found.approved = (entry, DAWGT.approval, DAWGT.Approved) in graph
                yield found


def _test(graph: Graph, entry: Node, form: str, folder: str) -> Test:
    name = f"{folder}/{str(entry).rpartition('#')[2]}"
    action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
    if isinstance(action, URIRef):
        return Test(name, "syntax", form, _file(action))
    request = graph.value(action, QT.query) or graph.value(action, UT.request)
    found = Test(name, KINDS[form], form, _file(request), _graphs(graph, action))
    if isinstance(result, URIRef):
        found.result = _file(result)
    elif result is not None:
        found.after = _graphs(graph, result)
    return found


def _graphs(graph: Graph, node: Node) -> dict[str, Path]:
    found = {}
    for default in (*graph.objects(node, QT.data), *graph.objects(node, UT.data)):
        found[""] = _file(default)
    for named in graph.objects(node, QT.graphData):
        found[str(named)] = _file(named)
    for described in graph.objects(node, UT.graphData):
        label = str(graph.value(described, RDFS.label))
        file = graph.value(described, UT.graph) or graph.value(described, UT.data)
        found[label] = _file(file)
    return found


def _file(node: Node | None) -> Path:
    return Path(str(node).removeprefix("file://"))


def graph_of(path: Path) -> Graph:
    """Read a file of RDF as the engine reads it, relative IRIs against its own address."""
    quads = ox.parse(path=str(path), base_iri=path.as_uri())
    return as_graph(quad.triple for quad in quads)


def as_graph(triples) -> Graph:
    found = Graph()
    for s, p, o in triples:
        found.add((_node(s), _node(p), _node(o)))
    return found


def rows_of(solutions: ox.QuerySolutions) -> list[dict[str, Node]]:
    """Return solutions as mappings of the variables that are bound."""
    names = [variable.value for variable in solutions.variables]
    return [
        {name: _node(row[name]) for name in names if row[name] is not None} for row in solutions
    ]


def _described(graph: Graph) -> list[dict[str, Node]] | bool:
    """Read results that are described in RDF."""
    result_set = graph.value(None, RDF.type, RS.ResultSet)
    if (answer := graph.value(result_set, RS.boolean)) is not None:
        return str(answer) == "true"
    return [
        {
            str(graph.value(binding, RS.variable)): graph.value(binding, RS.value)
            for binding in graph.objects(solution, RS.binding)
        }
        for solution in graph.objects(result_set, RS.solution)
    ]


def _rows_as_graph(rows: list[dict[str, Node]]) -> Graph:
    """Return rows as a graph, one blank node a row, so that blank nodes can be matched."""
    found = Graph()
    for row in rows:
        node = BNode()
        found.add((node, RDF.type, ROWS))
        for name, value in row.items():
            found.add((node, URIRef(f"urn:{name}"), value))
    return found


def _node(term) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    value, datatype = canonical(term.value, term.datatype.value), URIRef(term.datatype.value)
    return Literal(value, datatype=datatype, normalize=False)


def canonical(text: str, datatype: str) -> str:
    """Return one spelling for all spellings of a number."""
    try:
        match datatype.removeprefix(XSD):
            case "integer":
                return str(int(text))
            case "decimal":
                return format(Decimal(text).normalize(), "f")
            case "boolean":
                return {"1": "true", "0": "false"}.get(text, text)
            case "double" | "float":
                return repr(float(text))
    except (ValueError, ArithmeticError):
        pass
    return text


def expected(path: Path) -> Graph | bool | Counter | list[dict[str, Node]]:
    """Read a file of expected results: rows, an answer, a graph, or lines of CSV."""
    if path.suffix == ".csv":
        return lines(path.read_text("utf-8"))
    if path.suffix in SUFFIXES:
        graph = graph_of(path)
        return _described(graph) if (None, RDF.type, RS.ResultSet) in graph else graph
    read = ox.parse_query_results(path=str(path))
    return bool(read) if isinstance(read, ox.QueryBoolean) else rows_of(read)


def lines(text: str) -> Counter:
    """Return the rows of CSV, rows and columns in any order, blank nodes all alike."""
    rows = csv.DictReader(io.StringIO(text))
    return Counter(frozenset((name, _cell(cell)) for name, cell in row.items()) for row in rows)


def _cell(text: str) -> str:
    if text.startswith("_:"):
        return "_:"
    try:
        return repr(float(text))
    except ValueError:
        return text


def _row(row: dict[str, Node]) -> frozenset:
    return frozenset((name, value.n3()) for name, value in row.items())


def same(found: object, due: object) -> bool:
    if isinstance(found, Graph) and isinstance(due, Graph):
        return isomorphic(found, due)
    if isinstance(found, list) and isinstance(due, list):
        if any(isinstance(value, BNode) for row in due for value in row.values()):
            return isomorphic(_rows_as_graph(found), _rows_as_graph(due))
        return Counter(map(_row, found)) == Counter(map(_row, due))
    return type(found) is type(due) and found == due
