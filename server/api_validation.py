"""Validation over HTTP: the report on the loaded data, and on a file that is sent and not stored."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from server.answers import validation
from server.answers.validation import Upload
from server.api import asked_page, name_version, store, whole
from server.errors import BadParameter
from server.settings import Settings

bp = Blueprint("api_validation", __name__, url_prefix="/api/v1/validation")
bp.after_request(name_version)

_NAMES = {
    "text/csv": "upload.csv",
    "text/turtle": "upload.ttl",
    "application/n-triples": "upload.nt",
    "application/ld+json": "upload.jsonld",
    "application/yaml": "upload.yaml",
    "application/x-yaml": "upload.yaml",
    "text/yaml": "upload.yaml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "upload.xlsx",
}
_ACCEPTED = {
    "text/csv": "csv",
    "text/turtle": "ttl",
    "application/sarif+json": "sarif",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
}
_ANY = ("text/html", "application/xhtml+xml", "application/*", "*/*")


@bp.get("")
def loaded() -> ResponseReturnValue:
    """Give the report on the loaded data: counts, and one page of the findings that fit."""
    report = validation.loaded(_settings(), store().version)
    form = _format()
    if form != "json":
        body, media_type = validation.as_file(report, form)
        return _file(body, media_type, form)
    chosen = {name: request.args.get(name, "") for name in ("rule", "organisation", "severity")}
    number, size = whole("page", 1, 1, 1_000_000), whole("pageSize", 100, 1, 1_000)
    answer = validation.page(report, chosen, number, size)
    found = validation.with_trend(_settings(), store().version, asked_page(answer, "findings"))
    return jsonify(found)


@bp.post("")
def upload() -> ResponseReturnValue:
    """Validate files of records; the answer is the report, and nothing is stored."""
    form = _format()
    body, media_type = validation.uploaded(_settings(), uploads(_settings()), form)
    return (
        Response(body, content_type=media_type) if form == "json" else _file(body, media_type, form)
    )


def uploads(settings: Settings) -> list[Upload]:
    """Return the files of the request: those of a form, or the body, named after its media type or ``name``."""
    request.max_content_length = (settings.upload_mb << 20) + (1 << 16)
    if request.mimetype == "multipart/form-data":
        return [
            Upload(f.filename or "", f.stream) for f in request.files.getlist("file") if f.filename
        ]
    if request.mimetype == "application/x-www-form-urlencoded":
        return []
    name = request.args.get("name") or _NAMES.get(request.mimetype, "")
    if not name:
        kinds = ", ".join(_NAMES)
        raise BadParameter(
            f"Send a form with a file, or a body of one of {kinds}.", parameter="Content-Type"
        )
    return [Upload(name, request.stream)]


def _format() -> str:
    """Return the format asked for: by ``format``, or by the type that Accept likes best, JSON for pages and for any."""
    asked = request.args.get("format", "")
    if asked:
        return asked
    liked = sorted(request.accept_mimetypes, key=lambda pair: -pair[1])
    named = (kind for kind, share in liked if share and (kind in _ACCEPTED or kind in _ANY))
    return _ACCEPTED.get(next(named, ""), "json")


def _file(body: bytes, media_type: str, form: str) -> Response:
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="validation.{form}"'
    return response


def _settings() -> Settings:
    settings: Settings = current_app.extensions["remit"].settings
    return settings
