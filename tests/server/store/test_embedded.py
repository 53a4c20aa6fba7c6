import threading
from pathlib import Path

import pytest
from rdflib import XSD, Literal, URIRef

from server.errors import (
    NotAcceptable,
    QueryProblem,
    QueryRefused,
    QuerySyntax,
    QueryTimedOut,
    QueryTooComplex,
    ResultTooLarge,
    StoreUnavailable,
)
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits
from server.store.protocol import Store

EX = "http://example.org/"
JSON = "application/sparql-results+json"


def product(size: int) -> str:
    """A cartesian product of ten to the power of `size` rows."""
    return " ".join(f"VALUES ?v{i} {{ 1 2 3 4 5 6 7 8 9 10 }}" for i in range(size))


ENDLESS = f"SELECT * {{ {product(12)} }} OFFSET 9999999999"


def test_it_is_a_store(store: EmbeddedStore) -> None:
    whole: Store = store
    assert whole.version == "v1"
    assert whole.graphs == {f"{EX}one", f"{EX}two"}


def test_select_gives_rows_of_terms(store: EmbeddedStore) -> None:
    rows = store.select("SELECT ?p ?o { <http://example.org/a> ?p ?o FILTER isLiteral(?o) }")
    assert {(row["p"], row["o"]) for row in rows} == {
        (URIRef(f"{EX}name"), Literal("Ash", lang="en")),
        (URIRef(f"{EX}since"), Literal("2022-07-01", datatype=XSD.date)),
        (URIRef(f"{EX}size"), Literal(7)),
    }


def test_unbound_variables_are_absent(store: EmbeddedStore) -> None:
    assert store.select("SELECT ?x ?y { BIND(1 AS ?x) }") == [{"x": Literal(1)}]


def test_ask_and_graph(store: EmbeddedStore) -> None:
    assert store.ask("ASK { ?s ?p 7 }") is True
    assert store.ask("ASK { ?s ?p 8 }") is False
    assert len(store.graph("CONSTRUCT WHERE { ?s ?p ?o }")) == 7
    assert len(store.graph("DESCRIBE <http://example.org/a>")) == 4


@pytest.mark.parametrize(
    ("call", "query"), [("select", "ASK {}"), ("ask", "SELECT * {}"), ("graph", "ASK {}")]
)
def test_each_call_takes_its_own_form(store: EmbeddedStore, call: str, query: str) -> None:
    with pytest.raises((QueryRefused, NotAcceptable)):
        getattr(store, call)(query)


@pytest.mark.parametrize(
    ("query", "accept", "media_type", "body"),
    [
        ("SELECT ?x { BIND(1 AS ?x) }", "text/csv", "text/csv", b"x\r\n1\r\n"),
        (
            "SELECT ?x { BIND(1 AS ?x) }",
            "text/tab-separated-values",
            "text/tab-separated-values",
            b"?x\n1\n",
        ),
        ("ASK {}", "*/*", JSON, b'{"head":{},"boolean":true}'),
        (
            "CONSTRUCT { <a:a> <a:b> <a:c> } {}",
            "application/n-triples",
            "application/n-triples",
            b"<a:a> <a:b> <a:c> .\n",
        ),
        (
            "PREFIX a: <a:> CONSTRUCT { a:a a:b a:c } {}",
            "text/turtle",
            "text/turtle",
            b"@prefix a: <a:> .\na:a a:b a:c .\n",
        ),
    ],
)
def test_results_come_as_asked(
    store: EmbeddedStore, query: str, accept: str, media_type: str, body: bytes
) -> None:
    result = store.query(query, accept=accept)
    assert (result.media_type, result.body, result.version) == (media_type, body, "v1")


@pytest.mark.parametrize(
    "accept", ["application/sparql-results+xml", "application/xml", "text/xml"]
)
def test_xml_results(store: EmbeddedStore, accept: str) -> None:
    result = store.query("ASK {}", accept=accept)
    assert b"<boolean>true</boolean>" in result.body
    assert result.media_type == accept


@pytest.mark.parametrize(
    ("accept", "mark"),
    [("application/rdf+xml", b"<rdf:RDF"), ("application/ld+json", b'"@id"')],
)
def test_graph_formats(store: EmbeddedStore, accept: str, mark: bytes) -> None:
    assert mark in store.query("CONSTRUCT WHERE { ?s ?p ?o }", accept=accept).body


def test_not_acceptable_names_what_is_offered(store: EmbeddedStore) -> None:
    with pytest.raises(NotAcceptable) as caught:
        store.query("CONSTRUCT WHERE { ?s ?p ?o }", accept="text/csv")
    assert "text/turtle" in caught.value.members["offered"]


KNOWS = f"SELECT ?g {{ {{ <{EX}a> <{EX}knows> ?o }} UNION {{ GRAPH ?g {{ ?s <{EX}size> ?o }} }} }}"


@pytest.mark.parametrize(
    ("default", "named", "plain", "within"),
    [
        ((), (), 2, 1),  # the union holds the shared triple once for each graph: see below
        ((f"{EX}one",), (), 1, 0),
        ((f"{EX}two",), (f"{EX}one",), 1, 1),
        ((), (f"{EX}one",), 0, 1),
    ],
)
def test_the_dataset_of_the_protocol(
    store: EmbeddedStore, default: tuple[str], named: tuple[str], plain: int, within: int
) -> None:
    result = store.query(KNOWS, accept="text/csv", default_graphs=default, named_graphs=named)
    rows = result.body.decode().split("\r\n")[1:-1]
    assert (rows.count(""), rows.count(f"{EX}one")) == (plain, within)


def test_the_dataset_of_the_protocol_replaces_that_of_the_query(store: EmbeddedStore) -> None:
    query = f"ASK FROM <{EX}two> {{ ?s <{EX}size> ?o }}"
    assert store.ask(query) is False
    assert store.query(query, accept="text/csv", default_graphs=[f"{EX}one"]).body == b"true"


def test_a_merged_build_holds_each_triple_once(make_build, tmp_path: Path, limits: Limits) -> None:
    data = "<a:a> <a:b> <a:c> . GRAPH <a:g> { <a:a> <a:b> <a:c> } GRAPH <a:h> { <a:a> <a:b> <a:c> }"
    count = "SELECT ?s { ?s ?p ?o }"
    for default, rows in (("merged", 1), ("union", 3)):
        path = make_build(tmp_path / default, data, defaultGraph=default)
        with EmbeddedStore(path, limits) as opened:
            assert len(opened.select(count)) == rows


HOSTILE = [
    (
        QueryTimedOut,
        ENDLESS,
    ),
    (
        (QueryTimedOut, QueryTooComplex),
        f"SELECT (GROUP_CONCAT(?s) AS ?x) {{ {product(9)} "
        "BIND('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' AS ?s) }",
    ),
    (QueryRefused, "SELECT * " + "{" * 5000 + "}" * 5000),
    (
        (QueryTimedOut, QueryTooComplex),
        "SELECT (STRLEN(?a33) AS ?n) { BIND('aaaaaaaaaa' AS ?a0) "
        + " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(33))
        + " }",
    ),
    (ResultTooLarge, f"SELECT * {{ {product(4)} }}"),
    (QueryRefused, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
    (QueryRefused, "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"),
    (QueryRefused, "SELECT * FROM NAMED <http://127.0.0.1/> { GRAPH ?g { ?s ?p ?o } }"),
    (QueryRefused, "LOAD <file:///etc/passwd>"),
    (QueryRefused, "DROP ALL"),
    (QuerySyntax, "SELECT * { ?s ?p ?o } ; SELECT * { ?s ?p ?o }"),
    (QueryProblem, "SELECT (<http://example.org/f>(1) AS ?x) {}"),
    (QuerySyntax, ""),
]


@pytest.mark.parametrize(("error", "query"), HOSTILE, ids=[query[:40] for _, query in HOSTILE])
def test_hostile_queries_get_an_error_of_their_own(
    store: EmbeddedStore, error: type[Exception], query: str
) -> None:
    with pytest.raises(error):
        store.query(query, accept="*/*")
    assert store.ask("ASK { ?s ?p ?o }")


def test_unknown_graphs_of_the_protocol_are_refused(store: EmbeddedStore) -> None:
    with pytest.raises(QueryRefused, match="no graph “file:///etc/passwd”"):
        store.query("ASK {}", accept="*/*", default_graphs=["file:///etc/passwd"])


def test_a_timeout_can_be_shorter_but_not_longer(store: EmbeddedStore) -> None:
    for asked, had in ((0.05, 0.05), (60, store.limits.seconds)):
        with pytest.raises(QueryTimedOut) as caught:
            store.query(ENDLESS, accept="*/*", timeout=asked)
        assert caught.value.members["limitSeconds"] == had


def test_sixteen_threads_get_their_own_answers(store: EmbeddedStore) -> None:
    wrong: list[object] = []

    def work(number: int) -> None:
        for turn in range(12):
            wanted = number * 100 + turn
            call = store.select if turn % 2 else None
            query = f"SELECT ?x {{ BIND({wanted} AS ?x) }}"
            got = (
                str(call(query)[0]["x"])
                if call
                else store.query(query, accept="text/csv").body.decode().split()[1]
            )
            if got != str(wanted):
                wrong.append((wanted, got))

    threads = [threading.Thread(target=work, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def switch(link: Path, target: str) -> None:
    temporary = link.with_name("next")
    temporary.symlink_to(target)
    temporary.replace(link)


@pytest.fixture
def current(make_build, tmp_path: Path) -> Path:
    """A link to the first of two builds, whose only triple names the build."""
    for name in ("b1", "b2"):
        make_build(tmp_path / name, f"GRAPH <a:g> {{ <a:build> <a:is> '{name}' }}", version=name)
    (tmp_path / "current").symlink_to("b1")
    return tmp_path / "current"


BUILD = "SELECT ?b { <a:build> <a:is> ?b }"


def test_a_switch_is_followed(current: Path, limits: Limits) -> None:
    with EmbeddedStore(current, limits) as store:
        assert (store.version, store.select(BUILD)) == ("b1", [{"b": Literal("b1")}])
        switch(current, "b2")
        assert (store.version, store.select(BUILD)) == ("b2", [{"b": Literal("b2")}])


def test_a_switch_during_traffic_drops_nothing(current: Path, limits: Limits) -> None:
    """Each answer comes wholly from one build and names that build."""
    seen: list[tuple[str, str]] = []
    stop = threading.Event()

    def ask(store: EmbeddedStore) -> None:
        while not stop.is_set():
            result = store.query(BUILD, accept="text/csv")
            seen.append((result.version, result.body.decode().split()[1]))

    with EmbeddedStore(current, limits) as store:
        threads = [threading.Thread(target=ask, args=[store]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for target in ("b2", "b1", "b2"):
            until = len(seen) + 20
            while len(seen) < until:
                stop.wait(0.005)
            switch(current, target)
            while store.version != target:
                stop.wait(0.005)
        until = len(seen) + 20
        while len(seen) < until:
            stop.wait(0.005)
        stop.set()
        for thread in threads:
            thread.join()
    assert set(seen) == {("b1", "b1"), ("b2", "b2")}


def test_a_broken_new_build_leaves_the_old_one(
    current: Path, limits: Limits, caplog: pytest.LogCaptureFixture
) -> None:
    with EmbeddedStore(current, limits) as store:
        switch(current, "missing")
        assert store.select(BUILD) == [{"b": Literal("b1")}]
        assert "the old one stays" in caplog.text
        switch(current, "b2")
        assert store.select(BUILD) == [{"b": Literal("b2")}]


def test_reopen_switches_at_once(current: Path, limits: Limits) -> None:
    with EmbeddedStore(current, limits) as store:
        store.reopen(current.with_name("b2"))
        assert store.version == "b2"
        with pytest.raises(StoreUnavailable):
            store.reopen(current.with_name("missing"))
        assert store.select(BUILD) == [{"b": Literal("b2")}]


def test_no_build_at_all(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="remit build"):
        EmbeddedStore(tmp_path / "current")
