"""The description of the API, OpenAPI 3.1, made from the calls themselves: each as it is declared, with the shapes of what it takes and gives."""

import re
from typing import Any, NotRequired

from flask import Response, current_app
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from typing_extensions import TypedDict

from cocreate.core.fields import Input
from cocreate.entrypoints.api import CALLS, Call, blueprint, json_answer

ABOUT = "Idea boards on which people of four groups say what they think, weigh it and decide in the open. Examples are in docs/api.md."
SHAPE = "#/components/schemas/{model}"
ID = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
SLUG = {"type": "string", "maxLength": 60, "pattern": "^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$"}
KEY = {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~](?:[ -~]*[!-~])?$"}
MATCH = {"type": "string", "pattern": '^(?:[0-9]{1,9}|"[0-9]{1,9}")$'}
SECONDS = {"description": "After how many seconds it is worth trying again.", "required": True, "schema": {"type": "integer", "minimum": 1}}
PLACE = {"description": "Where what was made is to be read.", "required": True, "schema": {"type": "string", "format": "uri"}}
SCHEME = {"description": "How to be known.", "required": True, "schema": {"type": "string"}}
PROBLEMS = {
    400: "What was sent cannot be used; `errors` names each field.",
    401: "Nobody is known by this token or session.",
    403: "The caller may read this, but not do that; so too with a token that may only read.",
    404: "There is no such thing, or the caller may not read it.",
    409: "Right in itself, but not now: closed, merged, withdrawn, or this Idempotency-Key came with another body.",
    412: "The text was changed since it was read.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    428: "If-Match is missing.",
    429: "Too much in too short a time.",
    500: "Something went wrong on our side.",
    503: "The site cannot reach its database just now; nothing that was saved is lost.",
}


class Problem(TypedDict):
    """RFC 9457; `errors` where fields are to blame."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[dict[str, list[str]]]


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description itself, for anyone."""
    settings = current_app.config["SETTINGS"]
    return json_answer(description(settings.base_url, current_app.config["SESSION_COOKIE_NAME"]))


def description(base_url: str, cookie: str) -> dict[str, Any]:
    shapes: list[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]] = [(Problem, "serialization", TypeAdapter(Problem))]
    for call in CALLS:
        shapes.append((call.gives, "serialization", TypeAdapter(call.gives)))
        shapes += [(taken, "validation", TypeAdapter(taken)) for taken in (call.takes,) if taken is not None]
    kept, defined = TypeAdapter.json_schemas({(str(key), mode): (key, mode, adapter) for key, mode, adapter in shapes}.values(), ref_template=SHAPE)
    paths: dict[str, Any] = {}
    for call in CALLS:
        path = re.sub(r"<(?:int:)?(\w+)>", r"{\1}", call.rule)
        paths.setdefault(f"/api/v1{path}", {})[call.method.lower()] = _operation(call, kept)
    schemes = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A token of one's own, made at /account/tokens."},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie, "description": "The session of a browser."},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "With a session, for all that writes."},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "CoCreate", "version": "1", "description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "schemas": defined.get("$defs", {}),
            "securitySchemes": schemes,
            "headers": {"Retry-After": SECONDS, "Location": PLACE, "WWW-Authenticate": SCHEME},
        },
    }


def _operation(call: Call, kept: dict[Any, Any]) -> dict[str, Any]:
    known: list[dict[str, list[str]]] = [{"bearer": []}, {"session": []} if call.method == "GET" else {"session": [], "csrf": []}]
    made = {"Location": {"$ref": "#/components/headers/Location"}} if call.creates else {}
    good = {"description": "What was made." if call.creates else "As asked.", "headers": made, "content": _json(kept[call.gives, "serialization"])}
    operation: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{call.method.lower()}{re.sub(r'<(?:int:)?', '', call.rule)}").strip("_"),
        "summary": call.about,
        "security": [{}, *known] if call.anyone else known,
        "parameters": _parameters(call),
        "responses": {"201" if call.creates else "200": good, **{str(status): _problem(status, kept) for status in _statuses(call)}},
    }
    if call.takes is not None:
        operation["requestBody"] = {"required": True, "content": _json(kept[call.takes, "validation"])}
    return operation


def _json(schema: Any, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": schema}}


def _statuses(call: Call) -> list[int]:
    """What a call can answer that is not a yes."""
    found = {400, 401, 500, 503}
    found |= {404} if "<" in call.rule else set()
    found |= {403, 409} if call.method != "GET" else set()
    found |= {413, 415} if call.takes is not None else set()
    found |= {412, 428} if call.matches else set()
    return sorted(found | ({429} if call.creates else set()))


def _problem(status: int, kept: dict[Any, Any]) -> dict[str, Any]:
    name = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}.get(status)
    headers = {name: {"$ref": f"#/components/headers/{name}"}} if name else {}
    return {"description": PROBLEMS[status], "headers": headers, "content": _json(kept[Problem, "serialization"], "application/problem+json")}


def _parameters(call: Call) -> list[dict[str, Any]]:
    parts = re.findall(r"<(int:)?(\w+)>", call.rule)
    found: list[dict[str, Any]] = [{"name": name, "in": "path", "required": True, "schema": ID if number else SLUG} for number, name in parts]
    found += _asked(call.asks) if call.asks is not None else []
    if call.matches:
        found.append({"name": "If-Match", "in": "header", "required": True, "description": "The text_version that was read.", "schema": MATCH})
    if call.creates:
        about = "The same key with the same body, within a day, is answered the same and done once."
        found.append({"name": "Idempotency-Key", "in": "header", "description": about, "schema": KEY})
    return found


def _asked(asks: type[Input]) -> list[dict[str, Any]]:
    """The fields of a query. Nothing stands for null there: what is not asked is left out."""
    fields = asks.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "schema": _without_null(schema)} for name, schema in fields.items()]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    return next((each for each in schema.get("anyOf", []) if each != {"type": "null"}), schema)
