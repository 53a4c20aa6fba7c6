"""Reads ahead what answers read once per data version, so that the first request need not wait for it."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date

from flask import Flask

from server.answers.conflicts import conflicts
from server.answers.organisations import organisations
from server.answers.reference import reference
from server.answers.search import search
from server.answers.sheet import answer_sheet
from server.errors import Problem
from server.service import Remit
from server.store.embedded import EmbeddedStore
from server.store.protocol import Store

_LOG = logging.getLogger(__name__)
_EXAMPLE = "RA7"


def start(app: Flask) -> None:
    """Begin to warm an application in the background; it is not ready (see /ready) until that ends.

    Later builds from files are warmed before they are switched to.
    """
    remit: Remit = app.extensions["remit"]
    remit.warm.clear()
    if isinstance(remit.current, EmbeddedStore):
        remit.current.prepare_with(_wholly)
    threading.Thread(target=_begin, args=(app, remit), name="warming", daemon=True).start()


def _begin(app: Flask, remit: Remit) -> None:
    began = time.monotonic()
    try:
        warm(remit.current)
        for name in app.jinja_env.list_templates(filter_func=_own):
            app.jinja_env.get_template(name)
    except Exception:
        _LOG.exception("not warmed; what is missing is read by the first request that needs it")
    finally:
        remit.warm.set()
    _LOG.info("warm after %.1f s", time.monotonic() - began)
    _compare(remit.current)


def _wholly(store: Store) -> None:
    warm(store)
    _compare(store)


def _compare(store: Store) -> None:
    """Seek the conflicts between registers, which takes half a minute where two national releases are loaded."""
    try:
        conflicts(store, size=1)
    except Exception:
        _LOG.exception("conflicts are sought when somebody asks for them")


def warm(store: Store) -> None:
    """Read the registers, the index of names, the list of organisations and one sheet of the store's data version."""
    reference(store)
    search(store, _EXAMPLE, most=1)
    organisations(store, as_of=date.today(), size=1)
    try:
        answer_sheet(store, _EXAMPLE, "2022-12-01")
    except Problem:
        _LOG.info("there is no organisation %s to warm with", _EXAMPLE)


def _own(name: str) -> bool:
    return name.endswith(".html") and "/" not in name
