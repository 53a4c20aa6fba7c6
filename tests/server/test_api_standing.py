"""Duties, changes, procedures and coverage over HTTP."""

import pytest


def test_duties_of_an_organisation(client):
    answer = client.get("/api/v1/organisations/QUY/duties?asOf=2022-11-15").get_json()
    assert {"organisation", "asOf", "owedBy", "owedTo", "rights", "prohibitions"} <= set(answer)
    assert {"id", "slug", "label", "bindingness", "basis", "sources"} <= set(answer["owedBy"][0])


def test_changes_of_an_organisation(client):
    path = "/api/v1/organisations/RA7/changes?from=2022-06-30&to=2022-07-01"
    answer = client.get(path).get_json()
    assert (answer["from"], answer["to"]) == ("2022-06-30", "2022-07-01")
    assert {"power", "before", "after", "causes"} == set(answer["powers"][0])


def test_a_procedure_with_its_drawing(client):
    answer = client.get("/api/v1/procedures/agree-undertaking/diagram").get_json()
    assert len(answer["diagram"]["boxes"]) == len(answer["steps"])


def test_coverage(client):
    answer = client.get("/api/v1/coverage").get_json()
    assert {"kinds", "documents", "silences", "notes", "facts", "dataVersion"} == set(answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/organisations/ZZZ/duties", 404),
        ("/api/v1/organisations/QUY/duties?asOf=2022-02-30", 400),
        ("/api/v1/organisations/RA7/changes", 400),
        ("/api/v1/organisations/RA7/changes?from=2023-05-01&to=2022-05-01", 400),
        ("/api/v1/organisations/ZZZ/changes?from=2022-05-01", 404),
        ("/api/v1/procedures/none/diagram", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client, path, status):
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
