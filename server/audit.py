"""The audit log: one JSON object a line for every write that was asked for, done or refused."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class AuditLog:
    """Appends to a file, which is on the disk before the write is answered. Safe between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def note(self, *, who: str, client: str, request: str, action: str, **facts: Any) -> None:
        """Append one line: the time, the token's name, address, request id, action and `facts`."""
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "who": who,
            "client": client,
            "request": request,
            "action": action,
            **facts,
        }
        data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, data)
                os.fsync(handle)
            finally:
                os.close(handle)


def fingerprint(body: bytes) -> str:
    """Return what the log keeps of a body: its SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
