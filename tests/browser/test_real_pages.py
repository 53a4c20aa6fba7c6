"""Every page of the whole application, and an entry of each register: accessible, fitting, light, self-contained."""

import json
import re

import pytest

pytestmark = pytest.mark.browser

PARTICULAR = [
    "/search?q=s106", "/search?q=para+47", "/search?q=zzzz", "/find?organisation=", "/organisations/RA7",
    "/organisations/RVJ?asOf=2026-09-01", "/organisations/RA7/powers?asOf=2023-05-01",
    "/organisations/RVJ/powers?asOf=2022-06-30&holder=monitor", "/organisations/QUY/powers?asOf=2022-11-15",
    "/organisations/RA7/powers/direct-nhs-trust?asOf=2023-05-01", "/organisations/RVJ/timeline",
    "/organisations/RA7/duties?asOf=2023-05-01", "/organisations/RVJ/changes?from=2022-06-30&to=2023-04-01",
    "/questions/appeal-of-power?power=impose-monetary-penalty", "/compare?from=sof-2021-22&to=nof-2022-23",
    "/docs/guides/legal", "/docs/guides/stewards", "/docs/guides/data", "/validation/rules/R286", "/nowhere",
    "/organisations/RA77",
]  # fmt: skip
LEFT_OUT = re.compile(
    r"^/(api|assets|data|health|ready|metrics|feeds|openapi|\.well-known|favicon|find|update|reconcile)|\.\w+$"
)
HEAVY = ("/sparql",)
UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
FITS = "document.documentElement.scrollWidth <= innerWidth"
MOST = 150_000


@pytest.fixture(scope="session")
def pages(client):
    """The addresses of all pages without parameters, of one entry of each register, and of some more."""
    rules = client.application.url_map.iter_rules()
    found = [r.rule for r in rules if "GET" in r.methods and not r.arguments]
    plain = [
        path
        for path in found
        if not LEFT_OUT.search(path) and path not in ("/docs/ontology", "/docs/shapes")
    ]
    registers = re.findall(r'<li><a href="/([a-z-]+)">', client.get("/").get_data(as_text=True))
    entries = []
    for kind in registers:
        listed = json.loads(client.get(f"/api/v1/{kind}?pageSize=1").data).get("results", [])
        entries += [f"/{kind}", *(f"/{kind}/{each['slug']}" for each in listed if "slug" in each)]
    return list(dict.fromkeys([*plain, *PARTICULAR, *entries]))


def fits(page):
    """Whether the page needs no sideways scrolling, once it has settled after a change of size."""
    for _ in range(20):
        if page.evaluate(FITS):
            return True
        page.wait_for_timeout(100)
    return False


def test_every_page_is_accessible_fits_and_stands_alone(visit_real, real_address, pages):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page, faults = visit_real("/"), []
    assert len(pages) > 100
    for path in pages:
        page.outside.clear()
        page.refused.clear()
        answer = page.goto(path)
        page.evaluate(UNFOLD)
        for width in (1280, 640, 320):
            page.set_viewport_size({"width": width, "height": 900})
            faults += [] if fits(page) else [(path, f"wider than {width}")]
            if width == 1280 or (width == 320 and path in PARTICULAR):
                rules = axe.Axe().run(page).response["violations"]
                faults += [(path, width, r["id"], r["nodes"][0]["html"][:120]) for r in rules]
        outside = [u for u in page.outside if not u.startswith((real_address, "data:"))]
        refused = [text for text in page.refused if "Content Security Policy" in text]
        faults += [(path, each) for each in (*outside, *refused)]
        faults += [] if answer.status in (200, 400, 404) else [(path, answer.status)]
    assert not faults, "\n".join(map(str, faults))


def test_no_page_is_heavier_than_its_share(client, pages):
    packed = {"Accept-Encoding": "gzip", "Accept": "text/html"}
    shared = sum(
        len(client.get(f"/assets/x/{name}", headers=packed).data)
        for name in ("remit.css", "remit.js")
    )
    sizes = {}
    for path in pages:
        response = client.get(path, headers=packed)
        sizes[path] = len(response.data) + shared
    assert {path: size for path, size in sizes.items() if size > MOST} == {}
