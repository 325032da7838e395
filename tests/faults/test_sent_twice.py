"""What is sent twice is done once: by the key that a call carries, and by the key that a form was drawn with."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cocreate.comments.models import Comment
from cocreate.core.db import db
from cocreate.core.errors import Conflict
from cocreate.entrypoints.limits import AN_HOUR
from cocreate.entrypoints.once import Key, once
from cocreate.ideas.models import Idea
from cocreate.people.groups import GROUPS
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.queries import statements_on
from tests.attacks.filled import FORMS, every_form
from tests.attacks.scene import everything, lay_scene
from tests.cast import Cast, find_cast
from tests.people.comings import come_in
from tests.stage import open_board, propose

IDEAS = "/api/v1/boards/here/ideas"


@pytest.mark.parametrize(("hours", "is_the_same"), [(23, True), (25, False)])
def test_a_key_is_remembered_for_a_day(cast: Cast, client_of: Any, clock: Any, hours: int, is_the_same: bool) -> None:
    """After that it may be used anew, whether or not the old one was swept away."""
    open_board("here")
    cleo = client_of(cast.cleo)

    def ask() -> Any:
        return cleo.post(IDEAS, json={"title": "Once"}, headers={"Idempotency-Key": "k"})

    clock.forward(seconds=0)
    made = ask().json["id"]
    clock.forward(hours=hours)
    later = ask()
    assert later.status_code == 201
    assert (later.json["id"] == made) is is_the_same
    assert ask().json["id"] == later.json["id"]


def test_who_comes_second_at_the_same_moment_is_answered_like_the_first(cast: Cast) -> None:
    """Both have looked for the key before either was done; what the first did is why the second is refused."""
    board_id, key = open_board("here"), Key(cast.cleo.id, "ideas.new", "k", "same")

    def first() -> int:
        return propose(cast.cleo, board_id, "Once")

    def second() -> int:
        once(key, first, lambda made: made)
        raise Conflict("Exactly this is here already.")

    assert once(key, second, lambda made: made) == 1
    assert list(db.session.scalars(select(Idea.title))) == ["Once"]


# What leaves nobody on the board, or nothing to weigh, is sent after the others.
LAST = ("moderation.merge", "moderation.unmerge", "boards.audience", "boards.state")
# They carry no key, as they set a state.
STATES = frozenset({"moderation.curated", "moderation.merge", "moderation.unmerge", "notifications.settings", "stances.stance"})
# Made anew each time, as the secret is on that one page only; and one that asks for the password as it was before.
AGAIN = frozenset({"people.invite", "people.tokens", "people.own_password"})


def test_a_form_sent_twice_is_done_once(app: Flask, cast: Cast, client_of: Any) -> None:
    """Its answer was lost, say: the second is like the first, and nothing is there twice. A form drawn anew is another one."""
    scene = lay_scene(cast.mona, cast.emil, groups=GROUPS)
    open_board("bare", cast.mona)
    (begun,) = statements_on(open_board("begun", cast.mona, kind="brand"))
    other = NewAmendment(before="", after="We call you first.", reason="Asked for often")
    elsewhere = {
        "statements.start": "/boards/bare/statement/new",
        "statements.words": f"/statements/{begun.id}/words",
        "statements.decline": f"/amendments/{suggest_amendment(cast.emil, scene.ids['statement'], other)}/decline",
    }
    clients = {who: client_of(getattr(cast, who)) for who in {form.who for form in FORMS.values()} - {"visitor"}}
    forms = {name: (elsewhere.get(name, path), fields) for name, path, fields in every_form(app, cast, scene) if FORMS[name].who in clients}
    assert {*LAST, *AGAIN, *elsewhere} <= set(forms)
    for name in sorted(set(forms) - AGAIN, key=lambda name: (name in LAST, name)):
        client, (path, fields) = clients[FORMS[name].who], forms[name]
        sent = dict(re.findall(r'type="hidden" name="(once|text_version)" value="([^"]+)"', client.get(path).text)) | fields
        assert ("once" in sent) != (name in STATES), name
        answer, after = client.post(path, data=sent), everything()
        assert answer.status_code == 303, name
        again = client.post(path, data=sent)
        assert (again.status_code, again.headers.get("Location")) == (303, answer.headers["Location"]), name
        assert {table for table, rows in everything().items() if rows != after[table]} == set(), name


def test_a_form_drawn_anew_is_another_one(cast: Cast, client_of: Any) -> None:
    """With the same words or others."""
    cleo, path = client_of(cast.cleo), f"/comments/idea:{propose(cast.emil, open_board('here'), 'A bell')}/new"
    for words in ("So do I", "So do I", "So do you"):
        assert cleo.post(path, data={"body": words, "once": drawn_with(cleo.get(path))}).status_code == 303
    assert sorted(db.session.scalars(select(Comment.body))) == ["So do I", "So do I", "So do you"]


def test_other_words_with_the_same_key_are_not_lost(cast: Cast, client_of: Any) -> None:
    """Corrected after the answer was lost: both are there, as two were sent."""
    open_board("here")
    cleo = client_of(cast.cleo)
    for title in ("A bell", "A bel", "A bell"):
        assert cleo.post("/boards/here/ideas/new", data={"title": title, "once": "k"}).status_code == 303
    assert sorted(db.session.scalars(select(Idea.title))) == ["A bel", "A bell"]


def test_the_key_goes_along_through_errors_and_through_signing_in(cast: Cast, client_of: Any) -> None:
    open_board("here", read_public=True)
    cleo, path = client_of(cast.visitor), "/boards/here/ideas/new"
    key = drawn_with(cleo.get(path))
    assert drawn_with(cleo.post(path, data={"title": "", "once": key})) == key
    sent = {"title": "A bell", "once": key}
    cleo.post(path, data=sent)
    shown = cleo.get("/sign-in").text
    assert "A bell" in shown
    assert key not in shown
    assert come_in(cleo, "cleo@example.org").status_code == 303
    assert cleo.post(path, data=sent).status_code == 303
    assert list(db.session.scalars(select(Idea.title))) == ["A bell"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_counting_tries_is_beside_the_matter(make_app: Any) -> None:
    """What is done once is what a form asks for, though the count of tries is written before it."""
    app = make_app(COCREATE_RATE_LIMITS="on")
    with app.app_context():
        cast = find_cast()
        open_board("here")
        cleo = app.test_client().sign_in(cast.cleo)
        sent = {"title": "A bell", "once": drawn_with(cleo.get("/boards/here/ideas/new"))}
        for _ in range(AN_HOUR["ideas"] + 2):  # what was done before is not counted again
            assert cleo.post("/boards/here/ideas/new", data=sent).headers["Location"] == "/ideas/1"
        assert list(db.session.scalars(select(Idea.title))) == ["A bell"]


def drawn_with(page: Any) -> str:
    """The key of the form on a page."""
    found = re.search(r'name="once" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]
