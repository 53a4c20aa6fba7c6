"""The pages, on fixture answers: what they show, what they refuse, and that none is a dead end."""

import csv
import gzip
import io
import re
from html import unescape

import pytest
from flask import render_template
from openpyxl import load_workbook
from page_answers import PAGES, SHEET, application, fixture

from server.filters import NBSP
from server.pages import assets, data

SECTIONS = ["/", "/organisations", "/powers", "/questions", "/instruments", "/about"]


@pytest.fixture
def asked():
    """What the pages asked the data for, newest last."""
    return []


@pytest.fixture
def client(monkeypatch, asked):
    return application(monkeypatch, asked).test_client()


def page(client, path, status=200):
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    return response.get_data(as_text=True)


def visible(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_heading_a_skip_link_and_landmarks(client, path):
    html = page(client, path)
    assert html.count("<h1") == 1
    assert 'href="#maincontent"' in html
    for landmark in ("<header", "<main", "<footer", 'lang="en-GB"'):
        assert html.count(landmark) == 1
    assert "v-2026" in html
    identifiers = re.findall(r'\bid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_anything_inline_or_from_outside(client, path):
    response = client.get(path)
    html = response.get_data(as_text=True)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.findall(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", html)
    fetched = re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]+)"', html)
    assert fetched
    assert all(re.match(r"/assets/|/organisations/\w+/timeline\.svg", each) for each in fetched)


def test_assets_fetch_nothing_from_outside_and_are_kept_under_their_fingerprint(client):
    css = (assets.STATIC / "remit.css").read_text(encoding="utf-8")
    assert not re.findall(r"url\((?![\"']?data:)", css)
    assert "@import" not in css
    mark = assets.fingerprint("remit.css")
    assert "immutable" in client.get(f"/assets/{mark}/remit.css").headers["Cache-Control"]
    assert "immutable" not in client.get("/assets/old/remit.css").headers["Cache-Control"]
    assert client.get("/assets/x/no-such-file.css").status_code == 404
    assert client.get("/assets/x/ORIGIN.md").status_code == 404


def test_pages_are_compressed_for_clients_that_accept_it(client):
    plain = client.get(SHEET).data
    packed = client.get(SHEET, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain
    refused = client.get(SHEET, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_styles_and_script_leave_room_for_the_page(client):
    sizes = [
        len(client.get(f"/assets/x/{name}", headers={"Accept-Encoding": "gzip"}).data)
        for name in ("remit.css", "remit.js")
    ]
    assert sum(sizes) < 25_000


def test_the_sheet_shows_each_verdict_with_its_reason_and_sources(client):
    text = visible(page(client, SHEET))
    assert (
        "Powers over University Hospitals Bristol and Weston NHS Foundation Trust on 1 May" in text
    )
    assert "Now called Bristol NHS Foundation Trust" in text
    assert "at most 10% of turnover in England" in text
    assert "at least 28 days, counted from the notice" in text
    assert "Its type is not within reach A foundation trust is not" in text
    assert "The date on which the provision came into force." in text
    assert "First-tier Tribunal" in text
    assert "Enforcement guidance, para 47" in text
    assert "The measure is suspended during the appeal" in text


def test_the_sheet_links_the_law_as_it_stood_on_the_date(client):
    html = page(client, SHEET)
    assert 'href="https://www.legislation.gov.uk/ukpga/2012/7/section/105/2023-05-01"' in html


def test_text_from_the_data_is_escaped(client):
    html = page(client, SHEET)
    assert "Accept an &lt;em&gt;undertaking&lt;/em&gt;" in html
    assert "<script>alert" not in page(client, "/search?q=<script>alert(1)</script>")


def test_three_boxes_lead_to_the_permanent_link(client):
    response = client.get("/organisations/RA7/powers?day=1&month=July&year=2022")
    assert response.status_code == 302
    assert response.headers["Location"] == "/organisations/RA7/powers?asOf=2022-07-01"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/organisations/RA7", "/organisations/RA7?asOf=2022-07-01"),
        ("/search?q=bristol", "/search?q=bristol&asOf=2022-07-01"),
    ],
)
def test_three_boxes_become_one_date_on_other_pages_too(client, path, target):
    joint = "&" if "?" in path else "?"
    response = client.get(f"{path}{joint}day=1&month=7&year=2022")
    assert response.headers["Location"] == target


def test_a_bad_date_on_a_list_keeps_the_words(client):
    html = page(client, "/organisations?q=bristol&day=40&month=1&year=2022", status=400)
    assert "Date must be a real date" in html
    assert 'value="bristol"' in html


def test_the_icon_is_served_where_browsers_look_for_it(client):
    assert client.get("/favicon.ico").mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("day=31&month=2&year=2023", "Date must be a real date"),
        ("day=&month=2&year=2023", "Date must include a day"),
        ("day=1&month=13&year=2023", "Month must be from 1 to 12"),
        ("day=1&month=2&year=23", "Year must be 4 numbers"),
        ("asOf=01/07/2022", "ambiguous"),
        ("asOf=yesterday", "is not a date"),
    ],
)
def test_a_bad_date_says_the_expected_form_and_keeps_what_was_typed(client, query, message):
    html = page(client, f"/organisations/RA7/powers?{query}", status=400)
    assert "There is a problem" in html
    assert message in visible(html)
    assert "<title>Error: " in html
    typed = dict(part.split("=") for part in query.split("&") if not part.startswith("asOf"))
    for name, value in typed.items():
        assert re.search(rf'id="when-{name}"[^>]*value="{value}"', html)


def test_the_error_summary_leads_to_the_box_to_mend(client):
    html = page(client, "/organisations/RA7/powers?day=1&month=x&year=2022", status=400)
    target = re.search(r'error-summary__list.*?href="#([\w-]+)"', html, re.S)[1]
    assert target == "when-month"
    assert f'id="{target}"' in html


def test_a_code_goes_straight_to_its_sheet(client):
    response = client.get("/find?organisation=ra7&day=1&month=5&year=2023")
    assert response.headers["Location"] == "/organisations/RA7/powers?asOf=2023-05-01"


def test_a_name_that_fits_several_leads_to_a_choice(client):
    response = client.get("/find?organisation=Bristol&day=1&month=5&year=2023")
    assert response.headers["Location"].startswith("/search?q=Bristol&asOf=2023-05-01")
    html = page(client, response.headers["Location"])
    assert "/organisations/RVJ/powers?asOf=2023-05-01" in html
    assert "Direct an integrated care board" not in html


def test_a_result_found_by_a_former_name_says_when_it_was_borne(client):
    text = visible(page(client, "/search?q=southmead"))
    assert "Code RVJ. Named Southmead NHS Trust: until 31 March 1999." in text


def test_an_empty_question_says_what_to_enter(client):
    assert "Enter the code or the name" in page(client, "/find?organisation=", status=400)
    assert "Enter what you are looking for" in page(client, "/search?q=", status=400)


def test_the_sentence_leads_to_powers_of_a_holder_or_to_duties(client):
    asked = "organisation=RA7&day=1&month=5&year=2023"
    powers = client.get(f"/find?what=powers&holder=monitor&{asked}").headers["Location"]
    assert powers == "/organisations/RA7/powers?asOf=2023-05-01&holder=monitor"
    duties = client.get(f"/find?what=duties&holder=monitor&{asked}").headers["Location"]
    assert duties == "/organisations/RA7/duties?asOf=2023-05-01"


def test_a_name_with_its_code_behind_it_is_that_organisation(client):
    found = client.get("/find?organisation=Bristol+NHS+Foundation+Trust+(RA7)&asOf=2023-05-01")
    assert found.headers["Location"] == "/organisations/RA7/powers?asOf=2023-05-01"


def test_the_sentence_keeps_what_was_chosen_when_something_is_wrong(client):
    html = page(client, "/find?what=duties&holder=monitor&organisation=", status=400)
    assert '<option value="duties" selected>' in html
    assert '<option value="monitor" selected>' in html


def test_the_sheet_narrows_to_a_holder_and_says_what_is_left_out(client):
    html = page(client, f"{SHEET}&holder=monitor")
    text = visible(html)
    assert "1 power more applies" in text
    assert '<option value="monitor" selected>' in html
    moved = client.get("/organisations/RA7/powers?day=1&month=7&year=2022&holder=monitor")
    assert moved.headers["Location"] == "/organisations/RA7/powers?asOf=2022-07-01&holder=monitor"


def test_a_citation_that_the_registers_lack_leads_to_the_law_itself(client):
    html = page(client, "/search?q=bristol")
    assert 'href="https://www.legislation.gov.uk/ukpga/2012/7/section/999"' in html
    assert "s 999 is not in the registers" in visible(html)


def test_the_timeline_tells_each_period_in_the_drawing_and_in_the_table(client):
    html = page(client, "/organisations/RA7/timeline?asOf=2023-05-01")
    text = visible(html)
    assert "1 June 2008 to 31 March 2013" in text
    assert "does not apply before, applies now" in text
    assert "Monitor holds it" in text
    assert (
        'aria-label="Timeline of Bristol NHS Foundation Trust. The answer changes on 1 April 2013."'
        in html
    )
    assert '<a href="/organisations/RA7/powers?asOf=2013-04-01"><g><title>2 apply' in html
    assert (
        "from=2013-03-31&amp;to=2013-04-01" in html or "to=2013-04-01&amp;from=2013-03-31" in html
    )


def test_the_timeline_as_a_picture_is_an_image_without_links(client):
    response = client.get("/organisations/RA7/timeline.svg?asOf=2023-05-01")
    assert response.mimetype == "image/svg+xml"
    assert response.data.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert b"<a " not in response.data


def test_no_result_offers_the_next_step(client):
    text = visible(page(client, "/search?q=zzz"))
    assert "Nothing matches “zzz”" in text
    assert "look through the organisations" in text


@pytest.mark.parametrize("path", ["/organisations/RA77", "/organisations/RA77/powers"])
def test_an_unknown_code_suggests_near_ones(client, path):
    html = page(client, path, status=404)
    assert "There is no organisation RA77" in html
    assert 'href="/organisations/RA7"' in html


def test_an_organisation_after_its_end_leads_to_its_successor(client):
    text = page(client, "/organisations/RVJ/powers?asOf=2026-09-01")
    assert "Its last day was 30 June 2026" in text
    assert 'href="/organisations/RA7/powers?asOf=2026-09-01"' in text
    assert 'href="?asOf=2026-06-30"' in text
    assert "did not exist" not in page(client, "/organisations/RVJ/powers?asOf=2026-06-30")
    assert "did not exist" in page(client, "/organisations/RVJ/powers?asOf=2026-07-01")


def test_an_organisation_before_its_start_says_when_it_began(client):
    text = page(client, "/organisations/RVJ/powers?asOf=1990-01-01")
    assert "It began on 1 April 1999" in text
    assert 'href="?asOf=1999-04-01"' in text


def test_the_organisation_page_tells_names_types_relations_and_events(client):
    text = visible(page(client, "/organisations/RA7?asOf=2023-05-01"))
    assert "1 April 2020 to 30 June 2026" in text
    assert "seen from 1 April 2013, start not known, until 31 March 2020" in text
    assert "NHS foundation trust from 1 June 2008" in text
    assert "Within geography of" in text
    assert "North Bristol joins Bristol" in text


def test_the_list_passes_its_filters_on_and_pages(client, asked):
    html = page(client, "/organisations?q=bristol&type=NHSTrust&within=QUY&asOf=2022-07-01&page=2")
    assert asked[-1] == ("organisations", ("bristol", "NHSTrust", "QUY", "2022-07-01", 2))
    assert '<option value="NHSTrust" selected>' in html
    assert "page=2" in html


def test_a_register_entry_shows_links_notes_and_sources(client):
    html = page(client, "/powers/direct-icb")
    assert 'href="/organisations/X24"' in html
    assert 'href="/provisions/ukpga/2006/41/section/14Z61"' in html
    assert "The guidance cites a section that does not hold the power." in html
    assert 'href="/powers/undertaking"' in html


def test_a_power_shows_its_procedure_appeal_and_notes_without_a_date(client):
    html = page(client, "/powers/direct-icb")
    text = visible(html)
    assert "Make representations (at least 28 days, counted from the notice)" in text
    assert "The measure is suspended during the appeal" in text
    assert 'href="https://www.legislation.gov.uk/' not in html
    assert "Why it applies" not in text


def test_an_unknown_register_is_not_found(client):
    assert "There is nothing at this address" in page(client, "/wishes", status=404)
    assert "There is nothing at this address" in page(client, "/wishes/one", status=404)


def test_the_sparql_page_shows_each_kind_of_result_and_the_examples(client):
    rows = [[{"text": "RA7", "href": "https://w3id.org/remit/id/organisation/RA7"}, None]]
    select = {"kind": "select", "variables": ["a", "b"], "rows": rows, "total": 5, "shown": 1}
    results = [
        (select, "The first 1 row of 5"),
        ({**select, "rows": [], "total": 0}, "found no rows"),
        ({"kind": "ask", "answer": True}, "Yes"),
        ({"kind": "graph", "text": "<a> <b> <c> ."}, "<a> <b> <c> ."),
    ]
    for result, words in results:
        with client.application.test_request_context("/sparql"):
            html = render_template("sparql.html", query="ASK {}", result=result)
        assert words in unescape(re.sub(r"</?(p|code|pre|strong)\b[^>]*>", " ", html)).replace(
            NBSP, " "
        )
        assert 'href="/sparql/examples/powers-of-organisation"' in html
    with client.application.test_request_context("/sparql"):
        problem = {"title": "The query has a syntax error", "detail": "Mend it.", "line": 3}
        html = render_template("sparql.html", query="<bad>", problem=problem)
    assert "Error: SPARQL" in html
    assert "Line 3." in html
    assert "&lt;bad&gt;</textarea>" in html


def test_navigation_shows_only_what_exists(client):
    html = page(client, "/powers")
    links = re.findall(r'navigation-link" href="([^"]+)"', html)
    assert [path for path in links if path in SECTIONS] == SECTIONS
    assert "/sparql" not in links, "the application of these tests does not serve it"
    assert 'href="/powers" aria-current="true"' in html


def test_the_sheet_downloads_as_csv_with_a_row_for_each_power(client):
    response = client.get(SHEET + "&format=csv")
    assert 'filename="remit-RA7-2023-05-01.csv"' in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["Verdict"] for row in rows] == ["applies"] * 2 + ["does-not-apply", "unknown"]
    assert {row["As of"] for row in rows} == {"2023-05-01"}
    assert "28 days" in rows[0]["Procedure"]


def test_the_sheet_downloads_as_xlsx_with_the_same_rows(client):
    book = load_workbook(io.BytesIO(client.get(SHEET + "&format=xlsx").data))
    table = list(book.active.iter_rows(values_only=True))
    assert table[0][:3] == ("Verdict", "Power", "Holder")
    assert [row[0] for row in table[1:]] == ["applies"] * 2 + ["does-not-apply", "unknown"]
    assert book.active.freeze_panes == "A2"


def test_the_sheet_downloads_as_the_json_of_the_api(client):
    assert client.get(SHEET + "&format=json").get_json() == fixture("sheet")


def test_cells_never_become_formulas(client, monkeypatch):
    sheet = fixture("sheet")
    sheet["applies"][0]["power"]["label"] = '=HYPERLINK("http://example.org")'
    monkeypatch.setattr(data, "sheet", lambda *args: sheet)
    rows = list(csv.reader(io.StringIO(client.get(SHEET + "&format=csv").text)))
    assert rows[1][1].startswith("'=")


def test_an_unknown_format_is_not_found(client):
    assert client.get(SHEET + "&format=exe").status_code == 404
