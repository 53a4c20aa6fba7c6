"""Validation as the service answers it: the report on the loaded data, and reports on uploads, which are not stored."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from werkzeug.utils import secure_filename

from loader.build import Build, builds, read_build
from loader.errors import InputError
from loader.state.files import FORMS
from loader.validation.engines import chosen as chosen_engine
from loader.validation.isolated import Job, UploadTooLargeError, run
from loader.validation.large import LARGE
from loader.validation.outputs import FORMATS, render
from loader.validation.report import from_json, trend
from loader.validation.run import KEPT, REPORT_FILE
from server.answers.reference import Json
from server.errors import BadParameter, Problem, RequestTooLarge, StoreUnavailable, excerpt
from server.settings import Settings

MOST_ROWS = {"fast": 20_000, "reference": 2_000}
UPLOAD_FORMATS = ("json", "csv", "xlsx", "sarif", "ttl")
_PIECE = 1 << 20
_lock = threading.Lock()
_reports: dict[tuple[str, int], Json] = {}


class DataUnreadable(Problem):
    """A file of records cannot be read; `faults` lists what, where, and how to mend it."""

    status = 422
    slug = "data-unreadable"
    title = "The file cannot be read"

    def __init__(self, faults: list[Json]) -> None:
        first = faults[0]
        place = ", ".join(str(first[name]) for name in ("file", "line", "field") if first[name])
        told = f"{place}: {first['detail']}" if place else first["detail"]
        super().__init__(f"{told} {first['remedy']} Nothing was stored.", faults=faults)


class Upload:
    """One uploaded file: its name as the user gave it, and its bytes as a stream."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self.name = secure_filename(name)[-100:] or "upload"
        self.stream = stream


def most_rows() -> int:
    """Return how many records an upload may hold: what the SHACL engine in use checks well within the time allowed."""
    return MOST_ROWS[chosen_engine()]


def loaded(settings: Settings, version: str) -> Json:
    """Return the report on the data version in service: the one kept with the build, or made now and remembered.

    A large store is not validated while somebody waits: where nothing is kept with a version, as after a write, the
    report is that of the version before it, named in ``ofVersion``.
    """
    folder = settings.home / "builds" / version
    if not folder.is_dir():  # a build that is not named after its version
        folder = (settings.home / "current").resolve()
    if settings.remote or not (folder / "store").is_dir():
        raise StoreUnavailable(
            "The loaded data are in another store, which this service does not validate."
        )
    key = (version, _written_at(folder))
    with _lock:
        if key not in _reports:
            while len(_reports) >= 4:
                _reports.pop(next(iter(_reports)))
            _reports[key] = _kept(folder) or _made(settings, version, folder)
        return _reports[key]


def _made(settings: Settings, version: str, folder: Path) -> Json:
    """Return a report made now, or, of a large store, the newest that is kept of an earlier version."""
    described = folder / "manifest.json"
    if described.is_file() and read_build(folder).triples > LARGE:
        for build in reversed(_before(settings, version)):
            if found := _kept(build.path):
                return {**found, "ofVersion": build.version}
        raise StoreUnavailable(
            "The loaded data are too large to be validated now. Run “remit validate --keep”."
        )
    report: Json = json.loads(_run(Job(folder / "store", shown=KEPT)))
    return report


def _before(settings: Settings, version: str) -> list[Build]:
    return [build for build in builds(settings.home) if build.version < version]


def _written_at(folder: Path) -> int:
    """Return when the report kept with a build was written, 0 where none is: “remit validate --keep” can replace it."""
    path = folder / REPORT_FILE
    return path.stat().st_mtime_ns if path.is_file() else 0


def previous(settings: Settings, version: str) -> Json | None:
    """Return the report kept with the build before a version, or None."""
    older = _before(settings, version)
    return _kept(older[-1].path) if older else None


def page(report: Json, chosen: dict[str, str], number: int, size: int) -> Json:
    """Return a page of the findings that fit the choices (rule, organisation, severity), with all counts."""
    names = {name: text for name, text in chosen.items() if text}
    fit = [f for f in report["findings"] if all(f[name] == text for name, text in names.items())]
    pages = max(1, -(-len(fit) // size))
    number = min(max(1, number), pages)
    return {
        **report,
        "findings": fit[(number - 1) * size : number * size],
        "matching": len(fit),
        "page": number,
        "pages": pages,
        "kept": len(report["findings"]),
        "truncated": report["total"] > len(report["findings"]),
    }


def with_trend(settings: Settings, version: str, report: Json) -> Json:
    """Return the report with what changed by rule since the build before."""
    before = previous(settings, version)
    return {
        **report,
        "trend": trend(report, before),
        "comparedWith": before["made"] if before else None,
    }


def as_file(report: Json, form: str) -> tuple[bytes, str]:
    """Return the report on the loaded data in one of the formats, and its media type."""
    _, media_type = FORMATS[_form(form)]
    return render(from_json(report), form), media_type


def uploaded(settings: Settings, files: Sequence[Upload], form: str = "json") -> tuple[bytes, str]:
    """Return the report on uploaded files in a format, and its media type. Nothing is kept.

    Raises DataUnreadable with the place of each fault, RequestTooLarge beyond the limits.
    """
    if not files:
        raise BadParameter("Send a file: " + ", ".join(FORMS) + ".", parameter="file")
    chosen = _form(form)
    with tempfile.TemporaryDirectory(prefix="remit-upload-") as folder:
        paths = [_saved(Path(folder), upload, settings.upload_mb << 20) for upload in files[:5]]
        job = Job(_store(settings), tuple(paths), chosen, most_rows())
        return _run(job), FORMATS[chosen][1]


def _saved(folder: Path, upload: Upload, most: int) -> Path:
    """Write an upload to the folder, a piece at a time, and no more than is allowed."""
    path = folder / upload.name
    if path.suffix.lower() not in (*FORMS, ".xlsm", ".xls"):
        raise BadParameter(
            f"“{excerpt(upload.name)}” is not a form that Remit reads. Send one of {', '.join(FORMS)}.",
            parameter="file",
        )
    written = 0
    with path.open("wb") as file:
        while piece := upload.stream.read(_PIECE):
            written += len(piece)
            if written > most:
                raise RequestTooLarge(
                    f"The file is larger than {most >> 20} MB. Split it. Nothing was stored."
                )
            file.write(piece)
    return path


def _store(settings: Settings) -> Path:
    folder = (settings.home / "current").resolve() / "store"
    if settings.remote or not folder.is_dir():
        raise StoreUnavailable(
            "The registers that records are checked against are not on this machine."
        )
    return folder


def _run(job: Job) -> bytes:
    try:
        return run(job)
    except UploadTooLargeError as error:
        raise RequestTooLarge(f"{error} Nothing was stored.") from None
    except InputError as error:
        raise DataUnreadable([_told(fault) for fault in error.faults]) from None


def _told(fault: Any) -> Json:
    return {
        "detail": excerpt(fault.message, 300),
        "file": fault.file.name if fault.file else None,
        "line": fault.line,
        "field": fault.field,
        "remedy": excerpt(fault.remedy, 300),
    }


def _form(form: str) -> str:
    if form not in UPLOAD_FORMATS:
        raise BadParameter(f"format is one of: {', '.join(UPLOAD_FORMATS)}.", parameter="format")
    return form


def _kept(folder: Path) -> Json | None:
    path = folder / REPORT_FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
