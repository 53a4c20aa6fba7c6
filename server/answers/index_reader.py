"""Reads the file of an index of names: any number of threads, each call with a connection of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

_IDLE = 16
_CACHE_KB = 8_000


class Reader:
    """Connections to one file, opened as they are needed and kept for the next caller.

    The file is never changed after it was written, so that SQLite neither locks nor checks it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue(_IDLE)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            if self._idle.full():
                connection.close()
            else:
                self._idle.put(connection)

    def column(self, sql: str, *values: Any) -> list[Any]:
        """Return the first column of the rows."""
        return [row[0] for row in self.rows(sql, *values)]

    def among(
        self, sql: str, wanted: Iterable[int | str], *before: int | str
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a statement whose ``{}`` stands for the values wanted, after the values ``before``."""
        values = list(wanted)
        return self.rows(sql.format(", ".join("?" * len(values))), *before, *values)

    def __del__(self) -> None:
        while True:
            try:
                self._idle.get_nowait().close()
            except (Empty, AttributeError):
                return
