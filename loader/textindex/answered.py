"""Write the index of names from answers in files: ``python -m loader.textindex.answered FOLDER FILE [KEPT …]``.

The names of the queries that are answered come line by line on standard input, as they are.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from loader.catalogue import Query
from loader.textindex.imported import kept_rows
from loader.textindex.writing import Row, Rows, write_index


def answered_rows(folder: Path, told: TextIO, kept: Sequence[Path] = ()) -> Rows:
    """Return how to read the rows of a query from its answer (CSV) in ``folder``, waiting until ``told`` names it.

    Raises EOFError when ``told`` ends before. An answer is removed when it has been read. The rows that large imports
    bring follow, from the folders ``kept``.
    """
    ready: set[str] = set()

    def rows(query: Query) -> Iterator[Row]:
        while query.name not in ready:
            line = told.readline()
            if not line:
                raise EOFError(f"“{query.name}” was not answered")
            ready.add(line.strip())
        file = folder / f"{query.name}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            read = csv.reader(lines)
            next(read)
            yield from read
        file.unlink()
        for each in kept:
            yield from kept_rows(each, query.name)

    return rows


def main() -> None:
    """Write the index to the file of the second argument: from the answers in the folder of the first, and the rest."""
    folder, target, *kept = map(Path, sys.argv[1:])
    write_index(target, answered_rows(folder, sys.stdin, kept))


if __name__ == "__main__":
    main()
