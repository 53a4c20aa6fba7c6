"""The commands ``remit compare`` and ``remit segment``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from loader.cli import FINDINGS, cli, reporting
from loader.dates import parse_date
from server import open_store
from server.answers import comparison, segmentation
from server.answers.reference import Json
from server.pages.comparison_table import as_table
from server.pages.tables import table_bytes
from server.settings import from_environment

FORMATS = click.Choice(["table", "json", "csv", "xlsx"])


@cli.command("compare")
@click.argument("from_", metavar="A")
@click.argument("to", metavar="B")
@click.option("--decisive", is_flag=True, help="Only changes after which one decides differently.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@reporting
def compare(from_: str, to: str, decisive: bool, format_: str, output: Path | None) -> None:
    """Compare the framework versions A and B, item by item, for example sof-2021-22 nof-2022-23."""
    with open_store(from_environment()) as store:
        answer = comparison.compare(store, from_, to)
    if decisive:
        answer["changes"] = [row for row in answer["changes"] if row["decisionRelevant"]]
    if format_ == "table":
        _print_comparison(answer)
        return
    table = answer if format_ == "json" else as_table(answer)
    _write(table_bytes(table, format_)[0], format_, output)


@cli.command("segment")
@click.argument("framework")
@click.argument("facts", type=click.File("r", encoding="utf-8"))
@click.option("--kind", help="Kind of organisation, where the file does not give organisationKind.")
@click.option("--as-of", "as_of", default=lambda: date.today().isoformat(), show_default="today",
              help="The date, for the framework “in-effect”.")  # fmt: skip
@click.option(
    "--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@reporting
def segment(framework: str, facts: Any, kind: str | None, as_of: str, format_: str) -> None:
    """Tell for which segments of FRAMEWORK an organisation is eligible to be considered.

    FACTS is a JSON file with organisationKind and facts; “-” reads standard input. FRAMEWORK is a slug such as
    nof-2022-23, or in-effect. The exit status is 1 where no segment can be told.
    """
    try:
        given = json.load(facts)
    except json.JSONDecodeError as error:
        raise click.UsageError(
            f"The facts are not JSON: {error.msg}, line {error.lineno}."
        ) from None
    if not isinstance(given, dict):
        raise click.UsageError("The facts are a JSON object with organisationKind and facts.")
    request = given if "facts" in given else {"facts": given}
    if kind:
        request = {**request, "organisationKind": kind}
    with open_store(from_environment()) as store:
        answer = segmentation.segment(store, framework, request, parse_date(as_of, "as-of"))
    if format_ == "json":
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _print_segments(answer)
    if not answer.get("segments") and "finalSegment" not in answer:
        sys.exit(FINDINGS)


def _print_comparison(answer: Json) -> None:
    console = Console()
    console.print(f"[bold]{answer['from']['label']}[/] to [bold]{answer['to']['label']}[/]")
    table = Table(header_style="bold")
    for heading in ("Topic", "Change", "Decides", "Before", "After"):
        table.add_column(heading, overflow="fold")
    for row in answer["changes"]:
        decides = "yes" if row["decisionRelevant"] else ""
        table.add_row(
            row["topic"] or "", row["change"], decides, _side(row["before"]), _side(row["after"])
        )
    console.print(table)
    counts = ", ".join(f"{number} {kind}" for kind, number in answer["counts"].items())
    console.print(
        f"{counts}; {answer['decisionRelevant']} decide; {answer['unchanged']} items unchanged. "
        f"Data version {answer['dataVersion']}."
    )


def _side(side: Mapping[str, Any] | None) -> str:
    return f"{side['text']} [{', '.join(side['locators'])}]".replace("[", "\\[") if side else ""


def _print_segments(answer: Json) -> None:
    console = Console()
    if "finalSegment" in answer:
        console.print_json(data=answer)
        return
    label = answer["framework"]["label"] if answer.get("framework") else "No framework"
    console.print(f"[bold]{label}[/]")
    if answer.get("because"):
        console.print(answer["because"], markup=False)
    table = Table(header_style="bold")
    for heading in ("Segment", "Eligible to be considered", "Because", "Left to judgement"):
        table.add_column(heading, overflow="fold")
    for row in answer["segments"]:
        weighed = "; ".join(each["label"] for each in row["considerations"])
        table.add_row(str(row["segment"]), row["outcome"], row["because"], weighed)
    console.print(table)


def _write(data: bytes, format_: str, output: Path | None) -> None:
    if output is not None:
        output.write_bytes(data)
    elif format_ == "xlsx":
        raise click.UsageError("A workbook goes to a file: give --output FILE.xlsx.")
    else:
        sys.stdout.buffer.write(data + b"\n")
