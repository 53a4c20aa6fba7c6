"""The login of a remote store, and its address."""

import pytest

from loader.errors import InputError
from server.store.login import check_address, read_login


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Basic remit:pass:wörd\n", "Basic cmVtaXQ6cGFzczp3w7ZyZA=="),
        ("bearer abc.DEF-1", "Bearer abc.DEF-1"),
    ],
)
def test_a_file_holds_one_login(tmp_path, text, header):
    (tmp_path / "login").write_text(text, "utf-8")
    assert read_login(tmp_path / "login") == header


@pytest.mark.parametrize(
    "text", ["", "secret", "Basic secret", "Bearer secrét", "Bearer secret\nX-Other: secret"]
)
def test_what_is_no_login_is_not_quoted(tmp_path, text):
    (tmp_path / "login").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_login(tmp_path / "login")
    assert "secr" not in str(caught.value).replace(str(tmp_path), "")
    assert "Basic user:password" in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InputError, match="none"):
        read_login(tmp_path / "none")
    (tmp_path / "login").write_bytes(b"Bearer \xff")
    with pytest.raises(InputError, match="not UTF-8"):
        read_login(tmp_path / "login")


@pytest.mark.parametrize("address", ["http://a.org/query", "https://[::1]:8890/sparql"])
def test_addresses_of_endpoints(address):
    check_address(address, "REMIT_STORE")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("file:///etc/passwd", "no address of http"),
        ("a.org/query", "no address of http"),
        ("http://[::1/query", "no address of http"),
        ("http://remit:secret@a.org/query", "holds no login"),
    ],
)
def test_what_is_no_address_is_not_quoted(address, said):
    with pytest.raises(InputError, match=said) as caught:
        check_address(address, "REMIT_STORE")
    assert "secret" not in str(caught.value)
