import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.catalogue import catalogue, query, read_query
from loader.errors import InputError, QueryFileError

HEADER = """\
#+ question = "Q?"
#+ [parameters.word]
#+ type = "string"
#+ example = "a"
#+ [parameters.day]
#+ type = "date"
#+ example = "2022-07-01"
#+ required = true
SELECT ?word ?day { VALUES (?word ?day) { ("a" "2022-07-01"^^<http://www.w3.org/2001/XMLSchema#date>) } }
"""


@pytest.fixture(scope="session")
def stored(tmp_path_factory):
    path = tmp_path_factory.mktemp("queries") / "name.rq"
    path.write_text(HEADER)
    return read_query(path)


def test_a_bound_query_gives_the_value_back(stored):
    (row,) = ox.Store().query(stored.bind(word="b", day="1 July 2022"))
    assert (row["word"].value, row["day"].value) == ("b", "2022-07-01")


def test_an_omitted_value_is_unbound(stored):
    (row,) = ox.Store().query(stored.bind(day="2022-07-01"))
    assert row["word"] is None


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_no_text_breaks_out_of_the_values_block(stored, text):
    (row,) = ox.Store().query(stored.bind(word=text, day="2022-07-01"))
    assert (row["word"].value if row["word"] else "") == text


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("iri", {"organisation": "a> } SELECT {", "asOf": "2023-05-01"}),
        ("newline", {"organisation": "a\nb", "asOf": "2023-05-01"}),
        ("brace", {"organisation": "a}b", "asOf": "2023-05-01"}),
        ("date", {"organisation": "organisation/RA7", "asOf": "2023-02-30"}),
        ("missing", {"organisation": "organisation/RA7"}),
    ],
)
def test_malformed_values_are_refused(name, values):
    with pytest.raises(InputError, match=r"example|Write it"):
        query("powers-of-organisation").bind(**values)


def test_an_unknown_parameter_is_refused(stored):
    with pytest.raises(QueryFileError, match="no parameter other"):
        stored.bind(other=1, day="2022-07-01")


def test_a_query_of_one_parameter_can_be_asked_of_many_values_at_once():
    found = query("areas-of-organisations", "views")
    text = found.among(["organisation/RA7", "organisation/RVJ"])
    assert "organisation/RA7>) (<https://w3id.org/remit/id/organisation/RVJ>) }" in text
    with pytest.raises(InputError):
        found.among(["a b"])
    with pytest.raises(QueryFileError, match="not one parameter"):
        query("norms", "index").among(["x"])


def test_an_unknown_query_is_refused():
    with pytest.raises(QueryFileError, match="no query questions/none"):
        query("none")


@pytest.mark.parametrize("header", ['#+ question = "Q', '#+ [parameters.x]\n#+ type = "thing"'])
def test_a_malformed_header_is_refused(tmp_path, header):
    (tmp_path / "x.rq").write_text(header + "\nASK {}")
    with pytest.raises(QueryFileError):
        read_query(tmp_path / "x.rq")


ALL = [
    (folder, name)
    for folder in ("questions", "derive", "checks", "views", "index", "engine")
    for name in catalogue(folder)
]


@pytest.mark.parametrize(("folder", "name"), ALL)
def test_every_stored_query_runs_as_it_stands(folder, name):
    found = query(name, folder)
    result = ox.Store().query(found.text)
    assert found.question
    if folder == "derive":
        assert isinstance(result, ox.QueryTriples)
    if folder == "checks":
        names = [v.value for v in result.variables]
        graph = ["graph"] if "imported" in found.header else []
        assert names == ["entity", "property", "value", *graph]
        assert found.header["solution"]
    if folder == "engine":
        assert found.header["problem"]
        assert found.header["affects"]
    if folder in ("questions", "views", "derive", "index"):
        assert found.why


@pytest.mark.parametrize("name", list(catalogue("questions")))
def test_every_question_runs_with_its_examples(name):
    found = query(name)
    examples = {p.name: p.example for p in found.parameters if p.required}
    assert all(p.example for p in found.parameters)
    ox.Store().query(found.bind(**examples))
