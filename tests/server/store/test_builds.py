from pathlib import Path

import pytest

from server.errors import StoreUnavailable
from server.store.builds import link_target, read_build


def test_a_manifest_names_version_and_default_graph(make_build, tmp_path: Path) -> None:
    path = make_build(tmp_path / "b", version="7", defaultGraph="merged")
    build = read_build(path)
    assert (build.version, build.merged, build.store_path) == ("7", True, path / "store")


def test_without_a_manifest_the_directory_names_the_version(make_build, tmp_path: Path) -> None:
    path = make_build(tmp_path / "2026-11-22")
    assert (read_build(path).version, read_build(path).merged) == ("2026-11-22", False)


def test_a_link_is_resolved(make_build, tmp_path: Path) -> None:
    make_build(tmp_path / "b1", version="1")
    (tmp_path / "current").symlink_to("b1")
    assert read_build(tmp_path / "current").path == tmp_path / "b1"
    assert link_target(tmp_path / "current") == "b1"
    assert link_target(tmp_path / "b1") == str(tmp_path / "b1")


def test_no_build_says_which_command_makes_one(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="remit build"):
        read_build(tmp_path / "nothing")


@pytest.mark.parametrize("text", ["{", "[]", "\udcff"])
def test_a_broken_manifest_is_reported(make_build, tmp_path: Path, text: str) -> None:
    path = make_build(tmp_path / "b")
    (path / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(StoreUnavailable, match=r"manifest\.json"):
        read_build(path)
