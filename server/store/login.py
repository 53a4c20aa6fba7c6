"""What a remote store asks of those who call it: an address, and a login that is kept in a file."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import urlsplit

from loader.errors import Fault, InputError

_LINE = re.compile(r"(Basic|Bearer) +([\x21-\x7e\u00a1-\U0010ffff]+)\Z", re.IGNORECASE)


def read_login(path: Path) -> str:
    """Return the Authorization header that a file stands for: a line `Basic user:password` or `Bearer token`.

    Raises InputError, which never quotes the file, when it cannot be read or says neither.
    """
    remedy = "Write one line into it: “Basic user:password” or “Bearer token”."
    try:
        found = _LINE.match(path.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        fault = Fault(f"cannot be read ({reason}).", path, field="REMIT_STORE_LOGIN", remedy=remedy)
        raise InputError(fault) from None
    basic = found is not None and found[1].lower() == "basic"
    if found is None or (basic and ":" not in found[2]) or not (basic or found[2].isascii()):
        raise InputError(Fault("is no login.", path, field="REMIT_STORE_LOGIN", remedy=remedy))
    if basic:
        return f"Basic {base64.b64encode(found[2].encode()).decode()}"
    return f"Bearer {found[2]}"


def check_address(address: str, setting: str) -> None:
    """Raise InputError unless `address`, which `setting` gives, is one of http or https without a login."""
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        remedy = "Give one such as http://127.0.0.1:3030/remit/query."
        raise InputError(Fault("is no address of http or https.", field=setting, remedy=remedy))
    if "@" in parts.netloc:
        remedy = "Put it into a file, and name that in REMIT_STORE_LOGIN."
        raise InputError(Fault("An address holds no login.", field=setting, remedy=remedy))
