"""Which build is in service: a symbolic link, switched by an atomic rename. Imports nothing heavy."""

from __future__ import annotations

import os
from pathlib import Path


def switch(home: Path, target: Path) -> None:
    """Put the build directory ``target`` into service by an atomic rename of the link ``current``."""
    link = home / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(target.relative_to(home))
    link.replace(home / "current")
