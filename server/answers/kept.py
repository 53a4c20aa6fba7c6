"""What follows from the registers alone, kept for as long as their data version is."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from server.answers.reference import Reference

T = TypeVar("T")

_kept: WeakKeyDictionary[Reference, dict[Hashable, Any]] = WeakKeyDictionary()


def kept(ref: Reference, key: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` made for ``key`` at first asking. Callers must not change it.

    ``key`` takes few values: versions and kinds, never words that somebody typed.
    """
    values = _kept.setdefault(ref, {})
    if key not in values:
        values[key] = make()
    found: T = values[key]
    return found
