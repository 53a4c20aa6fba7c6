"""The service speaks version 0.2: each answer is valid by the schemas of the specification, where they are at hand.

Put the schemas of https://github.com/reconciliation-api/specs (folder 0.2/schemas) into a folder and name it in
REMIT_RECONCILIATION_SCHEMAS.
"""

import json
import os
from pathlib import Path

import pytest

jsonschema = pytest.importorskip("jsonschema")

QUERIES = {
    "q0": {"query": "North Bristol NHS Trust", "properties": [{"pid": "asOf", "v": "2026-08-01"}]},
    "q1": {"query": "section 105 of the 2012 Act", "type": "Power", "limit": 3},
    "q2": {"query": "s 106 HSCA 2012", "type": ["LegalProvision"]},
    "q3": {"query": "nothing like this anywhere zzz"},
    "q4": {"properties": [{"pid": "odsCode", "v": "RA7"}]},
    "q5": {"query": "RA7", "type": "FoundationTrust", "type_strict": "all"},
}
EXTEND = {
    "ids": ["organisation/RA7", "organisation/RVJ", "organisation/none"],
    "properties": [
        {"id": "name", "settings": {"asOf": "2023-05-01"}},
        {"id": "existsTo"},
        {"id": "successor"},
        {"id": "type"},
    ],
}
ANSWERS = {
    "manifest": "/reconcile",
    "suggest-entities-response": "/reconcile/suggest/entity?prefix=bris",
    "suggest-types-response": "/reconcile/suggest/type?prefix=trust",
    "suggest-properties-response": "/reconcile/suggest/property?prefix=",
    "data-extension-property-proposal": "/reconcile/extend/propose?type=Organisation&limit=5",
}


@pytest.fixture(scope="session")
def valid():
    folder = os.environ.get("REMIT_RECONCILIATION_SCHEMAS", "")
    if not Path(folder).is_dir() or not folder:
        pytest.skip(
            "REMIT_RECONCILIATION_SCHEMAS does not name the folder of the specification's schemas"
        )
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT7

    schemas = {
        path.stem: json.loads(path.read_text("utf-8")) for path in Path(folder).glob("*.json")
    }
    registry = Registry()
    for name, schema in schemas.items():
        resource = Resource(contents=schema, specification=DRAFT7)
        base = str(schema.get("$id", "")).rsplit("/", 1)[0]
        registry = registry.with_resources(
            [(f"{base}/{name}.json", resource), (f"{name}.json", resource)]
        )

    def check(name: str, value: object) -> None:
        jsonschema.Draft7Validator(schemas[name], registry=registry).validate(value)

    return check


@pytest.mark.parametrize("schema", ANSWERS)
def test_answers_are_valid_by_the_specification(service, valid, schema):
    body = service.get(ANSWERS[schema]).get_json()
    if schema == "manifest":
        body = {key: value for key, value in body.items() if key != "authentication"}
    valid(schema, body)


def test_results_and_extensions_are_valid_by_the_specification(service, valid):
    valid("reconciliation-query-batch", QUERIES)
    results = service.post("/reconcile", data={"queries": json.dumps(QUERIES)}).get_json()
    valid("reconciliation-result-batch", results)
    valid("data-extension-query", EXTEND)
    extension = service.post("/reconcile", data={"extend": json.dumps(EXTEND)}).get_json()
    valid("data-extension-response", extension)


def test_a_batch_is_answered_by_key(service):
    answer = service.post("/reconcile", data={"queries": json.dumps(QUERIES)}).get_json()
    assert list(answer) == list(QUERIES)
    first = answer["q0"]["result"][0]
    assert (first["id"], first["match"]) == ("organisation/RA7", True)
    assert {each["id"]: each["value"] for each in first["features"]}["through_succession"] == 1
    assert {row["type"][0]["id"] for row in answer["q1"]["result"]} == {"Power"}
    assert answer["q2"]["result"][0]["id"].endswith("ukpga/2012/7/section/106")
    assert answer["q2"]["result"][0]["match"] is True
    assert answer["q3"]["result"] == []
    assert answer["q4"]["result"][0]["id"] == "organisation/RA7"
    assert answer["q5"]["result"][0]["match"] is True


def test_get_and_post_agree(service):
    asked = json.dumps({"q0": QUERIES["q0"]})
    got = service.get("/reconcile", query_string={"queries": asked}).get_json()
    assert got == service.post("/reconcile", data={"queries": asked}).get_json()


def test_a_table_is_extended_as_on_a_date(service):
    rows = service.post("/reconcile", data={"extend": json.dumps(EXTEND)}).get_json()["rows"]
    assert rows["organisation/RVJ"]["existsTo"] == [{"date": "2026-07-01T00:00:00Z"}]
    assert rows["organisation/RVJ"]["successor"][0]["id"] == "organisation/RA7"
    assert "Weston" in rows["organisation/RA7"]["name"][0]["str"]
    assert rows["organisation/none"] == {"name": [], "existsTo": [], "successor": [], "type": []}


@pytest.mark.parametrize(
    "data",
    [
        {"queries": "not json"},
        {"queries": "[]"},
        {"queries": '{"q": {}}'},
        {"queries": '{"q": {"query": "x", "properties": [{"pid": "asOf", "v": "01/07/2022"}]}}'},
        {"extend": '{"ids": ["organisation/RA7"], "properties": [{"id": "nothing"}]}'},
        {"extend": '{"ids": "x"}'},
    ],
)
def test_a_faulty_request_is_a_problem_that_says_what_to_do(service, data):
    response = service.post("/reconcile", data=data)
    assert response.status_code == 400
    assert response.get_json()["detail"]


def test_preview_and_view(service):
    page = service.get("/reconcile/preview?id=organisation/RA7")
    assert page.status_code == 200
    assert "RA7" in page.text
    assert service.get("/reconcile/preview?id=%3Cscript%3E").status_code == 404
    assert (
        service.get("/reconcile/view?id=organisation/RA7").headers["Location"]
        == "/id/organisation/RA7"
    )
    assert service.get("/reconcile/view?id=//evil.example").status_code in (303, 404)
    provision = "http://www.legislation.gov.uk/id/ukpga/2012/7/section/105"
    assert (
        service.get("/reconcile/view", query_string={"id": provision}).headers["Location"]
        == provision
    )


def test_a_callback_is_a_name_and_nothing_else(service):
    assert service.get("/reconcile?callback=jQuery1_2").text.startswith("/**/jQuery1_2(")
    assert service.get("/reconcile?callback=alert(1)//").mimetype == "application/json"
