"""Open files as they are downloaded: plain, gzip, zip (also a zip within a zip), or a recorded HTTP answer.

Every file is read through a limit, so that a file far larger than any real release, or an archive that unpacks to
one, is refused instead of filling memory or disk.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, cast

from loader.errors import Fault, InputError

MOST_BYTES = 4 << 30
MOST_DOCUMENT = 256 << 20
_MORE = "Check that it is the file that was published; releases are smaller than this."


class Limited(io.RawIOBase):
    """A binary stream that raises InputError when more than ``most`` bytes are read from it."""

    def __init__(self, inner: IO[bytes], path: Path, most: int) -> None:
        self._inner, self._path, self._most, self._read = inner, path, most, 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read into ``buffer``; raises InputError over the limit."""
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, OSError, zipfile.BadZipFile) as error:
            remedy = "Download the file again."
            raise InputError(Fault(f"is cut short: {error}", self._path, remedy=remedy)) from None
        self._read += len(data)
        if self._read > self._most:
            message = f"is larger than {self._most >> 20:,} MB."
            raise InputError(Fault(message, self._path, remedy=_MORE))
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def stream(path: Path, suffix: str = "", most: int = MOST_BYTES) -> Iterator[IO[bytes]]:
    """Open the file, or the one member of an archive whose name ends with ``suffix``, as bytes.

    Raises InputError when it cannot be read, is larger than ``most`` bytes, or is an archive
    without exactly one such member.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            with _unpacked(file, path, start, suffix) as inner:
                yield io.BufferedReader(Limited(inner, path, most), 1 << 20)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InputError(Fault(f"cannot be read: {reason}.", path)) from None


@contextmanager
def _unpacked(file: IO[bytes], path: Path, start: bytes, suffix: str) -> Iterator[IO[bytes]]:
    if start.startswith(b"\x1f\x8b"):
        yield cast(IO[bytes], gzip.GzipFile(fileobj=file))
    elif start.startswith(b"PK\x03\x04"):
        with _member(file, path, suffix) as found:
            yield found
    else:
        yield file


@contextmanager
def _member(file: IO[bytes], path: Path, suffix: str) -> Iterator[IO[bytes]]:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            wanted = [name for name in names if name.lower().endswith(suffix)]
            nested = [name for name in names if name.lower().endswith(".zip")]
            if len(wanted) == 1 and suffix:
                with archive.open(wanted[0]) as found:
                    yield found
            elif len(nested) == 1:
                with (
                    _spooled(archive, nested[0], path) as inner,
                    _member(inner, path, suffix) as found,
                ):
                    yield found
            else:
                message = (
                    f"is an archive without exactly one file *{suffix}: {', '.join(names[:5])}."
                )
                raise InputError(Fault(message, path, remedy="Unpack it and import one file."))
    except zipfile.BadZipFile as error:
        fault = Fault(f"is a broken archive: {error}.", path, remedy="Download the file again.")
        raise InputError(fault) from None


@contextmanager
def _spooled(archive: zipfile.ZipFile, name: str, path: Path) -> Iterator[IO[bytes]]:
    """Unpack an archive within an archive to a temporary file, because reading it needs seeking."""
    with tempfile.TemporaryFile() as inner:
        with archive.open(name) as packed:
            limited = Limited(packed, path, MOST_BYTES)
            while chunk := limited.read(1 << 20):
                inner.write(chunk)
        inner.seek(0)
        yield cast(IO[bytes], inner)


def document(path: Path) -> tuple[dict[str, str], str]:
    """Return the headers (of a recorded HTTP answer; else none) and the text of a UTF-8 document.

    Raises InputError when it is larger than 256 MB or is not UTF-8.
    """
    with stream(path, ".json", MOST_DOCUMENT) as file:
        data = file.read()
    headers: dict[str, str] = {}
    if data.startswith(b"HTTP/"):
        head, _, data = data.replace(b"\r\n", b"\n").partition(b"\n\n")
        lines = head.decode("latin-1").split("\n")
        pairs = (line.partition(":") for line in lines[1:])
        headers = {key.strip().lower(): value.strip() for key, _, value in pairs}
        headers["status"] = lines[0].split(" ")[1] if " " in lines[0] else ""
    try:
        return headers, data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(Fault("is not UTF-8.", path, line, remedy="Save it as UTF-8.")) from None


def date_of(headers: dict[str, str]) -> str:
    """Return the date of a recorded HTTP answer as YYYY-MM-DD, or nothing."""
    try:
        return parsedate_to_datetime(headers["date"]).date().isoformat()
    except (KeyError, ValueError):
        return ""
