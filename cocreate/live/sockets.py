"""`watch` and `unwatch`: what a client may say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cocreate.boards.messages import board_entries, event_messages
from cocreate.boards.queries import board_as
from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import BadInput, NotFound
from cocreate.entrypoints.sockets import Principal
from cocreate.live import fanout, seats
from cocreate.live.queries import fresh_tallies, last_seqs, tally_message, tally_messages
from cocreate.live.relay import BATCH, JUST_NOW, MOST_TALLIES, RECENT, relay

MOST_MISSED = 1000  # events that are made up for; who missed more begins anew
MOST_BOARDS = 100  # watched by one socket
LONGEST_SLUG = 60
OLDEST = clock.days(1 / 24)  # how long ago a page may have been made whose counts are brought up to date; an older one begins anew
WAIT = 0.02  # seconds between two looks whether a client has read


@dataclass(frozen=True)
class Asked:
    """What `watch` asks: `since` is the last event that the client knows, `made` when the page was made whose counts it shows."""

    slug: str
    since: int | None
    made: datetime | None


def watch(sid: str, principal: Principal, given: Any) -> dict[str, Any]:
    """Hear a board from now on, or from a number that the client knows: what it missed comes before the ack, counts that are newer than its page in it."""
    asked = _asked(given)
    board = board_as(principal.viewer, asked.slug).board
    if len(set(seats.boards_of(sid)) - {board.id}) >= MOST_BOARDS:
        raise BadInput({"board": ["too many"]})
    told = fresh_tallies([board.id], clock.now() - RECENT)[board.id]
    head = last_seqs([board.id]).get(board.id, 0)
    seat = seats.sit(sid, board.id, asked.slug, told)
    newer = _newer(board, asked.made)
    is_new_start = newer is None or (asked.since is not None and (asked.since > head or head - asked.since > MOST_MISSED))
    seq = head if asked.since is None or is_new_start else _catch_up(seat, board, asked.since, head)
    # From here to the ack nothing gives way to the relay, which so sends what follows after it.
    db.session.remove()
    if not seats.is_seated(seat, board.id):
        raise NotFound()
    seat.seq = seq
    relay.look_again(board.id)
    return {"ok": True, "seq": seq, "reset": is_new_start, **({"tally": newer} if newer else {})}


def _newer(board: BoardFacts, made: datetime | None) -> dict[str, Any] | None:
    """The counts that changed while a page that was made then was on its way; None if that is too long ago, or they are too many."""
    if made is None:
        return {}
    if made < clock.now() - OLDEST:
        return None
    # A little more than asked, as a vote takes its time before others see it; the client knows by the version what is news to it.
    refs = fresh_tallies([board.id], made - JUST_NOW)[board.id]
    if len(refs) > MOST_TALLIES:
        return None
    found = tally_messages(board, refs)
    return tally_message(board.slug, found) if found else {}


def _asked(given: Any) -> Asked:
    """What was asked, whatever was sent. Raises BadInput."""
    if not isinstance(given, dict):
        raise BadInput({"body": ["not an object"]})
    slug, since, made = given.get("board"), given.get("since"), given.get("made")
    if not isinstance(slug, str) or not 1 <= len(slug) <= LONGEST_SLUG or not slug.isascii() or not slug.isprintable():
        raise BadInput({"board": ["not a slug"]})
    if since is not None and (not isinstance(since, int) or isinstance(since, bool) or since < 0):
        raise BadInput({"since": ["not a number"]})
    return Asked(slug, since, None if made is None else _moment(made))


def _moment(given: Any) -> datetime:
    try:
        found = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise BadInput({"made": ["not a time"]}) from None
    if found.tzinfo is None:
        raise BadInput({"made": ["without a time zone"]})
    return found


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
            fanout.send("event", [message], [seat.sid])
            seq = message["seq"]
    return seq


def unwatch(sid: str, _principal: Principal, given: Any) -> dict[str, Any]:
    """Hear a board no more; also one that was not heard."""
    asked = _asked(given)
    for board_id in seats.boards_of(sid):
        if seats.watched[board_id].slug == asked.slug:
            seats.leave(sid, board_id)
            relay.look_again(board_id)
    return {"ok": True}
