"""The API door: JSON in, JSON out, problem+json for everything else. Calls are declared here with what they take, so that their description is complete."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, request
from flask.json.provider import JSONProvider
from flask_babel import gettext as _

from cocreate.core.errors import BadInput, Failure, NotSignedIn
from cocreate.core.fields import Input, read_input
from cocreate.core.tokens import digest
from cocreate.entrypoints import signin
from cocreate.entrypoints.once import Key, once

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class Call:
    """One call of the API, as its description needs it."""

    method: str
    rule: str
    takes: type[Input] | None
    asks: type[Input] | None
    status: int
    about: str


CALLS: list[Call] = []


class FastJSON(JSONProvider):
    """orjson for everything that is JSON here: times come out as RFC 3339."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)


def install(app: Flask) -> None:
    app.json = FastJSON(app)
    app.register_blueprint(blueprint)


def call(method: str, rule: str, takes: type[Input] | None = None, asks: type[Input] | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a call. The function gets the viewer, the body as `takes` or the query as `asks`, and the address's parts; it gives what is sent."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        CALLS.append(Call(method, rule, takes, asks, 200, (function.__doc__ or "").strip()))

        def api_view(**arguments: Any) -> Any:
            given = _given(takes, asks)
            return json_answer(function(_caller(method), *given, **arguments))

        blueprint.add_url_rule(rule, f"{method.lower()}_{function.__name__}", api_view, methods=[method])
        return function

    return declare


def creates(rule: str, takes: type[Input], show: Callable[..., dict[str, Any]]) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Declare a POST that makes something. The function gives the new thing's id; `show(viewer, id)` is what is sent, with `url` as Location.
    With an Idempotency-Key the id is kept in the same transaction, and a repeat shows the same thing."""

    def declare(function: Callable[..., int]) -> Callable[..., int]:
        CALLS.append(Call("POST", rule, takes, None, 201, (function.__doc__ or "").strip()))

        def api_view(**arguments: Any) -> Any:
            caller = _caller("POST")
            key = request.headers.get("Idempotency-Key")
            given = _given(takes, None)
            made = _once(caller, key, lambda: function(caller, *given, **arguments)) if key is not None else function(caller, *given, **arguments)
            body = show(caller, made)
            response = json_answer(body, 201)
            response.headers["Location"] = body["url"]
            return response

        blueprint.add_url_rule(rule, f"post_{function.__name__}", api_view, methods=["POST"])
        return function

    return declare


def _caller(method: str) -> Any:
    caller = signin.viewer()
    if method != "GET" and not caller.is_authenticated:
        raise NotSignedIn(_("Send a token: Authorization: Bearer …"))
    if method != "GET" and not getattr(caller, "can_write", True):
        raise NotSignedIn(_("This token may only read."))
    return caller


def _given(takes: type[Input] | None, asks: type[Input] | None) -> list[Input]:
    if takes is not None:
        return [read_input(takes, _body())]
    if asks is not None:
        lists = {name for name, field in asks.model_fields.items() if "list" in str(field.annotation)}
        return [read_input(asks, {name: request.args.getlist(name) if name in lists else request.args[name] for name in request.args})]
    return []


def _body() -> dict[str, Any]:
    if request.mimetype != "application/json":
        failure = Failure(_("Send JSON, with Content-Type: application/json."))
        failure.status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        raise failure
    try:
        body = _parsed(request.get_data())
    except (ValueError, RecursionError):
        raise BadInput({"body": [_("This is not JSON.")]}) from None
    if not isinstance(body, dict):
        raise BadInput({"body": [_("Send a JSON object.")]})
    return body


def _parsed(data: bytes) -> Any:
    """The JSON. Half a surrogate pair, which orjson takes for a fault of the whole, is let through inside a value, so that its field can be named."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        if b"\\ud" not in data.lower():
            raise
    body = json.loads(data.decode(), parse_constant=_no_number)
    if isinstance(body, dict):
        "".join(body).encode()  # a name is said back, so it must be whole
    return body


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _once(caller: Any, key: str, make: Callable[[], int]) -> int:
    """What `make` made, now or when this key was sent before. Raises Conflict when the key came with another body."""
    if not 1 <= len(key) <= 64 or not key.isprintable():
        raise BadInput({"Idempotency-Key": [_("Use 1 to 64 printable characters.")]})
    route, body_hash = f"{request.method} {request.path}"[:120], hashlib.sha256(request.get_data()).hexdigest()
    return once(Key(caller.id, route, digest(key), body_hash), make, lambda made: made)


def json_answer(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body, option=orjson.OPT_UTC_Z), status, mimetype="application/json")


def problem(failure: Failure) -> Response:
    """RFC 9457."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(failure.status).phrase, "status": failure.status, "detail": failure.reason}
    if isinstance(failure, BadInput):
        body["errors"] = failure.errors
    response = Response(orjson.dumps(body), failure.status, mimetype="application/problem+json")
    if failure.retry_after:
        response.headers["Retry-After"] = str(failure.retry_after)
    if failure.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
