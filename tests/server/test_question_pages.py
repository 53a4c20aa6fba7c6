"""Pages of questions, duties, changes, procedures and coverage over the shipped registers."""

import re
from html import unescape

import pytest

PAGES = [
    "/questions",
    "/questions/standard-of-power",
    "/questions/standard-of-power?power=impose-monetary-penalty",
    "/questions/factors",
    "/questions/limits-of-power?norm=impose-additional-licence-condition",
    "/organisations/QUY/duties?asOf=2022-11-15",
    "/organisations/QUY/duties?asOf=2022-06-30",
    "/organisations/RA7/changes",
    "/organisations/RA7/changes?from=2022-06-30&to=2022-07-01",
    "/procedures/impose-discretionary-requirement",
    "/about",
]


def page(client, path, status=200):
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    return response.get_data(as_text=True)


def visible(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_one_heading_unique_identifiers_and_nothing_inline(client, path):
    html = page(client, path)
    assert html.count("<h1") == 1
    identifiers = re.findall(r'\bid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    assert not re.findall(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", html)
    labelled = re.findall(r'aria-labelledby="([^"]+)"', html)
    assert all(each in identifiers for names in labelled for each in names.split())


def test_a_question_is_a_form_with_its_answer_and_ways_to_get_it(client):
    html = page(client, "/questions/standard-of-power?power=impose-monetary-penalty")
    assert '<option value="impose-monetary-penalty" selected>' in html
    text = visible(html)
    assert "Satisfied" in text
    assert "remit ask standard-of-power --power 'impose-monetary-penalty'" in text
    assert "/api/v1/questions/standard-of-power?power=impose-monetary-penalty" in text
    assert "pandas.read_csv" in text
    assert "PREFIX remit:" in text


def test_a_question_downloads_as_files(client):
    path = "/questions/standard-of-power?power=impose-monetary-penalty&format="
    assert client.get(f"{path}csv").mimetype == "text/csv"
    assert client.get(f"{path}json").is_json


def test_an_empty_answer_says_that_the_source_is_silent(client):
    html = page(client, "/questions/limits-of-power?norm=impose-additional-licence-condition")
    assert "does not say how many days" in visible(html)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/questions/what-bars?power=impose-monetary-penalties", "Did you mean"),
        ("/questions/what-bars?power=", "power is missing"),
        ("/questions/instruments-on-date?asOf=2022-02-30", "“2022-02-30”"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_beside_its_field(client, path, told):
    html = page(client, path, 400)
    assert told in visible(html)
    assert "nhsuk-error-summary" in html


def test_an_unknown_question_is_not_found(client):
    assert "no question called" in visible(page(client, "/questions/none", 404))


def test_a_procedure_is_drawn_and_told_in_a_table(client):
    html = page(client, "/procedures/impose-discretionary-requirement")
    assert '<svg role="img" aria-labelledby="diagram-title diagram-description"' in html
    drawing = html[html.index("<svg") : html.index("</svg>")]
    table = visible(
        html[html.index('<table class="remit-table" role="table" aria-labelledby="steps"') :]
    )
    for word in ("Notice of intent", "Written representations", "The period has ended"):
        assert word in visible(drawing)
        assert word in table
    assert "at least 28 days" in table
    assert "footnote 23" in table


def test_duties_and_changes_link_their_sources(client):
    duties = page(client, "/organisations/QUY/duties?asOf=2022-11-15")
    assert "General duty of a board" in visible(duties)
    assert "/passages/" in duties
    changes = visible(page(client, "/organisations/RA7/changes?from=2022-06-30&to=2022-07-01"))
    assert "Held by Monitor" in changes
    assert "powers came out differently" in changes.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/organisations/RA7/changes?from=2023-13-01", 400),
        ("/organisations/RA7/changes?from=2023-05-01&to=2022-05-01", 400),
        ("/organisations/RA7/changes?to=2022-05-01", 400),
        ("/organisations/QUY/duties?asOf=soon", 400),
        ("/organisations/ZZZ/changes?from=2023-05-01", 404),
    ],
)
def test_dates_and_codes_that_cannot_be_used_are_told(client, path, status):
    page(client, path, status)


def test_three_boxes_lead_to_the_permanent_link_of_the_duties(client):
    response = client.get("/organisations/QUY/duties?day=15&month=11&year=2022")
    assert response.location == "/organisations/QUY/duties?asOf=2022-11-15"


def test_coverage_names_passages_without_any_fact_and_the_gaps(client):
    text = visible(page(client, "/about")).replace("\N{NO-BREAK SPACE}", " ")
    assert "Facts by kind" in text
    assert "recorded as silent" in text
    told = visible(page(client, "/about/coverage/enforcement-guidance-2022-draft"))
    assert "Passages that state no fact" in told
    assert "heading before para 1" in told
    wrong = client.get("/about/coverage/nothing", headers={"Accept": "text/html"})
    assert wrong.status_code == 404
    assert "Did you mean" in wrong.get_data(as_text=True)
