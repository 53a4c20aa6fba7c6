"""Where Remit finds its own content and keeps its data.

Content (ontology, shapes, queries, registers) is read from the checkout when Remit runs from one, and
from the installed package otherwise.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

_PACKAGE = Path(__file__).resolve().parent


def content(name: str) -> Path:
    """Return the folder of the content called ``name``: ontology, shapes or queries."""
    packaged = _PACKAGE / "_content" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


def registers() -> Path:
    """Return the folder of the shipped registers."""
    return _PACKAGE / "registers"


def home() -> Path:
    """Return the folder for builds and imports: ``REMIT_HOME`` or the user's data folder."""
    configured = os.environ.get("REMIT_HOME")
    return Path(configured).expanduser() if configured else user_data_path("remit")
