"""What people come for, done in a real browser, with the keyboard and without scripts."""

import pytest

pytestmark = pytest.mark.browser

SHEET = "/organisations/RA7/powers?asOf=2023-05-01"


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def tab_to(page, wanted, most=60):
    for _ in range(most):
        press(page, "Tab")
        if focused(page) == wanted:
            return
    raise AssertionError(f"{wanted} is not reached with the Tab key")


def test_the_powers_over_a_trust_on_a_date_are_found_with_the_keyboard_alone(visit):
    page = visit("/")
    press(page, "Tab")
    assert focused(page) == "Skip to main content"
    press(page, "Enter")
    tab_to(page, "organisation")
    page.keyboard.type("RA7")
    for box, text in (("when-day", "1"), ("when-month", "May"), ("when-year", "2023")):
        press(page, "Tab")
        assert focused(page) == box
        press(page, "Control+A")
        page.keyboard.type(text)
    press(page, "Enter")
    page.wait_for_url("**/organisations/RA7/powers?asOf=2023-05-01")
    assert "on 1 May 2023" in page.locator("h1").inner_text()
    tab_to(page, "Details of Impose a discretionary requirement")
    assert not page.get_by_text("Give notice of intent").is_visible()
    press(page, "Enter")
    assert page.get_by_text("Give notice of intent").is_visible()


def test_the_sheet_is_downloaded_as_a_workbook(visit):
    page = visit(SHEET)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel (XLSX)").click()
    assert download.value.suggested_filename == "remit-RA7-2023-05-01.xlsx"


def test_why_a_power_does_not_apply_opens_as_steps(visit):
    page = visit(SHEET)
    page.get_by_text("Show each step for Direct an integrated care board").click()
    assert page.get_by_text("Reach: integrated care board").is_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_main_job_works_without_scripts(visit, width):
    page = visit("/", width, scripts=False)
    page.fill("#organisation", "RA7")
    page.fill("#when-day", "1")
    page.fill("#when-month", "7")
    page.fill("#when-year", "2022")
    page.get_by_role("button", name="Show the answer").click()
    assert "on 1 July 2022" in page.locator("h1").inner_text()
    page.locator("summary").first.click()
    assert page.get_by_text("Give notice of intent").is_visible()


def test_a_mistake_puts_the_focus_on_the_error_summary(visit):
    page = visit("/organisations/RA7/powers?day=31&month=2&year=2023")
    assert "There is a problem" in page.evaluate("document.activeElement.textContent")
    page.get_by_role("link", name="Date must be a real date").click()
    assert focused(page) == "when-day"
    assert page.input_value("#when-day") == "31"


def test_all_details_open_and_close_with_one_button(visit):
    page = visit(SHEET)
    page.get_by_role("button", name="Show all details").click()
    assert page.locator("#applies ~ div details:not([open])").count() == 0
    page.get_by_role("button", name="Hide all details").click()
    assert page.locator("#applies ~ div details[open]").count() == 0


def test_a_link_to_a_power_on_the_sheet_opens_its_details(visit):
    page = visit(f"{SHEET}#discretionary-requirement")
    assert page.get_by_text("Give notice of intent").is_visible()


def test_the_menu_opens_on_a_narrow_screen(visit):
    page = visit("/", 320)
    more = page.get_by_role("button", name="More")
    more.focus()
    press(page, "Enter")
    assert more.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("link", name="About", exact=True).first.is_visible()


def test_everything_is_unfolded_on_paper(visit):
    page = visit(SHEET)
    assert page.evaluate("matchMedia('print').matches") is False
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert not page.get_by_role("navigation", name="Menu").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
