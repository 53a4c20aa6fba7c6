"""The command ``remit``: the loader's commands, and those that answer questions or serve."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from loader import cli_dump as cli_dump  # its command joins the group
from loader.cli import cli, reporting
from server import cli_frameworks as cli_frameworks  # its commands join the group
from server import cli_links as cli_links  # its commands join the group
from server import cli_questions as cli_questions  # its command joins the group
from server import cli_tokens as cli_tokens  # its commands join the group
from server import open_store
from server.answers.reference import Json
from server.answers.sheet import answer_sheet
from server.errors import Problem
from server.pages import downloads
from server.settings import from_environment

FORMATS = click.Choice(["table", "json", "csv", "xlsx"])
_VERDICTS = (("applies", "applies"), ("does-not-apply", "doesNotApply"), ("unknown", "unknown"))


@cli.command("powers")
@click.argument("code")
@click.option(
    "--as-of",
    "as_of",
    default=lambda: date.today().isoformat(),
    show_default="today",
    help="The date, as 2022-07-01 or “1 July 2022”.",
)
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@reporting
def powers(code: str, as_of: str, format_: str, output: Path | None) -> None:
    """Show the answer sheet of the organisation CODE: which powers apply to it on a date, and why."""
    with open_store(from_environment()) as store:
        sheet = answer_sheet(store, code, as_of)
    if format_ == "table":
        _print_sheet(sheet)
        return
    makers = {
        "json": downloads.json_file,
        "csv": downloads.csv_file,
        "xlsx": downloads.xlsx_file,
    }
    body, _ = makers[format_](sheet)
    if output:
        output.write_bytes(body)
    elif format_ == "xlsx":
        raise click.UsageError("A workbook goes to a file: give --output FILE.xlsx.")
    else:
        sys.stdout.buffer.write(body + b"\n")


@cli.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--threads",
    default=64,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Requests answered at once; each that waits for a query holds one.",
)
@reporting
def serve(host: str, port: int, threads: int) -> None:
    """Serve the build in service over HTTP."""
    from server.serving import run

    click.echo(f"Remit is on http://{host}:{port}/ (Ctrl-C stops it)")
    run(host, port, threads)


def _print_sheet(sheet: Json) -> None:
    organisation = sheet["organisation"]
    console = Console()
    console.print(f"[bold]{organisation['name']}[/] ({organisation['code']}) on {sheet['asOf']}")
    console.print(f"{', '.join(organisation['types']) or 'No class'}. {organisation['existence']}")
    table = Table(show_lines=False, header_style="bold")
    for heading in ("Verdict", "Power", "Holder", "Basis", "Standard, or the reason"):
        table.add_column(heading, overflow="fold")
    for verdict, key in _VERDICTS:
        for row in sheet[key]:
            table.add_row(verdict, row["power"]["label"], *_cells(row))
    console.print(table)
    console.print(
        f"{len(sheet['applies'])} apply, {len(sheet['doesNotApply'])} do not, "
        f"{len(sheet['unknown'])} cannot be told. Data version {sheet['dataVersion']}."
    )


def _cells(row: Json) -> tuple[str, str, str]:
    basis = (
        "; ".join(entry["label"] for entry in row["basis"])
        or row.get("basisStatement")
        or "none cited"
    )
    if "holder" in row:
        standard = row["standard"]["label"] if row["standard"] else ""
        return (row["holder"]["label"] if row["holder"] else "", basis, standard)
    return "", basis, row.get("because") or row.get("missing") or ""


def main() -> None:
    """Run the command; problems are told plainly, without a stack trace."""
    try:
        cli()
    except Problem as problem:
        near = "; ".join(each["label"] for each in problem.members.get("suggestions", ()))
        click.echo(problem.detail + (f" Near: {near}." if near else ""), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
