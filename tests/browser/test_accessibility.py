"""Every page at two widths: axe finds nothing, nothing overflows or comes from outside."""

import pytest

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "about": "/about",
    "search": "/search?q=bristol",
    "nothing found": "/search?q=zzz",
    "organisations": "/organisations",
    "organisation": "/organisations/RA7",
    "closed organisation": "/organisations/RVJ?asOf=2026-09-01",
    "sheet": "/organisations/RA7/powers?asOf=2023-05-01",
    "sheet with an error": "/organisations/RA7/powers?asOf=01/07/2022",
    "register": "/powers",
    "entry": "/powers/direct-icb",
    "unknown code": "/organisations/RA77",
    "unknown page": "/nowhere",
}
UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_fits_and_stands_alone(visit, address, name, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = visit(PAGES[name], width)
    page.evaluate(UNFOLD)
    found = axe.Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in page.outside if not url.startswith((address, "data:"))] == []
    assert [text for text in page.refused if "Content Security Policy" in text] == []


@pytest.mark.parametrize("name", ["home", "sheet"])
def test_a_page_holds_with_text_at_twice_its_size(visit, name):
    page = visit(PAGES[name], 1280)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.set_viewport_size({"width": 1000, "height": 900})
    for _ in range(40):  # the menu arranges itself after a pause
        if page.evaluate("document.documentElement.scrollWidth") <= 1000:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the page is wider than the window")
