from collections.abc import Iterator

import pytest
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from jinja2 import DictLoader
from werkzeug.exceptions import ImATeapot, NotImplemented

from server import problems
from server.errors import NotFound, StoreBusy

TYPE = "https://w3id.org/remit/problem/"


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.jinja_loader = DictLoader(
        {"error.html": "<h1>{{ problem.title }}</h1>{{ problem.detail }}"}
    )
    problems.register(app)

    @app.get("/known")
    def known() -> str:
        raise NotFound("There is no <RA8>.", suggestions=[{"label": "RA7", "href": "/x"}])

    @app.get("/busy")
    def busy() -> str:
        raise StoreBusy("Too much.", retry_after=7)

    @app.get("/broken")
    def broken() -> str:
        raise KeyError("a secret")

    @app.get("/status/<int:code>")
    def status(code: int) -> str:
        abort(code, "echoed <input>")

    @app.get("/moved")
    def moved() -> str:
        abort(redirect("/known"))

    return app.test_client()


def test_a_problem_is_json_with_its_own_media_type(client: FlaskClient) -> None:
    answer = client.get("/known")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["type"] == f"{TYPE}not-found"
    assert answer.json["suggestions"] == [{"label": "RA7", "href": "/x"}]
    assert answer.vary.as_set() == {"accept"}


def test_a_browser_gets_a_page_with_everything_escaped(client: FlaskClient) -> None:
    answer = client.get("/known", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 404
    assert answer.text == "<h1>Not found</h1>There is no &lt;RA8&gt;."


def test_headers_of_a_problem_are_sent(client: FlaskClient) -> None:
    assert client.get("/busy").headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("code", "slug"),
    [
        (404, "not-found"),
        (413, "request-too-large"),
        (415, "unsupported-media-type"),
        (400, "bad-request"),
        (418, "bad-request"),
        (500, "internal-error"),
    ],
)
def test_errors_of_the_framework_are_problems_too(
    client: FlaskClient, code: int, slug: str
) -> None:
    answer = client.get(f"/status/{code}")
    assert answer.status_code == code
    assert answer.json is not None
    assert (answer.json["type"], answer.json["status"]) == (TYPE + slug, code)
    assert "echoed" not in answer.text


def test_method_not_allowed_names_the_methods(client: FlaskClient) -> None:
    answer = client.put("/known")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_an_unforeseen_error_tells_nothing(client: FlaskClient) -> None:
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_redirects_are_left_alone(client: FlaskClient) -> None:
    assert client.get("/moved").status_code == 302


def test_the_name_of_other_errors_is_kept() -> None:
    assert problems.from_http(ImATeapot()).body()["title"] == "I'm a teapot"
    assert problems.from_http(NotImplemented()).body()["status"] == 500
