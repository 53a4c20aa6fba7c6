"""Validate in a process of its own, with bounded memory and time, since an upload may be hostile.

``python -m loader.validation.isolated`` reads a job as JSON from standard input and writes the outcome to
standard output; `run` starts it. A job names either files of records or a build to validate.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loader.errors import Fault, InputError
from loader.state.organisations import StoredOrganisations
from loader.validation.engines import VARIABLE
from loader.validation.outputs import render
from loader.validation.report import Report
from loader.validation.run import validate_files, validate_store

MEMORY = 3 << 30
SECONDS = 120.0


@dataclass(frozen=True)
class Job:
    """What to validate: files of records against the store of a build, or, without files, that store itself."""

    store: Path
    files: tuple[Path, ...] = ()
    form: str = "json"
    most_rows: int = 20_000
    shown: int = 1_000


class UploadTooLargeError(InputError):
    """Validation took more memory or time than it is given."""


def run(job: Job, seconds: float = SECONDS, memory: int = MEMORY) -> bytes:
    """Return the report on a job in its form, made in a process of its own.

    Raises InputError with the faults of a file that cannot be read, UploadTooLargeError beyond the limits.
    """
    order = json.dumps(
        {
            "store": str(job.store),
            "files": [str(path) for path in job.files],
            "form": job.form,
            "most": job.most_rows,
            "shown": job.shown,
            "memory": memory,
        }
    )
    command = [sys.executable, "-P", "-m", "loader.validation.isolated"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=order.encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        raise UploadTooLargeError(
            _fault(f"checking took more than {seconds:.0f} seconds.")
        ) from None
    try:
        outcome = json.loads(done.stdout)
    except ValueError:
        raise UploadTooLargeError(_fault("checking took more memory than it is given.")) from None
    if "faults" in outcome:
        raise InputError([_as_fault(fault) for fault in outcome["faults"]])
    return base64.b64decode(outcome["report"])


def _environment() -> dict[str, str]:
    """Return a small environment in which the package is found."""
    root = str(Path(__file__).resolve().parents[2])
    kept = {name: os.environ[name] for name in ("PATH", VARIABLE) if name in os.environ}
    return {**kept, "PYTHONPATH": root, "LANG": "C.UTF-8"}


def _fault(message: str) -> Fault:
    return Fault(message, remedy="Split the file, or use “remit validate” on your own machine.")


def _as_fault(fault: dict[str, Any]) -> Fault:
    file = Path(fault["file"]) if fault["file"] else None
    return Fault(fault["message"], file, fault["line"], fault["field"], fault["remedy"])


def _main() -> None:
    order = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    json.dump(_outcome(order), sys.stdout)


def _outcome(order: dict[str, Any]) -> dict[str, Any]:
    try:
        store = ox.Store.read_only(order["store"])
        report = _validate(store, [Path(path) for path in order["files"]], order["most"])
    except InputError as error:
        faults = error.faults[:200]
        return {
            "faults": [
                {
                    "message": fault.message,
                    "file": fault.file.name if fault.file else "",
                    "line": fault.line,
                    "field": fault.field,
                    "remedy": fault.remedy,
                }
                for fault in faults
            ]
        }
    made = _made(report, order["form"], order["shown"])
    return {"report": base64.b64encode(made).decode("ascii")}


def _validate(store: ox.Store, files: list[Path], most: int) -> Report:
    if files:
        return validate_files(files, StoredOrganisations(store), most)
    return validate_store(store, "registers and imports")


def _made(report: Report, form: str, shown: int) -> bytes:
    if form == "json":
        return json.dumps(report.as_json(size=shown), ensure_ascii=False).encode("utf-8")
    return render(report, form)


if __name__ == "__main__":
    _main()
