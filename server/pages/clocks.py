"""The second clock on pages: links keep the data version that a reader chose, and the page says which it is."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import current_app, has_request_context, request

from server.filters import nhs_date
from server.pages import data

CARRIED = frozenset({"organisations", "lives", "standing", "frameworks"})
_VERSION = re.compile(r"(\d{4})(\d{2})(\d{2})T\d{6}Z")


def carry(endpoint: str, values: dict[str, Any]) -> None:
    """Gives an address on pages about organisations the `knownAt` of the page that it stands on."""
    if has_request_context() and endpoint.partition(".")[0] in CARRIED:
        values.setdefault("knownAt", request.args.get("knownAt") or None)


def pinned() -> dict[str, str] | None:
    """The older data version that a page shows: when it was made, and the address of the same page today.

    None on a page of the version in service.
    """
    asked = request.args.get("knownAt") if has_request_context() else None
    state = current_app.extensions.get("remit")
    current = getattr(state, "current", None)
    if not asked or current is None or data.version() == current.version:
        return None
    fields = [(name, text) for name, text in request.args.items(multi=True) if name != "knownAt"]
    now = f"{request.path}?{urlencode(fields)}" if fields else request.path
    return {"version": data.version(), "made": made(data.version()), "now": now}


def made(version: str) -> str:
    """The day on which a data version was made, in the NHS style; the version itself where it tells none."""
    found = _VERSION.match(version)
    return nhs_date("-".join(found.groups())) if found else version
