"""The command ``remit dump``."""

from __future__ import annotations

from pathlib import Path

import click

from loader import paths
from loader.build import current
from loader.cli import cli, reporting
from loader.dump import dump
from loader.errors import Fault, InputError


@cli.command("dump")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where builds are kept; REMIT_HOME or your data folder by default.",
)
@reporting
def dump_command(target: Path, home: Path | None) -> None:
    """Write the build in service to FILE as N-Quads, for a SPARQL server of another make."""
    build = current(home or paths.home())
    try:
        dump(build, target)
    except OSError as error:
        raise InputError(Fault(f"cannot be written ({error}).", target)) from None
    click.echo(f"Data version {build.version} is in {target}.")
