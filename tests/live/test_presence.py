"""How many are here: each person once, in whatever tabs and processes; nobody by name."""

import re
from typing import Any

import pytest
from sqlalchemy import case

from cocreate.core.jobs import run_due
from cocreate.entrypoints.sockets import socketio
from cocreate.eventlog.record import action, touch
from cocreate.eventlog.rooms import person_room
from cocreate.live import jobs, presence
from cocreate.live.actions import note_presence
from cocreate.live.queries import Here, here_elsewhere
from cocreate.live.relay import relay
from cocreate.people.actions import change_person
from cocreate.people.inputs import ChangePerson
from cocreate.people.models import Person
from cocreate.people.waiting_queries import register_told
from tests.cast import Cast
from tests.live.arranging import open_board


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "GAP", 0)


def here(socket: Any) -> Any:
    """What was last told of who is here, None if nothing was."""
    relay.turn()
    heard = socket.heard("presence")
    return (heard[-1]["groups"], heard[-1]["anonymous"]) if heard else None


def test_each_person_counts_once(cast: Cast, socket_of: Any) -> None:
    open_board(public=True)
    mona = socket_of(cast.mona)
    mona.ask("watch", {"board": "b"})
    assert here(mona) == ({"management": 1}, 0)
    tabs = [socket_of(cast.cleo) for _ in range(3)]
    for socket in [*tabs, socket_of(cast.otto), socket_of(cast.visitor), socket_of(cast.visitor)]:
        socket.ask("watch", {"board": "b"})
    assert here(mona) == ({"management": 1, "customer": 2}, 2)
    assert [here(tab) for tab in tabs] == [({"management": 1, "customer": 2}, 2)] * 3
    tabs[0].disconnect()
    tabs[1].ask("unwatch", {"board": "b"})
    assert here(mona) is None
    tabs[2].disconnect()
    assert here(mona) == ({"management": 1, "customer": 1}, 2)


def test_it_names_nobody(cast: Cast, socket_of: Any) -> None:
    open_board()
    mona = socket_of(cast.mona)
    mona.ask("watch", {"board": "b"})
    relay.turn()
    assert mona.heard("presence") == [{"board": "b", "groups": {"management": 1}, "anonymous": 0}]


def test_a_socket_whose_end_was_not_told_is_swept_away(cast: Cast, socket_of: Any) -> None:
    open_board()
    mona, cleo = socket_of(cast.mona), socket_of(cast.cleo)
    for socket in (mona, cleo):
        socket.ask("watch", {"board": "b"})
    assert here(mona) == ({"management": 1, "customer": 1}, 0)
    del socketio.server.environ[cleo.eio_sid]  # so the library leaves one that died while it connected
    assert here(mona) == ({"management": 1}, 0)


def test_a_change_of_group_is_seen(cast: Cast, socket_of: Any) -> None:
    open_board()
    mona, cleo = socket_of(cast.mona), socket_of(cast.cleo)
    for socket in (mona, cleo):
        socket.ask("watch", {"board": "b"})
    assert here(mona) == ({"management": 1, "customer": 1}, 0)
    change_person(cast.ada, cast.cleo.id, ChangePerson(group="partner"))
    assert here(mona) == ({"management": 1, "partner": 1}, 0)


def test_a_board_is_told_once_in_a_while(cast: Cast, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "GAP", 3600)
    open_board()
    mona = socket_of(cast.mona)
    mona.ask("watch", {"board": "b"})
    assert here(mona) is not None
    socket_of(cast.cleo).ask("watch", {"board": "b"})
    assert here(mona) is None


def test_people_in_other_processes_count(cast: Cast, socket_of: Any, clock: Any) -> None:
    board_id = open_board()
    mona = socket_of(cast.mona)
    mona.ask("watch", {"board": "b"})
    note_presence("another", {board_id: Here({cast.mona.id: "management", cast.cleo.id: "customer"}, 2)})
    note_presence("a third", {board_id: Here({cast.cleo.id: "customer"}, 1)})
    assert here(mona) == ({"management": 1, "customer": 1}, 3)
    note_presence("a third", {})
    assert here(mona) == ({"management": 1, "customer": 1}, 2)
    clock.forward(seconds=30)
    assert here(mona) == ({"management": 1}, 0)


def test_the_others_are_told(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    jobs._said.clear()
    mona = socket_of(cast.mona)
    mona.ask("watch", {"board": "b"})
    run_due()
    assert here_elsewhere("another", [board_id]) == {board_id: Here({cast.mona.id: "management"}, 0)}
    assert here_elsewhere(presence.process(), [board_id]) == {}
    mona.disconnect()
    run_due()
    assert here_elsewhere("another", [board_id]) == {}


def test_what_is_ones_own_is_told_to_oneself(cast: Cast, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {cast.cleo.id: 1, cast.otto.id: 1}
    monkeypatch.setattr("cocreate.people.waiting_queries._told", {})
    register_told("inbox", lambda: {"unread": case(counts, value=Person.id)})
    cleo, again, otto, visitor = socket_of(cast.cleo), socket_of(cast.cleo), socket_of(cast.otto), socket_of(cast.visitor)
    relay.turn()
    assert cleo.heard("inbox") == []  # the page says it already
    counts[cast.cleo.id] = 2
    action(lambda: touch(person_room(cast.cleo.id)))()
    relay.turn(looks=False)
    assert cleo.heard("inbox") == again.heard("inbox") == [{"unread": 2}]
    counts[cast.cleo.id] = 3  # written by another process
    relay.turn()
    assert cleo.heard("inbox") == [{"unread": 3}]
    assert otto.heard("inbox") == visitor.heard("inbox") == []


def test_a_page_counts_whoever_reads_it(cast: Cast, client_of: Any, socket_of: Any) -> None:
    """Their socket comes after the page, which does not say meanwhile that nobody is here."""
    board_id = open_board(public=True)
    assert said_to(client_of(cast.cleo)) == {"customer": 1}
    assert said_to(client_of(cast.visitor)) == {"anonymous": 1}
    for person in (cast.mona, cast.cleo, cast.cleo, cast.visitor):
        socket_of(person).ask("watch", {"board": "b"})
    note_presence("another", {board_id: Here({cast.emil.id: "employee"}, 1)})
    relay.turn()
    for person in (cast.cleo, cast.mona, cast.visitor):
        assert said_to(client_of(person)) == {"management": 1, "employee": 1, "customer": 1, "anonymous": 2}
    assert said_to(client_of(cast.piet)) == {"management": 1, "employee": 1, "customer": 1, "partner": 1, "anonymous": 2}


def said_to(client: Any) -> dict[str, int]:
    """Who is here, as a board's page shows it."""
    shown = re.findall(r'data-presence-group="(\w+)">.*?<span data-n>(\d+)</span>', client.get("/boards/b").text)
    return {group: int(number) for group, number in shown}
