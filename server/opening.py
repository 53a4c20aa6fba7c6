"""Opens what the settings name: the store, the versions that are kept, and the write side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from loader.errors import Fault, InputError
from server.audit import AuditLog
from server.auth import Tokens
from server.service import Remit, Writing
from server.settings import Settings
from server.store.documents import OwnDocuments
from server.store.embedded import EmbeddedStore
from server.store.endpoint import Endpoint
from server.store.gate import Gate
from server.store.limits import Limits
from server.store.login import check_address, read_login
from server.store.protocol import Store
from server.store.remote import RemoteStore
from server.store.remote_writes import RemoteWrites
from server.store.writes import Writes
from server.versions import Versions


def opened(settings: Settings) -> Store:
    """Return a store over the remote endpoint of the settings, or over the build in service.

    Raises InputError for settings of an endpoint that cannot be kept, StoreUnavailable without a build.
    """
    _check(settings)
    if settings.remote:
        return RemoteStore(settings.remote, login=_login(settings), seconds=settings.query_seconds)
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
    remit = Remit(store, settings)
    if not settings.remote:
        remit.versions = Versions(settings.home, _one(settings), gate(settings))
    if settings.tokens is not None:
        remit.writing = _writing(settings, store, settings.tokens)
    return remit


def _writing(settings: Settings, store: Store, tokens: Path) -> Writing | None:
    """Return the write side of a build or of a remote store; None for one that is only read."""
    known, audit = Tokens(tokens), AuditLog(settings.home / "audit.jsonl")
    if isinstance(store, EmbeddedStore):
        writes = Writes(settings.home, validate=settings.validate_writes)
        return Writing(writes, known, audit, store)
    if isinstance(store, RemoteStore) and settings.remote_update:
        endpoint = Endpoint(settings.remote_update, login=_login(settings))
        documents = OwnDocuments(_one(settings), gate(settings))
        return Writing(RemoteWrites(store, endpoint), known, audit, documents)
    return None


def _one(settings: Settings) -> Limits:
    return replace(limits(settings), workers=1, reserved=0)


def _login(settings: Settings) -> str:
    return read_login(settings.remote_login) if settings.remote_login else ""


def _check(settings: Settings) -> None:
    """Raise InputError for an address that cannot be used, and for what a remote store cannot keep."""
    if settings.remote:
        check_address(settings.remote, "REMIT_STORE")
    if not settings.remote_update:
        return
    check_address(settings.remote_update, "REMIT_STORE_UPDATE")
    if not settings.remote:
        remedy = "Name the endpoint for queries in REMIT_STORE too, or leave this out."
        message = "says where to write, but there is no endpoint to read."
        raise InputError(Fault(message, field="REMIT_STORE_UPDATE", remedy=remedy))
    if settings.validate_writes:
        remedy = "Leave this out, or REMIT_STORE_UPDATE: the store is then only read."
        message = "A write to a remote store cannot be held against the shapes before it is done."
        raise InputError(Fault(message, field="REMIT_VALIDATE_WRITES", remedy=remedy))
