"""`/metrics`: counts and times for Prometheus."""

from __future__ import annotations

import time

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from server.service import Remit
from server.store.embedded import EmbeddedStore

bp = Blueprint("metrics", __name__)


class Metrics:
    """The registry of one application: requests by route, and the state of its store."""

    def __init__(self, remit: Remit) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "remit_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "remit_request_seconds",
            "Time to answer",
            ["route"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self.registry.register(_StoreState(remit))


class _StoreState(Collector):
    """Reads the state of the query workers, and the data version, whenever it is asked."""

    def __init__(self, remit: Remit) -> None:
        self._remit = remit

    def collect(self) -> list[GaugeMetricFamily]:
        store = self._remit.current
        version = GaugeMetricFamily("remit_data_version_info", "Version served", labels=["version"])
        version.add_metric([store.version], 1)
        found = [version]
        if isinstance(store, EmbeddedStore):
            for name, value in store.state().items():
                found.append(GaugeMetricFamily(f"remit_query_{name}", _HELP[name], value=value))
        return found


_HELP = {
    "workers_idle": "Query workers that wait",
    "workers_busy": "Query workers that work on ordinary queries",
    "workers_aside": "Query workers set aside with long queries",
    "killed": "Queries ended at their deadline or limit since the start",
    "refused": "Queries refused because too many long ones ran, since the start",
}


def install(app: Flask, remit: Remit) -> None:
    """Count the requests of `app`, and serve the counts at /metrics."""
    app.extensions["remit-metrics"] = metrics = Metrics(remit)

    @app.before_request
    def begin() -> None:
        g.metrics_began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        metrics.requests.labels(request.method, route, response.status_code).inc()
        if "metrics_began" in g:
            metrics.seconds.labels(route).observe(time.perf_counter() - g.metrics_began)
        return response

    app.register_blueprint(bp)


@bp.get("/metrics")
def show() -> Response:
    """Answer the counts in Prometheus's text format."""
    found: Metrics = current_app.extensions["remit-metrics"]
    return Response(generate_latest(found.registry), content_type=CONTENT_TYPE_LATEST)
