"""Puts the pages on an application: templates, filters, assets, headers and blueprints."""

from __future__ import annotations

from flask import Flask, url_for
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader

from server import filters
from server.pages import (
    assessment,
    assets,
    clocks,
    data,
    docs,
    editor,
    frameworks,
    governance,
    home,
    lives,
    memorandum,
    navigation,
    nearby,
    neighbours,
    ontology,
    organisations,
    positions,
    quality,
    questions,
    register_groups,
    registers,
    responses,
    scripts,
    segmentation,
    standing,
    validation,
)


def register(app: Flask) -> None:
    """Registers every page on `app`; call it before anything renders a template."""
    prepare_templates(app)
    filters.register(app)
    for blueprint in (
        assets.bp, home.bp, docs.bp, ontology.bp, editor.bp, organisations.bp, lives.bp, frameworks.bp,
        assessment.bp, segmentation.bp, standing.bp, questions.bp,
        quality.bp, governance.bp, memorandum.bp, positions.bp, validation.bp, registers.bp,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    app.after_request(responses.finish)
    app.context_processor(common)
    app.url_defaults(clocks.carry)


def prepare_templates(app: Flask) -> None:
    """Adds the NHS components to the template loader, escaping every template."""
    own = app.jinja_loader
    parts = [PackageLoader("nhsuk_frontend_jinja")]
    app.jinja_loader = ChoiceLoader([own, *parts] if own else parts)
    app.jinja_options = {
        **app.jinja_options,
        "autoescape": True,
        "undefined": ChainableUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def common() -> dict[str, object]:
    """What every template may use: address of an asset, navigation, data version, today."""
    return {
        "asset": asset,
        "navigation": navigation.items(),
        "data_version": data.version(),
        "today": data.today().isoformat(),
        "near_pages": nearby.near_pages,
        "words_of": nearby.words_of,
        "pinned": clocks.pinned(),
        "named_questions": data.named_questions,
        "neighbourhood": neighbours.neighbourhood,
        "stored_query": scripts.stored_query,
        "register_groups": lambda: register_groups.grouped(data.kinds()),
    }


def asset(name: str) -> str:
    """The address of a file of server/static, with its fingerprint in the path."""
    return url_for("assets.serve", mark=assets.fingerprint(name), name=name)
