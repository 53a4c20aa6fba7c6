"""The what-if page of the 2024 draft and its interface."""

import pytest

PAGE = "/segmentation/oaf-2024-draft"
QUESTION = f"{PAGE}?indicativeDeliveryScore=1&challengedAreas=elective+care&challengedAreas=finance&capability=low"


def text(client, address):
    response = client.get(address, headers={"Accept": "text/html"})
    return response.status_code, response.get_data(as_text=True)


def test_the_empty_form_asks_for_every_fact(client):
    status, page = text(client, PAGE)
    assert status == 200
    for key in (
        "indicativeDeliveryScore",
        "challengedAreas",
        "capability",
        "provisionalSegment",
        "domainScores",
    ):
        assert f'name="{key}"' in page
    assert "<svg" not in page


def test_the_address_reproduces_the_answer(client):
    status, page = text(client, QUESTION)
    assert status == 200
    assert "Provisional delivery score: 1 or 2" in page
    assert 'value="finance" checked' in page
    assert text(client, QUESTION)[1] == page


def test_the_drawing_has_a_table_of_the_same_content(client):
    page = text(client, QUESTION)[1]
    assert 'role="img"' in page
    assert "may deteriorate by one level" in page
    assert "stroke-dasharray" in page
    assert "What would move it" in page


def test_rules_of_the_user_are_marked_as_such(client):
    page = text(client, f"{PAGE}?challengedAreas=none&domainScores=Access+2;Quality+3&aggregation=worst"
                        "&capabilityRating=Excelling&highRatings=Excelling")[1]  # fmt: skip
    assert "Rules that are yours, not the text" in page
    assert "Provisional segment: 2 or 3" in page


@pytest.mark.parametrize(
    "query",
    ["indicativeDeliveryScore=9", "indicativeDeliveryScore=x", "domainScores=x", "capability=odd"],
)
def test_a_value_that_cannot_be_is_shown_beside_its_field(client, query):
    status, page = text(client, f"{PAGE}?{query}")
    assert status == 400
    assert "There is a problem" in page


def test_a_link_changes_one_fact(client):
    page = text(client, QUESTION)[1]
    assert "capability=high#answer" in page
    assert "recoveryProgrammeEntry=true" in page


@pytest.mark.parametrize("path", ["metric-scores", "capability-ratings"])
def test_a_body_that_is_no_object_is_refused(client, path):
    response = client.post(f"/api/v1/frameworks/oaf-2024-draft/{path}", json=[1])
    assert response.status_code == 400
    assert response.get_json()["parameter"] == "body"


def test_answers_name_the_data_version(client):
    response = client.post("/api/v1/frameworks/oaf-2024-draft/segmentation", json={"facts": {}})
    assert response.get_json()["dataVersion"] == response.headers["Remit-Data-Version"]
    described = client.get("/api/v1/frameworks/oaf-2024-draft/capability-ratings").get_json()
    assert "wellLedRating" in [fact["key"] for fact in described["facts"]]


def test_ratings_report_overlap_and_conclude_none(client):
    facts = {
        "wellLedRating": "requires improvement",
        "wellLedAgeMonths": 20,
        "canSelfCertify": False,
    }
    answer = client.post(
        "/api/v1/frameworks/oaf-2024-draft/capability-ratings", json={"facts": facts}
    ).get_json()
    by_aspect = {each["aspect"]: each for each in answer["aspects"]}
    assert by_aspect["well-led rating"] == {"aspect": "well-led rating", "met": [], "possible": []}
    assert by_aspect["self-certification"]["met"] == [
        "Some concerns – provider under review",
        "Major concerns",
    ]
    assert answer["unspecified"][0]["locator"] == "Annex C"
