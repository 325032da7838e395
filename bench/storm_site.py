"""The site with one more thing that a socket may say: `storm`, upon which the relay tells so many events of a board, one right after the other."""

from app import app as app
from bench.peers import message
from cocreate.core import clock
from cocreate.entrypoints.sockets import socketio
from cocreate.live import relay, seats


def _storm(count: int) -> None:
    """As the relay has it: an event is told to those who come to it next, and again to those who had no room."""
    (board,) = seats.watched.values()
    ready = list(board.seats.values())
    head = ready[0].seq or 0
    for seq in range(head + 1, head + 1 + count):
        event = message(seq)
        while any(seat.seq == seq - 1 for seat in ready):
            relay._tell_event(board.board_id, ready, event)
            if any(seat.seq == seq - 1 for seat in ready):
                clock.pause(relay.GAP)
    for seat in ready:
        seat.seq = head


socketio.on_event("storm", lambda count: socketio.start_background_task(_storm, count) and None)
