"""`remit token` and `remit tokens`: a token is shown once, works at once, and ends when revoked."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from loader.cli import cli
from server import cli as commands  # its commands join the group
from server.auth import Tokens
from server.errors import Forbidden, Unauthorised

assert commands


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def made(path: Path, name: str, *more: str) -> str:
    found = run("token", name, "--scope", "update", "--file", str(path), *more)
    assert found.exit_code == 0, found.output
    return found.stdout.strip()


def test_a_token_is_shown_once_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text("# who may write\n")
    token = made(path, "ann")
    text = path.read_text()
    assert token not in text
    assert text.startswith("# who may write\nann update sha256:")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    known = Tokens(path)
    assert known.holder(f"Bearer {token}", "update") == "ann"
    with pytest.raises(Forbidden):
        known.holder(f"Bearer {token}", "upload")
    again = run("token", "ann", "--scope", "update", "--file", str(path))
    assert again.exit_code == 2
    assert "already" in again.output


def test_a_revoked_token_ends_for_a_running_server(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    token, other = made(path, "ann"), made(path, "bob", "--until", "2099-12-31")
    known = Tokens(path)
    assert run("token", "ann", "--revoke", "--file", str(path)).exit_code == 0
    with pytest.raises(Unauthorised):
        known.holder(f"Bearer {token}", "update")
    assert known.holder(f"Bearer {other}", "update") == "bob"
    assert run("token", "ann", "--revoke", "--file", str(path)).exit_code == 2


def test_tokens_are_listed_without_hashes(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "tokens"
    monkeypatch.setenv("REMIT_TOKENS", str(path))
    made(path, "ann")
    made(path, "old", "--until", "2020-01-01")
    listed = run("tokens")
    assert listed.output == "ann\tupdate\tno last day\nold\tupdate\texpired after 2020-01-01\n"


@pytest.mark.parametrize(
    "arguments",
    [("ann",), ("a b", "--scope", "update"), ("ann", "--scope", "all"), ("#", "--scope", "update")],
)
def test_what_cannot_be_a_token(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run("token", *arguments, "--file", str(tmp_path / "tokens")).exit_code == 2
    assert not (tmp_path / "tokens").exists()


def test_the_file_is_named(monkeypatch) -> None:
    monkeypatch.delenv("REMIT_TOKENS", raising=False)
    assert "REMIT_TOKENS" in run("tokens").output
