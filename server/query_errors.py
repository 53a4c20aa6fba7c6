"""What can become of a query: errors of `server.errors` that stores raise."""

from __future__ import annotations

from server.problem import Problem


class QueryProblem(Problem):
    """A SPARQL query that the server did not answer because of the query itself."""

    status = 400
    slug = "query-failed"
    title = "The query could not be evaluated"


class QuerySyntax(QueryProblem):
    """The query is not SPARQL; `line` and `column` count from 1 where they are known."""

    slug = "query-syntax"
    title = "The query has a syntax error"

    def __init__(self, detail: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(detail, line=line, column=column)


class QueryRefused(QueryProblem):
    """The query asks for something that this server does not do."""

    slug = "query-refused"
    title = "The query was refused before it ran"


class QueryTooComplex(QueryProblem):
    """The query used up the memory or the stack that one query may have."""

    status = 422
    slug = "query-too-complex"
    title = "The query needs more memory than one query may have"


class ResultTooLarge(QueryProblem):
    """The result is larger than the server returns; nothing of it is sent."""

    status = 422
    slug = "result-too-large"
    title = "The result is too large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"The result is larger than {limit_bytes:,} bytes, so none of it was sent. "
            "Ask for less, for example with LIMIT and OFFSET.",
            limitBytes=limit_bytes,
        )


class StoreUnavailable(Problem):
    """The store cannot be reached or opened just now."""

    status = 503
    slug = "store-unavailable"
    title = "The data cannot be reached just now"


class QueryTimedOut(StoreUnavailable):
    """The query was stopped at its deadline; `limitSeconds` says how long it had."""

    slug = "query-timed-out"
    title = "The query took too long"

    def __init__(self, limit_seconds: float) -> None:
        super().__init__(
            f"The query was stopped after {limit_seconds:g} seconds, the time that it had. "
            "There is no result, not even an empty one. Narrow the query, or ask for less.",
            limitSeconds=limit_seconds,
        )


class StoreBusy(StoreUnavailable):
    """Too many long queries run at once; trying again later can work."""

    slug = "store-busy"
    title = "The service is busy"

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class WriteUncertain(Problem):
    """A write was sent to a remote store, and no answer came; `version` is what it names if it was done."""

    status = 502
    slug = "write-uncertain"
    title = "It cannot be told whether the write was done"

    def __init__(self, detail: str, *, version: str) -> None:
        super().__init__(detail, version=version)


class SourceFailed(QueryProblem):
    """Another server, which the query names and this one may ask, did not give what was asked of it."""

    status = 502
    slug = "source-failed"
    title = "Another server did not answer as it should"
