"""Pages on quality, governance, the memorandum and positions: what they show, over the shipped registers."""

import re

import pytest

from server.pages.network import Box, Line, depth, draw, loose, ranked

PAGES = [
    "/quality", "/quality/case", "/quality/case?subject=icb&boardLeadershipConcerns=true&commissionedBy=icb",
    "/governance", "/governance/QUY", "/memorandum", "/positions/by-passage",
    "/positions/by-passage?passage=sofc:para-26",
]  # fmt: skip


def page(client, path, status=200):
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    return response.get_data(as_text=True)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_one_heading_unique_ids_and_nothing_inline(client, path):
    html = page(client, path)
    assert html.count("<h1") == 1
    identifiers = re.findall(r'\bid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    assert not re.findall(r"\sstyle=|\son\w+=|<style", html)


def test_the_levels_show_who_leads_and_the_triggers(client):
    text = words(page(client, "/quality"))
    assert "Enhanced quality assurance and improvement" in text
    assert "NHS England and other regulators" in text
    assert "recurs within 6 to 12 months" in text
    assert "Risk Summit : replaced by Rapid Quality Review meeting" in text


def test_a_case_shows_level_chair_and_what_is_open(client):
    text = words(page(client, PAGES[2]))
    assert "Cannot chair Executive lead for quality of the board or place" in text
    assert "What the source leaves open" in text
    assert "Annex B, Chair" in text


def test_a_wrong_fact_is_shown_beside_its_field(client):
    html = page(client, "/quality/case?affectedBoards=many", status=400)
    assert 'id="affectedBoards-error"' in html
    assert "whole number" in html


def test_the_diagram_and_the_table_have_the_same_lines(client):
    html = page(client, "/governance/QUY")
    drawn = html.count("marker-end=")
    table = re.search(r'aria-labelledby="lines">.*?</table>', html, re.DOTALL)[0]
    assert drawn == table.count("<tr") - 1 > 5
    assert "Bristol, North Somerset and South Gloucestershire" in words(html)
    assert "Planning Oversight Group" in words(html)


def test_an_unrecorded_system_leads_to_those_recorded(client):
    assert "/governance/QUY" in page(client, "/governance/QXX", status=404)


def test_the_check_counts_present_partial_and_missing(client):
    text = words(page(client, "/memorandum"))
    assert "5 present 4 partial 1 missing" in text
    assert "explicit reference to the shared commitment is still to be made" in text


def test_positions_on_a_passage_show_what_became_of_them(client):
    text = words(page(client, "/positions/by-passage?passage=sofc:para-30"))
    assert "Earned autonomy only for segment 1" in text
    assert "Not taken up in" in text
    assert "positions" in text


def test_an_unknown_passage_is_refused(client):
    assert "holds no passage" in page(client, "/positions/by-passage?passage=nowhere", status=404)


def test_bodies_stand_below_all_that_they_point_at():
    boxes = [Box(key, key, "group") for key in "abcd"]
    lines = [
        Line("b", "a", "reports to"),
        Line("c", "b", "escalates to"),
        Line("c", "a", "informs"),
    ]
    assert [[box.key for box in row] for row in ranked(boxes, lines)] == [["a"], ["b"], ["c"]]
    assert [[box.key for box in row] for row in loose(boxes, lines)["group"]] == [["d"]]
    svg = str(draw(boxes, lines, "A <title>"))
    assert svg.count("<rect") == 4
    assert "A &lt;title&gt;" in svg


def test_a_cycle_does_not_hang():
    assert depth("a", {"a": ["b"], "b": ["a"]}, ()) == 2
