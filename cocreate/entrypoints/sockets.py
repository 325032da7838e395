"""The socket door: who connects, what clients may say, and which sockets are whose. Sockets hear; they do not write."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask, current_app, g, request
from flask_socketio import ConnectionRefusedError, SocketIO

from cocreate.config import Settings
from cocreate.core import clock
from cocreate.core.db import let_go
from cocreate.core.errors import BadInput, Failure
from cocreate.entrypoints import signin, transport

log = logging.getLogger(__name__)
quiet = logging.getLogger("cocreate.engineio")
quiet.setLevel(logging.CRITICAL)  # the library writes a trace for each packet it cannot read; what fails in here is caught and logged here
socketio = SocketIO()
MESSAGE_LIMIT = 16 * 1024  # bytes of one message from a client; they only ask to watch
MOST_ASKED = 60  # messages of one client in ASKED_SPAN seconds; who says more is hung up on
ASKED_SPAN = 10.0
GOODBYE = 1.0  # seconds in which a client may still read what was sent before it was ended
GONE = 5.0  # seconds after which the connection of a socket that ended is cut, whoever still holds it

Handler = Callable[[str, "Principal", Any], dict[str, Any]]


@dataclass
class Principal:
    """Who is behind a socket, as of the last check. `told` is what of their own they were last told, by name."""

    viewer: Any
    transport_id: str
    asked: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_ASKED))
    told: dict[str, Any] = field(default_factory=dict)


principals: dict[str, Principal] = {}
_handlers: dict[str, Handler] = {}
_leaving: list[Callable[[str], None]] = []


def install(app: Flask, settings: Settings, async_mode: str) -> None:
    # An empty list would switch the origin check off, and the default believes X-Forwarded-Host; messages of one client stay in order.
    socketio.init_app(
        app,
        cors_allowed_origins=settings.origins,
        async_mode=async_mode,
        async_handlers=False,
        manage_session=False,
        always_connect=False,
        max_http_buffer_size=MESSAGE_LIMIT,
        ping_interval=20,
        ping_timeout=15,
        allow_upgrades=True,
        # Two requests of one client may reach different processes, and a socket by polling is many requests.
        transports=["websocket", "polling"] if settings.polling else ["websocket"],
        logger=quiet,
        engineio_logger=quiet,
    )
    transport.install(socketio.server.eio)
    socketio.on_event("connect", _connect)
    socketio.on_event("disconnect", _disconnect)
    for name in _handlers:
        socketio.on_event(name, partial(_hear, name))


def on_message(name: str, handler: Handler) -> None:
    """Have `handler(sid, principal, given)` answer a client's message. What was given is whatever the client sent; the answer is its ack."""
    _handlers[name] = handler


def on_leave(listener: Callable[[str], None]) -> None:
    """Have `listener(sid)` called when a socket is gone."""
    if listener not in _leaving:
        _leaving.append(listener)


def socket_id() -> str:
    return request.sid  # type: ignore[attr-defined]


def is_there(sid: str) -> bool:
    """Whether the socket is connected, and its connection still there. The library forgets one without the other when a client dies while it connects."""
    manager = socketio.server.manager
    return bool(manager.is_connected(sid, "/")) and manager.eio_sid_from_sid(sid, "/") in socketio.server.environ


def _connect(auth: Any = None) -> Any:
    """Accept a socket, or refuse it. Everything is caught: an exception of the wrong type would have the handler run again without `auth`."""
    if socketio.server.manager.is_connected(socket_id(), "/"):
        return {"ok": False, "error": "bad_request"}  # sent as a message by somebody who is in already
    try:
        _check_host()
        principal = Principal(_viewer_of(auth), socketio.server.manager.eio_sid_from_sid(socket_id(), "/"))
    except Exception as error:
        log.info("socket refused: %s", type(error).__name__)
        raise ConnectionRefusedError("not signed in") from None
    finally:
        let_go()
    principals[socket_id()] = principal
    return None


def _check_host() -> None:
    """As every door does: a page that had its own name point here sends no Origin with a polling GET."""
    settings: Settings = current_app.config["SETTINGS"]
    if request.environ.get("HTTP_HOST", "") not in settings.allowed_hosts:
        raise ValueError("another host")


def _viewer_of(auth: Any) -> Any:
    if auth is None or auth == {}:
        found = signin.viewer()
        if found.is_authenticated and not signin.uses_token() and _hides_its_origin():
            raise ValueError("no origin")
        return found
    if not isinstance(auth, dict) or set(auth) != {"token"} or not isinstance(auth["token"], str):
        raise ValueError("unexpected auth")
    g.pop("viewer", None)
    return signin.by_token(auth["token"])


def _hides_its_origin() -> bool:
    """Whether a web socket comes without what every browser says. Polling may: a page's own GETs say no origin, and others cannot read their answers."""
    return request.environ.get("HTTP_UPGRADE", "").lower() == "websocket" and "HTTP_ORIGIN" not in request.environ


def _hear(name: str, *given: Any) -> dict[str, Any]:
    """Answer one message. Whatever goes wrong is a word in the ack, never a trace."""
    sid = socket_id()
    principal = principals.get(sid)
    if principal is None:
        return {"ok": False, "error": "not_found"}
    if _is_too_many(principal):
        hang_up(sid, patience=0)
        return {"ok": False, "error": "too_many"}
    try:
        return _handlers[name](sid, principal, given[0] if len(given) == 1 else None)
    except BadInput:
        return {"ok": False, "error": "bad_request"}
    except Failure:
        return {"ok": False, "error": "not_found"}
    except Exception as error:
        log.error("message %s failed: %s", name, type(error).__name__, exc_info=error)
        return {"ok": False, "error": "unavailable"}
    finally:
        # Here, so that nothing gives way to others between a handler's last line and its ack.
        let_go()


def _is_too_many(principal: Principal) -> bool:
    now, asked = clock.ticks(), principal.asked
    full = len(asked) == MOST_ASKED and asked[0] > now - ASKED_SPAN
    asked.append(now)
    return full and current_app.config["SETTINGS"].rate_limits


def _disconnect(*_reason: Any) -> None:
    # In an app context that a view may have opened, `g` and the cookie are somebody else's: only what was kept by sid counts.
    if socketio.server.manager.is_connected(socket_id(), "/"):
        return  # sent as a message; a socket that ends is not connected any more
    principal = forget(socket_id())
    if principal is not None:
        socketio.start_background_task(transport.close, socketio.server.eio, principal.transport_id, GONE)


def forget(sid: str) -> Principal | None:
    """From here on nobody is behind this socket, and nothing more is sent to it."""
    principal = principals.pop(sid, None)
    if principal is not None:
        for listener in _leaving:
            listener(sid)
    return principal


def hang_up(sid: str, patience: float = GOODBYE) -> None:
    """End a socket. The library's part waits for the client, and its handler must not run inside a view: so in a task of its own."""
    principal = forget(sid)
    if principal is not None:
        socketio.start_background_task(_end, socketio.server, sid, principal.transport_id, patience)


def _end(server: Any, sid: str, transport_id: str, patience: float) -> None:
    server.disconnect(sid)
    transport.close(server.eio, transport_id, patience)
