"""How errors become responses: RFC 9457 problem details, or a page for browsers."""

from http import HTTPStatus

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from server.errors import (
    MethodNotAllowed,
    NotFound,
    Problem,
    RequestTooLarge,
    UnsupportedMediaType,
    excerpt,
)
from server.negotiation import prefers_html

PROBLEM_TYPE = "application/problem+json"


def register(app: Flask) -> None:
    """Make `app` answer every error with a problem body or, for browsers, a page."""
    app.register_error_handler(Problem, respond)
    app.register_error_handler(HTTPException, _respond_http)


def respond(problem: Problem) -> Response:
    """Turn a problem into a response: `error.html` if the client prefers HTML, else JSON."""
    body = problem.body()
    if prefers_html(request.headers.get("Accept")):
        response = Response(render_template("error.html", problem=body), mimetype="text/html")
    else:
        response = jsonify(body)
        response.content_type = PROBLEM_TYPE
    response.status_code = problem.status
    response.headers.update(problem.headers)
    response.vary.add("Accept")
    return response


def from_http(error: HTTPException) -> Problem:
    """Turn one of werkzeug's errors into a problem. Its own text is not repeated."""
    match error.code:
        case 404:
            return NotFound("There is nothing at this address. Check it, or search.")
        case 405:
            allowed = sorted(getattr(error, "valid_methods", None) or [])
            return MethodNotAllowed(
                f"{excerpt(request.method, 20)} does not work here. Use {' or '.join(allowed)}.",
                headers={"Allow": ", ".join(allowed)},
            )
        case 413:
            return RequestTooLarge("The request body is larger than is read here. Send less.")
        case 415:
            return UnsupportedMediaType("The Content-Type of the request body is not read here.")
        case code if code and code < 500:
            return _Other(code, error.name)
        case _:
            return Problem("The error is in our log. Try again, and tell us if it happens again.")


class _Other(Problem):
    """Any other 4xx of the framework."""

    slug = "bad-request"

    def __init__(self, code: int, name: str) -> None:
        super().__init__(f"The request was not understood ({name.lower()}).")
        self.status = code
        self.title = name


def plain(status: HTTPStatus) -> Problem:
    """Return the problem of a status of which there is no more to tell."""
    return _Other(status.value, status.phrase)


def _respond_http(error: HTTPException) -> AnyResponse:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    return respond(from_http(error))
