"""The conflicts of a data version, kept on disk: seeking them takes half a minute with two national releases loaded.

They are kept below ``cache/conflicts`` in the data folder, by data version, for the last few versions.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

from server.answers.claims import Claim, Conflict

_LOG = logging.getLogger(__name__)
_FORM = 1
_KEPT = 4


def kept(home: Path, version: str, seek: Callable[[], list[Conflict]]) -> list[Conflict]:
    """Return the conflicts kept of a version, or what ``seek`` finds, which is then kept.

    A folder that cannot be written costs the next process its time, no more.
    """
    path = home / "cache" / "conflicts" / f"{version}-{_FORM}.json"
    with suppress(OSError, ValueError, TypeError, KeyError):
        return [_read(*row) for row in json.loads(path.read_text(encoding="utf-8"))["found"]]
    found = seek()
    try:
        _write(path, found)
    except OSError as error:
        _LOG.warning("the conflicts of %s are not kept: %s", version, error)
    return found


def _write(path: Path, found: list[Conflict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    rows = [
        (each.kind, astuple(each.one), astuple(each.other), each.on, each.sources) for each in found
    ]
    text = json.dumps({"found": rows}, default=date.isoformat)
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
    files = sorted(path.parent.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for old in files[:-_KEPT]:
        old.unlink(missing_ok=True)


def _read(kind: str, one: Any, other: Any, on: str | None, sources: Any) -> Conflict:
    first, second = sources
    return Conflict(kind, _claim(one), _claim(other), _day(on), (tuple(first), tuple(second)))


def _claim(row: Any) -> Claim:
    organisation, code, kind, value, first, end, source, moment = row
    return Claim(organisation, code, kind, value, _day(first), _day(end), source, moment)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
