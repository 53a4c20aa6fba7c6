"""The OpenAPI description: no route is forgotten, and the document is what it says."""

import pytest
from flask.testing import FlaskClient

from server.openapi import _OURS, _REFUSING, document
from server.openapi_parameters import PARAMETERS
from server.openapi_schemas import SCHEMAS
from server.openapi_table import TABLE


def routes(client: FlaskClient) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith(_OURS) and rule.endpoint not in _REFUSING
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_row_and_every_row_a_route(client: FlaskClient) -> None:
    assert routes(client) == set(TABLE)


def test_rows_name_parameters_and_schemas_that_there_are() -> None:
    assert {name for row in TABLE.values() for name in row.parameters} <= set(PARAMETERS)
    assert {row.schema for row in TABLE.values()} <= set(SCHEMAS)
    assert {row.scope for row in TABLE.values()} == {"", "update", "upload"}


def test_operations_have_names_of_their_own(client: FlaskClient) -> None:
    described = document(client.application)
    names = [each["operationId"] for item in described["paths"].values() for each in item.values()]
    assert len(names) == len(set(names))
    assert all(each["summary"] for item in described["paths"].values() for each in item.values())


def test_the_facts_of_scores_are_described(client: FlaskClient) -> None:
    answer = client.get("/api/v1/frameworks/oaf-2024-draft/metric-scores")
    assert answer.status_code == 200
    assert {each["name"] for each in answer.json["facts"]} >= {"rule", "values"}
    assert len(answer.json["rules"]) >= 3


def test_updates_are_posted(client: FlaskClient) -> None:
    answer = client.get("/update")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, POST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_say_which_do(client: FlaskClient, method: str) -> None:
    answer = client.open("/api/v1/frameworks/oaf-2024-draft/metric-scores", method=method)
    assert answer.status_code == 405
    assert {"GET", "POST"} <= {each.strip() for each in answer.headers["Allow"].split(",")}
