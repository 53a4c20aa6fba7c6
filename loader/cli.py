"""The commands that make and check data: ``remit build``, ``remit import``, ``remit sources check``.

The command line ``remit`` itself is in ``server.cli``, which adds the commands that answer questions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from loader import paths
from loader.build import build, builds, current, held_once, verify
from loader.cli_validation import rules_command, template_command, validate_command
from loader.errors import Fault, InputError, RegisterError, RemitError
from loader.graph import read_registers
from loader.imported import read_findings, told
from loader.importing.several import import_each
from loader.imports_nof import ImportedMetrics, import_nof
from loader.ontology_docs import document
from loader.sources_check import check as check_sources

FINDINGS, USAGE = 1, 2


def reporting(command: Callable[..., None]) -> Callable[..., None]:
    """Decorate a command so that an error of Remit is printed plainly, with exit status 1 or 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except RemitError as error:
            click.echo(str(error), err=True)
            if isinstance(error, InputError) and len(error.faults) > 1:
                click.echo(f"{len(error.faults)} faults.", err=True)
            sys.exit(FINDINGS if isinstance(error, RegisterError) else USAGE)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="remit-graph", prog_name="remit")
def cli() -> None:
    """Remit: who may do what to whom in the oversight of the NHS in England."""


cli.add_command(validate_command)
cli.add_command(template_command)
cli.add_command(rules_command)


@cli.command("build")
@click.option(
    "--registers",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of registers; the shipped ones by default.",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where builds are kept; REMIT_HOME or your data folder by default.",
)
@click.option("--check", "check_only", is_flag=True, help="Check the registers; write nothing.")
@click.option(
    "--reasoner",
    type=click.Choice(["rules", "hermit"]),
    default="rules",
    show_default=True,
    help="How what follows from the ontology is found; HermiT needs Java and the extra “reasoning”.",
)
@reporting
def build_command(
    registers: Path | None, home: Path | None, check_only: bool, reasoner: str
) -> None:
    """Build the store from the registers and imports, and put it into service."""
    if check_only:
        click.echo(f"{verify(registers):,} statements, no faults.")
        return
    build_and_say(home or paths.home(), registers, reasoner == "hermit")


@cli.command("docs")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@reporting
def docs_command(folder: Path) -> None:
    """Write the documentation of the ontology into FOLDER, as one HTML page."""
    click.echo(document(folder))


@cli.command("builds")
@click.option("--home", type=click.Path(path_type=Path, file_okay=False))
@reporting
def builds_command(home: Path | None) -> None:
    """List the builds that are kept, and which is in service."""
    folder = home or paths.home()
    in_service = current(folder).version
    for kept in builds(folder):
        mark = "*" if kept.version == in_service else " "
        click.echo(f"{mark} {kept.version}  {kept.triples:>12,} statements")


@cli.group("import")
def import_group() -> None:
    """Import files of other registers, and build with them."""


@import_group.command("nof")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--strict", is_flag=True, help="Import nothing of any file when one has a faulty row."
)
@click.option(
    "--no-build", is_flag=True, help="Keep the import for the next build; do not build now."
)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False))
@reporting
def import_nof_command(
    files: tuple[Path, ...], strict: bool, no_build: bool, home: Path | None
) -> None:
    """Import metrics, scores and segments of trusts (NHS Oversight Framework data)."""
    folder = home or paths.home()
    refused: list[InputError] = []
    done = 0
    for each in import_each(
        files, folder, strict, lambda path, home: import_nof(path, home, strict), refused.append
    ):
        _say_metrics(each)
        done += 1
    if done and not no_build:
        build_and_say(folder)
    if refused:
        raise InputError([fault for error in refused for fault in error.faults])


@cli.group("sources")
def sources_group() -> None:
    """Check the citations of the registers against the source documents."""


@sources_group.command("check")
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--registers",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of registers; the shipped ones by default.",
)
@reporting
def check_sources_command(directory: Path, registers: Path | None) -> None:
    """Find every cited passage, and the figures that facts state, in the documents in DIRECTORY."""
    found = read_registers(registers or paths.registers())
    report = check_sources(directory, [entry for each in found for entry in each.entries])
    click.echo(str(report))
    if not report.clean:
        sys.exit(FINDINGS)


def build_and_say(home: Path, registers: Path | None = None, reasoner: bool = False) -> None:
    """Build into ``home`` with progress, put the build into service, and say which it is."""
    with Console(stderr=True).status("Building") as status:
        made = build(home, registers, status.update, reasoner)
    click.echo(f"Build {made.version} is in service: {made.triples:,} statements in {made.path}")
    if once := held_once(made.path):
        click.echo(
            f"Large imports, checked by importer and survey and not against every rule: {len(once)}. "
            "“remit validate --keep” does that too."
        )
    for line in told(home, read_findings(made.path)):
        click.echo(line)


def _say_metrics(done: ImportedMetrics) -> None:
    click.echo(
        f"{done.name}: {done.observations:,} observations of {len(done.counts):,} trusts imported."
    )
    for code, number in done.counts.items():
        click.echo(f"  {code}  {number:>4}")
    if done.problems:
        click.echo(f"  {len(done.problems):,} rows faulty, for example:")
        _say_first(done.problems)
    if done.untaken:
        click.echo(f"  not taken: {', '.join(done.untaken)}")


def _say_first(faults: tuple[Fault, ...], most: int = 5) -> None:
    for fault in faults[:most]:
        click.echo(f"    {fault}")
    if len(faults) > most:
        click.echo(f"    … and {len(faults) - most:,} more")


if __name__ == "__main__":
    cli()
