"""A long list on a page in slices, so that no page is heavy and nothing is out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Slice(Generic[T]):
    """The items of one page of a list: `items`, `page` of `pages`, and `total` in all."""

    items: Sequence[T]
    page: int
    pages: int
    total: int


def cut(items: Sequence[T], page: int, size: int) -> Slice[T]:
    """The `page` (from 1; a number beyond the ends gives the nearest) of a list in slices of `size`."""
    pages = max(1, -(-len(items) // size))
    page = min(max(1, page), pages)
    return Slice(items[(page - 1) * size : page * size], page, pages, len(items))
