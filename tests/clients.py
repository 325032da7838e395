"""How tests knock at the doors: HTTP and socket clients that share nothing with the test's own context, as real ones do not."""

from collections.abc import Callable
from contextvars import copy_context
from typing import Any, TypeVar

from flask import globals as flask_globals, has_app_context
from flask.testing import FlaskClient
from flask_socketio.test_client import SocketIOTestClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import BytecodeCache

from cocreate.core.db import db
from cocreate.entrypoints.sockets import socketio
from cocreate.people.signin_actions import start_session
from cocreate.people.viewer import Viewer

R = TypeVar("R")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def outside(function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Call outside of the test's application context: inside it, Flask would lend its `g` to every request, and one person's to the next."""
    inner = copy_context()
    inner.run(flask_globals._cv_app.set, None)  # type: ignore[arg-type]
    inner.run(flask_globals._cv_request.set, None)  # type: ignore[arg-type]
    try:
        return inner.run(function, *args, **kwargs)
    finally:
        if has_app_context():
            db.session.rollback()  # what the test looks at next is what was committed


class Client(FlaskClient):
    """A browser without a screen. It sends the CSRF token of its session with whatever writes; `csrf=False` leaves it out."""

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        if csrf and kwargs.get("method", "GET") not in SAFE_METHODS and "Authorization" not in headers:
            headers.setdefault("X-CSRF-Token", outside(self.csrf_token))
        return outside(super().open, *args, headers=headers, **kwargs)

    def csrf_token(self) -> str:
        """The token that a page of this client's session carries."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "0" * 40)
        return str(URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token").dumps(raw))

    def sign_in(self, person: Viewer) -> "Client":
        """Sit down as this person, in a session of the real kind."""
        viewer = start_session(person.id, "test")
        outside(self._keep, viewer.session_token)
        return self

    def _keep(self, token: str) -> None:
        with self.session_transaction() as session:
            session.update(_user_id=token, _fresh=True, _permanent=True)


class Socket(SocketIOTestClient):  # type: ignore[misc]
    """A socket without a network. `heard(name)` gives what came under that name since last asked, and forgets the rest."""

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        return outside(super().connect, *args, **kwargs)

    def disconnect(self, *args: Any, **kwargs: Any) -> Any:
        return outside(super().disconnect, *args, **kwargs)

    def emit(self, *args: Any, **kwargs: Any) -> Any:
        return outside(super().emit, *args, **kwargs)

    def ask(self, name: str, value: Any) -> Any:
        """Emit and give the ack."""
        return self.emit(name, value, callback=True)

    def heard(self, name: str) -> list[Any]:
        return [message["args"][0] for message in self.get_received() if message["name"] == name]


def open_socket(client: Client, auth: Any = None) -> Socket:
    return Socket(client.application, socketio, flask_test_client=client, auth=auth)


class KeptTemplates(BytecodeCache):
    """Compiled templates, shared by all apps of a run: compiling them anew for each test would take most of its time."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Any) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Any) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()
