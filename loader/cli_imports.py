"""The commands about other registers: ``remit import``, ``remit generate``.

Importing this module adds them to the command line ``remit``.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from loader import generator, paths
from loader.cli import USAGE, build_and_say, cli, import_group, reporting
from loader.dates import parse_date
from loader.errors import Fault, InputError
from loader.generator_releases import LATEST
from loader.importing.outcome import Imported, Tick
from loader.importing.several import import_each
from loader.imports import IMPORTERS

_HELP = {
    "ods": "Import files of the Organisation Data Service: etr and eccg reports, ORD JSON, FHIR R4, "
    "HSCOrgRefData XML, successions, code lists.",
    "cqc": "Import files of the Care Quality Commission: directory, active locations, latest ratings, interface JSON.",
    "ons": "Import tables “Names and codes” of the Office for National Statistics.",
    "legislation": "Import legislation.gov.uk XML (CLML) or RDF: titles, extents and dates.",
}
_FOLDER = click.Path(path_type=Path, file_okay=False)


def _command(family: str) -> click.Command:
    @click.argument(
        "files",
        nargs=-1,
        required=True,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
    )
    @click.option(
        "--released", help="When it was published; by default the date in the file or its name."
    )
    @click.option(
        "--strict", is_flag=True, help="Import nothing of any file when one has a faulty row."
    )
    @click.option(
        "--no-build", is_flag=True, help="Keep the import for the next build; do not build now."
    )
    @click.option(
        "--report",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write every row left out, CSV.",
    )
    @click.option("--home", type=_FOLDER)
    @reporting
    def run(
        files: tuple[Path, ...],
        released: str | None,
        strict: bool,
        no_build: bool,
        report: Path | None,
        home: Path | None,
    ) -> None:
        folder = home or paths.home()
        day = parse_date(released, "--released") if released else None
        done, refused = _import_all(family, files, folder, day, strict)
        if report:
            _write_report(report, done, refused)
        if done and not no_build:
            build_and_say(folder)
        if refused:
            click.echo(f"{len(refused)} of {len(files)} files were not imported.", err=True)
            sys.exit(USAGE)

    return click.command(family, help=_HELP[family])(run)


def _import_all(
    family: str, files: tuple[Path, ...], home: Path, released: date | None, strict: bool
) -> tuple[list[Imported], list[InputError]]:
    refused: list[InputError] = []

    def run(path: Path, folder: Path) -> Imported:
        with _progress(path.name) as (tick,):
            return IMPORTERS[family](path, folder, released, strict, tick)

    def refuse(error: InputError) -> None:
        refused.append(error)
        _say_first(error.faults, indent="", err=True)

    all_done: list[Imported] = []
    for done in import_each(files, home, strict, run, refuse):
        say_imported(done)
        all_done.append(done)
    return all_done, refused


def _write_report(path: Path, done: list[Imported], refused: list[InputError]) -> None:
    rows = [
        (each.name, what, fault)
        for each in done
        for what, faults in (("left out", each.skipped), ("faulty", each.problems))
        for fault in faults
    ]
    rows += [
        (each.name, "not taken", Fault("", field=name)) for each in done for name in each.untaken
    ]
    rows += [
        (fault.file.name if fault.file else "", "refused", fault)
        for error in refused
        for fault in error.faults
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["import", "what", "place", "field", "message", "remedy"])
        for name, what, fault in rows:
            place = fault.line or ""
            out.writerow([name, what, place, fault.field or "", fault.message, fault.remedy])


class _progress:  # noqa: N801 - used as a context manager, like a function
    """Show how many records of a file have been read, on a terminal only."""

    def __init__(self, name: str) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.completed:,.0f} read"),
        )
        self._bar = Progress(
            *columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True
        )
        self._task = self._bar.add_task(name, total=None)

    def __enter__(self) -> tuple[Tick]:
        self._bar.start()
        return (lambda number: self._bar.update(self._task, completed=number),)

    def __exit__(self, *_: Any) -> None:
        self._bar.stop()


def say_imported(done: Imported) -> None:
    """Print what an import did: entries, rows left out and faulty by kind, and events."""
    click.echo(f"{done.name}: {done.entries:,} entries imported.")
    for title, faults in (("left out", done.skipped), ("faulty", done.problems)):
        if faults:
            click.echo(f"  {len(faults):,} rows {title}, for example:")
            _say_first(faults)
    if done.untaken:
        click.echo(f"  not taken: {', '.join(done.untaken)}")
    for kind, count in sorted(done.events.items()):
        click.echo(f"  {count:,} × {kind}")


def _say_first(
    faults: Sequence[Fault], most: int = 5, indent: str = "    ", err: bool = False
) -> None:
    for fault in faults[:most]:
        click.echo(f"{indent}{fault}", err=err)
    if len(faults) > most:
        click.echo(f"{indent}… and {len(faults) - most:,} more; --report FILE writes all", err=err)


for _family in IMPORTERS:
    import_group.add_command(_command(_family), _family)


_MAKERS: dict[str, Callable[..., None]] = {"ods": generator.write_xml, "cqc": generator.write_cqc}


@cli.command("generate")
@click.argument("kind", type=click.Choice(sorted(_MAKERS)))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--count", default=1_000, show_default=True, type=click.IntRange(10, 5_000_000))
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--released",
    default=LATEST.isoformat(),
    show_default=True,
    help="The day of the release; an earlier one shows what was so before it.",
)
@reporting
def generate_command(kind: str, file: Path, count: int, seed: int, released: str) -> None:
    """Write an invented register of any size, for tests and benchmarks.

    KIND is ods (HSCOrgRefData XML) or cqc (active locations of the same organisations, CSV).
    """
    _MAKERS[kind](file, count, seed, parse_date(released, "--released"))
    click.echo(f"{file}: {file.stat().st_size:,} bytes, from {count:,} organisations")
