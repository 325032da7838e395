"""What watchers hear: events in order and once, tallies, catching up; and that Otto hears nothing."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from cocreate.boards.actions import edit_words
from cocreate.boards.inputs import EditWords
from cocreate.core.db import db
from cocreate.entrypoints.sockets import principals
from cocreate.eventlog.models import Stream
from cocreate.eventlog.record import action
from cocreate.ideas.curation_actions import hide_idea, show_idea
from cocreate.live import relay as relays, seats, sockets
from cocreate.live.relay import relay
from cocreate.people.groups import Group
from cocreate.people.viewer import Organisation
from cocreate.stances.actions import cast_stance
from tests.cast import Cast
from tests.live.arranging import open_board
from tests.stage import an_idea, crowd

INSIDE: list[Group] = ["management", "employee"]


def watching(socket_of: Any, person: Any, **since: Any) -> Any:
    socket = socket_of(person)
    answer = socket.ask("watch", {"board": "b", **since})
    assert answer["ok"] is True
    return socket


def seqs(socket: Any) -> list[int]:
    return [event["seq"] for event in socket.heard("event")]


def test_two_people_hear_the_same(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    cleo, mona = watching(socket_of, cast.cleo), watching(socket_of, cast.mona)
    idea = an_idea(cast.emil, board_id)
    relay.turn()
    heard = cleo.heard("event")
    assert heard == mona.heard("event")
    assert [{**event, "at": None} for event in heard] == [
        {
            "seq": 3,
            "board": "b",
            "kind": "idea.proposed",
            "at": None,
            "actor": {"id": cast.emil.id, "name": "Emil", "group": "employee"},
            "subject": str(idea),
            "data": {},
        }
    ]
    relay.turn()
    assert cleo.heard("event") == []


def test_a_commit_wakes_the_relay(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    cleo = watching(socket_of, cast.cleo)
    relay.turn()
    an_idea(cast.emil, board_id)
    relay.turn(looks=False)
    assert seqs(cleo) == [3]


def test_a_board_nobody_asked_for_is_not_heard(cast: Cast, socket_of: Any) -> None:
    open_board()
    other = open_board("other")
    cleo = watching(socket_of, cast.cleo)
    an_idea(cast.emil, other)
    relay.turn()
    assert cleo.heard("event") == []


def test_what_was_missed_comes_first_and_once(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    for n in range(5):
        an_idea(cast.emil, board_id, f"Idea {n}")
    cleo = socket_of(cast.cleo)
    assert cleo.ask("watch", {"board": "b", "since": 3}) == {"ok": True, "seq": 7, "reset": False}
    assert seqs(cleo) == [4, 5, 6, 7]
    relay.turn()
    assert cleo.heard("event") == []
    an_idea(cast.emil, board_id, "One more")
    relay.turn()
    assert seqs(cleo) == [8]


def test_without_since_it_begins_now(cast: Cast, socket_of: Any) -> None:
    open_board()
    for given in ({"board": "b"}, {"board": "b", "since": None}, {"board": "b", "since": 2}):
        cleo = socket_of(cast.cleo)
        assert cleo.ask("watch", given) == {"ok": True, "seq": 2, "reset": False}
        relay.turn()
        assert cleo.heard("event") == []


def test_the_order_is_that_of_the_call(cast: Cast, socket_of: Any, client_of: Any) -> None:
    board_id = open_board()
    for n in range(40):
        an_idea(cast.emil, board_id, f"Idea {n}")
    cleo = watching(socket_of, cast.cleo, since=0)
    mona = client_of(cast.mona)
    found: list[Any] = []
    since = 0
    while True:
        page = mona.get(f"/api/v1/boards/b/events?since={since}&limit=17").json
        if page["next_cursor"] is None:
            break
        found, since = found + page["items"], int(page["next_cursor"])
    assert cleo.heard("event") == found
    assert [event["seq"] for event in found] == list(range(1, 43))


def test_who_missed_too_much_begins_anew(app: Flask, cast: Cast, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST_MISSED", 3)
    board_id = open_board()
    an_idea(cast.emil, board_id)
    an_idea(cast.emil, board_id)
    cleo = socket_of(cast.cleo)
    assert cleo.ask("watch", {"board": "b", "since": 1}) == {"ok": True, "seq": 4, "reset": False}
    assert seqs(cleo) == [2, 3, 4]
    for since in (0, 5, 10**30):
        assert cleo.ask("watch", {"board": "b", "since": since}) == {"ok": True, "seq": 4, "reset": True}
    relay.turn()
    assert cleo.heard("event") == []


def test_counts_that_changed_while_the_page_was_on_its_way_come_with_the_ack(cast: Cast, socket_of: Any, clock: Any) -> None:
    board_id = open_board()
    before, weighed, hidden = (an_idea(cast.emil, board_id, title) for title in ("Before", "Weighed", "Hidden"))
    cast_stance(cast.cleo, before, 1)
    clock.forward(minutes=1)
    made = clock.now.isoformat()
    cast_stance(cast.cleo, weighed, 1)
    cast_stance(cast.cleo, hidden, 1)
    hide_idea(cast.mira, hidden.id)
    socket = socket_of(cast.mona)
    answer = socket.ask("watch", {"board": "b", "made": made})
    assert [(tally["idea"], tally["voices"]) for tally in answer["tally"]["tallies"]] == [(weighed.id, 1)]
    relay.turn()
    assert socket.heard("tally") == []
    assert "tally" not in socket.ask("watch", {"board": "b"})
    clock.forward(minutes=50)
    assert socket.ask("watch", {"board": "b", "made": made})["reset"] is False
    clock.forward(minutes=20)
    told = socket.ask("watch", {"board": "b", "made": made})
    assert (told["reset"], "tally" in told) == (True, False)
    bad: Any
    for bad in (5, "soon", "2026-11-24T10:00:00", True, {}):
        assert socket.ask("watch", {"board": "b", "made": bad}) == {"ok": False, "error": "bad_request"}


def test_a_thousand_are_made_up_for(app: Flask, cast: Cast, socket_of: Any) -> None:
    open_board()
    action(lambda: db.session.execute(update(Stream).where(Stream.name == "board:1").values(seq=1500)))()
    cleo = socket_of(cast.cleo)
    assert cleo.ask("watch", {"board": "b", "since": 499})["reset"] is True
    assert cleo.ask("watch", {"board": "b", "since": 1501})["reset"] is True


def test_watching_twice_doubles_nothing(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    cleo = watching(socket_of, cast.cleo)
    cleo.ask("watch", {"board": "b", "since": None})
    an_idea(cast.emil, board_id)
    relay.turn()
    assert seqs(cleo) == [3]


def test_many_at_once_come_in_batches(cast: Cast, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "BATCH", 4)
    board_id = open_board()
    cleo = watching(socket_of, cast.cleo)
    for n in range(10):
        an_idea(cast.emil, board_id, f"Idea {n}")
    late = watching(socket_of, cast.mona)
    an_idea(cast.emil, board_id, "The last")
    for _ in range(3):
        relay.turn(looks=False)
    assert seqs(cleo) == list(range(3, 14))
    assert seqs(late) == [13]


def test_who_stops_watching_hears_no_more(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    cleo = watching(socket_of, cast.cleo)
    assert cleo.ask("unwatch", {"board": "b"}) == {"ok": True}
    assert cleo.ask("unwatch", {"board": "b"}) == {"ok": True}
    ref = an_idea(cast.emil, board_id)
    cast_stance(cast.mona, ref, 1)
    relay.turn()
    assert cleo.get_received() == []


def test_a_tally_from_the_first_stance_on(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    cleo = watching(socket_of, cast.cleo)
    ref = an_idea(cast.emil, board_id)
    relay.turn()
    assert cleo.heard("tally") == []
    cast_stance(cast.mona, ref, 1)
    relay.turn(looks=False)
    only = {"idea": ref.id, "version": 2, "voices": 1, "tallies": None, "total": None, "common_ground": None}
    assert cleo.heard("tally") == [{"board": "b", "tallies": [only]}]
    relay.turn()
    assert cleo.heard("tally") == []


def test_a_tally_is_the_one_of_the_call(cast: Cast, socket_of: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "TALLY_GAP", 0)
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    cleo = watching(socket_of, cast.cleo)
    for person in crowd("customer", 4):
        cast_stance(person, ref, 1)
    cast_stance(cast.cleo, ref, -1)
    relay.turn(looks=False)
    told = cleo.heard("tally")[-1]["tallies"][0]
    idea = client_of(cast.cleo).get(f"/api/v1/ideas/{ref.id}").json
    assert told == {"idea": ref.id} | {name: idea[name] for name in ("version", "voices", "tallies", "total", "common_ground")}
    assert told["tallies"] == [{"groups": ["customer"], "agree": 4, "disagree": 1, "pass": 0}]


def test_watching_brings_no_tally(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    cast_stance(cast.mona, ref, 1)
    cleo = watching(socket_of, cast.cleo)
    relay.turn()
    assert cleo.heard("tally") == []
    cast_stance(cast.mona, ref, None)
    relay.turn()
    assert [told["voices"] for message in cleo.heard("tally") for told in message["tallies"]] == [0]


def test_tallies_are_gathered_and_the_last_one_comes(cast: Cast, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    board_id = open_board()
    ref, other = an_idea(cast.emil, board_id), an_idea(cast.emil, board_id, "Another")
    cleo = watching(socket_of, cast.cleo)
    monkeypatch.setattr(relays, "TALLY_GAP", 3600)
    cast_stance(cast.mona, ref, 1)
    relay.turn(looks=False)
    assert len(cleo.heard("tally")) == 1
    for stance in (-1, 0, 1, -1):
        cast_stance(cast.mona, ref, stance)
        cast_stance(cast.emil, other, stance)
        relay.turn(looks=False)
    assert cleo.heard("tally") == []
    for board in seats.watched.values():
        board.tally_from = 0
    relay.turn(looks=False)
    (message,) = cleo.heard("tally")
    assert {told["idea"]: told["version"] for told in message["tallies"]} == {ref.id: 6, other.id: 5}


def test_what_not_every_reader_may_see_is_not_told(cast: Cast, socket_of: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "TALLY_GAP", 0)
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    cast_stance(cast.mona, ref, 1)
    cleo = watching(socket_of, cast.cleo)
    hide_idea(cast.mira, ref.id)
    relay.turn()
    assert client_of(cast.cleo).get(f"/api/v1/ideas/{ref.id}").status_code == 404
    assert cleo.heard("tally") == []
    show_idea(cast.mira, ref.id)
    relay.turn()
    assert [told["voices"] for message in cleo.heard("tally") for told in message["tallies"]] == [1]


def test_otto_hears_nothing(cast: Cast, socket_of: Any, client_of: Any) -> None:
    board_id = open_board(groups=INSIDE)
    assert client_of(cast.otto).get("/api/v1/boards/b").status_code == 404
    assert client_of(cast.emil).get("/api/v1/boards/b").status_code == 200
    emil, otto, visitor = watching(socket_of, cast.emil), socket_of(cast.otto), socket_of(cast.visitor)
    for outsider in (otto, visitor):
        assert outsider.ask("watch", {"board": "b", "since": 0}) == {"ok": False, "error": "not_found"}
        assert outsider.ask("watch", {"board": "nowhere", "since": 0}) == {"ok": False, "error": "not_found"}
    ref = an_idea(cast.emil, board_id)
    cast_stance(cast.mona, ref, 1)
    relay.turn()
    assert {message["name"] for message in emil.get_received()} == {"event", "tally", "presence"}
    assert otto.get_received() == visitor.get_received() == []


def test_a_visitor_hears_what_is_public(cast: Cast, socket_of: Any) -> None:
    board_id = open_board(public=True)
    visitor = watching(socket_of, cast.visitor)
    ref = an_idea(cast.emil, board_id)
    cast_stance(cast.mona, ref, 1)
    relay.turn()
    assert [message["name"] for message in visitor.get_received()] == ["event", "tally", "presence"]


ODD: list[Any] = [None, "b", 1, [], ["b"], {}, {"board": None}, {"board": 1}, {"board": ["b"]}, {"board": {"b": 1}}, {"board": ""}, {"board": "b" * 10_000}]
ODD_PLACES: list[Any] = ["1", 1.5, -1, True, [], {}, "board:1"]
ODD += [{"board": "b", "since": since} for since in ODD_PLACES]
NOWHERE = ["board:1", "person:1", "staff", "public", "B", "../b", "b%00"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_odd_words_are_answered_and_open_nothing(cast: Cast, socket_of: Any) -> None:
    board_id = open_board()
    cleo, mona = socket_of(cast.cleo), watching(socket_of, cast.mona)
    for given in ODD:
        assert cleo.ask("watch", given) == {"ok": False, "error": "bad_request"}, given
    for slug in (*NOWHERE, cleo.eio_sid, mona.eio_sid, *principals):
        assert cleo.ask("watch", {"board": slug}) == {"ok": False, "error": "not_found"}, slug
    assert cleo.ask("watch", {"board": "b\x00"}) == {"ok": False, "error": "bad_request"}
    assert cleo.ask("unwatch", 5) == {"ok": False, "error": "bad_request"}
    assert cleo.emit("watch", callback=True) == {"ok": False, "error": "bad_request"}
    assert cleo.emit("watch", {"board": "b"}, {"board": "b"}, callback=True) == {"ok": False, "error": "bad_request"}
    an_idea(cast.emil, board_id)
    relay.turn()
    assert seqs(mona) == [3]
    assert cleo.get_received() == []


def test_many_watchers_cost_no_more_statements(cast: Cast, socket_of: Any, query_count: Any) -> None:
    board_id = open_board()
    watching(socket_of, cast.cleo)
    counts = []
    for more in ((), (cast.mona, cast.emil, cast.piet, cast.mira, cast.visitor)):
        for person in more:
            socket_of(person).ask("watch", {"board": "b"})
        relay.turn()
        edit_words(Organisation(), board_id, EditWords(title=f"Board {len(more)}"))
        an_idea(cast.emil, board_id)
        with query_count() as statements:
            relay.turn()
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_what_fails_is_said_in_the_ack(cast: Cast, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    open_board()
    cleo = socket_of(cast.cleo)

    def broken(*_given: Any) -> Any:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(sockets, "last_seqs", broken)
    assert cleo.ask("watch", {"board": "b"}) == {"ok": False, "error": "unavailable"}
