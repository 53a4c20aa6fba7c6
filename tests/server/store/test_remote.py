"""The remote store against an endpoint that fails as it is told: tries, time limits, and forms of our queries."""

import pytest
from far import CUT, HANG, RESET, Far, Fault

from server.errors import (
    NotAcceptable,
    QueryRefused,
    QuerySyntax,
    QueryTimedOut,
    ResultTooLarge,
    StoreUnavailable,
)
from server.store.circuit import Circuit
from server.store.dialect import forms
from server.store.remote import RemoteStore

ONE = "SELECT ?x { BIND(true AS ?x) }"
BUSY = Fault(503)


def over(far: Far, **options: object) -> RemoteStore:
    return RemoteStore(far.address("query"), pause=0.001, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "faults", [[BUSY, Fault(502)], [RESET, RESET], [CUT, BUSY], [Fault(500, "out of luck")]]
)
def test_a_query_that_failed_is_asked_again(far, faults):
    far.faults.extend(faults)
    assert [str(row["x"]) for row in over(far).select(ONE)] == ["true"]
    assert len(far.asked) == len(faults) + 1


@pytest.mark.parametrize("fault", [BUSY, RESET, CUT])
def test_an_endpoint_that_keeps_failing_is_left_alone_and_then_tried_again(far, fault):
    far.faults.extend([fault] * 3)
    now = [0.0]
    store = over(far, circuit=Circuit(3, 60, clock=lambda: now[0]))
    with pytest.raises(StoreUnavailable, match="tried 3 times"):
        store.select(ONE)
    with pytest.raises(StoreUnavailable, match="left alone") as caught:
        store.select(ONE)
    assert caught.value.headers["Retry-After"]
    assert len(far.asked) == 3
    now[0] = 61.0
    assert store.select(ONE)
    assert store.select(ONE)


def test_a_refusal_closes_the_circuit_too(far):
    far.faults.extend([BUSY] * 3)
    now = [0.0]
    store = over(far, circuit=Circuit(3, 60, clock=lambda: now[0]))
    with pytest.raises(StoreUnavailable):
        store.select(ONE)
    now[0] = 61.0
    with pytest.raises(QuerySyntax):
        store.select("SELECT")
    assert store.select(ONE)


def test_an_endpoint_that_is_down_is_told_as_such(far):
    store = over(far)
    far.server_close()
    with pytest.raises(StoreUnavailable, match="does not answer"):
        store.ask("ASK {}")


def test_a_time_out_and_a_refusal_are_not_tried_again(far):
    far.faults.append(Fault(500, "Transaction timed out"))
    with pytest.raises(QueryTimedOut, match="10 seconds"):
        over(far).select(ONE)
    far.faults.append(Fault(400, "no such syntax"))
    with pytest.raises(QuerySyntax, match="no such syntax"):
        over(far).select(ONE)
    assert len(far.asked) == 2


def test_an_endpoint_that_does_not_answer_in_time_is_given_up(far):
    far.faults.append(HANG)
    with pytest.raises(QueryTimedOut):
        over(far, seconds=0.1).select(ONE)
    assert len(far.asked) == 1


@pytest.mark.parametrize(
    "end",
    [
        "The SPARQL operation has been cancelled",
        "##\n##  ****          Incomplete results           ****   ##\n",
    ],
)
def test_what_the_endpoint_cut_at_its_own_time_limit_is_no_answer(far, end):
    store = over(far)
    assert store.version
    far.faults.append(Fault(200, "x\r\n1\r\n2" + end))
    with pytest.raises(QueryTimedOut):
        store.query(ONE, accept="text/csv")


@pytest.mark.parametrize(
    "text", ['{"head": {"vars": ["x"]}, "results": {"bind', "<html>Log in</html>"]
)
def test_what_is_not_json_or_not_whole_is_no_answer(far, text):
    far.faults.append(Fault(200, text))
    with pytest.raises(StoreUnavailable, match="not whole, or not JSON"):
        over(far).select(ONE)


def test_a_result_that_is_too_large_is_not_read(far):
    with pytest.raises(ResultTooLarge):
        over(far, result_bytes=10).select(ONE)


def test_the_dataset_of_the_protocol_goes_with_the_query(far):
    store = over(far)
    store.query("ASK {}", accept="*/*", default_graphs=["g:1", "g:2"], named_graphs=["g:3"])
    assert far.chosen[-1] == {"default-graph-uri": ["g:1", "g:2"], "named-graph-uri": ["g:3"]}
    with pytest.raises(QueryRefused, match="no graph “g:4”"):
        store.query("ASK FROM <g:4> {}", accept="*/*")
    with pytest.raises(NotAcceptable):
        store.query("ASK {}", accept="image/png")


def test_a_query_that_is_not_understood_is_asked_in_another_form(far):
    far.faults.append(Fault(400))
    over(far).select('SELECT ?x { VALUES (?a ?b) { (<a:a> "b) }") } }')
    assert far.asked[1][1].endswith('{ VALUES ?a { <a:a> } VALUES ?b { "b) }" } }')


@pytest.mark.parametrize("status", [500, 400])
def test_an_endpoint_that_cannot_count_days_is_not_asked_to(far, status):
    far.faults.extend([Fault(status)] * (3 if status == 500 else 1))
    store = over(far)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="lengths of time"):
            store.select("SELECT ?x { BIND(STRDT('P1D', xsd:dayTimeDuration) AS ?x) }")


def test_a_login_is_sent_to_the_endpoint_alone(far):
    store = over(far, login="Bearer secret")
    store.ask("ASK {}")
    far.faults.append(Fault(302, headers=(("Location", far.address("elsewhere")),)))
    with pytest.raises(StoreUnavailable, match="302"):
        store.ask("ASK {}")
    far.faults.append(Fault(401))
    with pytest.raises(StoreUnavailable, match="REMIT_STORE_LOGIN") as caught:
        store.ask("ASK {}")
    assert "secret" not in caught.value.detail
    assert far.logins == ["Bearer secret"] * 3
    assert {path for path, _ in far.asked} == {"/query"}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("ASK { ?s ?p ?o }", ("ASK { ?s ?p ?o }",)),
        ("ASK { VALUES (?a) { (UNDEF) } ?a ?p ?o }", ("ASK {  ?a ?p ?o }",)),
        ("ASK { VALUES (?a ?b) { (UNDEF 4) } }", ("ASK { VALUES ?b { 4 } }",)),
        ("ASK { VALUES (?a) { (1) (2) } }", ("ASK { VALUES (?a) { (1) (2) } }",)),
    ],
)
def test_forms_of_a_query(query, wanted):
    assert forms(query) == wanted
