"""How to get the answer of a page by other ways: the stored query behind it with its values bound."""

from __future__ import annotations

from loader.catalogue import query


def stored_query(name: str, folder: str = "questions", **values: object) -> str:
    """The text of a stored query with its values, without the header that describes it.

    Raises InputError for a value that does not fit its parameter.
    """
    lines = query(name, folder).bind(**values).splitlines()
    return "\n".join(line for line in lines if not line.startswith("#+")).strip()
