"""Import several files in one go: each that can be used, or, strictly, all of them or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from loader.errors import InputError

T = TypeVar("T")


def import_each(
    files: Sequence[Path],
    home: Path,
    strict: bool,
    run: Callable[[Path, Path], T],
    refused: Callable[[InputError], None],
) -> Iterator[T]:
    """Import files, in the order of their names, with ``run(file, home)``, and yield what each import did.

    A file that cannot be used is told to ``refused``, and the others are imported; a single one raises
    InputError. With ``strict`` the first such file raises it, and nothing of any file is kept.
    """
    ordered = sorted(files, key=lambda file: file.name)
    if strict:
        with staged(home) as folder:
            done = [run(path, folder) for path in ordered]
        yield from done
        return
    for path in ordered:
        try:
            yield run(path, home)
        except InputError as error:
            if len(ordered) == 1:
                raise
            refused(error)


@contextmanager
def staged(home: Path) -> Iterator[Path]:
    """Give a data folder with the imports of ``home``; what is added there is kept unless the block raises an error."""
    home.mkdir(parents=True, exist_ok=True)
    stage = Path(mkdtemp(prefix=".importing-", dir=home))
    try:
        kept = home / "imports"
        if kept.is_dir():
            shutil.copytree(kept, stage / "imports", copy_function=os.link)
        yield stage
        added = [
            path
            for path in (stage / "imports").rglob("*")
            if path.is_file() and not _is_same(path, kept / path.relative_to(stage / "imports"))
        ]
        for path in sorted(
            added, key=lambda path: path.suffix == ".nq"
        ):  # what builds read comes last
            target = kept / path.relative_to(stage / "imports")
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _is_same(path: Path, other: Path) -> bool:
    return other.exists() and path.samefile(other)
