"""What the socket library leaves open: frames written whole, and at once where nothing waits; how much waits for a client, and an end for a connection
that nobody reads. It rests on private names of python-engineio 4.15 and simple-websocket 1.1, both pinned."""

import logging
import socket
import struct
from collections.abc import Mapping
from functools import partial
from threading import Lock
from typing import Any

import gevent
import gevent.socket
from engineio.exceptions import EngineIOError
from engineio.packet import MESSAGE, Packet
from engineio.payload import Payload
from socketio.packet import EVENT
from wsproto.frame_protocol import FrameProtocol

from cocreate.core import clock

log = logging.getLogger(__name__)
MOST_PACKETS = 100  # of one polling POST; the library takes 16
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing forgets what was not sent
SEND_BUFFER = 128 * 1024  # bytes that the system keeps for one client; left alone it grows to 4 MB, and hides who does not read
CHECK = 0.02  # seconds between two looks at whether a queue has emptied

_decode = Payload.decode


class Line:
    """The TCP connection of one web socket. One writes at a time, and whole frames: simple-websocket does not look at how much went out, and its reading
    greenlet answers pings by itself. Who would rather not wait may `write`."""

    def __init__(self, engine_socket: Any, websocket: Any) -> None:
        self.websocket = websocket
        self._connection, self._turn = websocket.ws.sock, Lock()
        self._queue, self._is_writer_waiting = engine_socket.queue, False
        # Other connections than gevent's plain ones cannot be written to without waiting, or not past their cipher: theirs is the library's own way.
        if type(self._connection) is gevent.socket.socket and hasattr(engine_socket, "poll"):
            engine_socket.poll = partial(self._poll, engine_socket.poll)

    def _poll(self, poll: Any) -> Any:
        """What the library's writer comes to for more packets: only here it has none left in its hands, which an empty queue does not tell."""
        self._is_writer_waiting = True
        try:
            return poll()
        finally:
            self._is_writer_waiting = False

    def send(self, data: bytes) -> int:
        """Send everything. For the library, which calls it as a socket's."""
        with self._turn:
            self._connection.sendall(data)
        return len(data)

    def write(self, frame: bytes) -> bool:
        """Send a frame if it can go out at once and nothing goes before it. Whether it did; never waits, as what the system did not take follows by itself."""
        if not self._is_writer_waiting or self._queue.qsize() or not self.websocket.ws.connected or not self._turn.acquire(blocking=False):
            return False
        sent = 0
        try:
            sent = self._connection.send(frame, 0, 0.0)
        except OSError:
            pass  # full, or gone: either is noticed where it is waited for
        if 0 < sent < len(frame):
            gevent.spawn(self._finish, frame[sent:])
        else:
            self._turn.release()
        return sent > 0

    def _finish(self, rest: bytes) -> None:
        """Send the rest of a frame; nobody else had the turn since its beginning."""
        try:
            self._connection.sendall(rest)
        except OSError:
            pass  # it is gone
        finally:
            self._turn.release()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


_lines: dict[str, Line] = {}  # by engine.io's id of a connection


def install(engine: Any) -> None:
    """Have this engine.io server's web sockets write whole frames and be known here, and its polling lose nothing in silence."""
    Payload.max_decode_packets, Payload.decode = MOST_PACKETS, _decode_or_refuse
    engine.disconnect = partial(_end, engine)
    engine._bad_request = partial(_refuse, engine._bad_request)
    made_by = engine._async["websocket"]
    engine._async = {**engine._async, "websocket": lambda handler, server: partial(_open, made_by(partial(_serve, handler), server))}


def _open(opened: Any, environ: dict[str, Any], start_response: Any) -> Any:
    """Web sockets are not compressed: every browser would like it, and each would take some 100 KB of the process, and a frame of its own of each message."""
    environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
    return opened(environ, start_response)


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
    transport_id = handler.__self__.sid
    websocket.ws.sock = _lines[transport_id] = Line(handler.__self__, websocket)
    try:
        return handler(websocket)
    except Exception as error:  # of the library, on a packet that cannot be read
        log.info("socket ended: %s", type(error).__name__)
        handler.__self__.close(wait=False, abort=True)
        return []
    finally:
        _lines.pop(transport_id, None)


def frame(server: Any, name: str, payload: Mapping[str, Any]) -> bytes:
    """A message as it goes over any web socket."""
    packet = server.packet_class(EVENT, data=[name, payload], namespace="/").encode()
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(Packet(MESSAGE, packet).encode(), fin=True))


def write(transport_id: str, data: bytes) -> bool:
    """Send a frame to this client at once. False where it has to go through its queue: it does not read, polls, or something goes before it."""
    line = _lines.get(transport_id)
    return line is not None and line.write(data)


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
    while clock.ticks() < deadline and (transport_id in engine.sockets or transport_id in _lines):
        clock.pause(CHECK * 5)
    found = engine.sockets.pop(transport_id, None)
    abort(transport_id)
    if found is not None:
        found.close(wait=False, abort=True)  # waiting would be for a queue that nobody empties


def abort(transport_id: str) -> None:
    """Hang up at once, both ways, so that whoever reads or writes there goes on."""
    line = _lines.get(transport_id)
    if line is None:
        return
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is gone already
