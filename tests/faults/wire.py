"""HTTP by hand, for what a client library would not do: many requests let go at one moment, and connections that die in the middle."""

import socket
import time
from contextlib import suppress
from select import select
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson

from cocreate.people.actions import make_token
from cocreate.people.inputs import NewToken
from cocreate.people.viewer import Viewer
from tests.clients import outside
from tests.sites import Site


class Answer(NamedTuple):
    """What came back; status 0 where nothing whole did, so that nobody knows what became of it."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


LOST = Answer(0, b"", {})


def token_of(site: Site, person: Viewer) -> str:
    with site.app.app_context():
        return make_token(person, person.id, NewToken(name="test"))


def request(site: Site, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> bytes:
    """The bytes of a call on this site."""
    data = b"" if body is None else orjson.dumps(body)
    about = {"Host": f"localhost:{site.port}", "Content-Length": str(len(data)), **({"Content-Type": "application/json"} if data else {})}
    given = about | {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        given["Authorization"] = f"Bearer {token}"
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data


def form(site: Site, path: str, fields: dict[str, str], **headers: str) -> bytes:
    """The bytes of a form that somebody new sends, with the cookie and the token that its page gave."""
    return _sent(site, site.app.test_client(), path, fields, **headers)


def form_of(site: Site, person: Viewer, path: str, fields: dict[str, Any]) -> bytes:
    """The same by somebody who is signed in. A field may have several values."""
    with site.app.app_context():
        return _sent(site, site.app.test_client().sign_in(person), path, fields)  # type: ignore[attr-defined]


def _sent(site: Site, client: Any, path: str, fields: dict[str, Any], **headers: str) -> bytes:
    data = urlencode({**fields, "csrf_token": outside(client.csrf_token)}, doseq=True).encode()
    kept = client.get_cookie(str(site.app.config["SESSION_COOKIE_NAME"]))
    given = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(data)), "Cookie": f"{kept.key}={kept.value}"}
    return request(site, "POST", path, **given, **headers) + data


class Wire:
    """One kept connection to a site."""

    def __init__(self, site: Site, patience: float = 60) -> None:
        self._socket = socket.create_connection(("127.0.0.1", site.port), patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def answer(self) -> Answer:
        """The next answer, or LOST when the connection ends before it is whole."""
        found = b""
        with suppress(OSError):
            while b"\r\n\r\n" not in found:
                found += self._more()
            head, _, body = found.partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            while len(body) < int(headers.get("content-length", 0)):
                body += self._more()
            return Answer(int(lines[0].split()[1]), body, headers)
        return LOST

    def has_answer(self) -> bool:
        """Whether something came back that was not read yet."""
        return bool(select([self._socket], [], [], 0)[0])

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionResetError
        return part

    def ask(self, data: bytes) -> Answer:
        try:
            self.send(data)
        except OSError:
            return LOST
        return self.answer()

    def close(self) -> None:
        self._socket.close()


def race(calls: list[tuple[Site, bytes]]) -> list[Answer]:
    """All but the last byte of each call, then all last bytes at once: on loopback they arrive within a millisecond."""
    wires = [Wire(site) for site, _ in calls]
    for wire, (_, data) in zip(wires, calls, strict=True):
        wire.send(data[:-1])
    time.sleep(0.2)  # until the servers have read what there is, and wait for the rest
    for wire, (_, data) in zip(wires, calls, strict=True):
        wire.send(data[-1:])
    answers = [wire.answer() for wire in wires]
    for wire in wires:
        wire.close()
    return answers
