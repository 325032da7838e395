"""`watch` and `unwatch`: what a client may say."""

from typing import Any

from cocreate.boards.messages import board_entries, event_messages
from cocreate.boards.queries import board_as
from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import BadInput, NotFound
from cocreate.entrypoints.sockets import Principal
from cocreate.live import fanout, seats
from cocreate.live.queries import fresh_tallies, last_seqs
from cocreate.live.relay import BATCH, RECENT, relay

MOST_MISSED = 1000  # events that are made up for; who missed more begins anew
MOST_BOARDS = 100  # watched by one socket
LONGEST_SLUG = 60
WAIT = 0.02  # seconds between two looks whether a client has read


def watch(sid: str, principal: Principal, given: Any) -> dict[str, Any]:
    """Hear a board from now on, or from a number that the client knows: what it missed comes before the ack."""
    slug, since = _asked(given)
    board = board_as(principal.viewer, slug).board
    if len(set(seats.boards_of(sid)) - {board.id}) >= MOST_BOARDS:
        raise BadInput({"board": ["too many"]})
    told = fresh_tallies([board.id], clock.now() - RECENT)[board.id]
    head = last_seqs([board.id]).get(board.id, 0)
    seat = seats.sit(sid, board.id, slug, told)
    is_new_start = since is not None and (since > head or head - since > MOST_MISSED)
    seq = head if since is None or is_new_start else _catch_up(seat, board, since, head)
    # From here to the ack nothing gives way to the relay, which so sends what follows after it.
    db.session.remove()
    if not seats.is_seated(seat, board.id):
        raise NotFound()
    seat.seq = seq
    relay.look_again(board.id)
    return {"ok": True, "seq": seq, "reset": is_new_start}


def _asked(given: Any) -> tuple[str, int | None]:
    """The board and the number, whatever was sent. Raises BadInput."""
    if not isinstance(given, dict):
        raise BadInput({"body": ["not an object"]})
    slug, since = given.get("board"), given.get("since")
    if not isinstance(slug, str) or not 1 <= len(slug) <= LONGEST_SLUG or not slug.isascii() or not slug.isprintable():
        raise BadInput({"board": ["not a slug"]})
    if since is not None and (not isinstance(since, int) or isinstance(since, bool) or since < 0):
        raise BadInput({"since": ["not a number"]})
    return slug, since


def _catch_up(seat: seats.Seat, board: BoardFacts, since: int, head: int) -> int:
    """Send what lies between, no faster than the client reads. Gives the last number sent."""
    seq = since
    while seq < head:
        messages = event_messages(board_entries(board, seq, min(BATCH, head - seq)), board.slug)
        db.session.remove()
        for message in messages:
            while seats.is_seated(seat, board.id) and not fanout.has_room(seat.sid):
                clock.pause(WAIT)
            if not seats.is_seated(seat, board.id):
                raise NotFound()
            fanout.send("event", message, [seat.sid])
            seq = message["seq"]
    return seq


def unwatch(sid: str, _principal: Principal, given: Any) -> dict[str, Any]:
    """Hear a board no more; also one that was not heard."""
    slug, _since = _asked(given)
    for board_id in seats.boards_of(sid):
        if seats.watched[board_id].slug == slug:
            seats.leave(sid, board_id)
            relay.look_again(board_id)
    return {"ok": True}
