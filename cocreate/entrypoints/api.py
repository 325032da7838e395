"""The API door: JSON in, JSON out, problem+json for everything else. Calls are declared here with what they take, so that their description is complete."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar

import orjson
from flask import Blueprint, Flask, Response, request
from flask.json.provider import JSONProvider
from flask_babel import gettext as _
from typing_extensions import TypedDict

from cocreate.core.errors import BadInput, Failure, NotSignedIn, PreconditionMissing, Refused
from cocreate.core.fields import Input, read_input, read_json, whole_number
from cocreate.core.tokens import digest
from cocreate.entrypoints import signin
from cocreate.entrypoints.once import Key, once

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class Call:
    """One call of the API, as its description needs it."""

    method: str
    rule: str
    takes: type[Input] | None
    asks: type[Input] | None
    gives: Any
    about: str
    creates: bool = False
    matches: bool = False
    anyone: bool = False


class Listed(TypedDict, Generic[T]):
    """A page of a list, and where it goes on; null at its end."""

    items: list[T]
    next_cursor: str | None


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


def call(
    method: str, rule: str, takes: type[Input] | None = None, asks: type[Input] | None = None, matches: bool = False, anyone: bool = True
) -> Callable[[F], F]:
    """Declare a call. The function gets the viewer, the body as `takes` or the query as `asks`, and the address's parts; it gives what is sent, as its
    annotation describes it. `matches`: it asks for `if_match()`. Writing, and what is not for `anyone`, is for who is known."""
    anyone = anyone and method == "GET"

    def declare(function: F) -> F:
        CALLS.append(Call(method, rule, takes, asks, function.__annotations__["return"], _about(function), matches=matches, anyone=anyone))

        lists = _lists(asks)

        def api_view(**arguments: Any) -> Any:
            caller = _caller(method, anyone)
            return json_answer(function(caller, *_given(takes, asks, lists), **arguments))

        blueprint.add_url_rule(rule, f"{method.lower()}_{function.__name__}", api_view, methods=[method])
        return function

    return declare


def creates(rule: str, takes: type[Input], show: Callable[..., Mapping[str, Any]]) -> Callable[[F], F]:
    """Declare a POST that makes something. The function gives the new thing's id; `show(viewer, id)` is what is sent, with `url` as Location.
    With an Idempotency-Key the id is kept in the same transaction, and a repeat shows the same thing."""

    def declare(function: F) -> F:
        CALLS.append(Call("POST", rule, takes, None, show.__annotations__["return"], _about(function), creates=True))

        def api_view(**arguments: Any) -> Any:
            caller = _caller("POST", anyone=False)
            key = request.headers.get("Idempotency-Key")
            given = _given(takes)
            made = _once(caller, key, lambda: function(caller, *given, **arguments)) if key is not None else function(caller, *given, **arguments)
            body = show(caller, made)
            response = json_answer(body, 201)
            response.headers["Location"] = body["url"]
            return response

        blueprint.add_url_rule(rule, f"post_{function.__name__}", api_view, methods=["POST"])
        return function

    return declare


def _about(function: Callable[..., Any]) -> str:
    return " ".join((function.__doc__ or "").split())


def _caller(method: str, anyone: bool) -> Any:
    caller = signin.viewer()
    if not anyone and not caller.is_authenticated:
        raise NotSignedIn(_("Send a token: Authorization: Bearer …"))
    if method != "GET" and not getattr(caller, "can_write", True):
        raise Refused(_("This token may only read."))
    return caller


def _lists(asks: type[Input] | None) -> frozenset[str]:
    """The fields of a query that may be sent several times."""
    return frozenset(name for name, field in (asks.model_fields if asks else {}).items() if "list" in str(field.annotation))


def _given(takes: type[Input] | None, asks: type[Input] | None = None, lists: frozenset[str] = frozenset()) -> list[Input]:
    """The body or the query, parsed. Raises BadInput, for a query too where none is asked for."""
    if asks is None:
        read_input(Input, request.args.to_dict())
    if takes is not None:
        return [read_json(takes, _body())]
    if asks is not None:
        twice = [name for name, values in request.args.lists() if len(values) > 1 and name not in lists]
        if twice:
            raise BadInput({name: [_("Send this once.")] for name in twice})
        return [read_input(asks, {name: request.args.getlist(name) if name in lists else request.args[name] for name in request.args})]
    return []


def if_match() -> int:
    """The version that the caller read. Raises PreconditionMissing."""
    header = request.headers.get("If-Match", "")
    if not header:
        raise PreconditionMissing(_("Send If-Match with the text_version that you read."))
    text_version = whole_number(header.strip().strip('"'))
    if text_version is None:
        raise BadInput({"If-Match": [_("Send the text_version, a whole number.")]})
    return text_version


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


def dumps(body: Any) -> bytes:
    """JSON as calls answer it: times in UTC with a Z."""
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)


def json_answer(body: Any, status: int = 200) -> Response:
    return Response(dumps(body), status, mimetype="application/json")


def problem(failure: Failure) -> Response:
    """RFC 9457."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(failure.status).phrase, "status": failure.status, "detail": _detail(failure)}
    if isinstance(failure, BadInput):
        body["errors"] = failure.errors
    response = Response(orjson.dumps(body), failure.status, mimetype="application/problem+json")
    if failure.retry_after:
        response.headers["Retry-After"] = str(failure.retry_after)
    if failure.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _detail(failure: Failure) -> str:
    """The sentence for whoever wrote the program; what has none of its own gets that of its status."""
    said = {
        404: _("There is nothing here, or you may not read it."),
        405: _("This address does not take that method; Allow names those that it takes."),
        413: _("This is more than one call may send."),
    }
    return failure.reason or said.get(failure.status) or HTTPStatus(failure.status).description
