"""SPARQL 1.1 Protocol: W3C's 34 tests of queries and updates."""

import json
from pathlib import Path

import manifests
import pytest
from rdflib import Graph

FORMATS = {
    "boolean": "application/sparql-results",
    "tabular": "application/sparql-results",
    "RDF": "text/turtle",
}
NAMES = [
    "query_post_form",
    "query_dataset_default_graphs_get",
    "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post",
    "query_dataset_named_graphs_get",
    "query_dataset_full",
    "query_multiple_dataset",
    "query_get",
    "query_content_type_select",
    "query_content_type_ask",
    "query_content_type_describe",
    "query_content_type_construct",
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
    "query_post_direct",
    "bad_query_method",
    "bad_multiple_queries",
    "bad_query_wrong_media_type",
    "bad_query_missing_form_type",
    "bad_query_missing_direct_type",
    "bad_query_non_utf8",
    "bad_query_syntax",
    "bad_update_get",
    "bad_multiple_updates",
    "bad_update_wrong_media_type",
    "bad_update_missing_form_type",
    "bad_update_non_utf8",
    "bad_update_syntax",
    "bad_update_dataset_conflict",
]


@pytest.fixture(scope="module")
def listed(suites: Path) -> dict[str, manifests.Case]:
    found = {case.name: case for case in manifests.cases(suites / "protocol" / "manifest.ttl")}
    assert sorted(found) == sorted(NAMES)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_protocol(listed, site, name):
    case = listed[name]
    for file, graph in case.data:
        site.ask(
            "PUT", f"/data?graph={graph}", file.read_bytes(), **{"Content-Type": "text/turtle"}
        )
    for request in case.requests:
        end = "/update" if "update" in name and not asks(request) else "/sparql/"
        path = request.path.replace("/sparql/", end, 1)
        answer, body = site.ask(request.method, path, request.body, **request.headers)
        assert manifests.fits(answer.status, request.statuses), (answer.status, body)
        if request.format:
            kind = answer.headers["Content-Type"]
            assert kind.startswith(FORMATS[request.format])
            if request.format == "RDF":
                Graph().parse(data=body, format="turtle")
        if request.boolean is not None:
            assert json.loads(body)["boolean"] is request.boolean


def asks(request):
    return "sparql-query" in request.headers.get("content-type", "")
