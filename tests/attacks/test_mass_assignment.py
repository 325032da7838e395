"""Fields that nobody asked for (S8): named in a 400, and nothing is written; no form and no call takes more than it says."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from cocreate.core.fields import Input
from cocreate.entrypoints.api import CALLS
from tests.attacks.filled import BODIES
from tests.attacks.scene import Scene, everything, lay_scene
from tests.cast import Cast

STOLEN: dict[str, Any] = {
    **dict.fromkeys(("id", "user_id", "person_id", "author_id", "author", "board_id", "merged_into", "answer_id", "seq"), 1),
    **dict.fromkeys(("votes_count", "voices", "version", "text_version", "comment_count"), 99),
    **dict.fromkeys(("created_at", "updated_at"), "2020-01-01T00:00:00Z"),
    **dict.fromkeys(("code", "VerificationCode", "session_token", "search", "__class__"), "000000"),
    "role": "admin",
    "is_admin": True,
    "group": "management",
    "status": "done",
    "state": "shown",
    "board": "open-table",
    "email_verified": True,
    "body_html": "<script>",
    "external_id": "polis:1",
    "hidden": False,
    "_sa_instance_state": {},
}


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.emil)


def test_every_input_refuses_what_it_does_not_know() -> None:
    """The base of all inputs says so; nobody takes it back."""
    seen, left = [], [Input]
    while left:
        model = left.pop()
        left += model.__subclasses__()
        seen.append(model)
        assert model.model_config["extra"] == "forbid", model.__name__
        assert model.model_config["frozen"], model.__name__
    assert len(seen) > 30


def test_every_call_names_what_it_does_not_know(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    mona, before = client_of(cast.mona), everything()
    calls = [call for call in CALLS if call.takes is not None]
    assert calls
    for call in calls:
        assert call.takes is not None
        rule = next(r for r in app.url_map.iter_rules() if r.rule == _flask_rule(call.rule) and call.method in (r.methods or ()))
        path = app.url_map.bind("localhost").build(rule.endpoint, {name: scene.parts[name] for name in rule.arguments}, method=call.method)
        for name, value in STOLEN.items():
            if name in call.takes.model_fields:
                continue
            answer = mona.open(path, method=call.method, json={**BODIES[rule.endpoint], name: value}, headers={"If-Match": "2"})
            assert answer.status_code == 400, f"{call.method} {path} took {name}"
            assert list(answer.json["errors"]) == [name]
    now = everything()
    assert {table for table in before if before[table] != now[table]} == set()


def _flask_rule(rule: str) -> str:
    return f"/api/v1{rule}"


FORMS: list[tuple[str, str, str, dict[str, str]]] = [
    ("emil", "/boards/{slug}/ideas/new", "title", {"title": "Mine"}),
    ("emil", "/ideas/{idea_id}/edit", "title", {"title": "Mine"}),
    ("emil", "/comments/idea:{idea_id}/new", "body", {"body": "Mine"}),
    ("emil", "/comments/{comment_id}/edit", "body", {"body": "Mine"}),
    ("emil", "/boards/{slug}/words/new", "body", {"body": "Mine"}),
    ("emil", "/statements/{statement_id}/changes/new", "after", {"before": "", "after": "Mine.", "reason": "Why"}),
    ("emil", "/reports/idea:{idea_id}", "reason", {"reason": "Mine"}),
    ("emil", "/account", "name", {"name": "Emil"}),
    ("emil", "/account/tokens", "name", {"name": "Mine"}),
    ("mona", "/boards/{slug}/state", "state", {"state": "deciding"}),
    ("mona", "/boards/{slug}/how/edit", "open", {"open": "x", "not_open": "x", "decides": "x", "method": "x"}),
    ("mona", "/boards/{slug}/audience", "part_groups", {"part_groups": "customer"}),
    ("mona", "/boards/{slug}/hosts", "email", {"email": "otto@example.org"}),
    ("mona", "/boards/{slug}/promises/new", "text", {"text": "Mine", "due": "2099-01-01"}),
    ("mona", "/ideas/{idea_id}/answer", "body", {"status": "done", "body": "Mine"}),
    ("mona", "/boards/new", "question", {"kind": "brand", "question": "Mine", "context": "Mine"}),
    ("ada", "/people/{person_id}", "name", {"name": "Emil"}),
    ("ada", "/people/add", "name", {"name": "New", "email": "new@example.org", "group": "partner"}),
    ("ada", "/people/invite", "group", {"group": "partner"}),
    ("ada", "/organisation", "name", {"name": "Ours"}),
]


@pytest.mark.parametrize(("who", "rule", "field", "fields"), FORMS, ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_form_takes_no_stolen_field(cast: Cast, scene: Scene, client_of: Any, who: str, rule: str, field: str, fields: dict[str, str]) -> None:
    """Fields that are the form's own are left out of the theft; `state` on a board's state is its purpose."""
    client, path = client_of(getattr(cast, who)), rule.format(**scene.parts, person_id=cast.emil.id)
    before = everything()
    for name, value in STOLEN.items():
        if name in fields or (rule, name) in OWN_FIELDS:
            continue
        answer = client.post(path, data=MultiDict([*fields.items(), (name, str(value))]))
        assert answer.status_code == 400, f"{path} took {name}"
    assert {table for table, found in everything().items() if found != before[table]} == set()


OWN_FIELDS = {
    ("/ideas/{idea_id}/edit", "text_version"),
    ("/people/{person_id}", "group"),
    ("/people/{person_id}", "role"),
    ("/people/add", "role"),
    ("/people/invite", "role"),
}


def test_a_join_gives_no_rights(app: Flask, cast: Cast, client_of: Any) -> None:
    """CVE class of Fider 74a26a31: the code and the role cannot be brought along."""
    nobody, before = client_of(cast.visitor), everything()
    for stolen in ({"code": "000000"}, {"role": "admin"}, {"group": "management"}, {"person_id": "1"}, {"used_at": ""}):
        assert nobody.post("/sign-in", data={"email": "new@example.org", "name": "New", **stolen}).status_code == 400
    assert {table for table, found in everything().items() if found != before[table]} == set()
