"""Server: turns requests into answers.

Nothing heavy is imported here, for the writer and other helper processes import from this package too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from server.settings import Settings
    from server.store.protocol import Store


def create_app(settings: Settings | None = None, store: Store | None = None) -> Flask:
    """Return the application over ``store``, or over the build in service in ``settings.home``.

    Raises StoreUnavailable when there is no build to serve, InputError for settings that cannot be used.
    """
    from server.application import make
    from server.settings import from_environment

    return make(settings or from_environment(), store)


def open_store(settings: Settings) -> Store:
    """Open the store that the settings name: a remote endpoint, or the build in service."""
    from server.opening import opened

    return opened(settings)
