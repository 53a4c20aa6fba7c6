"""The build of a large generated register beside the bare engine: python tests/bench/scale.py FOLDER [ORGANISATIONS].

Generates and imports a register of organisations and one of the Commission's locations into FOLDER (kept for the next
run), then bulk-loads the same statements with the bare engine and builds with Remit, each in a process of its own, and
prints time, processor time, memory and disk of both, and their ratios; then the same of “remit validate”.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

REMIT = Path(sys.executable).with_name("remit")
RELEASED = "2026-07-01"
BARE = """
import sys
import pyoxigraph as ox
store = ox.Store(sys.argv[1])
for path in sys.argv[2:]:
    store.bulk_load(path=path, format=ox.RdfFormat.N_TRIPLES)
store.flush()
"""
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds, seconds of processor, megabytes of memory at its peak."""

    seconds: float
    processor: float
    memory: float


def run(command: list[str], home: Path) -> Cost:
    """Run a command in a process of its own; raises CalledProcessError when it fails."""
    began = time.monotonic()
    process = subprocess.Popen(command, env=os.environ | {"REMIT_HOME": str(home)})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    used = usage.ru_utime + usage.ru_stime
    return Cost(time.monotonic() - began, used, usage.ru_maxrss / 1024)


def prepare(home: Path, count: int) -> list[Path]:
    """Generate and import registers of ``count`` organisations, once; returns the graphs."""
    for kind, name in (("ods", f"hscorgrefdata-{RELEASED}.xml"), ("cqc", f"cqc-{RELEASED}.csv")):
        if not list((home / "imports" / kind).glob("*.nq")):
            home.mkdir(parents=True, exist_ok=True)
            path = home / name
            run([str(REMIT), "generate", kind, str(path), "--count", str(count)], home)
            cost = run([str(REMIT), "import", kind, str(path), "--no-build"], home)
            show(f"import of {name}", cost, 0)
            path.unlink()
    return sorted((home / "imports").rglob("*.nq"))


def triples(graphs: list[Path], folder: Path) -> list[str]:
    """Write the statements of graphs without their graph, for the bare engine; returns the files."""
    folder.mkdir(exist_ok=True)
    files = []
    for graph in graphs:
        target = folder / f"{graph.stem}.nt"
        with graph.open("rb") as quads, target.open("wb") as out:
            for line in quads:
                out.write(line[: line.rindex(b" <")] + b" .\n")
        files.append(str(target))
    return files


def disk(folder: Path) -> float:
    """Return what the files in a folder take, in megabytes; a file with several names counts once."""
    sizes = {s.st_ino: s.st_blocks * 512 for p in folder.rglob("*") if (s := p.lstat())}
    return sum(sizes.values()) / _BLOCK


def show(what: str, cost: Cost, megabytes: float) -> None:
    """Print one line of figures."""
    print(
        f"{what:38} {cost.seconds:8.1f} s {cost.processor:8.1f} s processor "
        f"{cost.memory:8.0f} MB memory {megabytes:8.0f} MB disk",
        flush=True,
    )


def main(home: Path, count: int) -> None:
    """Measure and print."""
    graphs = prepare(home, count)
    scratch = home / "bare"
    files = triples(graphs, scratch)
    bare = run([sys.executable, "-c", BARE, str(scratch / "store"), *files], home)
    show("bare engine, bulk load", bare, disk(scratch / "store"))
    shutil.rmtree(scratch)
    shutil.rmtree(home / "builds", ignore_errors=True)
    ours = run([str(REMIT), "build"], home)
    show(f"remit build, {count:,} organisations", ours, disk(home / "builds"))
    print(
        f"ratio: {ours.seconds / bare.seconds:.2f} of time, {ours.processor / bare.processor:.2f} of processor"
    )
    checked = run([str(REMIT), "validate", "--output", str(home / "report.txt")], home)
    show("remit validate, every rule", checked, 0)
    print(f"load on the machine: {', '.join(f'{each:.1f}' for each in os.getloadavg())}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300_000)
