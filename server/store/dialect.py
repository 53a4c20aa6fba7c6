"""Our own queries in the part of SPARQL 1.1 that every engine reads alike.

Some engines refuse `UNDEF`, by which our queries mark a parameter that was left out, or fail on a block of
several columns beside OPTIONAL. A block of one row says the same as one block for each bound column, so
that is what a remote store is asked.
"""

from __future__ import annotations

import re

_TERM = (
    r'(?:<[^<>]*>|(?:"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\]|\\.)*")(?:\^\^(?:<[^<>]*>|\w+:\w+)|@[\w-]+)?'
    r'|[^\s()<>"{}]+)'
)
_BLOCK = re.compile(
    r"VALUES\s*\((?P<names>(?:\s*\?\w+)+)\s*\)\s*\{\s*\((?P<row>(?:\s*" + _TERM + r")+)\s*\)\s*\}"
)
_ANY = re.compile(r"VALUES\s*(?:\(|\?)")


def forms(query: str) -> tuple[str, ...]:
    """Return the forms in which to ask a query, until one is understood; the solutions are the same.

    With `UNDEF` in its first VALUES block the query is asked with one block for each bound column; with
    all columns bound, first as it is. A block of several rows is left as it is.
    """
    first, block = _ANY.search(query), _BLOCK.search(query)
    if first is None or block is None or first.start() != block.start():
        return (query,)
    pairs = list(zip(block["names"].split(), re.findall(_TERM, block["row"]), strict=True))
    bound = " ".join(f"VALUES {name} {{ {term} }}" for name, term in pairs if term != "UNDEF")
    split = query[: block.start()] + bound + query[block.end() :]
    return (split,) if any(term == "UNDEF" for _, term in pairs) else (query, split)
