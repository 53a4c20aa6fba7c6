"""Large imports are held once, small ones in their named graph as well."""

import pyoxigraph as ox
import pytest

from loader.bulk import load_imports
from loader.errors import InputError

GRAPH = "https://w3id.org/remit/id/graph/import/ods/test"


def quads(count: int) -> str:
    about = f'<{GRAPH}> <http://purl.org/dc/terms/title> "A title" <{GRAPH}> .\n'
    return (
        "".join(f'<urn:s{n}> <urn:p> "a <{GRAPH}> . b" <{GRAPH}> .\n' for n in range(count)) + about
    )


@pytest.mark.parametrize("large", [0, 1 << 30])
def test_the_default_graph_is_the_same_either_way(tmp_path, large):
    path = tmp_path / "import.nq"
    path.write_text(quads(60_000), encoding="utf-8")
    store = ox.Store()
    load_imports(store, [path], large)
    default = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    named = list(store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH)))
    assert len(default) == 60_001
    assert {q.object.value for q in default} == {"A title", f"a <{GRAPH}> . b"}
    assert len(named) == (1 if large == 0 else 60_001)


@pytest.mark.parametrize(
    "text", ["no statement\n", f"<urn:s> <urn:p> <urn:o> <{GRAPH}> .\nbroken\n"]
)
def test_what_is_not_n_quads_is_refused(tmp_path, text):
    path = tmp_path / "import.nq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        load_imports(ox.Store(), [path], 0)
