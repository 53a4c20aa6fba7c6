"""The requests that OpenRefine’s own client code sends, in its order and form, and what that code reads of the answers.

Written after its source of August 2026: recon-manager.js (the service is added), GuessTypesOfColumnCommand and
StandardReconConfig (a column is reconciled), suggest-4_3a.js with custom-suggest.js (suggestions and what shows beside
them), recon-renderer.js (previews and links), add-column-by-reconciliation.js and ReconciledDataExtensionJob (a column
is added). OpenRefine itself does not run here.
"""

import json
import re
from urllib.parse import quote, urlencode

import pytest

CELLS = ["North Bristol NHS Trust", "Univ Hosps Bristol & Weston", "Moorfeilds Eye Hospital"]


def post(service, name, value):
    """Send a form of one field, as its HttpClient.postNameValue does."""
    response = service.post(
        "/reconcile",
        data=f"{name}={quote(json.dumps(value))}",
        content_type="application/x-www-form-urlencoded; charset=UTF-8",
        headers={"Accept": "*/*", "User-Agent": "OpenRefine"},
    )
    assert response.status_code == 200
    return response.get_json()


def jsonp(service, path, **parameters):
    """Get as jQuery does with dataType jsonp, and return what the callback is called with."""
    more = urlencode({**parameters, "callback": "jQuery36_17", "_": "17"})
    response = service.get(f"{path}{'&' if '?' in path else '?'}{more}")
    assert response.mimetype == "application/javascript"
    return json.loads(re.fullmatch(r"/\*\*/jQuery36_17\((.*)\);", response.text, re.S)[1])


@pytest.fixture
def manifest(service):
    return service.get("/reconcile", headers={"Origin": "http://127.0.0.1:3333"}).get_json()


def path(address):
    return address.removeprefix("http://localhost")


def test_the_service_is_added_by_cors_and_by_jsonp(service, manifest):
    response = service.get("/reconcile", headers={"Origin": "http://127.0.0.1:3333"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert jsonp(service, "/reconcile") == manifest
    assert manifest["identifierSpace"]
    assert manifest["schemaSpace"]
    assert manifest["versions"] == ["0.2"]


def test_the_type_of_a_column_is_guessed_from_its_first_cells(service):
    answer = post(
        service, "queries", {f"q{n}": {"query": c, "limit": 3} for n, c in enumerate(CELLS)}
    )
    first = [found["result"][0]["type"][0] for found in answer.values()]
    assert {"id", "name"} <= set(first[0])
    assert first[0]["id"] not in {"Agent", "Organisation"}


def test_a_column_is_reconciled_with_a_type_and_other_columns(service):
    queries = {
        f"q{n}": {
            "query": cell,
            "type": "NHSProviderTrust",
            "type_strict": "should",
            "properties": [{"pid": "asOf", "v": "2023-05-01"}],
        }
        for n, cell in enumerate(CELLS)
    }
    answer = post(service, "queries", queries)
    best = [answer[f"q{n}"]["result"][0] for n in range(len(CELLS))]
    assert [each["id"] for each in best] == [f"organisation/{c}" for c in ("RVJ", "RA7", "RP6")]
    assert all(isinstance(each["score"], float) for each in best)
    assert [each["match"] for each in best] == [
        True,
        True,
        False,
    ]  # a misspelt name is for a person to judge
    scores = [each["score"] for each in answer["q0"]["result"]]
    assert scores == sorted(scores, reverse=True)


def test_a_cell_that_was_matched_before_is_sent_with_its_identifier_and_name(service):
    cell = {"id": "x", "name": "RVJ"}
    asked = {"query": "Bristol", "properties": [{"pid": "odsCode", "v": cell}]}
    answer = post(service, "queries", {"q0": asked})
    assert answer["q0"]["result"][0]["id"] == "organisation/RVJ"


def test_numbers_in_cells_are_sent_as_numbers(service):
    asked = {"query": "12345", "properties": [{"pid": "postcode", "v": 123}]}
    assert post(service, "queries", {"q0": asked}) == {"q0": {"result": []}}


@pytest.mark.parametrize("what", ["entity", "type", "property"])
def test_suggestions_and_what_shows_beside_them(service, manifest, what):
    options = manifest["suggest"][what]
    address = path(options["service_url"])
    typed = {"entity": "north", "type": "trust", "property": "code"}[what]
    # The widget is given service_url, service_path and the name of the parameter, and nothing else of the manifest.
    found = jsonp(service, address + options["service_path"], prefix=typed)
    shown = found["result"][0]
    assert shown["id"]
    assert shown["name"]
    flyout = options["flyout_service_path"].replace("${id}", quote(shown["id"], safe=""))
    beside = jsonp(service, path(options["flyout_service_url"]) + flyout)
    assert beside["id"] == shown["id"]
    assert beside["html"].startswith("<")


def test_the_widget_asks_beside_at_an_older_address_when_it_has_lost_the_one_of_the_manifest(
    service, manifest
):
    address = path(manifest["suggest"]["entity"]["service_url"])
    asked = "/search?filter=(all mid:organisation%2FRA7)&output=(notable:/client/summary (description) type)&key="
    beside = service.get(address + asked).get_json()
    assert beside["id"] == "organisation/RA7"
    assert "Bristol" in beside["html"]


def test_more_suggestions_follow_by_the_cursor(service):
    first = service.get("/reconcile/suggest/entity?prefix=R").get_json()
    second = service.get(f"/reconcile/suggest/entity?prefix=R&cursor={first['cursor']}").get_json()
    assert len(first["result"]) == 10
    assert not {e["id"] for e in first["result"]} & {e["id"] for e in second["result"]}
    assert service.get("/reconcile/suggest/entity?prefix=R&cursor=x").get_json() == first
    assert "cursor" not in service.get("/reconcile/suggest/property?prefix=").get_json()


@pytest.mark.parametrize("identifier", ["organisation/RA7", "power/direct-nhs-trust"])
def test_a_preview_goes_into_a_frame_of_another_site(service, manifest, identifier):
    address = path(manifest["preview"]["url"].replace("{{id}}", identifier))
    response = service.get(address)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    linked = service.get(path(manifest["view"]["url"].replace("{{id}}", identifier)))
    assert linked.status_code == 303


def test_a_column_is_added(service, manifest):
    endpoint = manifest["extend"]["propose_properties"]
    offered = service.get(
        path(endpoint["service_url"]) + endpoint["service_path"] + "?type=Organisation"
    )
    wanted = [{"id": each["id"]} for each in offered.get_json()["properties"]]
    wanted[0]["settings"] = {"asOf": "2023-05-01"}
    ids = ["organisation/RA7", "organisation/RVJ", "organisation/gone"]
    answer = post(service, "extend", {"ids": ids, "properties": wanted})
    assert [each["id"] for each in answer["meta"]] == [each["id"] for each in wanted]
    assert set(answer["rows"]) == set(ids)
    assert answer["rows"]["organisation/RVJ"]["successor"] == [
        {"id": "organisation/RA7", "name": "Bristol NHS Foundation Trust"}
    ]
    row = answer["rows"]["organisation/RA7"]
    assert row["board"][0]["str"].endswith("Integrated Care Board")
    assert row["region"][0]["str"]
    for values in row.values():
        assert all(set(each) & {"id", "str", "float", "int", "date", "bool"} for each in values)


def test_settings_left_empty_mean_today(service):
    asked = {
        "ids": ["organisation/RA7"],
        "properties": [{"id": "exists", "settings": {"asOf": ""}}],
    }
    assert post(service, "extend", asked)["rows"]["organisation/RA7"]["exists"] == [{"str": "yes"}]
