"""What machines ask: is it ready, how does it do."""

import hmac
import ipaddress

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from cocreate.config import Settings
from cocreate.entrypoints.api import json_answer
from cocreate.operating import metrics, readiness

blueprint = Blueprint("operating", __name__)


@blueprint.get("/readyz")
def readyz() -> Response:
    state = readiness.examine(current_app.config["SETTINGS"])
    return json_answer(state.told(), 200 if state.is_ready else 503)


@blueprint.get("/metrics")
def tell_metrics() -> Response:
    settings: Settings = current_app.config["SETTINGS"]
    if settings.metrics_token is None:
        return _answer() if _is_near(settings) else Response("Asked from this machine only, or with COCREATE_METRICS_TOKEN.\n", 403, mimetype="text/plain")
    given, wanted = request.headers.get("Authorization", ""), f"Bearer {settings.metrics_token}"
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        return Response("Send the token: Authorization: Bearer …\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    return _answer()


def _answer() -> Response:
    return Response(metrics.told(), content_type=CONTENT_TYPE_LATEST)


def _is_near(settings: Settings) -> bool:
    """Whether this very machine asks: the peer that trusted proxies name. A proxy here that nobody told us of speaks for others."""
    if not settings.trusted_proxies and ("X-Forwarded-For" in request.headers or "Forwarded" in request.headers):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
