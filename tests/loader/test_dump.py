"""The build as one file of N-Quads: what it holds, and that it is whole or not there."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from loader import cli_dump as cli_dump  # its command joins the group
from loader.build import Build
from loader.cli import cli
from loader.dump import VERSION_GRAPH, dump

NAMED = "GRAPH <g:1> { <a:a> <a:b> 1 . <a:a> <a:b> 2 } GRAPH <g:2> { <a:a> <a:b> 2 }"
MERGED = "<a:a> <a:b> 1 . <a:a> <a:b> 2 ."


def made(folder: Path, data: str, once: list[str]) -> Build:
    """A build in service below a folder."""
    path = folder / "builds" / "v1"
    path.mkdir(parents=True)
    store = ox.Store(str(path / "store"))
    store.load(data.encode(), ox.RdfFormat.TRIG)
    store.flush()
    facts = {"version": "v1", "triples": 2, "made": "2026-01-01", "heldOnce": once}
    (path / "manifest.json").write_text(json.dumps(facts))
    (folder / "current").symlink_to("builds/v1")
    return Build(path, "v1", 2, "2026-01-01")


def read(file: Path) -> list[tuple[str, str]]:
    """The object and graph of each statement of a dump, but for the version."""
    quads = ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS)
    found = [(quad.object.value, quad.graph_name.value) for quad in quads]  # type: ignore[union-attr]
    assert found.pop(0) == ("v1", VERSION_GRAPH)
    return sorted(found)


def test_named_graphs_are_dumped_and_the_default_graph_is_not(tmp_path):
    build = made(tmp_path, NAMED + MERGED, [])
    dump(build, tmp_path / "named.nq")
    assert read(tmp_path / "named.nq") == [("1", "g:1"), ("2", "g:1"), ("2", "g:2")]


@pytest.mark.parametrize(
    ("once", "graph"),
    [(["g:3"], "g:3"), (["g:3", "g:4"], "https://w3id.org/remit/id/graph/imports")],
)
def test_a_large_import_goes_back_to_a_graph(tmp_path, once, graph):
    build = made(tmp_path, f"{NAMED} {MERGED} <a:a> <a:b> 3 .", once)
    dump(build, tmp_path / "named.nq")
    assert ("3", graph) in read(tmp_path / "named.nq")
    assert len(read(tmp_path / "named.nq")) == 4


def test_the_command_says_which_version_is_where(tmp_path):
    made(tmp_path, NAMED + MERGED, [])
    done = CliRunner().invoke(cli, ["dump", str(tmp_path / "d.nq"), "--home", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "v1" in done.output
    assert len(read(tmp_path / "d.nq")) == 3


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    made(tmp_path, NAMED + MERGED, [])
    target = tmp_path / "none" / "d.nq"
    done = CliRunner().invoke(cli, ["dump", str(target), "--home", str(tmp_path)])
    assert done.exit_code == 2
    assert "cannot be written" in done.output
    assert not target.parent.exists()
