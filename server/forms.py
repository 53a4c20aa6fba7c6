"""Reading the fields and bodies of requests as the SPARQL protocols want them: strictly, in UTF-8."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from flask import request
from werkzeug.exceptions import BadRequest

from server.errors import BadParameter, QuerySyntax, UnsupportedMediaType

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 1000
_MOST_JSON = 4 << 20


def read_fields(data: bytes, where: str) -> dict[str, list[str]]:
    """Read URL-encoded fields; `where` is for the message. Raises QuerySyntax or BadParameter."""
    try:
        return parse_qs(
            data.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise QuerySyntax(f"The fields of {where} are not UTF-8.") from None
    except ValueError:
        raise BadParameter(f"There are too many fields in {where}.", parameter="query") from None


def one(fields: Mapping[str, list[str]], name: str) -> str | None:
    """Return the value of a field that may be given once, or None. Raises BadParameter."""
    values = fields.get(name, [])
    if len(values) > 1:
        raise BadParameter(f"“{name}” is given {len(values)} times.", parameter=name)
    return values[0] if values else None


def check_charset() -> None:
    """Raise UnsupportedMediaType unless the body in hand is said to be UTF-8."""
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower().replace("-", "") not in ("utf8", "usascii"):
        raise UnsupportedMediaType("Send the query in UTF-8.")


def json_object(example: str) -> dict[str, Any]:
    """Return the JSON object that the request in hand sends; `example` tells in messages what is wanted.

    Raises UnsupportedMediaType when the body is not said to be JSON, BadParameter when it is no object.
    """
    if not request.is_json:
        raise UnsupportedMediaType(f"Send a JSON object, {example}, as application/json.")
    request.max_content_length = _MOST_JSON
    try:
        found = request.get_json()
    except (BadRequest, RecursionError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise BadParameter(f"Send a JSON object, {example}.", parameter="body")
    return found


def as_text(data: bytes) -> str:
    """Decode UTF-8. Raises QuerySyntax."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QuerySyntax(f"The query is not UTF-8 from byte {error.start + 1} on.") from None
