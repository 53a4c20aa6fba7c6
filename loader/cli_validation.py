"""The commands ``remit validate`` and ``remit template``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console

from loader import paths
from loader.build import current
from loader.errors import BuildError, RemitError
from loader.state.files import MOST_ROWS
from loader.state.organisations import StoredOrganisations
from loader.state.template import write_template
from loader.validation.docs import readme, rule_table
from loader.validation.outputs import FORMATS, render, write
from loader.validation.registers import register_store
from loader.validation.report import Report
from loader.validation.rules import check_shapes
from loader.validation.run import validate_files, validate_store

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
    "--home", type=click.Path(path_type=Path, file_okay=False), help="Where builds are kept."
)
def validate_command(
    files: tuple[Path, ...],
    form: str,
    output: Path | None,
    most_rows: int,
    workers: int,
    home: Path | None,
) -> None:
    """Validate FILES of records (XLSX, CSV, YAML, Turtle), or without files the registers and imports.

    Exit status: 0 no violation, 1 violations, 2 a file that cannot be read.
    """
    try:
        report = _report(files, most_rows, workers, home or paths.home())
    except RemitError as error:
        click.echo(str(error), err=True)
        sys.exit(USAGE)
    _write(report, form, output)
    sys.exit(0 if report.conforms else FINDINGS)


@click.command("template")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def template_command(file: Path) -> None:
    """Write the template for records of segments, notices, undertakings and the like to FILE (.xlsx)."""
    write_template(file)
    click.echo(f"{file}: one sheet for each kind of record; the sheet “Guide” says what to enter.")


@click.command("rules")
@click.option("--write", "written", is_flag=True, help="Write shapes/README.md; do not print.")
def rules_command(written: bool) -> None:
    """Print the table of rules, which shapes/README.md holds."""
    if written:
        readme().write_text(rule_table(), encoding="utf-8")
        click.echo(f"{readme()} is written.")
    else:
        click.echo(rule_table(), nl=False)


def _report(files: tuple[Path, ...], most: int, workers: int, home: Path) -> Report:
    if faults := check_shapes():
        raise BuildError("\n".join(str(fault) for fault in faults))
    with Console(stderr=True).status("Reading the registers"):
        store = _store(home)
    with Console(stderr=True).status("Validating"):
        if files:
            return validate_files(files, StoredOrganisations(store), most, workers)
        return validate_store(store, "registers and imports", workers)


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
    sys.stdout.buffer.write(render(report, form))
