"""A visitor's words survive signing in."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Blueprint, Response, make_response
from flask_babel import gettext as _
from sqlalchemy import text

from cocreate.core.db import db
from cocreate.core.errors import BadInput, Refused
from cocreate.core.outbox import put_mail
from cocreate.entrypoints.forms import Form, add_form, see_other, signed_in
from cocreate.eventlog.record import action
from cocreate.people.actions import suspend_person
from cocreate.people.signin_actions import end_other_sessions, start_session
from tests.attacks.scene import lay_scene
from tests.people.comings import come_in, link_for, name_here
from tests.stage import an_idea, open_board

TOLD = "words@example.org"


def forms() -> Blueprint:
    """A slice with one form, and one that only Cleo may use."""
    blueprint = Blueprint("words", __name__)

    def show(form: Form, board: int) -> str:
        return f"board {board}: {form['words']} {form.error('words')}"

    def save(fields: Any, board: int) -> Response:
        viewer = signed_in()
        if fields["words"] == "too short":
            raise BadInput({"words": [_("Write something here.")]})
        if fields["words"] == "broken":
            raise RuntimeError("a fault of ours")
        if board == 2 and viewer.name != "Cleo":
            raise Refused("Your group reads here but does not take part.")
        action(put_mail)(TOLD, f"{viewer.name} on {board}", fields["words"])
        return see_other(f"/there/{board}", said="It is there.")

    add_form(blueprint, "/words/<int:board>", "write", show, save)
    blueprint.add_url_rule("/there/<int:board>", "there", lambda board: make_response(f"there {board}"))
    return blueprint


@pytest.fixture
def app(make_app: Any) -> Iterator[Any]:
    app = make_app()
    app.register_blueprint(forms())
    with app.app_context():
        yield app


@pytest.fixture
def told(outbox: Any) -> Any:
    return lambda: [(mail.subject, mail.body) for mail in outbox(TOLD)]


def test_written_first_signed_in_second(cast: Any, client_of: Any, told: Any) -> None:
    cleo = client_of(cast.visitor)
    answer = cleo.post("/words/1", data={"words": "I come back <because>"})
    assert answer.headers["Location"] == "/sign-in?next=/words/1"
    assert "I come back &lt;because&gt;" in cleo.get(answer.headers["Location"]).text
    assert told() == []
    answer = come_in(cleo, "cleo@example.org")
    assert answer.headers["Location"] == "/there/1"
    assert name_here(cleo) == "Cleo"
    assert told() == [("Cleo on 1", "I come back <because>")]


def test_sent_once_only(cast: Any, client_of: Any, told: Any) -> None:
    cleo = client_of(cast.visitor)
    cleo.post("/words/1", data={"words": "once"})
    come_in(cleo, "cleo@example.org")
    cleo.post("/sign-out")
    come_in(cleo, "cleo@example.org")
    assert len(told()) == 1


def test_all_that_was_written_is_sent(cast: Any, client_of: Any, told: Any) -> None:
    cleo = client_of(cast.visitor)
    for board, words in ((1, "first"), (3, "second"), (1, "first, better")):
        cleo.post(f"/words/{board}", data={"words": words})
    come_in(cleo, "cleo@example.org")
    assert told() == [("Cleo on 3", "second"), ("Cleo on 1", "first, better")]


def test_a_session_that_died_loses_nothing(cast: Any, client_of: Any, told: Any, clock: Any) -> None:
    cleo = client_of(cast.cleo)
    clock.forward(days=20)
    assert cleo.post("/words/1", data={"words": "typed for an hour"}).headers["Location"].startswith("/sign-in")
    come_in(cleo, "cleo@example.org")
    assert told() == [("Cleo on 1", "typed for an hour")]


def test_what_cannot_be_used_comes_back_on_its_page(cast: Any, client_of: Any, told: Any) -> None:
    cleo = client_of(cast.visitor)
    cleo.post("/words/1", data={"words": "too short"})
    answer = come_in(cleo, "cleo@example.org")
    assert answer.status_code == 400
    assert "board 1: too short Write something here." in answer.text
    assert name_here(cleo) == "Cleo"
    assert told() == []


@pytest.mark.parametrize(("words", "board", "reason"), [("mine to say", 2, "does not take part"), ("broken", 1, "on our side")])
def test_what_is_refused_is_shown_whole(cast: Any, client_of: Any, told: Any, words: str, board: int, reason: str) -> None:
    emil = client_of(cast.visitor)
    emil.post(f"/words/{board}", data={"words": words})
    answer = come_in(emil, "emil@example.org")
    assert words in answer.text
    assert reason in answer.text
    assert name_here(emil) == "Emil"
    assert told() == []


def test_one_of_two_refused(cast: Any, client_of: Any, told: Any) -> None:
    emil = client_of(cast.visitor)
    emil.post("/words/2", data={"words": "refused here"})
    emil.post("/words/1", data={"words": "welcome there"})
    answer = come_in(emil, "emil@example.org")
    assert "refused here" in answer.text
    assert "welcome there" not in answer.text
    assert told() == [("Emil on 1", "welcome there")]


def test_old_words_are_asked_about_first(cast: Any, client_of: Any, told: Any, clock: Any) -> None:
    shared = client_of(cast.visitor)
    shared.post("/words/1", data={"words": "left by somebody"})
    clock.forward(hours=3)
    answer = come_in(shared, "cleo@example.org")
    assert "left by somebody" in answer.text
    assert 'action="/words/1"' in answer.text
    assert told() == []


def test_whoever_sits_there_may_drop_them(cast: Any, client_of: Any, told: Any) -> None:
    shared = client_of(cast.visitor)
    shared.post("/words/1", data={"words": "not mine"})
    shared.post("/sign-in/forget")
    assert "not mine" not in shared.get("/sign-in").text
    come_in(shared, "cleo@example.org")
    assert told() == []


def test_words_stay_where_they_were_written(app: Any, cast: Any, client_of: Any, told: Any) -> None:
    """Somebody who writes, asks for a code in another's name and has them open its link, must not speak as them."""
    eve, cleo = client_of(cast.visitor), client_of(cast.visitor)
    eve.post("/words/1", data={"words": "put into her mouth"})
    eve.post("/sign-in", data={"email": "cleo@example.org"})
    path = link_for(app, "cleo@example.org").removeprefix("http://localhost")
    assert "it waits where you wrote it" in cleo.get(path).text
    cleo.post(path)
    assert name_here(cleo) == "Cleo"
    assert told() == []


def test_words_of_a_suspended_person_are_not_sent(cast: Any, client_of: Any, told: Any) -> None:
    otto = client_of(cast.otto)
    suspend_person(cast.ada, cast.otto.id)
    assert otto.post("/words/1", data={"words": "still here"}).headers["Location"].startswith("/sign-in")
    assert told() == []


def test_a_session_that_ended_on_a_board_that_is_not_public(cast: Any, client_of: Any) -> None:
    """Whoever was signed in is led to sign in again, whatever the address, and all that they sent is there once. Who never was learns nothing."""
    scene = lay_scene(cast.mona, cast.mona, groups=("management", "employee", "customer", "partner"))
    ids, words = scene.ids, "Typed on a board for the four groups"
    sent = {
        f"/boards/{scene.slug}/ideas/new": {"title": words},
        f"/comments/idea:{ids['idea']}/new": {"body": words},
        f"/statements/{ids['statement']}/changes/new": {"before": "", "after": f"{words}.", "reason": "Why"},
        f"/ideas/{ids['idea']}/answer": {"status": "planned", "body": words},
        f"/boards/{scene.slug}/words/new": {"body": words},
    }
    mona, visitor = client_of(cast.mona), client_of(cast.visitor)
    end_other_sessions(start_session(cast.mona.id, "elsewhere"))
    for path, fields in sent.items():
        assert visitor.post(path, data=fields).status_code == 404
        assert mona.post(path, data=fields).headers["Location"] == f"/sign-in?next={path}"
    nowhere = "/boards/zzzzzzzzzzzz/ideas/new"
    assert mona.post(nowhere, data={"title": "Where is this?"}).headers["Location"] == f"/sign-in?next={nowhere}"
    answer = come_in(mona, "mona@example.org")
    assert "Where is this?" in answer.text
    assert words not in answer.text
    for column in ("ideas.title", "comments.body", "amendments.after", "answers.body", "responses.body"):
        count = text(f"SELECT count(*) FROM {column.partition('.')[0]} WHERE {column} LIKE :words")
        assert db.session.scalar(count, {"words": f"{words}%"}) == 1, column
    assert mona.post(nowhere, data={"title": "Where is this?"}).status_code == 404


def test_what_waits_is_said_in_words(cast: Any, client_of: Any) -> None:
    """A stance is the stance and what it is about; where the form was is nothing that anybody said."""
    idea = an_idea(cast.mona, open_board("here", read_public=True), "Bikes by <rail>")
    visitor = client_of(cast.visitor)
    visitor.post(f"/stances/{idea}", data={"stance": "pass", "back": "/boards/a-very-long-way-back"})
    assert '<blockquote class="yours">Not sure: “Bikes by &lt;rail&gt;”</blockquote>' in visitor.get("/sign-in").text
    visitor.post("/words/1", data={"words": "typed", "back": "/boards/a-very-long-way-back"})
    page = visitor.get("/sign-in").text
    assert page.count('<blockquote class="yours">') == 2
    assert '<blockquote class="yours">typed</blockquote>' in page
    assert "a-very-long-way-back" not in page
