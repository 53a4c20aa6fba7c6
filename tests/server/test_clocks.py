"""The second clock: each form of knownAt reaches sheets, registers, search and SPARQL; permalinks pin both."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from loader.terms import ID
from server import create_app
from server.settings import Settings

NAME = f"{ID}organisation/RA7#names-later"
LATER = f"""
<{ID}organisation/RA7> <https://w3id.org/remit/def/hasName> <{NAME}> .
<{NAME}> a <https://w3id.org/remit/def/DatedName> ; <https://w3id.org/remit/def/nameText> "Zebra Trust" ;
  <https://w3id.org/remit/def/validFrom> "2001-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .
"""
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def site(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A server with two versions: the shipped one, of January, and one of February in which RA7 has another name."""
    folder = tmp_path_factory.mktemp("clocks")
    built = (home / "current").resolve()
    for version, made in (
        ("first", "2026-01-10T12:00:00.000+00:00"),
        ("later", "2026-02-10T12:00:00.000+00:00"),
    ):
        target = folder / "builds" / version
        shutil.copytree(built / "store", target / "store")
        shutil.copy(built / "validation.json", target)
        manifest = json.loads((built / "manifest.json").read_text())
        (target / "manifest.json").write_text(
            json.dumps(manifest | {"version": version, "made": made})
        )
    store = ox.Store(str(folder / "builds" / "later" / "store"))
    store.load(LATER.encode(), ox.RdfFormat.TURTLE)
    store.flush()
    del store
    (folder / "current").symlink_to("builds/later")
    app = create_app(Settings(home=folder, workers=2))
    yield app.test_client()
    app.extensions["remit"].close()


FORMS = {
    "first": [
        "first",
        "2026-01-10",
        "2026-02-09",
        "2026-02-10T11:59:59Z",
        "2026-02-10T13:30:00+02:00",
    ],
    "later": ["later", "2026-02-10", "2099-01-01", "2026-02-10T12:00:00.000Z"],
}
FORM = [(version, form) for version, forms in FORMS.items() for form in forms]


@pytest.mark.parametrize(("version", "form"), FORM)
def test_each_form_reaches_every_kind_of_answer(site, version, form):
    asked = {"knownAt": form, "asOf": "2022-12-01"}
    sheet = site.get("/api/v1/organisations/RA7/powers", query_string=asked)
    assert sheet.json["dataVersion"] == version
    for path in (
        "/api/v1/organisations/RA7",
        "/api/v1/powers",
        "/api/v1/powers/direct-nhs-trust",
        "/api/v1/validation",
    ):
        assert site.get(path, query_string=asked).headers["Remit-Data-Version"] == version
    query = f'ASK {{ <{ID}organisation/RA7> ?p ?name . ?name ?q "Zebra Trust" }}'
    answer = site.get("/sparql", query_string={"query": query, "knownAt": form})
    assert (answer.headers["Remit-Data-Version"], answer.json["boolean"]) == (
        version,
        version == "later",
    )
    names = site.get("/api/v1/organisations/RA7", query_string=asked).text
    assert ("Zebra Trust" in names) == (version == "later")
    page = site.get("/organisations/RA7", query_string=asked)
    assert ("Zebra Trust" in page.text) == (version == "later")


@pytest.mark.parametrize("version", ["first", "later"])
def test_search_knows_the_names_of_its_version(site, version):
    found = site.get("/api/v1/search", query_string={"q": "Zebra Trust", "knownAt": version}).json
    assert any(each["id"] == f"{ID}organisation/RA7" for each in found["results"]) == (
        version == "later"
    )


@pytest.mark.parametrize("form", ["2025-12-31", "never", "2026-13-01", "2026-01-10T99:00"])
def test_what_is_no_version_is_told(site, form):
    answer = site.get("/api/v1/powers", query_string={"knownAt": form})
    assert (answer.status_code, answer.json["parameter"]) == (400, "knownAt")


@pytest.mark.parametrize(
    "path",
    ["/organisations/RA7/powers", "/api/v1/organisations/RA7/powers", "/api/v1/powers", "/powers"],
)
def test_a_permalink_pins_both_clocks_and_stays(site, path):
    for asked in ("", "?knownAt=2026-01-31", "?asOf=2022-12-01&knownAt=first"):
        links = site.get(path + asked).headers.getlist("Link")
        (link,) = [each for each in links if 'rel="bookmark"' in each]
        address = link.split(">")[0].removeprefix("<http://localhost")
        version = "first" if asked else "later"
        assert f"knownAt={version}" in address
        assert ("asOf=" in address) == ("organisations" in path or "asOf" in asked)
        again = site.get(address)
        assert again.status_code == 200
        (same,) = [each for each in again.headers.getlist("Link") if 'rel="bookmark"' in each]
        assert same == link


@pytest.mark.parametrize("name", ["versions", "law"])
def test_feeds_are_what_their_formats_want(site, name):
    """RFC 4287: one id, title, updated for the feed and each entry; ids unique; and JSON Feed 1.1."""
    atom = site.get(f"/feeds/{name}.atom")
    assert atom.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(atom.data)
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed"
    assert entries
    for element in (feed, *entries):
        for child in ("id", "title", "updated"):
            assert len(element.findall(ATOM + child)) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert (
        feed.find(f"{ATOM}link[@rel='self']").get("href") == f"http://localhost/feeds/{name}.atom"
    )
    identifiers = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(identifiers) == len(set(identifiers))
    body = site.get(f"/feeds/{name}.json")
    assert body.mimetype == "application/feed+json"
    assert body.json["version"] == "https://jsonfeed.org/version/1.1"
    assert body.json["title"]
    assert [each["id"] for each in body.json["items"]] == identifiers
    assert all(
        each["content_text"] and each["url"].startswith("http") for each in body.json["items"]
    )
