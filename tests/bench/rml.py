"""The importer against a declarative mapping: python tests/bench/rml.py MORPH_PYTHON [ROWS].

Writes an invented care directory, imports it, and maps it with RML through morph-kgc (``MORPH_PYTHON`` is the Python
of an environment in which morph-kgc is installed). Both run as processes of their own, in turn. Prints time and memory
of each, whether they state the same, and what each makes of a directory with faulty rows.
"""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

HEADINGS = (
    "Name", "Also known as", "Address", "Postcode", "Phone number", "Service's website", "Service types",
    "Date of latest check", "Specialisms/services", "Provider name", "Local authority", "Region", "Location URL",
    "CQC Location ID", "CQC Provider ID",
)  # fmt: skip
RECORDS = "https://w3id.org/remit/id/cqc/"
MAPPING = Path(__file__).with_name("cqc-directory.rml.ttl")
OURS = "import sys; from server.cli import main; main()"
TURNS = 3
FAULTY = {"CQC Location ID": "not an id!", "Name": "", "CQC Provider ID": ""}


def row(number: int) -> dict[str, str]:
    """Return the row of an invented service; every fourth has the provider of the one before."""
    provider = number - number % 4
    return {
        "Name": f"The {number} House, Testford",
        "Address": f"{number} High Street, Testford",
        "Postcode": f"ZZ{number % 90 + 1} {number % 9}AB",
        "Phone number": "01234567890",
        "Service types": "Homecare agencies|Residential homes",
        "Specialisms/services": "Dementia|Caring for adults over 65 yrs",
        "Provider name": f"Provider “{provider}” Limited",
        "CQC Location ID": f"1-{1_000_000 + number}",
        "CQC Provider ID": f"1-{5_000_000 + provider}",
    }


def write(folder: Path, rows: Iterator[dict[str, str]]) -> Path:
    """Write a directory as CSV and return it."""
    path = folder / "directory.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, HEADINGS, restval="")
        out.writeheader()
        out.writerows(rows)
    return path


def measured(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Run a command in a folder; return its seconds, those of the processor, and its peak memory in megabytes."""
    began = time.perf_counter()
    timed = ["/usr/bin/env", "time", "-f", "%U %S %M", *command]
    done = subprocess.run(timed, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    if done.returncode:
        print(f"exit status {done.returncode}: {done.stderr[-300:]}")
    user, system, memory = done.stderr.split()[-3:]
    return took, float(user) + float(system), int(memory) / 1024


def stated(path: Path) -> set[tuple[str, str, str]]:
    """Return the statements about records in a file of N-Quads or N-Triples."""
    found = ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)
    quads = (quad for quad in found if str(quad.subject).startswith(f"<{RECORDS}"))
    return {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads}


def both(morph: str, folder: Path) -> list[tuple[str, list[str], Path]]:
    """Return name, command and result of the importer and of the mapping."""
    config = folder / "morph.ini"
    config.write_text(
        f"[CONFIGURATION]\noutput_file=mapped.nt\nnumber_of_processes=1\nlogging_level=ERROR\n[D]\nmappings={MAPPING}\n",
        encoding="utf-8",
    )
    options = ["import", "cqc", "directory.csv", "--released", "2026-07-01", "--no-build"]
    ours = [sys.executable, "-c", OURS, *options, "--home", str(folder / "home")]
    return [
        ("importer", ours, folder / "home/imports/cqc/directory-2026-07-01.nq"),
        ("morph-kgc", [morph, "-m", "morph_kgc", str(config)], folder / "mapped.nt"),
    ]


def main(morph: str, count: int) -> None:
    """Measure both on ``count`` rows, compare what they state, then try faulty rows."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, (row(number) for number in range(count)))
        found = []
        for title, command, result in both(morph, folder):
            turns = [measured(command, folder) for _ in range(TURNS)]
            seconds, busy, memory = (statistics.median(side) for side in zip(*turns, strict=True))
            found.append(stated(result))
            print(
                f"{title:10} {count:,} rows: {seconds:6.1f} s, {busy:6.1f} s of processor, {memory:6.0f} MB"
            )
        print(f"same statements: {found[0] == found[1]}")
        write(folder, (row(1) | {field: value} for field, value in FAULTY.items()))
        for title, command, result in both(morph, folder):
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            told = (done.stdout + done.stderr).strip().splitlines()
            number = len(stated(result)) if done.returncode == 0 else 0
            print(
                f"{title}, {len(FAULTY)} faulty rows: exit status {done.returncode}, {number} statements"
            )
            print("\n".join(f"    {line}" for line in told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)
