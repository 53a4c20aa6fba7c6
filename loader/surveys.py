"""The surveys of large imports, kept: a file is surveyed when it is imported, and no build reads it line by line again.

What is kept is found by the name, size and time of the file that it describes and by what was looked for, so that
neither another file nor other queries of a later release are taken for these. A survey tells the digest of what was
surveyed: whoever uses it checks that against the digest of what was read. One is kept when an importer has written the
file, or when the engine has read it and found no error, so that a file whose survey is kept is known to be sound.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loader.catalogue import catalogue
from loader.survey import COMPARED, DATES, INTERVALS, Survey

_FORM = 1
_KEPT = 24


def kept(path: Path, home: Path) -> Survey | None:
    """Return the survey of a file that is kept below the data folder ``home``, or None."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        return _read(path, json.loads(_place(path, home).read_bytes()))
    return None


def rows(path: Path, home: Path) -> Path:
    """Return the folder in which the rows are kept that a file brings to the index of names."""
    return _place(path, home).with_suffix("")


def keep(found: Survey, home: Path) -> None:
    """Keep a survey; a folder that cannot be written costs the next build its time, no more."""
    with suppress(OSError):
        _write(_place(found.path, home), found)


def _place(path: Path, home: Path) -> Path:
    stat = path.stat()
    file = (path.name, stat.st_size, stat.st_mtime_ns)
    index = [each.text for each in catalogue("index").values()]
    asked = repr((_FORM, file, sorted(DATES), INTERVALS, COMPARED, index))
    name = f"{path.stem}-{hashlib.sha256(asked.encode()).hexdigest()[:12]}.json"
    return home / "cache" / "surveys" / name


def _read(path: Path, told: Any) -> Survey:
    return Survey(
        path,
        told["graph"],
        told["digest"],
        told["terms"],
        {reference: (entity, prop) for reference, (entity, prop) in told["references"].items()},
        [(entity, prop, value) for entity, prop, value in told["undated"]],
        [(entity, prop, value) for entity, prop, value in told["reversed"]],
        {code: tuple(block) for code, block in told["blocks"].items()},
    )


def _write(target: Path, found: Survey) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.write_text(json.dumps(asdict(found) | {"path": found.path.name}), encoding="utf-8")
    partial.replace(target)
    files = sorted(target.parent.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for old in files[:-_KEPT]:
        old.unlink(missing_ok=True)
        shutil.rmtree(old.with_suffix(""), ignore_errors=True)
