"""Registers that contradict each other on a day are reported; a change over time is no conflict."""

from datetime import date

import pytest

from loader.build import build
from loader.imports import import_ods
from server import conflicts as pages
from server import create_app
from server.answers.conflicts import Claim, conflicts
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


@pytest.fixture(scope="module")
def disputed(tmp_path_factory):
    """A build in which a list shows RVJ open after its end, RA7 under another name, and RJ1 elsewhere."""
    folder = tmp_path_factory.mktemp("conflicts")
    path = folder / "list_2026-10-01.csv"
    rows = (
        "RVJ,North Bristol NHS Trust,BS10 5NB",
        "RA7,Quite Another NHS Trust,",
        "RJ1,Guy's and St Thomas' NHS Foundation Trust,ZZ1 1ZZ",
    )
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    import_ods(path, folder)
    build(folder)
    with EmbeddedStore(folder / "current", Limits(workers=2, reserved=1, seconds=20)) as store:
        yield folder, store


def test_each_kind_is_found(disputed):
    _, store = disputed
    found = {(each["organisation"]["code"], each["kind"]) for each in conflicts(store)["conflicts"]}
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
    assert web.get("/conflicts?format=csv").text.startswith("code,kind,on,source")


def test_real_releases_a_year_apart_contradict_the_register_in_few_places(shared, tmp_path):
    folder = shared / "data" / "ods-csv"
    for name in ("etr_2025-07.csv", "etr_2026-07.csv"):
        import_ods(folder / name, tmp_path)
    build(tmp_path)
    with EmbeddedStore(tmp_path / "current", Limits(workers=2, reserved=1, seconds=30)) as store:
        answer = conflicts(store)
    assert 0 < answer["total"] < 60
    assert all(len(each["claims"]) == 2 for each in answer["conflicts"])
