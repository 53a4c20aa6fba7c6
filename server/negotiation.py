"""Content negotiation: choose a representation by the Accept header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_PIECE = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*")+')


@dataclass(frozen=True)
class MediaRange:
    """One element of an Accept header: type, subtype, parameters and quality from 0 to 1."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    def specificity(self, media_type: "MediaRange") -> int:
        """Say how closely this range matches `media_type`; -1 means that it does not match."""
        if self.type not in ("*", media_type.type):
            return -1
        if self.subtype not in ("*", media_type.subtype):
            return -1
        if not self.parameters <= media_type.parameters:
            return -1
        named = (self.type != "*") + (self.subtype != "*")
        return named * 100 + len(self.parameters)


def parse_accept(header: str) -> list[MediaRange]:
    """Parse an Accept header into media ranges, in order.

    Elements that are not media ranges, or whose quality is not a number from 0 to 1 with at most
    three decimals, are left out, as if the client had not sent them.
    """
    ranges = (_parse_range(element) for element in _ELEMENT.findall(header))
    return [each for each in ranges if each is not None]


def choose(offered: Sequence[str], header: str | None) -> str | None:
    """Choose the offered media type that the client likes best.

    `offered` is in the server's order of preference, which decides between equal qualities. An
    absent, blank or wholly unreadable header accepts anything. The most specific range that
    matches a type sets its quality, so `q=0` excludes a type that a wildcard would allow.
    Returns None when nothing offered is acceptable (the answer is then 406).
    """
    ranges = parse_accept(header or "")
    if not ranges:
        return offered[0] if offered else None
    best, best_quality = None, 0.0
    for candidate in offered:
        quality = _quality(candidate, ranges)
        if quality > best_quality:
            best, best_quality = candidate, quality
    return best


def prefers_html(header: str | None) -> bool:
    """Say whether the client would rather have a page than JSON (a bare `*/*` would not)."""
    return choose(["application/json", "text/html"], header) == "text/html"


def _quality(candidate: str, ranges: Sequence[MediaRange]) -> float:
    media_type = _parse_range(candidate)
    if media_type is None:
        raise ValueError(f"{candidate!r} is not a media type")
    scored = [(each.specificity(media_type), each.quality) for each in ranges]
    specificity, quality = max(scored)
    return quality if specificity >= 0 else 0.0


def _parse_range(text: str) -> MediaRange | None:
    name, *rest = [piece.strip() for piece in _PIECE.findall(text)] or [""]
    kind, slash, subtype = name.lower().partition("/")
    if not (slash and _TOKEN.match(kind) and _TOKEN.match(subtype)):
        return None
    if kind == "*" and subtype != "*":
        return None
    parameters, quality = set(), 1.0
    for piece in rest:
        key, _, value = piece.partition("=")
        key, value = key.strip().lower(), value.strip().strip('"')
        if key == "q":
            if not _QUALITY.match(value):
                return None
            quality = float(value)
            break
        if key != "charset":  # all text here is UTF-8, whatever is asked
            parameters.add((key, value.lower()))
    return MediaRange(kind, subtype, frozenset(parameters), quality)
