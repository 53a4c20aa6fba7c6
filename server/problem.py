"""The base of the server's errors: a problem with a status, a stable type and a sentence for the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PROBLEM_BASE = "https://w3id.org/remit/problem/"

_UNPRINTABLE = re.compile(r"[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]+")


def excerpt(text: str, length: int = 60) -> str:
    """Clean `text` for repetition in a message.

    Control characters become spaces and angle brackets single quotation marks; anything beyond
    `length` characters is replaced by an ellipsis. The result is one line.
    """
    clean = _UNPRINTABLE.sub(" ", text).replace("<", "‹").replace(">", "›").strip()
    return clean if len(clean) <= length else clean[: length - 1] + "…"


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An error with a status, a stable type and a sentence for the reader.

    `detail` says what happened, where, and how to mend it. `members` are extra fields of the
    problem body; `headers` are sent with the response.
    """

    status: int = 500
    slug: str = "internal-error"
    title: str = "Something went wrong on our side"

    def __init__(
        self,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = {name: value for name, value in members.items() if value is not None}

    def body(self) -> dict[str, Any]:
        """Return the problem details object (RFC 9457) as a plain mapping."""
        return {
            "type": PROBLEM_BASE + self.slug,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }
