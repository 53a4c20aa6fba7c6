"""The second clock: data versions that are kept, and the one that a reader means by `knownAt`."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from loader.build import Build, builds
from server.errors import BadParameter, excerpt
from server.store.embedded import EmbeddedStore
from server.store.gate import Gate
from server.store.limits import Limits
from server.store.protocol import Store

OPEN = 3
_LINGER = 120.0
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


class Versions:
    """The builds kept below `home`, each opened when it is first asked for.

    At most `OPEN` besides the one in service are open at once; one that gives way is closed when
    the requests that use it must have ended.
    """

    def __init__(self, home: Path, limits: Limits, gate: Gate | None = None) -> None:
        self._home = home
        self._gate = gate
        self._limits = limits
        self._lock = threading.Lock()
        self._open: OrderedDict[str, EmbeddedStore] = OrderedDict()
        self._leaving: list[tuple[float, EmbeddedStore]] = []

    def kept(self) -> list[Build]:
        """Return the builds that are kept, oldest first."""
        return builds(self._home)

    def find(self, known_at: str) -> Build:
        """Return the build that `known_at` means.

        That is a data version, or a date or instant: then the last build made by the end of that
        day (UTC) or by that instant. Raises BadParameter when none is kept that fits.
        """
        kept = self.kept()
        for build in kept:
            if build.version == known_at:
                return build
        limit = _limit(known_at)
        fitting = [build for build in kept if datetime.fromisoformat(build.made) < limit]
        if fitting:
            return fitting[-1]
        oldest = f"The oldest kept is {kept[0].version}." if kept else "None is kept."
        raise BadParameter(
            f"No data version from {excerpt(known_at, 40)} or before is kept. {oldest}",
            parameter="knownAt",
        )

    def store(self, build: Build) -> Store:
        """Return a store over a kept build."""
        with self._lock:
            self._close_leaving()
            if build.version not in self._open:
                self._open[build.version] = EmbeddedStore(build.path, self._limits, self._gate)
                if len(self._open) > OPEN:
                    _, old = self._open.popitem(last=False)
                    self._leaving.append((time.monotonic() + _LINGER, old))
            self._open.move_to_end(build.version)
            return self._open[build.version]

    def close(self) -> None:
        """Close every store that was opened here."""
        with self._lock:
            for store in [*self._open.values(), *(each for _, each in self._leaving)]:
                store.close()
            self._open.clear()
            self._leaving.clear()

    def _close_leaving(self) -> None:
        now = time.monotonic()
        for when, store in self._leaving:
            if when <= now:
                store.close()
        self._leaving = [each for each in self._leaving if each[0] > now]


def _limit(known_at: str) -> datetime:
    """Return the first instant that is too late for `known_at`."""
    try:
        if _DAY.match(known_at):
            day = date.fromisoformat(known_at) + timedelta(days=1)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        if _INSTANT.match(known_at):
            instant = datetime.fromisoformat(known_at)
            instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
            return instant + timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        pass
    raise BadParameter(
        f"“{excerpt(known_at, 40)}” is not a data version that is kept, nor a date. Give a version "
        "that /api/v1/versions lists, a day such as 2026-11-22, or an instant such as "
        "2026-11-22T09:30:00Z.",
        parameter="knownAt",
    )
