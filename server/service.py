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
from server.store.writing import Documents, WriteSide
from server.versions import Versions


@dataclass
class Writing:
    """The write side: what changes the data, who may use it, the log of what was asked, and what reads uploads."""

    writes: WriteSide
    tokens: Tokens
    audit: AuditLog
    documents: Documents

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
        """End all processes: what is asked of a store is refused, and writes have a moment to finish."""
        if self.versions is not None:
            self.versions.close()
        self.current.close()
        if self.writing is not None:
            self.writing.writes.close()
            self.writing.documents.close()


def service() -> Remit:
    """Return what the application in hand keeps."""
    found: Remit = current_app.extensions["remit"]
    return found


def writing() -> Writing:
    """Return the write side; raises Forbidden when it is not configured."""
    remit = service()
    if remit.writing is None:
        far = " and the address for updates of the store behind it (REMIT_STORE_UPDATE)"
        raise Forbidden(
            "This server takes no writes. Whoever runs it can allow them with a file of tokens "
            f"(REMIT_TOKENS){far if remit.settings.remote else ''}."
        )
    return remit.writing
