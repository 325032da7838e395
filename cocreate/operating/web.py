"""What machines ask: is it ready, how does it do."""

from flask import Blueprint, Response, current_app

from cocreate.entrypoints.api import json_answer
from cocreate.operating import readiness

blueprint = Blueprint("operating", __name__)


@blueprint.get("/readyz")
def readyz() -> Response:
    state = readiness.examine(current_app.config["SETTINGS"])
    return json_answer(state.told(), 200 if state.is_ready else 503)
