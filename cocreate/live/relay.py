"""From the log to the sockets of this process. Woken by each commit here and, through the broker, elsewhere; and by itself every two seconds,
so that a wake-up that got lost delays and loses nothing."""

import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from cocreate.boards.messages import board_entries, event_messages
from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import db, let_go
from cocreate.entrypoints.sockets import principals
from cocreate.eventlog.record import News
from cocreate.eventlog.rooms import person_room
from cocreate.live import fanout, presence, rights, seats
from cocreate.live.queries import fresh_tallies, last_seqs, tally_message, tally_messages
from cocreate.live.seats import Seat, Watched
from cocreate.people.waiting_queries import told_at_once, told_by_person

log = logging.getLogger(__name__)
EVERY = 2.0  # seconds between two looks by itself
GAP = 0.02  # seconds between two turns, so that many commits at once become one
BATCH = 100  # events read at once
AT_ONCE = 30  # events that one client is sent together
PLACES = 5  # different places in a board's log from which is read in one turn
TALLY_GAP = 0.22  # seconds between two tally messages of a board: five in any second, with room for what the network adds
MOST_TALLIES = 100  # in one message
RECENT = clock.days(60 / 86400)  # how far back a look goes: longer than a transaction lasts and clocks differ
JUST_NOW = clock.days(3 / 86400)  # the same when woken


class Relay:
    """What one process knows between two turns."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._streams: set[str] = set()
        self._rooms: set[str] = set()
        self._behind: set[int] = set()
        self._due: float | None = None
        self._looked_at: float | None = None

    def lag(self) -> float:
        """Seconds by which what this process's sockets were told may be behind the log: since the beginning of its last look that went well."""
        return clock.ticks() - self._looked_at if self._looked_at is not None else 0.0

    def hear(self, news: News) -> None:
        """Take note of what a commit changed."""
        if principals:
            self._streams |= news.streams
            self._rooms |= news.rooms
            self._woken.set()

    def look_again(self, board_id: int) -> None:
        """Have this board looked at, as somebody sat down after the last look."""
        self._behind.add(board_id)
        self._woken.set()

    def run(self, app: Flask) -> None:
        """Turn for as long as the process lives."""
        next_look, self._looked_at = 0.0, clock.ticks()
        while True:
            until = next_look if self._due is None else min(next_look, self._due)
            self._woken.wait(max(0.0, until - clock.ticks()))
            self._woken.clear()
            began = clock.ticks()
            looks = began >= next_look
            if looks:
                next_look = began + EVERY
            try:
                with app.app_context():
                    self.turn(looks)
                if looks:
                    self._looked_at = began
            except (DBAPIError, PoolTimeout) as error:
                log.error("live: the database does not answer: %s", type(getattr(error, "orig", error)).__name__)
            except Exception:
                log.exception("live: a turn failed")
            clock.pause(GAP)

    def turn(self, looks: bool = True) -> None:
        """Tell this process's sockets what is new: of what was heard since the last turn, or with `looks` of everything that is watched."""
        streams, rooms, behind = self._streams, self._rooms, self._behind
        self._streams, self._rooms, self._behind, self._due = set(), set(), set(), None
        try:
            if looks:
                rights.sweep()
            changed = rights.recheck_people() if looks or rights.concerns_people(streams) else set()
            touched = set(seats.watched) if looks else _boards(streams | rooms) | behind | changed
            boards = rights.recheck_boards(touched & set(seats.watched))
            self._tell_events(boards)
            self._tell_tallies(boards, looks)
            if looks:
                presence.look_elsewhere()
            db.session.remove()
            self._want(presence.tell())
            _tell_people(rooms, looks)
        finally:
            let_go()

    def _want(self, ticks: float | None) -> None:
        """Turn again by then."""
        if ticks is not None:
            self._due = ticks if self._due is None else min(self._due, ticks)

    def _tell_events(self, boards: dict[int, BoardFacts]) -> None:
        heads = last_seqs(boards)
        for board_id, head in heads.items():
            board = seats.watched.get(board_id)
            late = [seat for seat in board.seats.values() if seat.seq is not None and seat.seq < head] if board else []
            ready = [seat for seat in late if fanout.has_room(seat.sid)]
            places = sorted({seat.seq for seat in ready if seat.seq is not None}, reverse=True)
            facts = boards[board_id]
            messages = {place: event_messages(board_entries(facts, place, BATCH), facts.slug) for place in places[:PLACES]}
            db.session.remove()  # nothing of the database is held while others have their turn
            for place in places[:PLACES]:
                tell_events(board_id, ready, messages[place])
            if any(seat.seq is not None and seat.seq < head for seat in late):
                self._behind.add(board_id)
                self._want(clock.ticks() + 2 * GAP)

    def _tell_tallies(self, boards: dict[int, BoardFacts], looks: bool) -> None:
        due = {id for id, board in seats.watched.items() if board.untold}
        for board_id, versions in fresh_tallies(boards, clock.now() - (RECENT if looks else JUST_NOW)).items():
            board = seats.watched.get(board_id)
            if board is not None:
                board.untold |= {ref: version for ref, version in versions.items() if version > board.told.get(ref, 0)}
                if looks:
                    board.told = {ref: board.told[ref] for ref in versions if ref in board.told}
                due.add(board_id)
        for board_id in due:
            board = seats.watched.get(board_id)
            if board is not None and board.untold:
                self._tell_tally(board, boards.get(board_id))

    def _tell_tally(self, board: Watched, facts: BoardFacts | None) -> None:
        """The latest of what is due, when it may be said again."""
        if clock.ticks() < board.tally_from:
            self._want(board.tally_from)
            return
        facts = facts or rights.recheck_boards({board.board_id}).get(board.board_id)
        some = list(board.untold)[:MOST_TALLIES]
        if facts is None:
            return
        found = tally_messages(facts, some)
        db.session.remove()
        for ref in some:
            board.told[ref] = max(board.untold.pop(ref), found[ref]["version"] if ref in found else 0)
        if board.untold:
            self._want(clock.ticks() + TALLY_GAP)
        if found:
            board.tally_from = clock.ticks() + TALLY_GAP
            message = tally_message(board.slug, found)
            for some_seats in seats.in_turns(list(board.seats.values()), board.board_id):
                fanout.send("tally", [message], [seat.sid for seat in some_seats])


def _boards(rooms: set[str]) -> set[int]:
    parts = (room.partition(":") for room in rooms)
    return {int(number) for kind, _, number in parts if kind == "board" and number.isascii() and number.isdigit()}


def tell_events(board_id: int, ready: list[Seat], messages: Sequence[Mapping[str, Any]]) -> None:
    """Send events that follow each other to those who come to the first of them next, and are still there when it is their turn."""
    for start in range(0, len(messages), AT_ONCE):
        run = messages[start : start + AT_ONCE]
        for some in seats.in_turns(ready, board_id):
            told = [seat for seat in some if seat.seq == run[0]["seq"] - 1 and fanout.has_room(seat.sid)]
            for seat in told:
                seat.seq = run[-1]["seq"]
            fanout.send("event", run, [seat.sid for seat in told])


def _tell_people(rooms: set[str], looks: bool) -> None:
    """Tell people what is new of their own: those whose rooms were touched, and with `looks` whoever was last told something else."""
    connected: dict[int, list[str]] = {}
    for sid, principal in list(principals.items()):
        if principal.viewer.id is not None and (looks or person_room(principal.viewer.id) in rooms):
            connected.setdefault(principal.viewer.id, []).append(sid)
    found = told_by_person(set(connected)) if connected else {}
    db.session.remove()
    for person_id, messages in found.items():
        for sid in connected[person_id]:
            for name, message in messages.items():
                _tell_person(sid, name, message, person_room(person_id) in rooms)


def _tell_person(sid: str, name: str, message: dict[str, Any], is_touched: bool) -> None:
    """What a page was made with is not news: the first look only takes note of it."""
    principal = principals.get(sid)
    if principal is None:
        return
    is_news = principal.told.get(name) != message and (is_touched or name in principal.told or name in told_at_once)
    principal.told[name] = message
    if is_news:
        fanout.send(name, [message], [sid])


relay = Relay()
