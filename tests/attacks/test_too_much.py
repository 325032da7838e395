"""Too much by one person in a short time is refused, says when to come back, and loses nothing that was typed; others are not held up (A18, A21)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cocreate.core import clock as site_clock
from cocreate.core.db import db
from cocreate.entrypoints.limits import AN_HOUR
from cocreate.entrypoints.models import Limit
from cocreate.eventlog.record import action
from cocreate.search.web import MOST
from tests.attacks.filled import BODIES, FORMS
from tests.attacks.scene import Scene, everything, lay_scene
from tests.cast import Cast, find_cast

# By what is counted: the form and the call that count it, and what of the form must still stand there when it is refused.
DOORS: dict[str, tuple[str, str, str]] = {
    "ideas": ("/boards/{slug}/ideas/new", "ideas.new", "api.post_propose /api/v1/boards/{slug}/ideas"),
    "comments": ("/comments/idea:{idea_id}/new", "comments.new", "api.post_comment /api/v1/ideas/{idea_id}/comments"),
    "responses": ("/boards/{slug}/words/new", "listening.new", "api.post_response /api/v1/boards/{slug}/responses"),
    "amendments": ("/statements/{statement_id}/changes/new", "statements.new_change", "api.post_suggest /api/v1/statements/{statement_id}/amendments"),
    "reports": ("/reports/idea:{idea_id}", "moderation.report", ""),
}
ASKING = [
    ("/boards/{slug}/hosts", {"email": "nobody@example.org", "duty": "host"}),
    ("/boards/new", {"kind": "brand", "question": "What?", "context": "First", "hosts": "nobody@example.org"}),
    ("/boards/{slug}/promises/new", {"text": "Mine", "due": "2099-01-01", "owner": "nobody@example.org"}),
]


@pytest.fixture
def app(make_app: Any) -> Iterator[Flask]:
    app = make_app(COCREATE_RATE_LIMITS="on")
    with app.app_context():
        yield app


def laid(cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.emil, "busy", ("management", "employee", "customer", "partner"))


@action
def done_already(person: Any, what: str, often: int) -> None:
    """As if the person had done it so often in this hour."""
    db.session.merge(Limit(key=f"{what}:{person.id}", count=often, until=site_clock.now() + timedelta(hours=1)))


def test_what_people_say_is_limited(app: Flask, cast: Cast, client_of: Any, clock: Any) -> None:
    clock.set(clock.now)
    scene, otto, cleo = laid(cast), client_of(cast.otto), client_of(cast.cleo)
    for what, (path, endpoint, _call) in DOORS.items():
        fields = {name: f"{value} {what}" if name in ("title", "body", "after", "reason") else value for name, value in FORMS[endpoint].fields.items()}
        done_already(cast.otto, what, AN_HOUR[what])
        before = everything()
        answer = otto.post(path.format(**scene.parts), data=fields)
        assert answer.status_code == 429, what
        assert 3500 < int(answer.headers["Retry-After"]) <= 3600
        assert next(value for value in fields.values() if what in value) in answer.text, f"what was typed is gone: {what}"
        assert {name for name, found in everything().items() if found != before[name]} == {"limits"}
        assert cleo.post(path.format(**scene.parts), data=fields).status_code == 303, what
    clock.forward(minutes=61)
    for what, (path, endpoint, _call) in DOORS.items():
        done_already(cast.otto, what, AN_HOUR[what] - 1)
        fields = {**FORMS[endpoint].fields, **({"after": "Otto's."} if what == "amendments" else {})}
        assert otto.post(path.format(**scene.parts), data=fields).status_code == 303, what


def test_calls_count_with_forms(app: Flask, cast: Cast, client_of: Any, clock: Any) -> None:
    """And a call that was refused is not answered the same when it is repeated later."""
    scene, otto = laid(cast), client_of(cast.otto)
    for what, (_path, _endpoint, call) in DOORS.items():
        if call:
            endpoint, path = call.split()
            done_already(cast.otto, what, AN_HOUR[what])
            ask = {"json": BODIES[endpoint], "headers": {"Idempotency-Key": f"one {what}"}}
            answer = otto.post(path.format(**scene.parts), **ask)
            assert (answer.status_code, answer.json["status"], answer.content_type) == (429, 429, "application/problem+json"), what
            assert int(answer.headers["Retry-After"]) > 3500
            done_already(cast.otto, what, 0)
            assert [otto.post(path.format(**scene.parts), **ask).status_code for _ in range(2)] == [201, 201]
            assert db.session.get_one(Limit, f"{what}:{cast.otto.id}").count == 1, "the repeat is answered, not counted"


def test_hosts_do_not_find_out_who_is_here(app: Flask, cast: Cast, client_of: Any) -> None:
    """S10: each of the forms that say whether an address is known counts, together, and no more is told after that."""
    scene, mona = laid(cast), client_of(cast.mona)
    told = []
    for turn in range(AN_HOUR["addresses"] + 3):
        path, fields = ASKING[turn % 3]
        told.append(mona.post(path.format(**scene.parts), data=fields))
    assert [answer.status_code for answer in told] == [400] * AN_HOUR["addresses"] + [429] * 3
    assert all("Nobody here has this address" in answer.text for answer in told[:3])
    assert all("nobody@example.org" in answer.text and "Nobody here has" not in answer.text for answer in told[-3:])
    for path, fields in ASKING:
        known = {name: value.replace("nobody@", "emil@") for name, value in fields.items()}
        assert mona.post(path.format(**scene.parts), data=known).status_code == 429
    assert mona.post(f"/boards/{scene.slug}/promises/new", data={"text": "Mine", "due": "2099-01-01"}).status_code == 303, "without an address nothing is asked"
    path, fields = ASKING[1]
    assert client_of(cast.cleo).post(path, data=fields).status_code == 403, "who may not make a board is told nothing"
    assert db.session.get(Limit, f"addresses:{cast.cleo.id}") is None, "what is refused is not counted"


def test_searching_without_end_is_slowed_down(app: Flask, cast: Cast, client_of: Any) -> None:
    """A21: for that network, whoever searches from it, and only searching."""
    laid(cast)
    there, here = client_of(cast.visitor), client_of(cast.cleo)

    def searched(client: Any, peer: str) -> Any:
        return client.get("/search?q=umbrella", environ_overrides={"REMOTE_ADDR": peer})

    answers = [searched(there, "203.0.113.7") for _ in range(MOST + 1)]
    assert [answer.status_code for answer in answers] == [200] * MOST + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 10
    assert "That was too often in a short time" in answers[-1].text
    assert searched(here, "203.0.113.7").status_code == 429
    assert searched(here, "198.51.100.1").status_code == 200
    assert there.get("/boards", environ_overrides={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
    assert db.session.query(Limit).count() == 0, "what only reads writes nothing"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_load_tests_are_not_limited(make_app: Any, client_of: Any) -> None:
    app = make_app(COCREATE_RATE_LIMITS="off")
    with app.app_context():
        cast = find_cast()
        done_already(cast.otto, "ideas", 10_000)
        scene = laid(cast)
        otto = app.test_client().sign_in(cast.otto)
        assert otto.post(f"/boards/{scene.slug}/ideas/new", data={"title": "One more"}).status_code == 303
