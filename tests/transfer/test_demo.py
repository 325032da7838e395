"""The demo's story: told once, in the order of time, and sound."""

from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cocreate.boards.queries import board_as
from cocreate.comments.models import Comment
from cocreate.core.db import db
from cocreate.core.errors import NotFound
from cocreate.eventlog.models import Event
from cocreate.ideas.inputs import ListIdeas
from cocreate.ideas.listing_queries import list_ideas
from cocreate.listening.queries import responses_by
from cocreate.moderation.queries import curated_boards, queue
from cocreate.people.queries import viewer_by_email
from cocreate.stances.actions import cast_stance
from cocreate.stances.queries import own_stances
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.models import Amendment
from cocreate.statements.queries import adopted, statements_on
from cocreate.transfer import demo_visitors
from cocreate.transfer.demo_cast import SCRIPTED
from cocreate.transfer.demo_lines import CHANGES, COMMENTS, LINES
from cocreate.transfer.demo_story import BOARD, tell
from cocreate.transfer.demo_visitors import STILL, act
from cocreate.transfer.doctor import examine
from tests.conftest import MovedClock


@pytest.fixture
def site(make_app: Any) -> Any:
    app: Flask = make_app(people=False, COCREATE_DEMO="1")
    with app.app_context():
        tell()
        yield app


def test_it_is_sound_and_in_the_order_of_time(site: Flask) -> None:
    assert not any(examine().values())
    times = list(db.session.scalars(select(Event.at).order_by(Event.id)))
    assert times == sorted(times)


@pytest.mark.parametrize("hour", [10, 23])
def test_three_things_wait_for_the_moderator(make_app: Any, clock: MovedClock, hour: int) -> None:
    """Whenever one looks: at 23 it is tomorrow already where the story happens."""
    clock.set(clock.now.replace(hour=hour, minute=30))
    app: Flask = make_app(people=False, COCREATE_DEMO="1")
    with app.app_context():
        tell()
        what_waits()


def what_waits() -> None:
    mira = viewer_by_email("mira@halden.example")
    assert mira is not None
    waiting = queue(mira, curated_boards(mira)).items
    assert sorted((row.held or "", row.reports) for row in waiting) == [("", 1), ("", 1), ("links", 0)]


def test_the_promise_rests_on_customers_words(site: Flask) -> None:
    cleo = viewer_by_email("cleo@halden.example")
    assert cleo is not None
    text = adopted(cleo)[0]
    assert len(text.cites) == 2


def test_scripted_visitors_do_what_people_do(site: Flask, clock: MovedClock) -> None:
    selma = viewer_by_email("selma@halden.example")
    assert selma is not None
    for _ in range(12):
        clock.forward(seconds=STILL + 1)
        act(selma)
    assert not any(examine().values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_scripted_visitors_say_everything_once_and_each_what_fits_them(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until all is said; an employee, who does not come back as customers do, comments and suggests changes instead."""
    monkeypatch.setattr(demo_visitors, "TALKATIVE", float("inf"))
    assert sum(map(len, LINES.values())) + len(COMMENTS["Wanda"]) + len(CHANGES["Wanda"]) >= 40
    for part in SCRIPTED:
        viewer = viewer_by_email(part.email)
        assert viewer is not None
        name = part.name.split()[0]
        for _ in range(len(LINES.get(name, ())) + len(COMMENTS.get(name, ())) + 2):
            with suppress(NotFound):  # nothing is left to say, nor to weigh
                act(viewer)
        lines = [row.body for row in responses_by(viewer.id)]
        comments = list(db.session.scalars(select(Comment.body).where(Comment.author_id == viewer.id)))
        changes = list(db.session.scalars(select(Amendment.after).where(Amendment.author_id == viewer.id)))
        assert sorted(lines) == sorted(LINES.get(name, ()))
        assert sorted(comments) == sorted(words for _title, words in COMMENTS.get(name, ()))
        assert len(changes) == (part.group == "employee")  # one at a time: the next when this one is decided
        assert bool(lines) != (part.group == "employee")


def test_scripted_visitors_weigh_what_is_new_and_leave_alone_what_just_moved(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_visitors, "TALKATIVE", 0.0)
    selma, emil = viewer_by_email("selma@halden.example"), viewer_by_email("emil@halden.example")
    assert selma is not None
    assert emil is not None
    (statement,) = statements_on(board_as(emil, BOARD).board.id)
    made = suggest_amendment(emil, statement.id, NewAmendment(after="We ring before we come.", reason="Asked for."))
    act(selma)
    assert own_stances(selma, "amendment", [made])
    for idea in list_ideas(emil, board_as(emil, BOARD).board, ListIdeas()).items:
        cast_stance(emil, idea.ref, 1 if idea.my_stance != "agree" else -1)
    with pytest.raises(NotFound):
        act(selma)


def test_a_site_that_holds_something_is_left_alone(site: Flask) -> None:
    count = db.session.scalar(select(db.func.count(Event.id)))
    assert "already" in site.test_cli_runner().invoke(args=["demo"]).output
    db.session.rollback()
    assert db.session.scalar(select(db.func.count(Event.id))) == count
