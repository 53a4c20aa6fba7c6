"""The commands ``remit link``, ``remit conflicts`` and ``remit mcp``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from loader import cli_imports, paths
from loader.cli import FINDINGS, cli, reporting
from loader.linking.job import link
from loader.linking.likeness import ENGINES
from server import open_store
from server.answers.conflicts import KINDS, Json, conflicts, every_conflict
from server.conflicts import table
from server.mcp_service import service
from server.settings import from_environment

__all__ = ["cli_imports"]


@cli.command("link")
@click.option("--engine", type=click.Choice(ENGINES), default="duckdb", show_default=True)
@click.option("--threshold", default=0.9, show_default=True, type=click.FloatRange(0.5, 1.0))
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of decisions, CSV.",
)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False))
@reporting
def link_command(engine: str, threshold: float, decisions: Path | None, home: Path | None) -> None:
    """Link records of other registers to organisations, by identifier and by likeness.

    The linkset is part of the next build. Links by likeness are listed in a file in which a person accepts or
    rejects them.
    """
    done = link(home or paths.home(), threshold, engine, decisions)
    click.echo(f"{done.exact:,} links by identifier, {done.likely:,} by likeness ({engine}).")
    click.echo(f"{done.undecided:,} new links wait for a decision. Linkset: {done.path}")
    for each in done.quality:
        click.echo(
            f"  at {each.threshold:.2f}: precision {each.precision:.3f}, recall {each.recall:.3f} "
            f"({each.right:,} right, {each.wrong:,} wrong, {each.missed:,} missed of those held out)"
        )


@cli.command("conflicts")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="Only conflicts of this kind.")
@click.option("--organisation", default="", help="Only those of the organisation with this code.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "csv"]), default="table", show_default=True
)
@reporting
def conflicts_command(kind: str | None, organisation: str, format_: str) -> None:
    """Report where registers, or releases of one, contradict each other; exit status 1 when they do."""
    with open_store(from_environment()) as store:
        answer = conflicts(store, kind or "", organisation, size=1)
        found = every_conflict(store, kind or "", organisation)
        for line in table(found) if format_ == "csv" else map(_told, found):
            click.echo(line, nl=format_ == "table")
    if format_ == "table":
        for name, count in answer["byKind"].items():
            click.echo(f"{count:>6,} × {KINDS[name]}")
        click.echo(
            f"{answer['total']:,} conflicts about {answer['organisations']:,} organisations."
        )
    if answer["total"]:
        sys.exit(FINDINGS)


def _told(each: Json) -> str:
    one, other = each["claims"]
    return f"{each['about']['code']:<8} {each['label']}: {_said(one)} – {_said(other)}"


def _said(claim: Json) -> str:
    return f"{claim['label']} ({', '.join(each['name'] for each in claim['sources'])})"


@cli.command("mcp")
@reporting
def mcp_command() -> None:
    """Serve the Model Context Protocol on standard input and output, for assistants."""
    with open_store(from_environment()) as store:
        service(store).run("stdio")
