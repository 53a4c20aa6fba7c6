"""The reconciliation service over the shipped registers."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server import create_app, reconcile
from server.settings import Settings
from server.store.embedded import EmbeddedStore


@pytest.fixture(scope="session")
def service(home: Path, store: EmbeddedStore) -> FlaskClient:
    app = create_app(Settings(home=home), store)
    if "reconcile" not in app.blueprints:
        app.register_blueprint(reconcile.bp)
    app.testing = True
    return app.test_client()
