"""SPARQL 1.1 Graph Store HTTP Protocol: W3C's 13 tests, and one that its manifest leaves out."""

from pathlib import Path

import manifests
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

DIRECT = [
    "put_get_repeat_direct",
    "put_delete_get_delete_direct",
    "post_get_post_get_direct",
    "head_existing_direct",
    "head_non_existing_direct",
]
INDIRECT = [
    "put_get_repeat_indirect",
    "put_get_default",
    "put_delete_get_delete_indirect",
    "post_get_post_get_indirect",
    "post_get_new_graph",
    "head_existing_indirect",
    "head_non_existing_indirect",
    "put_get_uri_pct_encoded_indirect",
    "put_get_uri_pct_encoded_twice",
]


@pytest.fixture(scope="module")
def listed(suites: Path) -> dict[str, manifests.Case]:
    folder = suites / "graph-store-protocol"
    files = (folder / "manifest-direct.ttl", folder / "manifest-indirect.ttl")
    found = {case.name: case for file in files for case in manifests.cases(file)}
    assert sorted(found) == sorted(DIRECT + INDIRECT)
    return found


@pytest.mark.parametrize("name", DIRECT + INDIRECT)
def test_graph_store(listed, site, name):
    place = ""
    for request in listed[name].requests:
        path = request.path.replace("$LOCATION$", place).replace("/gsp", "/data", 1)
        answer, body = site.ask(request.method, path, request.body, **request.headers)
        assert manifests.fits(answer.status, request.statuses), (answer.status, body)
        if request.location:
            place = answer.headers["Location"]
        if request.expected_type:
            assert answer.headers["Content-Type"] == request.expected_type
        if request.expected_body and request.method != "HEAD":
            wanted = Graph().parse(data=request.expected_body, format="turtle")
            assert isomorphic(Graph().parse(data=body, format="turtle"), wanted)
