"""Several operations in one request: where their declarations stand."""

import pytest

from server.errors import QueryRefused
from server.store.operations import UNNAMED, Load, Using, joined
from server.store.updates import read_update

X, Y = "PREFIX x: <a:>", "PREFIX y: <b:>"
CLEAR, DROP = "CLEAR GRAPH <g:1>", "DROP GRAPH <g:2>"


def read(text: str, base: str = "") -> str:
    return joined(read_update(text, Using(), size=10_000, depth=9, base=base))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (CLEAR, CLEAR),
        (f"{CLEAR} ; {DROP} ;", f"{CLEAR} ;\n{DROP}"),
        (f"{X} {CLEAR} ; {DROP}", f"{X}\n{CLEAR} ;\n{DROP}"),
        (f"{X} {CLEAR} ; {Y} DROP GRAPH y:2", f"{X}\n{Y}\n{CLEAR} ;\nDROP GRAPH y:2"),
    ],
)
def test_what_is_declared_stands_first(text, wanted):
    assert read(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        f"{X} {CLEAR} ; PREFIX x: <b:> DROP GRAPH x:2",  # x: means something else later
        f"{X} CLEAR GRAPH <y:1> ; {Y} DROP GRAPH y:2",  # y: stands where it is not declared yet
        f"{X} {CLEAR} ; BASE <http://b/> DROP GRAPH <2>",  # earlier relative IRIs mean something else
    ],
)
def test_each_declares_its_own_where_that_would_change_the_meaning(text):
    first, second = text.split(" ; ")
    assert read(text).startswith(
        f"{first.replace('> CLEAR', chr(62) + chr(10) + 'CLEAR')} ;\n{X}\n"
    )
    assert read(text).endswith(second.split("> ")[-1])


def test_the_base_of_the_request_stands_first():
    assert read(f"{CLEAR} ; {DROP}", base="http://b/") == f"BASE <http://b/>\n{CLEAR} ;\n{DROP}"


def test_a_document_that_was_loaded_declares_nothing():
    load = Load("http://a.org/", "g:1", silent=False).operation("<a:a> <a:b> <a:c> .\n")
    cleared = read_update(f"{X} {DROP}", Using(), size=10_000, depth=9)
    assert joined([load, *cleared]).startswith(f"{X}\nINSERT DATA {{ GRAPH <g:1> {{\n<a:a>")


def test_the_dataset_of_the_protocol_is_left_to_its_parameters():
    text = "DELETE { <a:a> <a:b> ?o } WHERE { <a:a> <a:b> ?o }"
    (one,) = read_update(text, Using(["g:1"], ["g:2"]), size=10_000, depth=9)
    template = f"DELETE {{ GRAPH <{UNNAMED}> {{ <a:a> <a:b> ?o }} }} "
    assert one.text == f"{template}USING <g:1> USING NAMED <g:2> WHERE {{ <a:a> <a:b> ?o }}"
    assert joined([one]) == f"{template}WHERE {{ <a:a> <a:b> ?o }}"
    assert one.using == Using(["g:1"], ["g:2"])


def test_a_graph_under_a_prefix_that_is_not_declared_is_refused():
    with pytest.raises(QueryRefused, match="not understood before “x:1"):
        read(f"CLEAR GRAPH x:1 ; {X} {CLEAR}")
