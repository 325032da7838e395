"""What the socket library leaves open: frames written whole, how much waits for a client, and an end for a connection that nobody reads.
It rests on private names of python-engineio 4.15 and simple-websocket 1.1, both pinned."""

import logging
import socket
import struct
from functools import partial
from threading import Lock
from typing import Any

from engineio.exceptions import EngineIOError
from engineio.payload import Payload

from cocreate.core import clock

log = logging.getLogger(__name__)
MOST_PACKETS = 100  # of one polling POST; the library takes 16
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing forgets what was not sent
SEND_BUFFER = 128 * 1024  # bytes that the system keeps for one client; left alone it grows to 4 MB, and hides who does not read
CHECK = 0.02  # seconds between two looks at whether a queue has emptied

_decode = Payload.decode
_websockets: dict[str, Any] = {}  # engine.io's id of a connection → its web socket


class WholeWrites:
    """A TCP socket whose `send` sends everything. simple-websocket does not look at how much went out: without this, a frame to a client that reads slowly
    is cut in the middle. One writer at a time, as its reading greenlet answers pings by itself."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._turn = Lock()

    def send(self, data: bytes) -> int:
        with self._turn:
            self._connection.sendall(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def install(engine: Any) -> None:
    """Have this engine.io server's web sockets write whole frames and be known here, and its polling lose nothing in silence."""
    Payload.max_decode_packets, Payload.decode = MOST_PACKETS, _decode_or_refuse
    engine.disconnect = partial(_end, engine)
    engine._bad_request = partial(_refuse, engine._bad_request)
    made_by = engine._async["websocket"]
    engine._async = {**engine._async, "websocket": lambda handler, server: made_by(partial(_serve, handler), server)}


def _refuse(refuse: Any, message: str | None = None) -> Any:
    """A client that polls where only web sockets can be served is told what to do."""
    return refuse("Connect by WebSocket: this site takes no polling." if message == "Invalid transport" else message)


def _decode_or_refuse(payload: Any, text: str) -> None:
    """A POST with too many packets, or with one that cannot be read, ends its connection with 400. The library would drop it whole and answer 200."""
    try:
        _decode(payload, text)
    except Exception as error:
        raise EngineIOError(type(error).__name__) from None


def _end(engine: Any, transport_id: str) -> None:
    """End a connection, and do not wait until its client took what is left. The library would, inside the request that failed, as long as the client likes."""
    found = engine.sockets.get(transport_id)
    if found is not None:
        found.close(wait=False)
        engine.sockets.pop(transport_id, None)


def _serve(handler: Any, websocket: Any) -> Any:
    websocket.ws.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    websocket.ws.sock = WholeWrites(websocket.ws.sock)
    transport_id = handler.__self__.sid
    _websockets[transport_id] = websocket
    try:
        return handler(websocket)
    except Exception as error:  # of the library, on a packet that cannot be read
        log.info("socket ended: %s", type(error).__name__)
        handler.__self__.close(wait=False, abort=True)
        return []
    finally:
        _websockets.pop(transport_id, None)


def waiting(engine: Any, transport_id: str) -> tuple[int, int]:
    """How many packets and bytes wait for this client; (0, 0) for one that is gone."""
    found = engine.sockets.get(transport_id)
    if found is None or not found.queue.qsize():
        return 0, 0
    packets = [packet for packet in list(found.queue.queue) if packet is not None]
    return len(packets), sum(len(packet.data) for packet in packets if isinstance(packet.data, str | bytes))


def close(engine: Any, transport_id: str, patience: float) -> None:
    """End a connection: what waits has `patience` seconds to go out, then TCP is aborted. For a background task."""
    deadline = clock.ticks() + patience
    while clock.ticks() < deadline and (transport_id in engine.sockets or transport_id in _websockets):
        clock.pause(CHECK * 5)
    found = engine.sockets.pop(transport_id, None)
    abort(transport_id)
    if found is not None:
        found.close(wait=False, abort=True)  # waiting would be for a queue that nobody empties


def abort(transport_id: str) -> None:
    """Hang up at once, both ways, so that whoever reads or writes there goes on."""
    websocket = _websockets.get(transport_id)
    if websocket is None:
        return
    try:
        websocket.ws.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        websocket.ws.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is gone already
