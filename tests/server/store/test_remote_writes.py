"""Writes to a remote store: what they do, that each is sent once, and what is said when its answer is lost."""

import pytest
from far import CUT, HANG, LOST, RESET, Far, Fault

from loader.terms import GRAPH
from server.errors import (
    Forbidden,
    PreconditionFailed,
    QueryProblem,
    StoreUnavailable,
    WriteUncertain,
)
from server.store.circuit import Circuit
from server.store.conditions import Condition
from server.store.endpoint import Endpoint
from server.store.remote import RemoteStore
from server.store.remote_writes import VERSION_GRAPH, RemoteWrites
from server.store.updates import UNNAMED, Using, read_update
from server.store.writing import Written

ONE = "<a:a> <a:p> 1 ."
INSERT = f"INSERT DATA {{ GRAPH <g:1> {{ {ONE} }} }}"


@pytest.fixture
def store(far: Far) -> RemoteStore:
    return RemoteStore(far.address("query"), pause=0.001)


@pytest.fixture
def writes(far: Far, store: RemoteStore) -> RemoteWrites:
    return RemoteWrites(store, Endpoint(far.address("update"), pause=0.001), seconds=5)


def update(writes: RemoteWrites, text: str) -> Written:
    base = "http://127.0.0.1/update"
    return writes.update(text, read_update(text, Using(), size=100_000, depth=50, base=base))


def held(far: Far) -> dict[str, list[str]]:
    """What the endpoint holds: the objects in each graph, but for its version."""
    names = sorted(str(graph.value) for graph in far.store.named_graphs())
    rows = {
        name: far.store.query(f"SELECT ?o {{ GRAPH <{name}> {{ ?s ?p ?o }} }} ORDER BY ?o")
        for name in names
        if name != VERSION_GRAPH
    }
    return {name: [row["o"].value for row in found] for name, found in rows.items()}  # type: ignore[union-attr]


def test_a_write_names_the_version_that_readers_see_at_once(far, store, writes):
    before = store.version
    assert before.startswith("remote-")
    written = update(writes, INSERT)
    assert store.version == written.version != before
    assert "g:1" in store.graphs
    again = update(writes, "INSERT DATA { <a:b> <a:p> 2 }")
    assert store.version == again.version != written.version
    assert RemoteStore(far.address("query")).version == again.version  # another server learns of it
    assert held(far) == {"g:1": ["1"], UNNAMED: ["2"]}


def test_graphs_are_put_added_to_and_removed(far, writes):
    assert writes.put("g:1", "<a:a> <a:p> <a:x> .\n", replace=True).created
    assert not writes.put("g:1", "<a:a> <a:p> <a:y> .\n", replace=False).created
    assert held(far) == {"g:1": ["a:x", "a:y"]}
    writes.put("g:1", "<a:a> <a:p> <a:z> .\n", replace=True)
    assert held(far) == {"g:1": ["a:z"]}
    writes.put("g:2", "", replace=True)
    assert writes.delete("g:1").existed
    sent = len(far.updates())
    assert not writes.delete("g:1").existed
    assert len(far.updates()) == sent
    assert held(far) == {"g:2": []}


def test_several_operations_are_one_request(far, writes):
    prefix = "PREFIX x: <g:>"
    update(
        writes, f"{prefix} {INSERT} ; PREFIX y: <a:> DELETE WHERE {{ GRAPH x:1 {{ y:a ?p ?o }} }}"
    )
    assert held(far) == {"g:1": []}
    assert len(far.updates()) == 1


def test_the_dataset_of_the_protocol_goes_with_the_update(far, writes):
    text = "INSERT { GRAPH <g:2> { ?s ?p 2 } } WHERE { ?s ?p 1 }"
    using = Using(["g:1"], ["g:3"])
    writes.update(text, read_update(text, using, size=10_000, depth=9))
    (chosen,) = [each for each in far.chosen if each]
    assert chosen == {"using-graph-uri": ["g:1"], "using-named-graph-uri": ["g:3"]}
    assert "USING" not in far.updates()[0]


@pytest.mark.parametrize(
    "text",
    [
        f"CLEAR GRAPH <{GRAPH}law/powers>",
        f"INSERT DATA {{ GRAPH <{VERSION_GRAPH}> {{ {ONE} }} }}",
        f"PREFIX g: <{GRAPH}> {INSERT} ; CLEAR GRAPH g:law",
        "DROP ALL",
        "CLEAR NAMED",
    ],
)
def test_graphs_that_are_built_from_files_are_not_changed(far, writes, text):
    far.store.update(f"INSERT DATA {{ GRAPH <{GRAPH}law/powers> {{ {ONE} }} }}")
    with pytest.raises(Forbidden, match="built from files"):
        update(writes, text)
    with pytest.raises(Forbidden):
        writes.put(f"{GRAPH}law/powers", "", replace=True)
    with pytest.raises(Forbidden):
        writes.delete(f"{GRAPH}law/powers")
    assert not far.updates()


@pytest.mark.parametrize(("text", "left"), [("DROP NAMED", [UNNAMED]), ("DROP ALL", [])])
def test_all_graphs_are_those_that_the_store_holds(far, store, writes, text, left):
    update(writes, f"{INSERT} ; INSERT DATA {{ <a:b> <a:p> 2 . GRAPH <g:2> {{ {ONE} }} }}")
    written = update(writes, text)
    assert list(held(far)) == left
    assert store.version == written.version


def test_a_write_whose_answer_was_lost_is_looked_up(far, store, writes):
    far.faults.append(LOST)
    written = update(writes, INSERT)
    assert store.version == written.version
    assert len(far.updates()) == 1


@pytest.mark.parametrize("fault", [RESET, HANG, Fault(502), Fault(503), Fault(504), CUT])
def test_a_write_that_may_have_arrived_is_not_sent_again(far, store, fault):
    side = RemoteWrites(store, Endpoint(far.address("update"), pause=0.001), seconds=0.2)
    far.faults.append(fault)
    if fault is CUT:  # done, and the answer ended in its middle
        assert update(side, INSERT).version == store.version
    else:
        with pytest.raises(WriteUncertain, match="Look before you repeat it"):
            update(side, INSERT)
    assert len(far.updates()) == 1


@pytest.mark.parametrize("looked", [[Fault(503)] * 5, [HANG]])
def test_a_look_that_fails_leaves_it_untold(far, looked):
    store = RemoteStore(far.address("query"), pause=0.001, seconds=0.2)
    side = RemoteWrites(store, Endpoint(far.address("update"), pause=0.001))
    far.faults.extend([LOST, *looked])
    with pytest.raises(WriteUncertain):
        update(side, INSERT)
    assert len(far.asked) == 1 + len(looked)


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (400, QueryProblem, "no such thing"),
        (500, QueryProblem, "no such thing"),
        (401, StoreUnavailable, "REMIT_STORE_LOGIN"),
        (405, StoreUnavailable, "nothing was written"),
        (307, StoreUnavailable, "status 307"),
    ],
)
def test_what_the_store_refuses_was_not_written(far, writes, status, error, said):
    far.faults.append(Fault(status, "no such thing", headers=(("Location", "http://127.0.0.1/"),)))
    with pytest.raises(error, match=said):
        update(writes, INSERT)
    assert len(far.updates()) == 1
    assert held(far) == {}


def test_a_store_that_is_down_was_not_written_to_and_is_left_alone(far, store):
    nowhere = Endpoint("http://127.0.0.1:9/update", pause=0.001, circuit=Circuit(3, 60))
    side = RemoteWrites(store, nowhere)
    with pytest.raises(StoreUnavailable, match=r"Nothing was written. It was tried 3 times"):
        side.put("g:1", "", replace=True)
    with pytest.raises(StoreUnavailable, match="left alone"):
        side.put("g:1", "", replace=True)


def test_conditions_are_refused(far, writes):
    condition = Condition(match=["*"])
    with pytest.raises(PreconditionFailed, match="Nothing was written"):
        writes.put("g:1", "", replace=True, condition=condition)
    with pytest.raises(PreconditionFailed):
        writes.delete("g:1", condition)
    assert not far.asked


def test_a_side_that_is_closed_writes_nothing(far, writes):
    writes.close()
    with pytest.raises(StoreUnavailable, match="shutting down"):
        update(writes, INSERT)
    assert not far.updates()
