"""The JSON API keeps the contract that other people's scripts rely on."""

import io

import pytest
from docx import Document


def get(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, response.get_data(as_text=True)[:500]
    return response.get_json()


def test_the_sheet_has_the_fields_of_the_contract(client):
    sheet = get(client, "/api/v1/organisations/RA7/powers?asOf=2023-05-01")
    assert sheet["organisation"]["code"] == "RA7"
    assert sheet["organisation"]["id"] == "https://w3id.org/remit/id/organisation/RA7"
    assert sheet["asOf"] == "2023-05-01"
    row = next(r for r in sheet["applies"] if r["power"]["slug"] == "impose-monetary-penalty")
    assert set(row) >= {
        "power", "holder", "basis", "standard", "preconditions", "limits", "procedure", "review",
        "bindingness", "sources", "trace",
    }  # fmt: skip
    assert all(isinstance(text, str) for text in row["preconditions"])
    assert row["basis"][0]["id"].startswith("http://www.legislation.gov.uk/id/")
    assert set(row["limits"][0]) >= {"label", "value", "unit", "of", "bound"}
    assert set(row["procedure"][0]) >= {"step", "actor", "action", "timeLimit"}
    assert set(row["review"]) >= {"available", "forum", "grounds", "disposals", "suspensive"}
    assert set(row["trace"][0]) >= {"condition", "holds", "because", "sources"}
    assert set(row["sources"][0]) == {"document", "locator", "url"}
    steps = [step["step"] for step in row["procedure"]]
    assert steps == sorted(steps)
    rejected = sheet["doesNotApply"][0]
    assert set(rejected) >= {"power", "failedCondition", "because", "trace"}


def test_a_procedure_tells_its_time_limits_in_figures(client):
    sheet = get(client, "/api/v1/organisations/RA7/powers?asOf=2023-05-01")
    row = next(r for r in sheet["applies"] if r["power"]["slug"] == "impose-compliance-requirement")
    limits = [step["timeLimit"] for step in row["procedure"] if step["timeLimit"]]
    found = [
        (each["value"], each["unit"], each["bound"], each["mayBeShortenedTo"]) for each in limits
    ]
    assert (28, "day", "minimum", 5) in found


def test_every_answer_names_the_data_version(client, store):
    for path in ("/api/v1/organisations/RA7", "/api/v1/search?q=Bristol", "/api/v1/powers"):
        assert client.get(path).headers["Remit-Data-Version"] == store.version


def test_an_organisation_is_described_with_its_life(client):
    found = get(client, "/api/v1/organisations/RVJ?asOf=2023-05-01")
    assert found["name"] == "North Bristol NHS Trust"
    assert found["exists"]["to"] == "2026-07-01"
    assert "NHS trust" in found["currentTypes"]
    assert any(event["resulting"] for event in found["events"])
    assert {"scheme": "ODS code", "value": "RVJ"} in found["identifiers"]


@pytest.mark.parametrize(
    ("day", "count"), [("2022-07-01", 42), ("2026-03-31", 42), ("2026-04-01", 36)]
)
def test_there_are_42_boards_and_then_36(client, day, count):
    found = get(client, f"/api/v1/organisations?type=IntegratedCareBoard&asOf={day}&pageSize=100")
    boards = [each for each in found["results"] if each["code"] != "integrated-care-board"]
    assert len(boards) == count


def test_the_list_is_paged(client):
    first = get(
        client, "/api/v1/organisations?type=IntegratedCareBoard&asOf=2022-07-01&pageSize=10"
    )
    second = get(
        client, "/api/v1/organisations?type=IntegratedCareBoard&asOf=2022-07-01&pageSize=10&page=2"
    )
    assert first["pages"] == second["pages"] == 5
    assert not {r["id"] for r in first["results"]} & {r["id"] for r in second["results"]}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("RA7", "https://w3id.org/remit/id/organisation/RA7"),
        ("bristol", "https://w3id.org/remit/id/organisation/RA7"),
        ("Bristl", "https://w3id.org/remit/id/organisation/RA7"),
        ("University Hospitals Bristol and Weston", "https://w3id.org/remit/id/organisation/RA7"),
        ("s106", "http://www.legislation.gov.uk/id/ukpga/2012/7/section/106"),
        (
            "section 106 of the 2012 Act",
            "http://www.legislation.gov.uk/id/ukpga/2012/7/section/106",
        ),
        ("14Z61", "http://www.legislation.gov.uk/id/ukpga/2006/41/section/14Z61"),
        (
            "Sch 11 para 12(4)",
            "http://www.legislation.gov.uk/id/ukpga/2012/7/schedule/11/paragraph/12/4",
        ),
        ("monetary penalty", "https://w3id.org/remit/id/power/impose-monetary-penalty"),
    ],
)
def test_search_finds_by_code_name_former_name_and_citation(client, q, expected):
    found = client.get("/api/v1/search", query_string={"q": q}).get_json()
    assert expected in [each["id"] for each in found["results"]][:10]
    assert all(0 < each["score"] <= 1 for each in found["results"])


def test_search_for_nothing_finds_nothing(client):
    assert get(client, "/api/v1/search?q=") == {"results": [], "total": 0, "q": ""}


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/api/v1/organisations/RA77", 404, "not-found"),
        ("/api/v1/organisations/RA77/powers", 404, "not-found"),
        ("/api/v1/organisations/RA7/powers?asOf=2023-02-30", 400, "bad-date"),
        ("/api/v1/organisations/RA7/powers?asOf=01/07/2022", 400, "bad-date"),
        ("/api/v1/organisations?page=0", 400, "bad-parameter"),
        ("/api/v1/organisations?page=x", 400, "bad-parameter"),
        ("/api/v1/organisations?pageSize=100000", 400, "bad-parameter"),
        ("/api/v1/powers/no-such-power", 404, "not-found"),
        ("/api/v1/nothings", 404, "not-found"),
        ("/api/v1/organisations/%3Cscript%3E", 404, "not-found"),
        ("/id/power/none", 404, "not-found"),
    ],
)
def test_errors_are_problem_details(client, path, status, slug):
    response = client.get(path)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    body = response.get_json()
    assert body["type"] == f"https://w3id.org/remit/problem/{slug}"
    assert body["detail"]
    assert "Traceback" not in response.get_data(as_text=True)
    assert "<script>" not in response.get_data(as_text=True)


def test_an_unknown_power_suggests_near_ones(client):
    body = client.get("/api/v1/powers/direct-nhs-trusts").get_json()
    assert "/powers/direct-nhs-trust" in [each["href"] for each in body["suggestions"]]


def test_an_entry_tells_what_links_to_it(client):
    found = get(client, "/api/v1/provisions/ukpga/2012/7/section/106")
    linking = {value["id"] for each in found["incoming"] for value in each["values"]}
    assert "https://w3id.org/remit/id/power/accept-provider-undertaking" in linking


@pytest.mark.parametrize(
    ("path", "accept", "location"),
    [
        ("/id/organisation/RA7", "text/html", "/organisations/RA7"),
        ("/id/organisation/RA7", "application/json", "/api/v1/organisations/RA7"),
        ("/id/power/direct-nhs-trust", "text/html", "/powers/direct-nhs-trust"),
        ("/id/power/direct-nhs-trust", "application/json", "/api/v1/powers/direct-nhs-trust"),
    ],
)
def test_identifiers_lead_to_the_document(client, path, accept, location):
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.headers["Location"]) == (303, location)


def test_the_service_is_alive_and_ready(client, store):
    assert get(client, "/health") == {"status": "ok", "dataVersion": store.version}
    assert get(client, "/ready")["status"] == "ready"


@pytest.mark.parametrize(
    ("slug", "verdict"),
    [("impose-monetary-penalty", "applies"), ("direct-nhs-trust", "does-not-apply")],
)
def test_one_power_is_answered_alone(client, slug, verdict):
    answer = get(client, f"/api/v1/organisations/RA7/powers/{slug}?asOf=2023-05-01")
    assert (answer["verdict"], answer["row"]["power"]["slug"]) == (verdict, slug)
    page = client.get(f"/organisations/RA7/powers/{slug}?asOf=2023-05-01")
    assert page.status_code == 200
    assert answer["row"]["power"]["label"] in page.get_data(as_text=True)


def test_an_unknown_power_of_an_organisation_is_not_found(client):
    assert client.get("/api/v1/organisations/RA7/powers/none").status_code == 404


def test_the_sheet_page_is_light_and_its_long_form_has_every_trace(client):
    path = "/organisations/RA7/powers?asOf=2023-05-01"
    short, whole = client.get(path).data, client.get(f"{path}&details=all").data
    assert len(short) < 150_000 < len(whole)
    assert b"Why it applies" in whole


def test_the_sheet_as_a_word_document(client):
    response = client.get("/organisations/RVJ/powers?asOf=2023-03-31&format=docx")
    document = Document(io.BytesIO(response.data))
    headings = [each.text for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert "Direct an NHS trust" in headings
    assert "Powers that do not apply" in headings
    summary = document.tables[0]
    assert [cell.text for cell in summary.rows[0].cells] == [
        "Power",
        "Holder",
        "Legal basis",
        "Standard",
        "Appeal",
    ]
    assert "Not an official NHS document" in " ".join(each.text for each in document.paragraphs)
    assert document.sections[0].page_width.cm == pytest.approx(21, abs=0.01)
    links = [rel.target_ref for rel in document.part.rels.values() if rel.is_external]
    assert any("knownAt=" in link and "asOf=2023-03-31" in link for link in links)
    assert "http" in "".join(links)
    assert any(link.endswith("/2023-03-31") for link in links)
    assert "PAGE" in document.sections[0].footer._element.xml
