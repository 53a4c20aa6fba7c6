"""The statements of a store in portions: each node is judged in one, which holds whatever rules look at around it.

An organisation stands in one portion with its names, roles and other facts. What is read of things in other portions
is there too: what leads to a node by a property that rules follow backwards, with its classes, and the names of the
nodes that rules follow onwards to, which are looked up in the store. A portion states nothing that the store does not,
so that a rule finds at a node what it would find in the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from zlib import crc32

from loader.terms import ID
from loader.validation.looks import Looks

Tick = Callable[[int], None]

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_ORGANISATION = f"<{ID}organisation/".encode()
_EVERY = 200_000
_END = len(b" .\n")


@dataclass(frozen=True)
class Split:
    """Portions in files, the nodes elsewhere that each refers to, and what stands in all of them.

    ``kinds`` counts things by the class that rules are about, ``organisations`` the same by code, or nothing.
    """

    files: list[Path]
    beyond: list[set[bytes]]
    kinds: Counter[str] = field(default_factory=Counter)
    organisations: Counter[str] = field(default_factory=Counter)


def number_of(node: bytes, count: int) -> int:
    """Return the number of the portion, of ``count``, in which a node is judged; it is written as in N-Triples."""
    return crc32(_whole(node)) % count


def split(
    lines: Iterable[bytes], folder: Path, count: int, looks: Looks, tick: Tick = lambda _: None
) -> Split:
    """Write N-Triples, in which the statements of each subject follow one another, into ``count`` files.

    What no rule reads is left out. ``tick`` is told now and then how many statements were read.
    """
    made = Split([folder / f"{n}.nt" for n in range(count)], [set() for _ in range(count)])
    with ExitStack() as stack:
        out = [stack.enter_context(path.open("wb")) for path in made.files]
        _Splitter(made, out, looks).run(lines, tick)
    return made


class _Splitter:
    """One pass over the statements."""

    def __init__(self, made: Split, out: Sequence[IO[bytes]], looks: Looks) -> None:
        self._made, self._out, self._looks = made, out, looks
        self._targets = {f"<{each}>".encode(): each for each in looks.targets}
        self._led = looks.forward | looks.backward | looks.pointed
        self._pointed: set[tuple[bytes, bytes]] = set()

    def run(self, lines: Iterable[bytes], tick: Tick) -> None:
        """Read the lines to their end."""
        read, led = self._looks.read, self._led
        subject = b""
        group: list[bytes] = []
        types: list[bytes] = []
        leading: list[tuple[bytes, bytes]] = []
        for number, line in enumerate(lines):
            if not number % _EVERY:
                tick(number)
            this, predicate, _ = line.split(b" ", 2)
            if this != subject:
                self._close(subject, group, types, leading)
                subject, group, types, leading = this, [], [], []
            if predicate not in read:
                continue
            group.append(line)
            if predicate == _TYPE:
                types.append(line)
            elif predicate in led:
                leading.append((predicate, line))
        self._close(subject, group, types, leading)

    def _close(
        self,
        subject: bytes,
        group: list[bytes],
        types: list[bytes],
        leading: list[tuple[bytes, bytes]],
    ) -> None:
        if not group:
            return
        own = number_of(subject, len(self._out))
        self._out[own].writelines(group)
        self._count(subject, types)
        for predicate, line in leading:
            value = line[len(subject) + len(predicate) + 2 : -_END]
            theirs = number_of(value, len(self._out))
            if theirs != own:
                self._lead(predicate, value, (own, theirs), [line, *types])

    def _lead(
        self, predicate: bytes, value: bytes, numbers: tuple[int, int], lines: list[bytes]
    ) -> None:
        """Carry a statement that leads from one portion to another into the places where rules follow it."""
        own, theirs = numbers
        if predicate in self._looks.forward:
            self._made.beyond[own].add(value)
        if predicate in self._looks.backward:
            self._out[theirs].writelines(lines)
        elif predicate in self._looks.pointed and (predicate, value) not in self._pointed:
            self._pointed.add((predicate, value))
            self._out[theirs].write(lines[0])

    def _count(self, subject: bytes, types: list[bytes]) -> None:
        for line in types:
            name = self._targets.get(line[len(subject) + len(_TYPE) + 2 : -_END])
            if name is not None:
                self._made.kinds[name] += 1
                self._made.organisations[_code(subject)] += 1


def _whole(node: bytes) -> bytes:
    """Return what keeps a node and the facts nested below it together."""
    if node.startswith(_ORGANISATION):
        return node[len(_ORGANISATION) :].partition(b"/")[0].partition(b"#")[0].rstrip(b">")
    return node.partition(b"#")[0].rstrip(b">")


def _code(subject: bytes) -> str:
    return _whole(subject).decode() if subject.startswith(_ORGANISATION) else ""
