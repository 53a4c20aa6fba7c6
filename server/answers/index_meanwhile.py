"""Which index search reads while a large store waits for a new one: that of the build which was written to.

The index of a national register takes minutes to make, and a write that names something needs a new one. Search goes
on meanwhile without what was written, and says so. Whatever must know what was written waits for the new index.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

from loader.textindex import FILE, is_index
from server.answers.index import Index, index
from server.answers.index_reader import Reader
from server.errors import Problem
from server.store.builds import Build
from server.store.embedded import EmbeddedStore
from server.store.protocol import Store

LARGE = 1_000_000
PATIENCE = 1.0
_LOG = logging.getLogger(__name__)
_KEPT = 8
_lock = threading.Lock()
_ready: OrderedDict[str, tuple[threading.Event, float]] = OrderedDict()


def index_meanwhile(store: Store) -> tuple[Index, str | None]:
    """Return the index of the store's data version and None, or an older index and the version that it is of."""
    if isinstance(store, EmbeddedStore):
        build = store.build
        large = build.written and (build.triples or 0) > LARGE
        base = build.path.resolve().parent / build.base / FILE
        if large and is_index(base) and not _soon(*_asked_for(store, build)):
            return _older(base), build.base
    return index(store), None


@lru_cache(maxsize=2)
def _older(path: Path) -> Index:
    return Index(Reader(path))


def _soon(ready: threading.Event, since: float) -> bool:
    """Tell whether an index is ready; only in the first moment is it waited for."""
    return ready.wait(max(0.0, since + PATIENCE - time.monotonic()))


def _asked_for(store: Store, build: Build) -> tuple[threading.Event, float]:
    """Return what is set when the index of a written version can be read, and since when it is being made."""
    with _lock:
        if build.version not in _ready:
            ready = threading.Event()
            _ready[build.version] = ready, time.monotonic()
            while len(_ready) > _KEPT:
                _ready.popitem(last=False)
            threading.Thread(target=_make, args=(store, ready), name="index", daemon=True).start()
        return _ready[build.version]


def _make(store: Store, ready: threading.Event) -> None:
    try:
        index(store)
    except Problem as problem:
        _LOG.warning("no new index of names: %s", problem)
    finally:
        ready.set()
