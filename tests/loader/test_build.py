"""A build is switched to whole or not at all."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pyoxigraph as ox
import pytest
import registers

from loader import build as building
from loader.build import build, builds, current, verify
from loader.errors import BuildError, RegisterError


@pytest.fixture
def folder(tmp_path):
    return registers.write(tmp_path / "registers")


def test_a_build_is_put_into_service(tmp_path, folder):
    made = build(tmp_path / "home", folder)
    assert current(tmp_path / "home") == made
    store = ox.Store.read_only(str(made.store))
    assert len(store) == made.triples > 100


def test_the_default_graph_merges_the_named_graphs(tmp_path, folder):
    made = build(tmp_path / "home", folder)
    store = ox.Store.read_only(str(made.store))
    default = {
        (q.subject, q.predicate, q.object) for q in store if q.graph_name == ox.DefaultGraph()
    }
    named = {(q.subject, q.predicate, q.object) for q in store if q.graph_name != ox.DefaultGraph()}
    assert default == named


def test_faulty_registers_leave_the_build_in_service(tmp_path, folder):
    home = tmp_path / "home"
    made = build(home, folder)
    registers.write(folder, powers=registers.POWERS.replace("holdings", "holdngs"))
    with pytest.raises(RegisterError, match=r"powers\.yaml:9.*Did you mean “holdings”"):
        build(home, folder)
    assert current(home) == made
    assert [each.name for each in (home / "builds").iterdir()] == [made.version]


def test_a_dangling_reference_is_a_fault_with_its_line(tmp_path, folder):
    registers.write(folder, powers=registers.POWERS.replace("appeal/none", "appeal/other"))
    with pytest.raises(RegisterError) as raised:
        verify(folder)
    (fault,) = raised.value.faults
    assert (fault.file.name, fault.line) == ("powers.yaml", 3)
    assert "appeal/other" in fault.message


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("    over: [NHSTrust]\n", "", "reaches nobody"),
        ("    review: appeal/none\n", "", "without a part"),
        ("    standard: standard/satisfied\n", "", "without a part"),
        ("    inForceFrom: 2012-01-01\n", "", "in force"),
        ("    basisStatement: None is cited.\n", "", "legal basis"),
        ("    statedIn: [eg:para-1]\n", "", "names no source"),
        ("    label: Direct an NHS trust\n", "", "has no label"),
        ("to: 2030-01-01", "to: 2012-01-01", "ends on or before"),
        ("type: Power", "type: Pwer", "does not define"),
    ],
)
def test_dropping_a_fact_of_a_power_is_a_fault(folder, was, now, message):
    assert was in registers.POWERS
    registers.write(folder, powers=registers.POWERS.replace(was, now))
    with pytest.raises(RegisterError, match=message):
        verify(folder)


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("odsCode: T2", "odsCode: T1", "another organisation has too"),
        ("    attestedFrom: 2015-01-01\n", "", "without any date"),
    ],
)
def test_organisations_are_checked(folder, was, now, message):
    registers.write(folder, organisations=registers.ORGANISATIONS.replace(was, now, 1))
    with pytest.raises(RegisterError, match=message):
        verify(folder)


def test_old_builds_are_kept_up_to_a_number(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(building, "KEEP", 2)
    home = tmp_path / "home"
    made = []
    for number in range(3):
        registers.write(folder, extra=f"graph: {{title: T{number}}}\nentries: []\n")
        made.append(build(home, folder).version)
    assert [each.version for each in builds(home)] == made[-2:]


def kept(home, version, second):
    """Add the directory of a build that was made so many seconds after a fixed day began."""
    folder = home / "builds" / version
    folder.mkdir(parents=True)
    manifest = {"version": version, "triples": 0, "made": f"2026-01-01T00:00:{second:02}+00:00"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_builds_and_written_versions_are_kept_each_up_to_a_number(tmp_path, monkeypatch):
    monkeypatch.setenv("REMIT_KEEP_BUILDS", "3")
    in_service = kept(tmp_path, "20260101T000000000Z-w000000", 0)
    building.switch(tmp_path, in_service)
    for second in range(1, 31):
        kept(tmp_path, f"20260101T0000{second:02}000Z-w0000{second:02}", second)
    for second in range(31, 37):
        kept(tmp_path, f"20260101T0000{second}Z-abcdef{second}", second)
    building._prune(tmp_path, building._kept())
    left = builds(tmp_path)
    assert [int(each.made[17:19]) for each in left if not each.written] == [34, 35, 36]
    assert [int(each.made[17:19]) for each in left if each.written] == [0, *range(11, 31)]
    assert current(tmp_path).path == in_service


def test_there_is_no_build_at_first(tmp_path):
    with pytest.raises(BuildError, match="remit build"):
        current(tmp_path)


def test_two_builds_at_once_are_refused(tmp_path, folder):
    home = tmp_path / "home"
    with building._only_one(home), pytest.raises(BuildError, match="under way"):
        build(home, folder)


KILLED = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from loader import build
    home, registers, stage = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    def report(message):
        if message.startswith(stage):
            print("here", flush=True)
            time.sleep(60)
    build.build(home, registers, report)
""")


@pytest.mark.parametrize("stage", ["Reading", "Deriving", "Checking", "Optimising"])
def test_kill_9_in_the_middle_of_a_build_loses_nothing(tmp_path, folder, stage):
    home = tmp_path / "home"
    made = build(home, folder)
    command = [sys.executable, "-c", KILLED, str(home), str(folder), stage]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "here\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert current(home) == made
    assert len(ox.Store.read_only(str(made.store))) == made.triples
    time.sleep(1)  # a data version names the second in which it was made
    again = build(home, folder)
    assert current(home) == again
    assert not list((home / "builds").glob(".partial-*"))
