"""Opens what the settings name: the store, the versions that are kept, and the write side."""

from __future__ import annotations

from dataclasses import replace

from server.audit import AuditLog
from server.auth import Tokens
from server.service import Remit, Writing
from server.settings import Settings
from server.store.embedded import EmbeddedStore
from server.store.gate import Gate
from server.store.limits import Limits
from server.store.protocol import Store
from server.store.remote import RemoteStore
from server.store.writes import Writes
from server.versions import Versions


def opened(settings: Settings) -> Store:
    """Return a store over the remote endpoint of the settings, or over the build in service."""
    if settings.remote:
        return RemoteStore(settings.remote, seconds=settings.query_seconds)
    return EmbeddedStore(settings.home / "current", limits(settings), gate(settings))


def gate(settings: Settings) -> Gate | None:
    """Return the way to the hosts that the settings allow; None when they allow none."""
    if not settings.allow_hosts:
        return None
    return Gate(settings.allow_hosts, loopback=settings.allow_loopback)


def limits(settings: Settings) -> Limits:
    """Return what the settings let queries use."""
    return Limits(
        workers=settings.workers,
        seconds=settings.query_seconds,
        memory_bytes=settings.query_memory_mb << 20,
    )


def assembled(settings: Settings, store: Store) -> Remit:
    """Put together what an application keeps; raises InputError for a token file that is faulty."""
    if settings.remote:
        return Remit(store, settings)
    one = replace(limits(settings), workers=1, reserved=0)
    remit = Remit(store, settings, Versions(settings.home, one, gate(settings)))
    if settings.tokens is not None:
        writes = Writes(settings.home, validate=settings.validate_writes)
        audit = AuditLog(settings.home / "audit.jsonl")
        remit.writing = Writing(writes, Tokens(settings.tokens), audit)
    return remit
