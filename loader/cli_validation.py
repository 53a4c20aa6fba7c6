"""The commands ``remit validate`` and ``remit template``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from loader import paths
from loader.build import current
from loader.errors import BuildError, RemitError
from loader.state.files import MOST_ROWS
from loader.state.organisations import StoredOrganisations
from loader.state.sheets import sheets
from loader.state.template import write_template
from loader.state.template_text import as_csv, as_turtle, as_yaml, example_records
from loader.validation.docs import readme, rule_table
from loader.validation.engines import NAMES, chosen
from loader.validation.large import LARGE, MEMORY, Tell, validate_large
from loader.validation.outputs import FORMATS, pieces, write
from loader.validation.registers import register_store
from loader.validation.report import Report
from loader.validation.rules import check_shapes
from loader.validation.run import TITLE, keep_report, validate_files, validate_store

FINDINGS, USAGE = 1, 2


@click.command("validate")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="table", show_default=True
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report to this file.",
)
@click.option(
    "--most-rows", type=click.IntRange(1, 2_000_000), default=MOST_ROWS, show_default=True
)
@click.option(
    "--workers",
    type=click.IntRange(1, 16),
    default=2,
    show_default=True,
    help="Processes that share the work.",
)
@click.option(
    "--engine",
    type=click.Choice(NAMES),
    help="The SHACL engine; by default the one that REMIT_SHACL names, else the fast one where it is installed.",
)
@click.option(
    "--memory",
    type=click.IntRange(500, 1_000_000),
    default=MEMORY >> 20,
    show_default=True,
    help="The most that a process may take, in MB, where a large store is validated in portions.",
)
@click.option(
    "--keep", is_flag=True, help="Keep the report with the build in service, for its pages."
)
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), help="Where builds are kept."
)
def validate_command(
    files: tuple[Path, ...],
    form: str,
    output: Path | None,
    most_rows: int,
    workers: int,
    engine: str | None,
    memory: int,
    keep: bool,
    home: Path | None,
) -> None:
    """Validate FILES of records (XLSX, CSV, YAML, Turtle), or without files the registers and all imports.

    “remit build” leaves imports of more than 200 MB to their importer and a survey. This command holds them against
    every rule too, in portions. Exit status: 0 no violation, 1 violations, 2 a file that cannot be read.
    """
    if files and keep:
        raise click.UsageError("--keep is for the report on the build in service: give no files.")
    folder = home or paths.home()
    try:
        if files:
            report = _on_files(files, most_rows, workers, engine, folder)
        else:
            report = _on_build(folder, workers, engine, memory << 20)
        if keep:
            keep_report(current(folder).path, report)
    except RemitError as error:
        click.echo(str(error), err=True)
        sys.exit(USAGE)
    _write(report, form, output)
    sys.exit(0 if report.conforms else FINDINGS)


@click.command("template")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--examples", is_flag=True, help="Fill in an example of each kind of record.")
def template_command(file: Path, examples: bool) -> None:
    """Write the template for records of segments, notices, undertakings and the like to FILE.

    FILE ends in .xlsx (a workbook with drop-downs and a guide), .yaml or .ttl (each field named, with an example of
    each kind), or is the name of a sheet and .csv, such as notices.csv.
    """
    sheet = next((s for s in sheets() if s.slug == file.stem.lower()), None)
    form = file.suffix.lower()
    if form == ".xlsx":
        write_template(file, example_records() if examples else None)
    elif form in (".yaml", ".yml", ".ttl"):
        file.write_text(as_turtle() if form == ".ttl" else as_yaml(), encoding="utf-8")
    elif form == ".csv" and sheet is not None:
        file.write_text(as_csv(sheet, examples), encoding="utf-8", newline="")
    else:
        names = ", ".join(f"{s.slug}.csv" for s in sheets())
        raise click.BadParameter(
            f"name it ….xlsx, ….yaml, ….ttl, or one of {names}.", param_hint="FILE"
        )
    click.echo(f"{file} is written. Fill it in and run “remit validate {file.name}”.")


@click.command("rules")
@click.option("--write", "written", is_flag=True, help="Write shapes/README.md; do not print.")
def rules_command(written: bool) -> None:
    """Print the table of rules, which shapes/README.md holds."""
    if written:
        readme().write_text(rule_table(), encoding="utf-8")
        click.echo(f"{readme()} is written.")
    else:
        click.echo(rule_table(), nl=False)


def _on_files(
    files: tuple[Path, ...], most: int, workers: int, engine: str | None, home: Path
) -> Report:
    name = _ready(engine)
    with Console(stderr=True).status("Reading the registers"):
        store = _store(home)
    with Console(stderr=True).status("Validating"):
        return validate_files(files, StoredOrganisations(store), most, workers, name)


def _on_build(home: Path, workers: int, engine: str | None, memory: int) -> Report:
    name = _ready(engine)
    if (home / "current").exists() and (build := current(home)).triples > LARGE:
        with _progress() as tell:
            return validate_large(build.store, build.triples, TITLE, workers, name, memory, tell)
    with Console(stderr=True).status("Validating the registers and imports"):
        return validate_store(_store(home), TITLE, workers, name)


def _ready(engine: str | None) -> str:
    """Return the engine to use; raises BuildError when a shape can find nothing."""
    name = chosen(engine)
    if faults := check_shapes():
        raise BuildError("\n".join(str(fault) for fault in faults))
    return name


@contextmanager
def _progress() -> Iterator[Tell]:
    """Show how much of each stage is done, on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage)
            bar.update(tasks[stage], completed=done, total=total)

        yield tell


def _store(home: Path) -> ox.Store:
    """Return the store of the build in service, or one made in memory from the shipped registers."""
    try:
        return ox.Store.read_only(str(current(home).store))
    except BuildError:
        return register_store()


def _write(report: Report, form: str, output: Path | None) -> None:
    if output is not None:
        write(report, form, output)
        counts = report.counts()
        click.echo(
            f"{output}: {counts['violation']:,} violations, {counts['warning']:,} pieces of advice."
        )
        return
    sys.stdout.buffer.writelines(pieces(report, form))
