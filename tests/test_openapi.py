"""The description of the API and the API itself say the same: schemathesis asks every call with what fits its description and with what does not."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema_rs import Draft202012Validator
from schemathesis import GenerationMode

from cocreate.entrypoints.api import CALLS
from cocreate.people.actions import make_token
from cocreate.people.inputs import NewToken
from tests.attacks.scene import Scene, lay_scene
from tests.cast import Cast
from tests.clients import outside

EXAMPLES = {"sqlite": 6, "postgresql": 2}  # of each call, fitting and not, as each of those who ask
GROUPS = ("management", "employee", "customer", "partner")

# Only a list itself knows where it goes on: any other cursor is bad input, though it fits the description.
schemathesis.openapi.format("cursor", st.just(""))


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.cleo, "here", GROUPS, read_public=True)


def bearer(person: Any, scope: str = "write") -> dict[str, str]:
    return {"Authorization": f"Bearer {make_token(person, person.id, NewToken.model_validate({'name': 'program', 'scope': scope}))}"}


def known(case: Any, scene: Scene) -> None:
    """What only the site can know: which things are there, to be named in an address or in a body."""
    there = {"slug": scene.slug, **{f"{kind}_id": id for kind, id in scene.ids.items()}}
    case.path_parameters = {name: there[name] for name in case.path_parameters or {}}
    if isinstance(case.body, dict):
        case.body = {name: value for name, value in case.body.items() if name not in ("reply_to", "cites")}


def test_every_call_keeps_to_its_description(app: Flask, cast: Cast, scene: Scene, database: str) -> None:
    schema = outside(schemathesis.openapi.from_wsgi, "/api/v1/openapi.json", app)
    operations: list[Any] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(operations) == len(CALLS)
    tried = 0
    for headers in (bearer(cast.mona), {}):
        for operation in operations:
            for mode in GenerationMode:
                tried += outside(try_out, operation, mode, headers, EXAMPLES[database], scene)
    assert tried > 2 * len(CALLS)


def try_out(operation: Any, mode: GenerationMode, headers: dict[str, str], examples: int, scene: Scene) -> int:
    tried = []

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            known(case, scene)
        spoilt = "Authorization" in (case.headers or {})  # by a token that is none: left as it is
        case.call_and_validate(headers={} if spoilt else headers)
        tried.append(case)

    try:
        ask()
    except Unsatisfiable:
        pass  # a call that takes nothing cannot be asked wrongly
    return len(tried)


def test_what_it_gives_is_described_field_by_field(app: Flask, cast: Cast, scene: Scene, client_of: Callable[..., Any]) -> None:
    """Nothing is given beside what is described, in answers that are full."""
    emil = client_of(cast.emil)
    described = client_of(cast.visitor).get("/api/v1/openapi.json").json
    shapes = described["components"]["schemas"]
    for shape in shapes.values():
        if "properties" in shape:
            shape.setdefault("additionalProperties", False)
    ids = scene.ids
    told = client_of(cast.mona).put(f"/api/v1/ideas/{ids['idea']}/answer", json={"status": "planned", "body": "Yes."})
    assert told.status_code == 200
    asked: dict[str, dict[str, Any]] = {
        "/me": {},
        "/boards": {},
        "/boards/{slug}": {"slug": "here"},
        "/boards/{slug}/ideas": {"slug": "here"},
        "/boards/{slug}/responses": {"slug": "here"},
        "/boards/{slug}/events": {"slug": "here"},
        "/boards/{slug}/statement": {"slug": "here"},
        "/ideas/{idea_id}": {"idea_id": ids["idea"]},
        "/ideas/{idea_id}/comments": {"idea_id": ids["idea"]},
    }
    for path, filled in asked.items():
        schema = described["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        given_ = emil.get(f"/api/v1{path.format(**filled)}").json
        assert given_.get("items", [1]), path
        Draft202012Validator({**schema, "components": {"schemas": shapes}}, validate_formats=True).validate(given_)
