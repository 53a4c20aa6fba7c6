"""Write the index of names from answers in files: ``python -m loader.textindex.answered FOLDER FILE``.

The names of the queries that are answered come line by line on standard input, as they are.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from loader.catalogue import Query
from loader.textindex.writing import Row, Rows, write_index


def answered_rows(folder: Path, told: TextIO) -> Rows:
    """Return how to read the rows of a query from its answer (CSV) in ``folder``, waiting until ``told`` names it.

    Raises EOFError when ``told`` ends before. An answer is removed when it has been read.
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

    return rows


def main() -> None:
    """Write the index from the answers in the folder of the first argument to the file of the second."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    write_index(target, answered_rows(folder, sys.stdin))


if __name__ == "__main__":
    main()
