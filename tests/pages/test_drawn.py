"""What is drawn once for everybody is never out of date: after each change a page is the same as one that was drawn anew."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, before_render_template
from sqlalchemy import event

from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.entrypoints import drawing
from cocreate.entrypoints.drawing import Drawn
from cocreate.ideas.actions import answer_ideas, edit_idea
from cocreate.ideas.curation_actions import hide_idea
from cocreate.ideas.inputs import EditIdea, NewAnswer
from cocreate.people.actions import change_person, edit_organisation
from cocreate.people.inputs import ChangePerson, EditOrganisation
from cocreate.people.viewer import Organisation
from cocreate.stances.actions import cast_stance
from tests.cast import Cast
from tests.stage import open_board, propose

TRIES = 200  # PostgreSQL counts what is written in all its databases, so that a page may be drawn anew for a neighbour's sake


def pieces(text: str) -> list[str]:
    """The cards and the words for scripts, without what differs each time."""
    return re.findall(r"<article.+?</article>|<template id=\"words\">.+?</template>", re.sub(r'name="csrf_token" value="[^"]+"', "", text), re.DOTALL)


def test_what_is_kept_is_as_if_drawn_anew(app: Flask, cast: Cast, client_of: Callable[..., Any], clock: Any) -> None:
    board_id = open_board("drawn", host=cast.mona, read_public=True)
    idea = Ref("idea", propose(cast.emil, board_id, "Lend one", "When it rains."))
    named = {"employee": {"one": "a colleague", "many": "colleagues"}}
    changes: list[Callable[[], Any]] = [
        lambda: cast_stance(cast.cleo, idea, 1),
        lambda: cast_stance(cast.cleo, idea, -1),
        lambda: cast_stance(cast.piet, idea, 1),
        lambda: edit_idea(cast.emil, idea.id, EditIdea(title="Lend two"), ""),
        lambda: edit_idea(cast.emil, idea.id, EditIdea(tags=["rain"]), ""),
        lambda: post_comment(cast.cleo, idea, NewComment(body="How long?"), "<p>How long?</p>"),
        lambda: change_person(Organisation(), cast.emil.id, ChangePerson(name="Emilio")),
        lambda: edit_organisation(cast.ada, EditOrganisation(name="Us", labels=named)),  # type: ignore[arg-type]
        lambda: clock.forward(days=60),
        lambda: answer_ideas(cast.mona, [idea.id], NewAnswer(status="planned", body="In spring."), "<p>In spring.</p>"),
    ]
    readers = [client_of(person) for person in (cast.visitor, cast.cleo, cast.otto)]

    def look() -> list[list[str]]:
        return [pieces(reader.get("/boards/drawn?sort=new").text) for reader in readers]

    before = look()
    for change in changes:
        change()
        after = look()
        app.jinja_env.globals["drawn"] = Drawn().draw
        app.extensions["cocreate_pages"].clear()
        assert after == look()
        assert after != before
        before = after


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_little_is_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_KEPT", 3)
    calls: list[int] = []

    def shown(number: int) -> str:
        calls.append(number)
        return str(number)

    shown.name = "shown"  # type: ignore[attr-defined]
    store = Drawn()
    with app.test_request_context("/"):
        for number in (1, 2, 3, 1, 4, 1, 2):
            assert store.draw(shown, number) == str(number)
    assert calls == [1, 2, 3, 4, 2]  # 2 made room, as 1 was asked for in between


def test_a_page_is_drawn_once_for_all_visitors(app: Flask, cast: Cast, client_of: Callable[..., Any]) -> None:
    board_id = open_board("alike", host=cast.mona, read_public=True)
    idea_id = propose(cast.emil, board_id, "Lend one", "When it rains.")
    drawn: list[str] = []
    meanwhile: list[Callable[[], Any]] = []

    def note(_app: Flask, template: Any, **_more: Any) -> None:
        drawn.append(template.name)
        if meanwhile:
            with app.app_context():
                meanwhile.pop()()

    def open_page(client: Any) -> str:
        drawn.clear()
        return str(client.get("/boards/alike?sort=new").text)

    before_render_template.connect(note, app)
    first, second, reader = client_of(cast.visitor), client_of(cast.visitor), client_of(cast.cleo)
    page = open_page(first)
    assert "Lend one" in page
    assert drawn == ["pages/board.html"]
    assert any(open_page(first) == open_page(second) and not drawn for _ in range(TRIES))
    other = client_of(cast.visitor)
    other.set_cookie("of-the-proxy", "1")  # says nothing of who somebody is
    assert any(open_page(first) == open_page(other) and not drawn for _ in range(TRIES))
    assert "data-csrf" in open_page(reader)
    assert "data-csrf" not in open_page(second)

    assert second.post("/boards/alike/ideas/new", data={"title": "Mine, for later"}).status_code == 303
    open_page(second)
    assert drawn == ["pages/board.html"]  # who carries something has a page of their own

    hide_idea(cast.mona, idea_id)
    assert "Lend one" not in open_page(first)
    meanwhile.append(lambda: propose(cast.emil, board_id, "Lend two", "When it rains."))
    assert "Lend two" not in first.get("/boards/alike").text  # it was written while this page was drawn
    assert not meanwhile
    assert "Lend two" in first.get("/boards/alike").text


def test_a_page_that_was_kept_comes_as_it_was_drawn(app: Flask, cast: Cast, client_of: Callable[..., Any], caplog: pytest.LogCaptureFixture) -> None:
    """With the same headers, a name of its own, and its line in the log; not to who asks for it by another name, or with a method that changes things."""
    open_board("alike", read_public=True)
    caplog.set_level("INFO")
    client, drawn = client_of(cast.visitor), []
    before_render_template.connect(lambda _app, template, **_more: drawn.append(template.name), app, weak=False)
    answers = [client.get("/boards/alike")]
    while len(answers) < TRIES and len(answers) == len(drawn):
        answers.append(client.get("/boards/alike"))
    first, kept = answers[-2:]
    assert len(drawn) == len(answers) - 1
    one, other = dict(first.headers), dict(kept.headers)
    assert one.pop("X-Request-Id") != other.pop("X-Request-Id")
    assert one == other
    told = [record for record in caplog.records if getattr(record, "path", "") == "/boards/alike"]
    assert [(record.method, record.status) for record in told] == [("GET", 200)] * len(answers)  # type: ignore[attr-defined]
    assert client.get("/boards/alike", base_url="http://elsewhere.example").status_code == 400
    assert client.head("/boards/alike").data == b""
    assert client.post("/boards/alike").status_code in (403, 405)


def test_a_list_that_is_kept_shows_everybody_their_own_stance(app: Flask, cast: Cast, client_of: Callable[..., Any], query_count: Any) -> None:
    """What was found is asked for once while nothing is written; one's own stance each time. What is written while a page is read is on the next one."""
    board_id = open_board("kept", read_public=True)
    idea = Ref("idea", propose(cast.emil, board_id, "Lend one", "When it rains."))
    cast_stance(cast.cleo, idea, 1)
    address = "/api/v1/boards/kept/ideas"
    readers = {person.id: client_of(person) for person in (cast.cleo, cast.emil, cast.visitor)}

    def stances() -> list[str | None]:
        return [item["my_stance"] for reader in readers.values() for item in reader.get(address).json["items"]]

    for _ in range(2):
        assert stances() == ["agree", None, None]
    cast_stance(cast.emil, idea, -1)
    for _ in range(2):
        assert stances() == ["agree", "disagree", None]

    taken = []
    for _ in range(TRIES):
        with query_count() as statements:
            readers[cast.cleo.id].get(address)
        taken.append(len(statements))
        if taken[-1] == 2 + (app.config["SETTINGS"].database_url[:4] == "post"):  # who asks, their stances, and on PostgreSQL whether something was written
            break
    assert taken[-1] < 4

    meanwhile = [lambda: edit_idea(cast.emil, idea.id, EditIdea(title="Lend two"), "")]

    def write_once(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if meanwhile and "sessions" in statement:  # who asks is known, the list not yet
            with app.app_context():
                meanwhile.pop()()

    event.listen(db.engine, "after_cursor_execute", write_once)
    readers[cast.cleo.id].get(address)
    event.remove(db.engine, "after_cursor_execute", write_once)
    assert not meanwhile
    assert readers[cast.cleo.id].get(address).json["items"][0]["title"] == "Lend two"
