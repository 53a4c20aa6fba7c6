"""Addresses that lead nowhere suggest near ones; pages of an older data version say so and keep it in their links."""

import pytest

from loader.build import build
from server import create_app
from server.pages import clocks, slices
from server.settings import Settings

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/organisation/RA7", "/organisations/RA7"),
        ("/power/direct-icb", "/powers/direct-icb"),
        ("/framework", "/frameworks"),
        ("/question/appeal-of-power", "/questions/appeal-of-power"),
    ],
)
def test_an_address_that_is_nearly_right_leads_on(client, path, near):
    response = client.get(path, headers=HTML)
    text = response.get_data(as_text=True)
    assert response.status_code == 404
    assert "Page not found" in text
    assert f'href="{near}"' in text


def test_the_search_box_of_a_lost_page_holds_its_words(client):
    text = client.get("/nowhere/impose-monetary-penalty", headers=HTML).get_data(as_text=True)
    assert 'value="impose monetary penalty"' in text


def test_a_page_of_an_older_version_says_so_and_its_links_keep_it(tmp_path):
    first = build(tmp_path).version
    build(tmp_path)
    app = create_app(Settings(home=tmp_path))
    try:
        web = app.test_client()
        path = "/organisations/RA7/powers?asOf=2023-05-01"
        old = web.get(f"{path}&knownAt={first}", headers=HTML).get_data(as_text=True)
        assert "This page shows the data as made on" in old
        assert f"timeline.svg?asOf=2023-05-01&amp;knownAt={first}" in old
        assert f'name="knownAt" value="{first}"' in old
        assert "This page shows the data as made on" not in web.get(path, headers=HTML).get_data(
            as_text=True
        )
    finally:
        app.extensions["remit"].close()


def test_the_day_of_a_version_is_told_where_its_name_has_one():
    assert clocks.made("20261122T040335Z-13b50100") == "22 November 2026"
    assert clocks.made("remote") == "remote"


@pytest.mark.parametrize(("page", "shown"), [(-3, [1, 2]), (1, [1, 2]), (3, [5]), (99, [5])])
def test_a_slice_is_always_one_that_exists(page, shown):
    part = slices.cut([1, 2, 3, 4, 5], page, 2)
    assert list(part.items) == shown
    assert (part.pages, part.total) == (3, 5)
