"""Boards to hear of, and clients over a real network: ears that listen, and calls that write."""

import json
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from socketio import Client as SocketClient

from cocreate.boards.actions import make_board, move_board
from cocreate.boards.inputs import MoveBoard, NewBoard
from cocreate.people.actions import make_token
from cocreate.people.groups import Group
from cocreate.people.inputs import NewToken
from cocreate.people.viewer import Organisation, Viewer
from tests.sites import Site

PATIENCE = 60.0  # seconds that a condition is waited for; much more than it takes


def open_board(slug: str = "b", groups: list[Group] | None = None, public: bool = False) -> int:
    """An open board; without groups for all four."""
    board_id = make_board(Organisation(), NewBoard(kind="brand", slug=slug, title="B", groups=groups, read_public=public))
    move_board(Organisation(), board_id, MoveBoard(state="open"))
    return board_id


def until(condition: Callable[[], Any], what: str = "") -> Any:
    """Wait for it, and give what it gives."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, what or "it does not come"
        time.sleep(0.02)


class Ear:
    """A client that listens over the network. `heard` is everything that came, in order, as (name, message)."""

    def __init__(self, site: Site, cookie: str | None = None, token: str | None = None) -> None:
        self.heard: list[tuple[str, Any]] = []
        self._client = SocketClient(reconnection=False)
        # Left to itself, the library starts a thread for each message, and they overtake each other.
        one_by_one = self._client.eio._trigger_event
        self._client.eio._trigger_event = lambda *given, **how: one_by_one(*given, **how | {"run_async": False})
        self._client.on("*", lambda name, message: self.heard.append((name, message)))
        headers = {"Cookie": cookie} if cookie else {}
        self._client.connect(site.base_url, headers=headers, auth={"token": token} if token else None, transports=["websocket"], wait_timeout=PATIENCE)

    @property
    def is_connected(self) -> bool:
        return bool(self._client.connected)

    def ask(self, name: str, *given: Any) -> Any:
        return self._client.call(name, given if len(given) != 1 else given[0], timeout=int(PATIENCE))

    def send(self, name: str, given: Any, callback: Callable[..., None]) -> None:
        self._client.emit(name, given, callback=callback)

    def messages(self, name: str) -> list[Any]:
        return [message for found, message in list(self.heard) if found == name]

    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.messages("event")]

    def drop(self) -> None:
        """Lose the network, without a word to the server."""
        self._client.eio.ws.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(Exception):
            self._client.disconnect()


@contextmanager
def ears(site: Site) -> Iterator[Callable[..., Ear]]:
    """`listen(person)` opens an ear as somebody, with their cookie or with a token; `listen()` as nobody."""
    opened: list[Ear] = []

    def listen(person: Viewer | None = None, token: str | None = None) -> Ear:
        cookie = site.cookie_of(person) if person is not None and token is None else None
        opened.append(Ear(site, f"{cookie['name']}={cookie['value']}" if cookie else None, token))
        return opened[-1]

    try:
        yield listen
    finally:
        for ear in opened:
            ear.close()


def token_of(site: Site, person: Viewer) -> str:
    with site.app.app_context():
        return make_token(person, person.id, NewToken(name="test"))


def call(site: Site, token: str | None, method: str, path: str, body: Any = None) -> Any:
    """A call of the API, to this very process."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{site.base_url}/api/v1{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.loads(answer.read())
