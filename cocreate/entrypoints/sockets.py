"""The socket door: who connects, and which sockets are whose. Sockets hear; they do not write."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, g, request
from flask_socketio import ConnectionRefusedError, SocketIO

from cocreate.config import Settings
from cocreate.core.db import db
from cocreate.entrypoints import signin

log = logging.getLogger(__name__)
socketio = SocketIO()
MESSAGE_LIMIT = 16 * 1024  # bytes of one message from a client; they only ask to watch


@dataclass
class Principal:
    """Who is behind a socket, as of its last check."""

    viewer: Any
    watching: dict[int, str] = field(default_factory=dict)  # board id → slug


principals: dict[str, Principal] = {}
_leaving: list[Callable[[str, Principal], None]] = []


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
        logger=False,
        engineio_logger=False,
    )
    socketio.on_event("connect", _connect)
    socketio.on_event("disconnect", _disconnect)


def on_leave(listener: Callable[[str, Principal], None]) -> None:
    """Have `listener(sid, principal)` called when a socket is gone."""
    _leaving[:] = [listener]


def socket_id() -> str:
    return request.sid  # type: ignore[attr-defined, no-any-return]


def _connect(auth: Any = None) -> None:
    """Accept a socket, or refuse it. Everything is caught: an exception of the wrong type would have the handler run again without `auth`."""
    try:
        viewer = _viewer_of(auth)
    except Exception as error:
        log.info("socket refused: %s", type(error).__name__)
        raise ConnectionRefusedError("not signed in") from None
    finally:
        db.session.remove()
    principals[socket_id()] = Principal(viewer)


def _viewer_of(auth: Any) -> Any:
    if auth is None or auth == {}:
        return signin.viewer()
    if not isinstance(auth, dict) or set(auth) != {"token"} or not isinstance(auth["token"], str):
        raise ValueError("unexpected auth")
    g.pop("viewer", None)
    return signin.by_token(auth["token"])


def _disconnect(*_reason: Any) -> None:
    # In an app context that a view may have opened, `g` and the cookie are somebody else's: only what was kept by sid counts.
    principal = principals.pop(socket_id(), None)
    if principal is not None:
        for listener in _leaving:
            listener(socket_id(), principal)
