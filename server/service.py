"""What the application keeps for the length of its life, under ``app.extensions["remit"]``."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from flask import current_app, g, has_app_context, request

from server.audit import AuditLog
from server.auth import Tokens
from server.errors import Forbidden
from server.settings import Settings
from server.store.protocol import Store
from server.store.writes import Writes
from server.versions import Versions


@dataclass
class Writing:
    """The write side: the queue to the writer, who may use it, and the log of what was asked."""

    writes: Writes
    tokens: Tokens
    audit: AuditLog

    def holder(self, scope: str) -> str:
        """Return whose token the request in hand carries; raises Unauthorised or Forbidden."""
        return self.tokens.holder(request.headers.get("Authorization"), scope)


def _set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class Remit:
    """The store in service, kept versions, settings, and the write side when it is configured.

    `warm` is set unless things are still being read ahead; `stopping` once the server is to end.
    """

    current: Store
    settings: Settings
    versions: Versions | None = None
    writing: Writing | None = None
    warm: threading.Event = field(default_factory=_set)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def store(self) -> Store:
        """The store that the request in hand asks: of the version that it pins, else in service."""
        if has_app_context() and "remit_store" in g:
            pinned: Store = g.remit_store
            return pinned
        return self.current

    def close(self) -> None:
        """Finish the writes that wait, and end all processes."""
        if self.writing is not None:
            self.writing.writes.close()
        if self.versions is not None:
            self.versions.close()
        self.current.close()


def service() -> Remit:
    """Return what the application in hand keeps."""
    found: Remit = current_app.extensions["remit"]
    return found


def writing() -> Writing:
    """Return the write side; raises Forbidden when it is not configured."""
    found = service().writing
    if found is None:
        raise Forbidden(
            "This server takes no writes. Whoever runs it can allow them with a file of tokens "
            "(REMIT_TOKENS)."
        )
    return found
