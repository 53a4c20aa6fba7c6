"""Registers that contradict each other on a day are reported; a change over time is no conflict."""

from datetime import date

import pytest

from loader.build import build
from loader.importing.outcome import no_tick
from loader.imports import IMPORTERS, import_ods
from server import conflicts as pages
from server import create_app
from server.answers.claims import newest
from server.answers.conflicts import Claim, conflicts, every_conflict
from server.settings import Settings
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits

HEADER = "ods_code,name,postcode\n"


def claim(first, end=None, moment=False):
    return Claim("o", "ZZ1", "name", "A", first, end, "s", moment)


DAY = date(2022, 7, 1)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (claim(date(2020, 1, 1), DAY), claim(DAY), None),
        (claim(date(2020, 1, 1), DAY), claim(date(2022, 6, 30)), date(2022, 6, 30)),
        (claim(date(2020, 1, 1), DAY), claim(DAY, moment=True), None),
        (claim(DAY), claim(DAY, moment=True), DAY),
        (claim(None), claim(DAY, moment=True), DAY),
        (claim(date(2021, 1, 1), moment=True), claim(DAY, moment=True), None),
    ],
)
def test_claims_share_a_day_or_not(one, other, shared):
    assert one.day_shared(other) == shared
    assert other.day_shared(one) == shared


CLML = """<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"
  IdURI="http://www.legislation.gov.uk/id/ukpga/2012/7" RestrictExtent="E+W">
  <Metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"
    xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata">
    <dc:title>Health and Welfare Act 2012</dc:title><dct:valid>2020-04-01</dct:valid>
    <ukm:EnactmentDate Date="2012-03-27"/>
  </Metadata>
  <Body><P1group Status="Prospective" RestrictStartDate="2020-03-01"><Title>Invented heading</Title>
    <P1 IdURI="http://www.legislation.gov.uk/id/ukpga/2012/7/section/105"><Pnumber>105</Pnumber></P1>
  </P1group></Body>
</Legislation>"""


@pytest.fixture(scope="module")
def disputed(tmp_path_factory):
    """A build in which a list shows RVJ open after its end, RA7 under another name, and RJ1 elsewhere.

    A second list shows RVJ too, and a text of the 2012 Act has another title and a prospective section.
    """
    folder = tmp_path_factory.mktemp("conflicts")
    path = folder / "list_2026-10-01.csv"
    rows = (
        "RVJ,North Bristol NHS Trust,BS10 5NB",
        "RA7,Quite Another NHS Trust,",
        "RJ1,Guy's and St Thomas' NHS Foundation Trust,ZZ1 1ZZ",
    )
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    other, act = folder / "other_2026-10-01.csv", folder / "act.xml"
    other.write_text(HEADER + rows[0] + "\n", encoding="utf-8")
    act.write_text(CLML, encoding="utf-8")
    for each in (path, other):
        import_ods(each, folder)
    IMPORTERS["legislation"](act, folder, None, True, no_tick)
    build(folder)
    with EmbeddedStore(folder / "current", Limits(workers=2, reserved=1, seconds=20)) as store:
        yield folder, store


def test_each_kind_is_found(disputed):
    _, store = disputed
    found = {(each["about"]["code"], each["kind"]) for each in conflicts(store)["conflicts"]}
    assert {("RVJ", "closed-and-open"), ("RA7", "name"), ("RJ1", "postcode")} <= found
    assert ("RJ1", "name") not in found


def test_they_are_narrowed_by_kind_and_organisation(disputed):
    _, store = disputed
    assert set(conflicts(store, kind="name")["byKind"]) == {"name"}
    assert {
        e["organisation"]["code"] for e in conflicts(store, organisation="rvj")["conflicts"]
    } == {"RVJ"}


def test_the_page_the_interface_and_the_table(disputed):
    folder, store = disputed
    app = create_app(Settings(home=folder), store)
    if "conflicts" not in app.blueprints:
        app.register_blueprint(pages.bp)
    web = app.test_client()
    assert "Quite Another" in web.get("/conflicts?organisation=RA7").text
    assert web.get("/conflicts?kind=name&organisation=none").status_code == 200
    assert web.get("/api/v1/conflicts?kind=name").get_json()["total"] >= 1
    assert web.get("/api/v1/conflicts?kind=other").status_code == 400
    assert web.get("/conflicts?format=csv").text.startswith("code,name,kind,on,sources")


def test_they_come_page_by_page_and_all_together(disputed):
    _, store = disputed
    first = conflicts(store, size=2)
    assert first["pages"] == -(-first["total"] // 2) > 1
    paged = [
        each
        for page in range(1, first["pages"] + 1)
        for each in conflicts(store, page=page, size=2)["conflicts"]
    ]
    assert paged == list(every_conflict(store))
    assert conflicts(store, page=999, size=2)["page"] == first["pages"]
    assert {each["about"]["label"] for each in paged} > {"North Bristol NHS Trust"}


def test_they_are_kept_for_the_next_process(disputed):
    folder, store = disputed
    conflicts(store)
    (kept,) = (folder / "cache" / "conflicts").iterdir()
    assert kept.name.startswith(store.version)


def test_sources_that_agree_are_told_together(disputed):
    """Two lists show RVJ open after its end: one conflict, with the sources of each side."""
    _, store = disputed
    (found,) = conflicts(store, kind="closed-and-open", organisation="RVJ")["conflicts"]
    closed, shown = found["claims"]
    assert (closed["label"], len(closed["sources"])) == ("last day 30 June 2026", 1)
    assert closed["sources"][0]["title"].endswith("(register)")
    assert (shown["label"], len(shown["sources"])) == ("open: North Bristol NHS Trust", 2)


def test_a_postcode_that_a_newer_release_gives_replaces_the_older():
    def postcode(source, value):
        return Claim("o", "ZZ1", "postcode", value, None, None, source, False)

    older, newer, other = (
        postcode("import/ods/etr-2025-07-01", "BS1 1AA"),
        postcode("import/ods/etr-2026-07-01", "BS1 1AB"),
        postcode("organisations/trusts", "BS1 1AA"),
    )
    assert newest([older, newer, other]) == [newer, other]


def test_legislation_that_says_otherwise_is_reported(disputed):
    """Another title of an Act; a text of 2020 with a prospective section 105, on which norms of 2013 rest."""
    _, store = disputed
    (title,) = conflicts(store, kind="title")["conflicts"]
    assert title["about"]["code"] == "ukpga/2012/7"
    assert [each["label"] for each in title["claims"]] == [
        "Health and Social Care Act 2012",
        "Health and Welfare Act 2012",
    ]
    early = conflicts(store, kind="in-force")["conflicts"]
    assert early
    assert {each["claims"][1]["label"] for each in early} == {"was prospective 2020-04-01"}
    assert all("organisation" not in each for each in (title, *early))


def test_a_provision_takes_heading_extent_and_date_from_legislation(disputed):
    folder, store = disputed
    web = create_app(Settings(home=folder), store).test_client()
    page = web.get("/provisions/ukpga/2012/7/section/105").text
    for shown in (
        "105 Invented heading",
        "E+W",
        "1 March 2020",
        "Health and Social Care Act 2012, s 105",
    ):
        assert shown in page


def test_the_report_on_real_registers_of_three_years(shared, tmp_path):
    """The register comes from the lists of 2025 and 2026, so those agree; a list of 2024 shows closed trusts open."""
    files = (
        ("ods-csv/etr_2025-07.csv", date(2025, 7, 15)),
        ("ods-csv/etr_2026-07.csv", date(2026, 7, 8)),
        ("icb/rcpch_trusts_2024.json", date(2024, 8, 31)),
    )
    for name, day in files:
        import_ods(shared / "data" / name, tmp_path, day)
    build(tmp_path)
    with EmbeddedStore(tmp_path / "current", Limits(workers=2, reserved=1, seconds=30)) as store:
        answer = conflicts(store)
    assert answer["byKind"] == {"closed-and-open": 34, "name": 1, "postcode": 11}
    by_code = {each["about"]["code"]: each for each in answer["conflicts"]}
    closed, shown = by_code["RA3"]["claims"]
    assert closed["label"] == "last day 31 March 2020"
    assert {each["name"] for each in closed["sources"]} == {
        "import/ods/etr-2026-07-08",
        "organisations/trusts",
    }
    assert shown["label"] == "open: Weston Area Health NHS Trust"
    assert "RAT" not in by_code  # it moved house between the releases of 2025 and 2026
    assert all("list-2024" in str(each["claims"]) for each in answer["conflicts"])
