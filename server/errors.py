"""The server's errors, and how each becomes an answer.

One tree; every class carries the HTTP status and the slug of its problem type::

    Problem
    ├── NotFound                  404  (with suggestions)
    ├── BadParameter              400
    │   └── BadDate               400
    ├── QueryProblem              400
    │   ├── QuerySyntax           400  (line and column)
    │   ├── QueryRefused          400  (SERVICE, updates, unknown graphs, nesting, size)
    │   ├── QueryTooComplex       422  (memory or stack used up)
    │   ├── ResultTooLarge        422
    │   └── SourceFailed          502  (another server that the query names)
    ├── StoreUnavailable          503
    │   ├── QueryTimedOut         503  (says how long it had)
    │   ├── StoreBusy             503
    │   └── BuildUnderWay         503
    ├── WriteUncertain            502  (sent to a remote store, and no answer came)
    ├── Unauthorised              401  (WWW-Authenticate says how)
    ├── Forbidden                 403
    ├── PreconditionFailed        412
    ├── TooManyRequests           429  (Retry-After)
    ├── DataInvalid               422  (the findings of validation)
    ├── NotAcceptable             406
    ├── UnsupportedMediaType      415
    ├── MethodNotAllowed          405
    └── RequestTooLarge           413

`server.problems` makes responses of them. None ever holds a stack trace, and input is echoed only
as a short, cleaned excerpt (see `excerpt`).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from server.problem import PROBLEM_BASE, Problem, excerpt
from server.query_errors import (
    QueryProblem,
    QueryRefused,
    QuerySyntax,
    QueryTimedOut,
    QueryTooComplex,
    ResultTooLarge,
    SourceFailed,
    StoreBusy,
    StoreUnavailable,
    WriteUncertain,
)

if TYPE_CHECKING:
    from flask import Flask

__all__ = [
    "PROBLEM_BASE",
    "BadDate",
    "BadParameter",
    "BuildUnderWay",
    "DataInvalid",
    "Forbidden",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "PreconditionFailed",
    "Problem",
    "QueryProblem",
    "QueryRefused",
    "QuerySyntax",
    "QueryTimedOut",
    "QueryTooComplex",
    "RequestTooLarge",
    "ResultTooLarge",
    "SourceFailed",
    "StoreBusy",
    "StoreUnavailable",
    "TooManyRequests",
    "Unauthorised",
    "UnsupportedMediaType",
    "WriteUncertain",
    "excerpt",
    "register",
]


class NotFound(Problem):
    """Nothing has this identifier; `suggestions` are near ones, each with label and href."""

    status = 404
    slug = "not-found"
    title = "Not found"

    def __init__(self, detail: str, *, suggestions: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(detail, suggestions=[dict(each) for each in suggestions])


class BadParameter(Problem):
    """A parameter has a value that cannot be used; `parameter` names it."""

    status = 400
    slug = "bad-parameter"
    title = "A parameter cannot be used"

    def __init__(self, detail: str, *, parameter: str) -> None:
        super().__init__(detail, parameter=parameter)


class BadDate(BadParameter):
    """A date that does not exist or is ambiguous."""

    slug = "bad-date"
    title = "The date cannot be used"

    def __init__(self, value: str, *, parameter: str = "asOf") -> None:
        super().__init__(
            f"“{excerpt(value)}” is not a date. Give a day that exists as year, month and day, "
            "for example 2022-07-01.",
            parameter=parameter,
        )


class BuildUnderWay(StoreUnavailable):
    """A build from files is being made; writes wait for its end."""

    slug = "build-under-way"
    title = "A new build is being made"

    def __init__(self) -> None:
        super().__init__(
            "A new build is being made from files. Nothing was written. Try again in a minute.",
            headers={"Retry-After": "60"},
        )


class Unauthorised(Problem):
    """The request carries no token, or one that is not known."""

    status = 401
    slug = "unauthorised"
    title = "A token is needed"

    def __init__(self, detail: str, *, error: str = "") -> None:
        challenge = 'Bearer realm="remit"' + (f', error="{error}"' if error else "")
        super().__init__(detail, headers={"WWW-Authenticate": challenge})


class Forbidden(Problem):
    """The token, or the service as configured, does not allow this."""

    status = 403
    slug = "forbidden"
    title = "This is not allowed"


class PreconditionFailed(Problem):
    """A condition of the request (If-Match, If-None-Match) does not hold."""

    status = 412
    slug = "precondition-failed"
    title = "The condition of the request does not hold"


class TooManyRequests(Problem):
    """The client has sent more requests than it may in a while."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"You have sent many requests in a short time. Try again in {retry_after} seconds.",
            headers={"Retry-After": str(retry_after)},
            retryAfterSeconds=retry_after,
        )


class DataInvalid(Problem):
    """What was written does not conform to the shapes; `findings` lists why."""

    status = 422
    slug = "data-invalid"
    title = "The data does not conform to the shapes"


class NotAcceptable(Problem):
    """None of the media types in the Accept header is on offer; `offered` lists those that are."""

    status = 406
    slug = "not-acceptable"
    title = "No representation fits the Accept header"

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(
            "This resource is available as " + ", ".join(offered) + ".", offered=list(offered)
        )


class UnsupportedMediaType(Problem):
    """The request body has a media type that this path does not read."""

    status = 415
    slug = "unsupported-media-type"
    title = "The request body has an unsupported media type"


class MethodNotAllowed(Problem):
    """The path exists but not for this method; the Allow header says which do."""

    status = 405
    slug = "method-not-allowed"
    title = "The method is not allowed here"


class RequestTooLarge(Problem):
    """The request is larger than the server reads."""

    status = 413
    slug = "request-too-large"
    title = "The request is too large"


def register(app: "Flask") -> None:
    """Make `app` answer errors as `server.problems` says."""
    from server import problems

    problems.register(app)
