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
    "/docs/guides/legal", "/docs/guides/stewards", "/docs/guides/data", "/docs/guides/administrators",
    "/validation/rules/R286", "/nowhere",
    "/organisations/RA77", "/questions", "/about/coverage/enforcement-guidance-2022-draft", "/docs/ontology/Power",
    "/frameworks/nof-2022-23", "/segmentation/nof-2022-23?organisationKind=trust", "/governance/QUY",
    "/segmentation/oaf-2024-draft?indicativeDeliveryScore=2",
    "/quality/case?subject=icb&boardLeadershipConcerns=true&commissionedBy=icb",
    "/powers/direct-icb",
    "/provisions/ukpga/2012/7/section/106", "/procedures/impose-discretionary-requirement",
    "/positions/by-passage?passage=sofc:para-26", "/organisations/RA7/oversight?asOf=2023-05-01",
    "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+a+%3Fo+%7D+LIMIT+5",
]  # fmt: skip
LEFT_OUT = re.compile(
    r"^/(api|assets|data|health|ready|metrics|feeds|openapi|\.well-known|favicon|find|update|reconcile)|\.\w+$"
)
# Tables and drawings change their shape on small screens: axe looks at one page of each shape there too.
STACKED = (
    "/",
    "/organisations/RA7/powers?asOf=2023-05-01",
    "/organisations/RVJ/timeline",
    "/search?q=s106",
)
UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
FITS = "document.documentElement.scrollWidth <= innerWidth"
MOST = 150_000


@pytest.fixture(scope="session")
def kinds(client):
    """The addresses of all pages without parameters, and of an example of every kind of page with some."""
    rules = client.application.url_map.iter_rules()
    found = [r.rule for r in rules if "GET" in r.methods and not r.arguments]
    plain = [
        path
        for path in found
        if not LEFT_OUT.search(path) and path not in ("/docs/ontology/reference", "/docs/shapes")
    ]
    return list(dict.fromkeys([*plain, *PARTICULAR]))


@pytest.fixture(scope="session")
def entries(client):
    """The addresses of every register and of one entry of each: the same few templates with all kinds of content."""
    registers = re.findall(r'<li><a href="/([a-z-]+)">', client.get("/").get_data(as_text=True))
    found = []
    for kind in registers:
        listed = json.loads(client.get(f"/api/v1/{kind}?pageSize=1").data).get("results", [])
        found += [f"/{kind}", *(f"/{kind}/{each['slug']}" for each in listed if "slug" in each)]
    return found


def fits(page):
    """Whether the page needs no sideways scrolling, once it has settled after a change of size."""
    for _ in range(20):
        if page.evaluate(FITS):
            return True
        page.wait_for_timeout(100)
    return False


def test_every_kind_of_page_is_accessible_fits_and_stands_alone(visit_real, real_address, kinds):
    assert len(kinds) > 50
    assert_sound(visit_real("/"), real_address, kinds)


@pytest.mark.slow
def test_every_register_is_accessible_fits_and_stands_alone(visit_real, real_address, entries):
    assert len(entries) > 80
    assert_sound(visit_real("/"), real_address, entries)


def assert_sound(page, real_address, paths):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    faults = []
    for path in paths:
        page.outside.clear()
        page.refused.clear()
        answer = page.goto(path)
        page.evaluate(UNFOLD)
        for width in (1280, 640, 320):
            page.set_viewport_size({"width": width, "height": 900})
            faults += [] if fits(page) else [(path, f"wider than {width}")]
            if width == 1280 or (width == 320 and path in STACKED):
                rules = axe.Axe().run(page).response["violations"]
                faults += [(path, width, r["id"], r["nodes"][0]["html"][:120]) for r in rules]
        outside = [u for u in page.outside if not u.startswith((real_address, "data:"))]
        refused = [text for text in page.refused if "Content Security Policy" in text]
        faults += [(path, each) for each in (*outside, *refused)]
        faults += [] if answer.status in (200, 400, 404) else [(path, answer.status)]
    assert not faults, "\n".join(map(str, faults))


def test_no_page_is_heavier_than_its_share(client, kinds, entries):
    asked = {"Accept": "text/html"}
    sizes = {path: len(client.get(path, headers=asked).data) for path in (*kinds, *entries)}
    assert {path: size for path, size in sizes.items() if size > MOST} == {}
    packed = {**asked, "Accept-Encoding": "gzip"}
    shared = [client.get(f"/assets/x/{name}", headers=packed) for name in ("remit.css", "remit.js")]
    heaviest = max(sizes, key=lambda path: sizes[path])
    sent = len(client.get(heaviest, headers=packed).data)
    assert sent + sum(len(each.data) for each in shared) <= MOST / 2


def test_titles_tell_pages_apart(client, kinds, entries):
    found = {}
    for path in dict.fromkeys((*kinds, *entries)):
        response = client.get(path, headers={"Accept": "text/html"})
        title = re.search(r"<title>(.*?)</title>", response.get_data(as_text=True), re.DOTALL)[1]
        assert response.status_code in (301, 302, 303) or title.endswith("– Remit"), path
        if response.status_code == 200:
            found.setdefault(title, []).append(path)
    assert {title: paths for title, paths in found.items() if len(paths) > 1} == {}
