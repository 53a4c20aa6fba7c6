"""The command ``remit ask``: a named question on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from loader.cli import FINDINGS, cli, reporting
from server import open_store
from server.answers import questions
from server.answers.reference import Json
from server.pages.downloads import source
from server.pages.tables import table_bytes
from server.settings import from_environment

FORMATS = click.Choice(["table", "json", "csv", "xlsx"])


@cli.command(
    "ask", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True}
)
@click.argument("name", required=False)
@click.argument("values", nargs=-1, type=click.UNPROCESSED)
@click.option("--param", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@reporting
def ask(
    name: str | None,
    values: tuple[str, ...],
    pairs: tuple[str, ...],
    format_: str,
    output: Path | None,
) -> None:
    """Ask the question NAME; without NAME, list the questions.

    Parameters are written as --param power=impose-monetary-penalty or as --power impose-monetary-penalty. The exit
    status is 0 when there is an answer, 1 when there is none, 2 when the question cannot be asked like this.
    """
    if name is None:
        _list()
        return
    given = parameters(values, pairs)
    with open_store(from_environment()) as store:
        answer = questions.answer(store, name, given)
    if format_ == "table":
        _print(answer)
    else:
        _write(answer, format_, output)
    if not answer["rows"]:
        sys.exit(FINDINGS)


def parameters(values: tuple[str, ...], pairs: tuple[str, ...]) -> dict[str, str]:
    """Return parameters from ``--name value`` and ``--name=value`` words and from ``name=value`` pairs.

    Raises UsageError for a word that is neither.
    """
    given = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise click.UsageError(f"Write --param name=value, not --param {pair}.")
        given[key] = text
    waiting = list(values)
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("--"):
            raise click.UsageError(f"“{word}” belongs to no parameter: write --name value.")
        key, equals, text = word[2:].partition("=")
        if not equals:
            if not waiting:
                raise click.UsageError(f"--{key} needs a value.")
            text = waiting.pop(0)
        given[key] = text
    return given


def _list() -> None:
    table = Table(header_style="bold")
    for heading in ("Name", "Question", "Parameters"):
        table.add_column(heading, overflow="fold")
    for each in questions.listed():
        takes = ", ".join(p["name"] + ("" if p["required"] else "?") for p in each["parameters"])
        table.add_row(each["name"], each["question"], takes)
    Console().print(table)


def _print(answer: Json) -> None:
    console = Console()
    console.print(f"[bold]{answer['question']}[/]")
    for name, cell in answer["parameters"].items():
        if cell is not None:
            console.print(f"{name}: {cell['label']}", markup=False)
    if not answer["rows"]:
        console.print(answer["explanation"], markup=False)
        return
    used = [c for c in answer["columns"] if any(row[c["name"]] for row in answer["rows"])]
    table = Table(header_style="bold")
    for heading in (*(column["label"] for column in used), "Sources"):
        table.add_column(heading, overflow="fold")
    for row in answer["rows"]:
        cells = [str(row[c["name"]]["label"]) if row[c["name"]] else "" for c in used]
        table.add_row(*cells, "; ".join(source(each) for each in row["sources"]))
    console.print(table)
    for silence in answer["silences"]:
        console.print(f"The sources are silent: {silence['statement']}", markup=False)
    console.print(f"{answer['total']} rows. Data version {answer['dataVersion']}.")


def _write(answer: Json, format_: str, output: Path | None) -> None:
    if format_ == "xlsx" and output is None:
        raise click.UsageError("A workbook goes to a file: give --output FILE.xlsx.")
    body, _ = table_bytes(answer, format_)
    if output is not None:
        output.write_bytes(body)
    elif format_ == "json":
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        sys.stdout.buffer.write(body)
