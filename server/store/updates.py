"""What an update would change, read before the engine sees it.

The default graph of a build is the union of its named graphs, so nothing can be written to it as
such. Statements that an update writes without naming a graph go to one named graph, `UNNAMED`;
the text is rewritten for that, at the level of tokens. What this reader does not understand is
refused: the engine is never given an update of which we do not know the graphs that it touches.
"""

from server.errors import BadParameter, QueryRefused, excerpt
from server.store.guard import checked
from server.store.operations import UNNAMED, Load, Operation, Using
from server.store.update_reader import read_operations

__all__ = ["UNNAMED", "Load", "Operation", "Using", "read_update"]


def read_update(
    text: str, using: Using, *, size: int, depth: int, base: str = ""
) -> list[Operation]:
    """Split an update into operations, with the graphs that each may change.

    `base` is what relative IRIs are resolved against, where the update does not say itself.
    Raises QueryRefused for SERVICE, for graphs named by a variable in what is written,
    and for text beyond the limits or outside the grammar; BadParameter when `using` meets an
    update that names its own dataset.
    """
    found = checked(text, size=size, depth=depth)
    for iri in (*using.default, *using.named):
        _check_iri(iri)
    for token in found:
        if token.kind == "iri" and "'" in token.text:
            raise QueryRefused(f"Write %27 for the apostrophe in {excerpt(token.text)}.")
    return read_operations(text, found, using, base)


def _check_iri(iri: str) -> None:
    if not iri or any(char in '<>"{}|^`\\' or char <= " " for char in iri):
        raise BadParameter(
            f"“{excerpt(iri)}” is not the IRI of a graph.", parameter="using-graph-uri"
        )
