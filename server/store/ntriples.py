"""N-Triples of several documents that go into one graph or one request."""

from __future__ import annotations


def scoped(triples: str, mark: str) -> str:
    """Return N-Triples with `mark` added to each blank node label, which keeps documents apart."""
    return "".join(_marked(line, mark) for line in triples.splitlines(keepends=True))


def _marked(line: str, mark: str) -> str:
    subject, predicate, object_ = line.split(" ", 2)
    if subject.startswith("_:"):
        subject += f"x{mark}"
    if object_.startswith("_:"):
        label, _, end = object_.partition(" ")
        object_ = f"{label}x{mark} {end}"
    return f"{subject} {predicate} {object_}"
