"""Bearer tokens: who may write, and what.

Tokens are kept in a file that holds only their hashes, one a line: a name, scopes joined by commas,
`sha256:` and the hash in hexadecimal, and optionally the last day of validity. Tokens are 256
random bits, so that a plain hash cannot be reversed by guessing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from loader.errors import Fault, InputError
from server.errors import Forbidden, Unauthorised

SCOPES = ("update", "upload")
_HASH = re.compile(r"sha256:([0-9a-f]{64})\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@-]{0,63}\Z")
_BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/-]+=*)\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """One line of the file: whose token it is, what it allows, its hash, its last day."""

    name: str
    scopes: frozenset[str]
    digest: str
    until: date | None = None


def new_token(name: str, scopes: list[str]) -> tuple[str, str]:
    """Make a token; returns the token, which is kept nowhere, and its line for the file."""
    token = secrets.token_urlsafe(32)
    return token, f"{name} {','.join(scopes)} sha256:{_digest(token)}"


def add(path: Path, name: str, scopes: list[str], until: date | None = None) -> str:
    """Make a token, add its line to the file, and return it: it is kept nowhere else.

    Raises InputError when the name is taken or cannot be used, or the file cannot be read or written.
    """
    if not _NAME.match(name):
        remedy = "Use letters, digits, full stops, hyphens and @, at most 64."
        raise InputError(Fault(f"“{name[:64]}” cannot be the name of a token.", remedy=remedy))
    lines = _lines(path)
    if any(line.split()[:1] == [name] for line in lines):
        remedy = "Give another name, or revoke that one first."
        raise InputError(Fault(f"There is a token “{name}” already.", path, remedy=remedy))
    token, line = new_token(name, scopes)
    _write(path, [*lines, f"{line} {until}" if until else line])
    return token


def revoke(path: Path, name: str) -> None:
    """Take the tokens of a name out of the file. Raises InputError when there is none."""
    lines = _lines(path)
    kept = [line for line in lines if line.split()[:1] != [name]]
    if len(kept) == len(lines):
        remedy = "“remit tokens” lists those that there are."
        raise InputError(Fault(f"There is no token “{name[:64]}”.", path, remedy=remedy))
    _write(path, kept)


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8") if path.exists() else ""
    except OSError as error:
        raise InputError(Fault(f"cannot be read ({error.strerror}).", path)) from None
    _parse(text, path)
    return text.splitlines()


def _write(path: Path, lines: list[str]) -> None:
    """Put lines in place of the file, whole or not at all, for its owner alone to read."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise InputError(Fault(f"cannot be written ({error.strerror}).", path)) from None


class Tokens:
    """The tokens of a file, read again whenever it changes. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = (-1, tuple[Token, ...]())
        self.all()

    def all(self) -> tuple[Token, ...]:
        """Return the tokens. Raises InputError with the line that cannot be read."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._read[0]:
                text = self._path.read_text("utf-8")
                self._read = (changed, tuple(_parse(text, self._path)))
        except OSError as error:
            remedy = "Set REMIT_TOKENS to a file that the server can read, or leave it out."
            fault = Fault(f"cannot be read ({error.strerror}).", self._path, remedy=remedy)
            raise InputError(fault) from None
        return self._read[1]

    def holder(self, header: str | None, scope: str) -> str:
        """Return the name of the token in an Authorization header that has `scope`.

        Every token is compared, in constant time. Raises Unauthorised or Forbidden.
        """
        if not header:
            raise Unauthorised(
                "Writing needs a token: send it as “Authorization: Bearer …”. Reading needs none."
            )
        given = _BEARER.match(header)
        digest = _digest(given[1] if given else "")
        found = [each for each in self.all() if hmac.compare_digest(each.digest, digest)]
        today = datetime.now(UTC).date()
        if not given or not found or (found[0].until is not None and found[0].until < today):
            raise Unauthorised(
                "The token is not known here, or has expired.", error="invalid_token"
            )
        if scope not in found[0].scopes:
            raise Forbidden(f"The token does not have the scope “{scope}”, which this needs.")
        return found[0].name


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _parse(text: str, path: Path) -> list[Token]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields or line.lstrip().startswith("#"):
            continue
        try:
            found.append(_token(*fields))
        except (TypeError, ValueError):
            remedy = "Write: name update,upload sha256:HASH [last day as 2027-03-31]."
            fault = Fault("is not a token.", path, number, remedy=remedy)
            raise InputError(fault) from None
    return found


def _token(name: str, scopes: str, digest: str, until: str = "") -> Token:
    known, match = frozenset(scopes.split(",")), _HASH.match(digest)
    if not known <= set(SCOPES) or match is None:
        raise ValueError(scopes)
    return Token(name, known, match[1], date.fromisoformat(until) if until else None)
