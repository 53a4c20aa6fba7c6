"""The commands ``remit token`` and ``remit tokens``: who may write over HTTP."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import click

from loader.cli import cli, reporting
from loader.dates import parse_date
from server.auth import SCOPES, Tokens, add, revoke

_FILE = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of tokens; the one that REMIT_TOKENS names when left out.",
)


@cli.command("token")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="What it allows; repeat it."
)
@click.option("--until", help="The last day on which it can be used, as 2027-03-31.")
@click.option("--revoke", "revoking", is_flag=True, help="Take the token away instead.")
@_FILE
@reporting
def token(
    name: str, scopes: tuple[str, ...], until: str | None, revoking: bool, file: Path | None
) -> None:
    """Make a token for NAME and show it once: only its hash is kept.

    A running server knows of it at once, and of its end.
    """
    path = _path(file)
    if revoking:
        revoke(path, name)
        click.echo(f"The token of {name} is revoked.", err=True)
        return
    if not scopes:
        raise click.UsageError("Say what the token allows: --scope update, --scope upload or both.")
    made = add(path, name, sorted(set(scopes)), parse_date(until, "until") if until else None)
    click.echo(made)
    click.echo(f"This is shown once. Its hash is in {path}.", err=True)


@cli.command("tokens")
@_FILE
@reporting
def tokens(file: Path | None) -> None:
    """List the tokens: name, what each allows, and its last day."""
    today = datetime.now(UTC).date()
    for each in Tokens(_path(file)).all():
        click.echo(f"{each.name}\t{','.join(sorted(each.scopes))}\t{_end(each.until, today)}")


def _end(until: date | None, today: date) -> str:
    if until is None:
        return "no last day"
    return f"until {until}" if until >= today else f"expired after {until}"


def _path(file: Path | None) -> Path:
    named = file or os.environ.get("REMIT_TOKENS", "")
    if not named:
        raise click.UsageError("Name the file of tokens: --file FILE, or REMIT_TOKENS.")
    return Path(named)
