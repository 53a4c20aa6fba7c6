"""One pass over a large import finds what the checks by query find in small ones."""

import re
from datetime import date
from pathlib import Path

import pytest

from loader.catalogue import query
from loader.imports import import_ods
from loader.survey import DATES, INTERVALS, graph_of, survey
from loader.terms import DEF, ID

DATA = Path(__file__).parents[1] / "data" / "ods"
GRAPH = f"{ID}graph/import/ods/test"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def written(folder, *statements):
    path = folder / "test.nq"
    lines = [f"<{s}> <{p}> {o} <{GRAPH}> .\n" for s, p, o in statements]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def day(text):
    return f'"{text}"^^<{XSD}date>'


def test_what_a_real_import_holds(tmp_path):
    done = import_ods(DATA / "etr-newer.csv", tmp_path, date(2026, 7, 1))
    found = survey(done.path)
    assert found.graph == graph_of(done.path) == f"{ID}graph/import/ods/{done.name}"
    assert {f"{DEF}Organisation", f"{DEF}odsCode", TYPE} <= set(found.terms)
    assert not found.undated
    assert not found.reversed
    assert {"X01", "X02"} <= set(found.blocks)
    code, (_, start, end, *_) = next(iter(found.blocks.items()))
    assert all(code in line for line in done.path.read_text()[start:end].splitlines()[:1])


def test_a_fact_that_follows_its_link_is_no_open_reference(tmp_path):
    one, fact, other = (f"{ID}organisation/{path}" for path in ("A", "A/m/name", "B"))
    path = written(
        tmp_path,
        (one, f"{DEF}hasName", f"<{fact}>"),
        (fact, f"{DEF}nameText", '"A"'),
        (one, f"{DEF}target", f"<{other}>"),
        (one, f"{DEF}gssCode", '"E"'),
    )
    assert survey(path).references == {other: (one, f"{DEF}target")}


def test_dates_and_intervals_are_checked(tmp_path):
    one, two = f"{ID}organisation/A", f"{ID}organisation/B"
    path = written(
        tmp_path,
        (one, f"{DEF}existsFrom", day("2020-01-01")),
        (one, f"{DEF}existsTo", day("2020-01-01")),
        (two, f"{DEF}validTo", day("2019-01-01")),
        (two, f"{DEF}validFrom", day("2020-01-01")),
        (two, f"{DEF}date", '"2020"'),
    )
    found = survey(path)
    assert found.reversed == [
        (one, f"{DEF}existsTo", "2020-01-01"),
        (two, f"{DEF}validTo", "2019-01-01"),
    ]
    assert found.undated == [(two, f"{DEF}date", '"2020"')]


@pytest.mark.parametrize(("value", "same"), [('"BS1 1AA"', True), ('"BS1 1AB"', False)])
def test_checksums_tell_whether_two_imports_agree(tmp_path, value, same):
    one = f"{ID}organisation/A"
    ours = survey(written(tmp_path, (one, f"{DEF}postcode", '"BS1 1AA"'))).blocks["A"]
    theirs = survey(
        written(tmp_path, (one, f"{DEF}odsCode", '"A"'), (one, f"{DEF}postcode", value))
    ).blocks["A"]
    assert (ours[0] == theirs[0]) is same


def test_a_line_that_is_no_statement_is_an_error(tmp_path):
    path = written(tmp_path, (ID, DEF, "<urn:o>"))
    path.write_text(path.read_text() + "broken\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unpack"):
        survey(path)


def test_the_intervals_are_those_of_the_check():
    text = query("reversed-interval", "checks").text
    assert set(re.findall(r"\(remit:(\w+) remit:(\w+)\)", text)) == set(INTERVALS)


def test_the_dates_are_those_of_the_check_that_imports_state():
    text = query("date-not-a-date", "checks").text
    listed = set(re.findall(r"remit:(\w+)", text.partition("{")[2].partition("}")[0] + text))
    assert listed >= DATES
