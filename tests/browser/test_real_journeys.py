"""The five main journeys on the shipped registers in a real browser: find, explain, compare, validate, explore."""

import csv
import io

import pytest
from openpyxl import load_workbook

pytestmark = pytest.mark.browser


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def tab_to(page, wanted, most=120):
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == wanted:
            return
    raise AssertionError(f"{wanted} is not reached with the Tab key")


def test_the_powers_over_a_trust_on_a_date_are_found_and_kept_with_the_keyboard_alone(
    visit_real, tmp_path
):
    page = visit_real("/")
    tab_to(page, "organisation")
    page.keyboard.insert_text("North Bristol")
    page.wait_for_selector("#organisation[aria-expanded=true]")
    page.keyboard.press("ArrowDown")
    assert "North Bristol NHS Trust" in page.locator("[aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    assert page.input_value("#organisation") == "North Bristol NHS Trust (RVJ)"
    for box, text in (("when-day", "1"), ("when-month", "May"), ("when-year", "2023")):
        page.keyboard.press("Tab")
        assert focused(page) == box
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/organisations/RVJ/powers?asOf=2023-05-01")
    assert page.locator("h1").inner_text() == "Powers over North Bristol NHS Trust on 1 May 2023"
    tab_to(page, "Excel (XLSX)")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = load_workbook(path)
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert ("applies", "Impose a discretionary requirement") in [row[:2] for row in rows]
    assert str(len([row for row in rows if row[0] == "applies"])) == (
        page.locator(".remit-counts strong").first.inner_text()
    )


def test_the_sheet_shows_when_the_answer_changes_and_leads_to_why(visit_real):
    page = visit_real("/organisations/RVJ/powers?asOf=2023-05-01")
    picture = page.locator("img.remit-drawing")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("link", name="When the answer changes, and what changes then").click()
    page.get_by_role("table", name="Periods").get_by_text("1 April 2023 to 30 June 2026").wait_for()
    row = page.get_by_role("row").filter(has_text="1 April 2023 to 30 June 2026")
    row.locator("summary").click()
    row.get_by_role("link", name="Why").click()
    assert "from=2023-03-31" in page.url
    assert page.get_by_text("Impose a discretionary requirement").first.is_visible()


def test_why_a_power_does_not_apply_is_told_step_by_step(visit_real):
    page = visit_real("/organisations/RA7/powers?asOf=2023-05-01")
    page.get_by_role("link", name="Show each step for Direct an NHS trust").click()
    steps = page.locator(".remit-trace > li").all_inner_texts()
    assert len(steps) == 5
    reach = next(step for step in steps if "within reach" in step)
    assert reach.startswith("No")
    assert "[" in reach


def test_two_frameworks_are_compared(visit_real):
    page = visit_real("/compare")
    for box, chosen in zip(
        page.locator("main select").all()[:2], ("sof-2021-22", "nof-2022-23"), strict=True
    ):
        box.select_option(chosen)
    page.locator("main form button[type=submit]").first.click()
    assert page.locator("main tbody tr").count() > 20


def test_a_workbook_is_validated_and_the_finding_names_its_cell(visit_real, tmp_path):
    page = visit_real("/validation/upload")
    with page.expect_download() as download:
        page.locator("main a[href='/validation/template.xlsx']").first.click()
    path = tmp_path / "records.xlsx"
    download.value.save_as(path)
    book = load_workbook(path)
    name = next(each for each in book.sheetnames if "ndertaking" in each)
    columns = [cell.value for cell in book[name][1]]
    book[name].append(["U1" if place == 0 else None for place in range(len(columns))])
    book.save(path)
    page.set_input_files("main input[type=file]", path)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_text("records.xlsx").first.wait_for()
    assert name in page.locator("main").inner_text()


def test_a_file_that_is_being_checked_is_sent_once_and_the_page_says_so(visit_real, tmp_path):
    page = visit_real("/validation/upload")
    path = tmp_path / "records.ttl"
    path.write_text("")
    page.set_input_files("main input[type=file]", path)
    sent = []

    def stay(route):  # 204 leaves the page as it is, like an answer that is long in coming
        sent.append(route.request.url)
        route.fulfill(status=204)

    page.route("**/validation/upload", stay)
    button = page.get_by_role("button", name="Check the file")
    button.click()
    page.get_by_text("The file is being uploaded and checked").wait_for()
    assert page.get_by_role("progressbar").is_visible()
    assert button.get_attribute("aria-disabled") == "true"
    page.locator("form[data-busy]").evaluate("form => form.requestSubmit()")
    page.keyboard.press("Escape")
    page.get_by_role("progressbar").wait_for(state="detached")
    assert len(sent) == 1
    page.wait_for_timeout(1_100)  # the button lets no second click through for a second
    with page.expect_request("**/validation/upload"):
        button.click()


def test_a_printed_sheet_has_its_timeline_and_no_address_that_cannot_be_typed(visit_real):
    page = visit_real("/organisations/RA7/powers?asOf=2023-05-01")
    page.emulate_media(media="print")
    after = (
        "links => links.map(a => [a.getAttribute('href'), getComputedStyle(a, '::after').content])"
    )
    shown = [href for href, text in page.locator("a").evaluate_all(after) if "Link" in text]
    assert shown
    assert all(href.startswith("http") for href in shown)
    assert page.locator("img.remit-drawing").evaluate(
        "image => image.complete && image.naturalWidth"
    )


def test_the_reference_of_the_ontology_fits_a_small_screen(visit_real):
    page = visit_real("/docs/ontology/reference", 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_data_is_explored_by_sparql(visit_real, real_address):
    page = visit_real("/sparql")
    page.locator("#query-editor").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(
        "PREFIX remit: <https://w3id.org/remit/def/>\n"
        "SELECT ?family (COUNT(?p) AS ?n) WHERE { ?p a remit:Pow"
    )
    page.keyboard.press("Control+Space")
    page.get_by_text("remit:PowerFamily").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type(" ; remit:family ?family } GROUP BY ?family ORDER BY DESC(?n)")
    page.keyboard.press("Control+Enter")
    page.locator("#result").wait_for()
    page.get_by_role("button", name="Chart").click()
    assert page.locator("#result-drawing rect").count() > 5
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert rows[0] == ["family", "n"]
    assert all(url.startswith((real_address, "data:", "blob:")) for url in page.outside)
    assert [text for text in page.refused if "Content Security Policy" in text] == []


def test_the_tab_key_leaves_the_editor(visit_real):
    page = visit_real("/sparql")
    page.locator("#query-editor").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Run the query"


def test_the_plain_form_answers_queries_without_scripts(visit_real):
    page = visit_real("/sparql", scripts=False)
    page.fill("#query", "ASK { ?s ?p ?o }")
    page.get_by_role("button", name="Run the query").click()
    assert page.get_by_role("status").filter(has_text="Yes").is_visible()


def test_suggestions_lead_to_a_page_and_go_away_with_escape(visit_real):
    page = visit_real("/")
    page.locator("#q").focus()
    page.keyboard.insert_text("14Z61")
    page.wait_for_selector("#q[aria-expanded=true]")
    page.keyboard.press("Escape")
    assert page.locator("#q").get_attribute("aria-expanded") == "false"
    assert page.input_value("#q") == "14Z61"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/provisions/ukpga/2006/41/section/14Z61")
