"""The one place that speaks to sockets. A message is made into a frame once, and written straight to whoever nothing waits for, with those that go with it;
the others get it through their queues. What waits for a client is bounded: events are held back in the log until there is room, and a client that does
not read is let go, as it can catch up when it comes back."""

from collections.abc import Mapping, Sequence
from typing import Any

from cocreate.core import clock
from cocreate.entrypoints import transport
from cocreate.entrypoints.sockets import hang_up, principals, socketio

ROOM = 128  # packets waiting, up to which events are sent on
MOST_PACKETS = 256  # waiting for one client
MOST_BYTES = 1_000_000
YIELD = 200  # clients after which others have a turn
PATIENCE = 5.0  # seconds without room after which a client counts as not reading

_full_since: dict[str, float] = {}
_in_a_row = 0  # clients since others had a turn


def send(name: str, payloads: Sequence[Mapping[str, Any]], sids: list[str]) -> None:
    """Send messages of one name to sockets, all in one go. Who has too much waiting already is let go instead; after many, others have a turn."""
    if not sids:
        return
    frames = b"".join(transport.frame(socketio.server, name, payload) for payload in payloads)
    queued = [sid for sid in sids if not _writes(sid, frames) and _takes(sid)]
    for payload in payloads if queued else ():
        socketio.emit(name, payload, to=queued)
    _give_way(len(sids))


def _writes(sid: str, frames: bytes) -> bool:
    principal = principals.get(sid)
    return principal is not None and transport.write(principal.transport_id, frames)


def _give_way(count: int) -> None:
    global _in_a_row
    _in_a_row += count
    if _in_a_row >= YIELD:
        _in_a_row = 0
        clock.pause(0)


def _takes(sid: str) -> bool:
    if sid not in principals:
        return False  # let go, though its connection may still be closing
    packets, size = _waiting(sid)
    if packets < MOST_PACKETS and size < MOST_BYTES:
        return True
    let_go(sid)
    return False


def _waiting(sid: str) -> tuple[int, int]:
    principal = principals.get(sid)
    return transport.waiting(socketio.server.eio, principal.transport_id) if principal is not None else (0, 0)


def has_room(sid: str) -> bool:
    """Whether the next event may be sent to this socket now. One that had no room for a while is let go."""
    packets, size = _waiting(sid)
    if packets < ROOM and size < MOST_BYTES / 2:
        _full_since.pop(sid, None)
        return True
    if _full_since.setdefault(sid, clock.ticks()) < clock.ticks() - PATIENCE:
        let_go(sid)
    return False


def let_go(sid: str) -> None:
    """Cut off a client that does not read, TCP included: its queue would keep the connection for as long as it likes."""
    hang_up(sid, patience=0)


def forget(sid: str) -> None:
    _full_since.pop(sid, None)
