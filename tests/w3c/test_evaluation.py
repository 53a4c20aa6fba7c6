"""SPARQL 1.1 evaluation and syntax over HTTP, and the engine's own results in the same run.

Prints the rates (pytest -s). The data of a test are put into graphs, and the dataset is named by the
parameters of the protocol, for the default graph of this service is the union of its graphs.
"""

import json
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote, urlencode

import evaluation
import pyoxigraph as ox
from conftest import QUERIES, Site
from evaluation import Test

from loader.dump import VERSION_GRAPH
from server.store.updates import UNNAMED

EMPTY = "http://example.org/an-empty-graph"
REFUSED = {  # by design: a host that is not allowed is not asked, SILENT or not
    "update-silent/load-silent",
    "update-silent/load-into-silent",
}
FORMATS = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}


def based(test: Test) -> str:
    return f"BASE <{test.request.as_uri()}>\n{test.text}"


class Http:
    """Does the tests over HTTP. Data of queries are put once and stay."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.put_already: set[tuple[str, Path]] = set()

    def put(self, graph: str, path: Path) -> str:
        data = evaluation.graph_of(path).serialize(format="nt").encode()
        where = "default" if graph == UNNAMED else f"graph={quote(graph)}"
        answer, body = self.site.ask(
            "PUT", f"/data?{where}", data, **{"Content-Type": "application/n-triples"}
        )
        assert answer.status in (201, 204), body
        return graph

    def put_once(self, graph: str, path: Path) -> str:
        if (graph, path) not in self.put_already:
            self.put(graph, path)
            self.put_already.add((graph, path))
        return graph

    def query(self, test: Test):
        named = [self.put_once(g, p) for g, p in test.data.items() if g]
        default = test.data.get("")
        fields = [
            ("default-graph-uri", self.put_once(default.as_uri(), default) if default else EMPTY)
        ]
        fields += [("named-graph-uri", graph) for graph in named]
        if re.search(r"^\s*FROM\b", test.text, re.MULTILINE):
            fields = []
        accept = FORMATS.get(
            test.result.suffix, "application/sparql-results+json, text/turtle;q=0.5"
        )
        form = urlencode([("query", based(test)), *fields]).encode()
        answer, body = self.site.ask(
            "POST",
            "/sparql",
            form,
            Accept=accept,
            **{"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status == 200, body[:200]
        if test.result.suffix == ".csv":
            return evaluation.lines(body.decode())
        if answer.headers["Content-Type"].startswith("text/turtle"):
            return evaluation.as_graph(q.triple for q in ox.parse(body, ox.RdfFormat.TURTLE))
        form = ox.QueryResultsFormat.from_media_type(
            answer.headers["Content-Type"].partition(";")[0]
        )
        read = ox.parse_query_results(body, form)
        return bool(read) if isinstance(read, ox.QueryBoolean) else evaluation.rows_of(read)

    def update(self, test: Test) -> bool:
        self.clear()
        for graph, path in test.data.items():
            self.put(graph or UNNAMED, path)
        fields = [("update", based(test))]
        words = re.sub(r"#[^\n]*", "", test.text).upper()
        both = (
            "" in test.data and len(test.data) > 1
        )  # else the union is the default graph, or nothing is
        if both and "WHERE" in words and not re.search(r"\bWITH\b|\bUSING\b|DELETE\s+WHERE", words):
            fields.append(("using-graph-uri", UNNAMED))
            fields += [("using-named-graph-uri", graph) for graph in test.data if graph]
        answer, body = self.site.ask(
            "POST",
            "/update",
            urlencode(fields).encode(),
            **{"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status == 200, body[:200]
        due = {graph or UNNAMED: evaluation.graph_of(path) for graph, path in test.after.items()}
        found = self.contents()
        return set(found) | {UNNAMED} == {g for g, d in due.items() if len(d)} | {UNNAMED} and all(
            evaluation.same(found.get(g, evaluation.as_graph([])), graph)
            for g, graph in due.items()
        )

    def contents(self):
        query = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
        _, body = self.site.ask(
            "GET", f"/sparql?query={quote(query)}", Accept="application/sparql-results+json"
        )
        found = defaultdict(list)
        for row in ox.parse_query_results(body, ox.QueryResultsFormat.JSON):
            if row["g"].value != VERSION_GRAPH:  # where a remote store names its data version
                found[row["g"].value].append((row["s"], row["p"], row["o"]))
        return {graph: evaluation.as_graph(triples) for graph, triples in found.items()}

    def clear(self) -> None:
        self.put_already.clear()
        answer, body = self.site.ask(
            "POST", "/update", b"DROP ALL", **{"Content-Type": "application/sparql-update"}
        )
        assert answer.status == 200, body

    def syntax(self, test: Test) -> bool:
        """Say whether the text is taken; an update that is understood but cannot be done counts as taken."""
        name, path = ("update", "/update") if test.update else ("query", "/sparql")
        fields = [(name, based(test))]
        if not test.update and not re.search(r"\bFROM\b", test.text):
            fields.append(("default-graph-uri", EMPTY))
        answer, body = self.site.ask(
            "POST",
            path,
            urlencode(fields).encode(),
            **{
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "*/*;q=0.5, application/json",
            },
        )
        return answer.status == 200 or (not test.bad and understood(json.loads(body)))


def understood(problem: dict) -> bool:
    """Say whether a refusal is of what the text asks for, and not of how it is written."""
    kind = problem["type"].rpartition("/")[2]
    detail = problem["detail"]
    reasons = (
        *("There is no graph", "is not asked", "fetches nothing", "asks no other server"),
        *("is empty", "writes to GRAPH"),
    )
    return kind == "query-failed" or any(reason in detail for reason in reasons)


class Engine:
    """Does the tests with the engine in this process."""

    def query(self, test: Test):
        store = ox.Store()
        for graph, path in test.data.items():
            where = {"to_graph": ox.NamedNode(graph)} if graph else {}
            store.load(path=str(path), base_iri=path.as_uri(), **where)
        if re.search(r"^\s*FROM\b", test.text, re.MULTILINE):
            for path in test.data.values():
                store.load(
                    path=str(path), base_iri=path.as_uri(), to_graph=ox.NamedNode(path.as_uri())
                )
        found = store.query(test.text, base_iri=test.request.as_uri())
        if test.result.suffix == ".csv":
            return evaluation.lines(found.serialize(format=ox.QueryResultsFormat.CSV).decode())
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        if isinstance(found, ox.QuerySolutions):
            return evaluation.rows_of(found)
        return evaluation.as_graph(found)

    def update(self, test: Test) -> bool:
        store = ox.Store()
        for graph, path in test.data.items():
            where = {"to_graph": ox.NamedNode(graph)} if graph else {}
            store.load(path=str(path), base_iri=path.as_uri(), **where)
        store.update(test.text, base_iri=test.request.as_uri())
        found = defaultdict(list)
        for quad in store:
            named = isinstance(quad.graph_name, ox.NamedNode)
            found[quad.graph_name.value if named else ""].append(quad.triple)
        due = {graph: evaluation.graph_of(path) for graph, path in test.after.items()}
        return set(found) | {""} == {g for g, d in due.items() if len(d)} | {""} and all(
            evaluation.same(evaluation.as_graph(found.get(g, [])), graph)
            for g, graph in due.items()
        )

    def syntax(self, test: Test) -> bool:
        try:
            base = test.request.as_uri()
            if test.update:
                ox.Store().update(test.text, base_iri=base)
            else:
                ox.Store().query(test.text, base_iri=base)
        except SyntaxError:
            return False
        except (ValueError, RuntimeError, OSError):
            pass
        return True


def passes(subject: Http | Engine, test: Test) -> bool:
    try:
        if test.kind == "query":
            return evaluation.same(subject.query(test), evaluation.expected(test.result))
        if test.kind == "update":
            return subject.update(test)
        return subject.syntax(test) is not test.bad
    except (AssertionError, SyntaxError, ValueError, RuntimeError, OSError):
        return False


def test_evaluation_over_http(suites: Path, site: Site) -> None:
    listed = sorted(evaluation.tests(suites), key=lambda test: test.kind == "update")
    failed = {
        name: {test.name for test in listed if not passes(subject, test)}
        for name, subject in (("http", Http(site)), ("engine", Engine()))
    }
    rates = {}
    for which in ("approved", "all"):
        for kind in ("query", "update", "syntax"):
            chosen = {t.name for t in listed if t.kind == kind and (t.approved or which == "all")}
            for name, bad in failed.items():
                good = len(chosen - bad)
                rates[which, kind, name] = good / len(chosen)
                print(
                    f"{which:8} {kind:7} {name:7} {good} of {len(chosen)} ({good / len(chosen):.1%})"
                )
    print("failed by the engine:", *sorted(failed["engine"]))
    print("failed here only:", *sorted(failed["http"] - failed["engine"]))
    assert all(rates["approved", kind, "http"] >= 0.97 for kind in ("query", "syntax"))
    # a remote store has an engine of its own, and /docs/remote says which updates it refuses
    if not QUERIES:
        assert failed["http"] - failed["engine"] <= REFUSED
        assert rates["approved", "update", "http"] >= 0.97
