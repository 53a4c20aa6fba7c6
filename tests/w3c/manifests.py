"""Reading W3C's manifests of HTTP tests: connections, requests and expected responses."""

from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
STATUS = "http://www.w3.org/2011/http-statusCodes#"
CODES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: list[str]
    boolean: bool | None
    format: str | None
    location: str | None
    expected_type: str | None
    expected_body: str | None


@dataclass
class Case:
    name: str
    requests: list[Request]
    data: list[tuple[Path, str]]


def cases(path: Path) -> list[Case]:
    graph = Graph().parse(path)
    kinds = (MF.ProtocolTest, MF.GraphStoreProtocolTest)
    return [_case(graph, entry) for kind in kinds for entry in graph.subjects(RDF.type, kind)]


def _case(graph: Graph, entry: Node) -> Case:
    action = graph.value(entry, MF.action)
    requests = [_request(graph, r) for r in Collection(graph, graph.value(action, HT.requests))]
    data = [
        (
            Path(str(graph.value(n, UT.graph)).removeprefix("file://")),
            str(graph.value(n, RDFS.label)),
        )
        for n in graph.objects(entry, UT.graphData)
    ]
    return Case(str(entry).rpartition("#")[2], requests, data)


def _request(graph: Graph, node: Node) -> Request:
    answer = graph.value(node, HT.resp)
    headers = _headers(graph, node)
    boolean = graph.value(answer, MF.expectedBoolean)
    encoding = str(graph.value(graph.value(node, HT.body), CNT.characterEncoding) or "UTF-8")
    text = _text(graph, node)
    return Request(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        headers,
        None if text is None else text.encode(encoding),
        [str(s).removeprefix(STATUS) for s in graph.objects(answer, MF.expectedStatus)],
        None if boolean is None else bool(boolean.toPython()),
        _string(graph, answer, MF.expectedFormat),
        _string(graph, answer, MF.expectedLocation),
        _headers(graph, answer).get("content-type"),
        _text(graph, answer),
    )


def _headers(graph: Graph, node: Node) -> dict[str, str]:
    listed = graph.value(node, HT.headers)
    if listed is None:
        return {}
    return {
        str(graph.value(h, HT.fieldName)).lower(): str(graph.value(h, HT.fieldValue))
        for h in Collection(graph, listed)
    }


def _text(graph: Graph, node: Node) -> str | None:
    body = graph.value(node, HT.body)
    return None if body is None else str(graph.value(body, CNT.chars))


def _string(graph: Graph, node: Node, name: URIRef) -> str | None:
    value = graph.value(node, name)
    return None if value is None else str(value)


def fits(status: int, expected: list[str]) -> bool:
    """Say whether a status is one of those expected, such as `StatusCode2xx` or `Created`."""
    return any(
        status // 100 == int(name[10]) if name.startswith("StatusCode") else status == CODES[name]
        for name in expected
    )
