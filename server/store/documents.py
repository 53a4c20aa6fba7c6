"""Reading uploads where there is no build: in workers of our own, over a store that holds nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from server.store.embedded import EmbeddedStore
from server.store.gate import Gate
from server.store.limits import Limits


class OwnDocuments(EmbeddedStore):
    """Parses and fetches documents for a remote store; see `server.store.writing.Documents`."""

    def __init__(self, limits: Limits, gate: Gate | None = None) -> None:
        self._folder = TemporaryDirectory(prefix="remit-")
        path = Path(self._folder.name)
        ox.Store(str(path / "store")).flush()
        super().__init__(path, limits, gate)

    def close(self) -> None:
        """End the workers and remove the store."""
        super().close()
        self._folder.cleanup()
