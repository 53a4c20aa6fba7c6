"""What becomes of a call that a remote store refuses, or does not answer."""

from __future__ import annotations

import errno
import socket
import ssl
from http.client import HTTPException
from urllib.error import HTTPError

from server.errors import (
    Problem,
    QueryProblem,
    QuerySyntax,
    QueryTimedOut,
    StoreUnavailable,
    excerpt,
)

FAULTS = (OSError, HTTPException)

_UNREACHED = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH)
_PASSING = (500, 502, 503, 504)
_GATEWAYS = (408, 502, 503, 504)
_ABOUT_THE_UPDATE = (400, 409, 413, 422, 500, 501)
_LATE = ("timeout", "timed out", "exceeded")


def refused_query(error: HTTPError, seconds: float) -> Exception:
    """Return what to raise for a status; a ConnectionError where it may pass, and the query be asked again."""
    text = _said(error)
    if error.code == 400:
        return QuerySyntax(f"The store did not accept the query: {text}")
    if error.code in _PASSING:
        if any(word in text.lower() for word in _LATE):
            return QueryTimedOut(seconds)
        return ConnectionError(f"status {error.code}")
    return StoreUnavailable(f"The store answered with status {error.code}.{_remedy(error.code)}")


def refused_update(error: HTTPError) -> Exception:
    """Return what to raise for a status; a ConnectionError where it does not tell whether the update was done."""
    text = _said(error)
    if error.code in _GATEWAYS:
        return ConnectionResetError(f"status {error.code}")
    if error.code in _ABOUT_THE_UPDATE:
        return QueryProblem(f"The store did not do the update, and says: {text}")
    return StoreUnavailable(
        f"The store answered with status {error.code}, and nothing was written.{_remedy(error.code)}"
    )


def not_arrived(fault: Exception) -> bool:
    """Tell whether a request certainly did not reach the store."""
    reason = getattr(fault, "reason", fault)
    return isinstance(reason, _UNREACHED) or getattr(reason, "errno", None) in _NO_WAY


def unreachable(fault: Exception, tries: int, more: str = "") -> Problem:
    """Return what to raise for a store that cannot be reached."""
    return StoreUnavailable(
        f"The store behind this server does not answer ({reason_of(fault)}).{more} It was tried "
        f"{tries} times. Try again in a minute.",
        headers={"Retry-After": "60"},
    )


def reason_of(fault: Exception) -> str:
    """Say in a few words what happened."""
    return excerpt(str(getattr(fault, "reason", fault)) or type(fault).__name__, 100)


def _remedy(status: int) -> str:
    if status in (401, 403):
        return " Whoever runs this server gives the login in the file that REMIT_STORE_LOGIN names."
    return ""


def _said(error: HTTPError) -> str:
    with error:
        return excerpt(error.read(2000).decode("utf-8", "replace"), 200)
