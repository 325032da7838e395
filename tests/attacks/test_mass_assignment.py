"""Fields that nobody asked for (S8): named in a 400, and nothing is written; no form and no call takes more than it says."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from cocreate.core.fields import Input
from cocreate.entrypoints.api import CALLS
from tests.attacks.filled import BODIES, FORMS, every_form
from tests.attacks.scene import Scene, everything, lay_scene, told
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


# Fields that are the form's own by the same name, and forms that look at nothing but what they are about.
OWN = {("people.person", "group"), ("people.person", "role"), ("people.add", "role"), ("people.invite", "role"), ("ideas.edit", "text_version")}
DEAF = frozenset({"moderation.curated", "moderation.unmerge", "boards.words"})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_form_takes_a_stolen_field(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    taken, found = [], list(every_form(app, cast, scene))
    clients = {who: client_of(getattr(cast, who)) for who in {form.who for form in FORMS.values()}}
    for name, path, fields in found:
        client = clients[FORMS[name].who]
        if name in DEAF:
            assert client.post(path, data=fields).status_code == 303, path
        before = everything()
        for stolen, value in STOLEN.items():
            if stolen not in fields and (name, stolen) not in OWN:
                answer = client.post(path, data={**fields, stolen: str(value)})
                taken += [f"{path} answers {answer.status_code} to {stolen}"] if answer.status_code != (303 if name in DEAF else 400) else []
        taken += [f"{path} wrote {table}" for table, now in everything().items() if now != before[table]]
    assert not taken, "\n".join(["", *taken])
    honest = {name: clients[FORMS[name].who].post(path, data=fields).status_code for name, path, fields in found}
    assert {name for name, status in honest.items() if status == 400} == {"people.sign_in_code", "people.sign_in_password"}, "a refusal would tell nothing"


def test_the_first_administrator_takes_no_more(make_app: Any) -> None:
    app = make_app(people=False)
    path = urlsplit(app.config["SETUP_LINK"]()).path
    with app.app_context():
        before = everything()
        for stolen, value in STOLEN.items():
            assert app.test_client().post(path, data={**FORMS["people.set_up"].fields, stolen: str(value)}).status_code == 400, stolen
        assert {table for table, now in everything().items() if now != before[table]} == set()


def test_a_join_gives_no_rights(app: Flask, cast: Cast, client_of: Any) -> None:
    """CVE class of Fider 74a26a31: the code and the role cannot be brought along."""
    nobody, before = client_of(cast.visitor), everything()
    for stolen in ({"code": "000000"}, {"role": "admin"}, {"group": "management"}, {"person_id": "1"}, {"used_at": ""}):
        assert nobody.post("/sign-in", data={"email": "new@example.org", "name": "New", **stolen}).status_code == 400
    assert {table for table, found in everything().items() if found != before[table]} == set()


def test_a_link_slips_nothing_into_what_is_there(scene: Scene, cast: Cast, client_of: Any) -> None:
    """An address may fill in what is new. A form of what stands shows what stands, so that whoever saves it gives nothing away that a stranger put there."""
    mona, ada = client_of(cast.mona), client_of(cast.ada)
    for client, path, slipped in (
        (mona, f"/boards/{scene.slug}/audience", "read_public=yes&part_groups=customer&hold_first=yes"),
        (mona, f"/boards/{scene.slug}/edit/title", "title=evil.example"),
        (mona, f"/boards/{scene.slug}/hosts", "duty=decider"),
        (client_of(cast.emil), f"/comments/{scene.ids['comment']}/edit", "body=evil.example"),
        (ada, f"/people/{cast.emil.id}", "role=admin&group=management"),
        (ada, "/people/invite", "role=admin&group=management"),
        (ada, "/organisation", "employee_domains=evil.example&customers_may_join=yes&label_customer_one=evil"),
    ):
        pages = [client.get(path), client.get(f"{path}?{slipped}")]
        assert [page.status_code for page in pages] == [200, 200], path
        assert told(pages[0])[2] == told(pages[1])[2], path
