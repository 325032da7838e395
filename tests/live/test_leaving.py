"""Whoever may not hear any more hears nothing more: each way of losing a right, tried with somebody who heard before."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cocreate.boards.actions import edit_audience
from cocreate.boards.inputs import EditAudience
from cocreate.core.db import db
from cocreate.entrypoints import sockets as door
from cocreate.live import fanout, seats
from cocreate.live.relay import relay
from cocreate.people.actions import change_person, make_token, restore_person, suspend_person
from cocreate.people.groups import Group
from cocreate.people.inputs import ChangePerson, NewToken
from cocreate.people.models import Session, Token
from cocreate.people.signin_actions import end_session, note_use, revoke_token
from cocreate.people.viewer import Organisation
from cocreate.stances.actions import cast_stance
from tests.cast import Cast
from tests.clients import open_socket
from tests.live.arranging import open_board, until
from tests.stage import an_idea

INSIDE: list[Group] = ["management", "employee"]
EVERYBODY: list[Group] = ["management", "employee", "customer", "partner"]


def names(socket: Any) -> set[str]:
    """What came since last asked; also to one that is not connected any more."""
    found = {message["name"] for message in socket.queue}
    socket.queue.clear()
    return found


def something_happens(cast: Cast, board_id: int) -> None:
    ref = an_idea(cast.emil, board_id)
    cast_stance(cast.mona, ref, 1)


def narrow(cast: Cast, board_id: int) -> None:
    edit_audience(Organisation(), board_id, EditAudience(part_groups=INSIDE))


def suspend(cast: Cast, _board_id: int) -> None:
    suspend_person(cast.ada, cast.cleo.id)


def sign_out(cast: Cast, _board_id: int) -> None:
    for session_id in db.session.scalars(select(Session.id).where(Session.person_id == cast.cleo.id)).all():
        end_session(cast.cleo, session_id)


def move_to_another_group(cast: Cast, board_id: int) -> None:
    edit_audience(Organisation(), board_id, EditAudience(part_groups=[*INSIDE, "customer"]))
    change_person(cast.ada, cast.cleo.id, ChangePerson(group="partner"))


@pytest.mark.parametrize("lose", [narrow, suspend, sign_out, move_to_another_group])
@pytest.mark.parametrize("looks", [True, False])
def test_nothing_more_is_heard(cast: Cast, socket_of: Any, lose: Callable[[Cast, int], None], looks: bool) -> None:
    board_id = open_board()
    cleo, emil = socket_of(cast.cleo), socket_of(cast.emil)
    for socket in (cleo, emil):
        assert socket.ask("watch", {"board": "b"})["ok"]
    something_happens(cast, board_id)
    relay.turn(looks)
    assert names(cleo) >= {"event", "tally"}
    lose(cast, board_id)
    something_happens(cast, board_id)
    relay.turn(looks)
    assert "event" in names(emil)
    assert names(cleo) <= {"unwatched"}
    something_happens(cast, board_id)
    relay.turn()
    assert names(cleo) == set()


def leave_the_audience(cast: Cast) -> None:
    change_person(cast.ada, cast.cleo.id, ChangePerson(group="partner"))


def stop_moderating(cast: Cast) -> None:
    change_person(cast.ada, cast.mira.id, ChangePerson(role="member"))


@pytest.mark.parametrize(
    ("who", "groups", "lose"),
    [("cleo", [*INSIDE, "customer"], leave_the_audience), ("mira", ["management", "customer"], stop_moderating)],
    ids=["group", "role"],
)
def test_a_change_of_a_person_is_enough(cast: Cast, socket_of: Any, who: str, groups: list[Group], lose: Callable[[Cast], None]) -> None:
    """Nothing happens on the board, and nobody looks by themselves: the seat is gone in the same turn, before who is here is told."""
    open_board(groups=groups)
    leaving, mona = socket_of(getattr(cast, who)), socket_of(cast.mona)
    for socket in (leaving, mona):
        assert socket.ask("watch", {"board": "b"})["ok"]
    relay.turn()
    assert "presence" in names(leaving)
    lose(cast)
    relay.turn(looks=False)
    assert names(leaving) == {"unwatched"}
    assert leaving.is_connected()
    assert not leaving.ask("watch", {"board": "b"})["ok"]


def test_a_session_that_idles_out_ends_its_socket(cast: Cast, socket_of: Any, clock: Any) -> None:
    """Hearing is no use of a session: moderators' end after 8 hours without a page, members' after 14 days."""
    open_board()
    mira, cleo = socket_of(cast.mira), socket_of(cast.cleo)
    for hours, of_mira, of_cleo in ((7, True, True), (2, False, True), (300, False, True), (40, False, False)):
        clock.forward(hours=hours)
        relay.turn()
        until(lambda here=(of_mira, of_cleo): (mira.is_connected(), cleo.is_connected()) == here)  # type: ignore[misc]


def test_no_use_makes_a_session_last_longer_than_its_day(cast: Cast, socket_of: Any, clock: Any) -> None:
    open_board()
    mira = socket_of(cast.mira)
    mira.ask("watch", {"board": "b"})
    (viewer,) = [principal.viewer for principal in door.principals.values()]
    for _hour in range(3):
        clock.forward(hours=7)
        note_use(viewer)
        relay.turn()
        assert mira.is_connected()
    clock.forward(hours=4)
    relay.turn()
    until(lambda: not mira.is_connected())


def test_a_revoked_token_ends_its_socket(app: Flask, cast: Cast, client_of: Any) -> None:
    board_id = open_board()
    token = make_token(cast.cleo, cast.cleo.id, NewToken(name="ear"))
    cleo = open_socket(client_of(cast.visitor), {"token": token})
    assert cleo.ask("watch", {"board": "b"})["ok"]
    something_happens(cast, board_id)
    relay.turn()
    assert "event" in names(cleo)
    revoke_token(cast.cleo, db.session.scalars(select(Token.id)).one())
    something_happens(cast, board_id)
    relay.turn(looks=False)
    until(lambda: not cleo.is_connected())
    assert "event" not in names(cleo)
    assert not open_socket(client_of(cast.visitor), {"token": token}).is_connected()


def test_the_suspended_are_cut_off_and_come_back_when_restored(cast: Cast, socket_of: Any, client_of: Any) -> None:
    open_board()
    cleo = socket_of(cast.cleo)
    cleo.ask("watch", {"board": "b"})
    suspend_person(cast.ada, cast.cleo.id)
    relay.turn(looks=False)
    until(lambda: not cleo.is_connected())
    restore_person(cast.ada, cast.cleo.id)
    again = socket_of(cast.cleo)
    assert again.ask("watch", {"board": "b", "since": 0})["ok"]


def test_nothing_is_sent_to_who_was_let_go_but_is_not_gone_yet(cast: Cast, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    open_board()
    cleo = socket_of(cast.cleo)
    cleo.ask("watch", {"board": "b"})
    (sid,) = door.principals
    monkeypatch.setattr(door.socketio, "start_background_task", lambda *_: None)
    door.hang_up(sid)
    fanout.send("event", [{"seq": 3}], [sid])
    assert cleo.is_connected()
    assert names(cleo) == set()
    assert cleo.ask("watch", {"board": "b"}) == {"ok": False, "error": "not_found"}


def test_an_ended_session_leaves_the_other_one(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    first, second = socket_of(cast.cleo), socket_of(cast.cleo)
    for socket in (first, second):
        socket.ask("watch", {"board": "b"})
    ended = db.session.scalars(select(Session.id).where(Session.person_id == cast.cleo.id).order_by(Session.id)).first()
    assert ended is not None
    end_session(cast.cleo, ended)
    relay.turn(looks=False)
    until(lambda: not first.is_connected())
    something_happens(cast, board_id)
    relay.turn()
    assert "event" in names(second)


def test_who_joins_the_audience_may_watch(cast: Cast, socket_of: Any) -> None:
    board_id = open_board(groups=INSIDE)
    otto = socket_of(cast.otto)
    assert not otto.ask("watch", {"board": "b"})["ok"]
    edit_audience(Organisation(), board_id, EditAudience(part_groups=EVERYBODY))
    assert otto.ask("watch", {"board": "b"})["ok"]


def test_what_a_right_hid_is_not_made_up_for(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    cleo = socket_of(cast.cleo)
    cleo.ask("watch", {"board": "b"})
    narrow(cast, board_id)
    relay.turn()
    something_happens(cast, board_id)
    assert cleo.ask("watch", {"board": "b", "since": 0}) == {"ok": False, "error": "not_found"}
    assert names(cleo) == {"unwatched"}


def test_a_socket_that_ended_inside_a_view_is_still_its_own(app: Flask, cast: Cast, socket_of: Any) -> None:
    """Trap 4: while a disconnect handler runs inside a view, `g` and the cookie are those of whoever kicked."""
    open_board()
    cleo, ada = socket_of(cast.cleo), socket_of(cast.ada)
    for socket in (cleo, ada):
        socket.ask("watch", {"board": "b"})
    left: list[tuple[str, str]] = []
    (sid,) = [sid for sid, principal in door.principals.items() if principal.viewer.id == cast.cleo.id]
    door.on_leave(lambda gone: left.append((gone, threading.current_thread().name)))
    try:
        with app.test_request_context("/people"):
            door.hang_up(sid)
        until(lambda: not cleo.is_connected())
    finally:
        door._leaving.pop()
    assert [gone for gone, _ in left] == [sid]
    assert [principal.viewer.id for principal in door.principals.values()] == [cast.ada.id]
    assert [len(board.seats) for board in seats.watched.values()] == [1]


def test_a_disconnect_sent_as_a_message_changes_nothing(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    cleo = socket_of(cast.cleo)
    cleo.ask("watch", {"board": "b"})
    cleo.emit("disconnect")
    assert cleo.emit("connect", {}, {"token": "x"}, callback=True) == {"ok": False, "error": "bad_request"}
    something_happens(cast, board_id)
    relay.turn()
    assert "event" in names(cleo)


def test_a_client_that_asks_without_end_is_hung_up_on(make_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_ASKED", 5)
    app = make_app(COCREATE_RATE_LIMITS="on")
    socket = open_socket(app.test_client())
    asked = [socket.ask("watch", {"board": "nowhere"})["error"] for _ in range(6)] if socket.is_connected() else []
    assert asked == ["not_found"] * 5 + ["too_many"]
    until(lambda: not socket.is_connected())
