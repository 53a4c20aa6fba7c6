"""Every page at three widths: axe finds nothing, nothing overflows or comes from outside.

640 pixels are what a window of 1280 leaves when its reader doubles the size.
"""

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


@pytest.mark.parametrize("width", [1280, 640, 320])
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
