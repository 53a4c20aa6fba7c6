"""Public questions with known answers, asked as a user asks them; README.md says how entries are written."""

import re
from functools import reduce
from html import unescape
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
UNSEARCHED = {
    "sparql", "parameters", "id", "slug", "url", "href", "dataVersion", "silences", "notes", "why", "name", "question",
}  # fmt: skip
EXPECTS = {
    "contains", "matches", "excludes", "rows", "absent", "count", "at", "sources", "rowsAt", "within"
}  # fmt: skip
OF_ORGANISATION = {
    "sheet": "/powers", "duties": "/duties", "changes": "/changes", "oversight": "/oversight", "organisation": "",
}  # fmt: skip
OF_FRAMEWORK = {"segmentation": "/segmentation", "metric-scores": "/metric-scores"}


def read():
    return [
        pytest.param(entry, id=f"{path.stem}-{entry['id']}")
        for path in sorted(HERE.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def asked(client, entry):
    """The answer to an entry: JSON, or the text of a page."""
    call, name, given = entry["call"], str(entry.get("name", "")), entry.get("parameters") or {}
    if call == "page":
        response = client.get(name, query_string=given, headers={"Accept": "text/html"})
        assert response.status_code == 200, response.get_data(as_text=True)[:500]
        return unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))
    if call == "question":
        response = client.get(f"/api/v1/questions/{name}", query_string=given)
    elif call in OF_ORGANISATION:
        response = client.get(
            f"/api/v1/organisations/{name}{OF_ORGANISATION[call]}", query_string=given
        )
    elif call == "compare":
        response = client.get(f"/api/v1/frameworks/{name}/compare/{given['with']}")
    elif call in OF_FRAMEWORK:
        response = client.post(f"/api/v1/frameworks/{name}{OF_FRAMEWORK[call]}", json=given)
    elif call == "post":
        response = client.post(f"/api/v1/{name}", json=given)
    else:
        assert call == "get", f"{call} is no kind of call"
        response = client.get(f"/api/v1/{name}", query_string=given)
    assert response.status_code == 200, response.get_data(as_text=True)[:500]
    return response.get_json()


def texts(value):
    """All texts below a value, except those that are not for reading."""
    if isinstance(value, dict):
        return [t for key, each in value.items() if key not in UNSEARCHED for t in texts(each)]
    if isinstance(value, list):
        return [t for each in value for t in texts(each)]
    return [] if value is None else [str(value)]


def at(answer, path):
    """The value at a dotted path."""
    return reduce(
        lambda v, key: v[int(key)] if isinstance(v, list) else v[key], path.split("."), answer
    )


def fits(row, wanted):
    return all(
        str(text).lower() in " ".join(texts(row.get(column))).lower()
        for column, text in wanted.items()
    )


def locators(value):
    if isinstance(value, dict):
        own = {str(value["locator"])} if value.get("locator") else set()
        return own.union(*(locators(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(locators(each) for each in value))
    return set()


@pytest.mark.parametrize("entry", read())
def test_question(client, entry):
    expect = entry["expect"]
    assert expect, "an entry without expectations cannot fail"
    assert set(expect) <= EXPECTS, f"expect takes {sorted(EXPECTS)}"
    answer = asked(client, entry)
    searched = at(answer, expect["within"]) if "within" in expect else answer
    text = " ".join(" ".join(texts(searched)).split())
    for wanted in expect.get("contains", []):
        assert str(wanted).lower() in text.lower()
    for pattern in expect.get("matches", []):
        assert re.search(pattern, text, re.IGNORECASE), pattern
    for unwanted in expect.get("excludes", []):
        assert str(unwanted).lower() not in text.lower()
    rows = (
        at(answer, expect.get("rowsAt", "rows"))
        if {"rows", "absent", "count"} & set(expect)
        else []
    )
    for wanted in expect.get("rows", []):
        assert any(fits(row, wanted) for row in rows), wanted
    for unwanted in expect.get("absent", []):
        assert not any(fits(row, unwanted) for row in rows), unwanted
    if "count" in expect:
        assert len(rows) == expect["count"]
    for path, value in expect.get("at", {}).items():
        assert at(answer, path) == value
    for locator in expect.get("sources", []):
        assert locator in locators(answer)


def test_entries_have_an_identifier_of_their_own_in_their_file_and_say_what_they_ask():
    identifiers = [parameter.id for parameter in read()]
    assert len(identifiers) == len(set(identifiers))
    assert all(parameter.values[0].get("asks") for parameter in read())


def test_every_public_question_has_an_entry(shared):
    public = {
        entry["id"]
        for path in sorted((shared / "questions").glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]
    }
    answered = {parameter.values[0]["id"].partition("/")[0] for parameter in read()}
    assert sorted(public - answered) == []
