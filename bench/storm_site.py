"""The site with one more thing that a socket may say: `storm`, upon which the relay tells so many events of a board, one right after the other."""

from app import app as app
from bench.peers import message
from cocreate.core import clock
from cocreate.entrypoints.sockets import socketio
from cocreate.live import relay, seats


def _storm(count: int) -> None:
    """As the relay has it: events that were read together are told to those who come to them next, and again to those who had no room."""
    (board,) = seats.watched.values()
    ready = list(board.seats.values())
    head = ready[0].seq or 0
    late = ready
    while late:
        for seq in {seat.seq for seat in late if seat.seq is not None}:
            relay.tell_events(board.board_id, ready, [message(n) for n in range(seq + 1, head + count + 1)][: relay.BATCH])
        late = [seat for seat in ready if seat.seq is not None and seat.seq < head + count]
        if late:
            clock.pause(relay.GAP)
    for seat in ready:
        seat.seq = head


socketio.on_event("storm", lambda count: socketio.start_background_task(_storm, count) and None)
