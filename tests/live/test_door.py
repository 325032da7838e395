"""The socket door: who is let in, from where, and that one client's messages stay in order."""

import http.client
import json
from contextlib import suppress
from typing import Any

import pytest
import websocket
from flask import Flask

from cocreate.entrypoints import sockets as door, transport
from tests.cast import Cast
from tests.clients import open_socket
from tests.live.arranging import ears, open_board, token_of, until
from tests.sites import Site
from tests.stage import an_idea

# A bare 1 cannot be told from no auth: the protocol reads the digits as the number of an ack.
ODD: list[Any] = ["token", ["token"], -1, True, {"token": {}}, {"token": None}, {"token": 5}, {"token": ["x"]}, {"token": ""}, {"token": "unknown"}]
ODD += [{"session": "x"}, {"token": "x", "more": 1}, {"token": "x\x00"}, {"token": "\ud800"}]


@pytest.mark.parametrize("auth", ODD, ids=repr)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_odd_auth_is_refused(cast: Cast, client_of: Any, auth: Any) -> None:
    assert not open_socket(client_of(cast.mona), auth).is_connected()
    assert door.principals == {}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_auth_the_cookie_counts(cast: Cast, client_of: Any) -> None:
    nothing: list[Any] = [None, {}]
    for auth in nothing:
        assert open_socket(client_of(cast.mona), auth).is_connected()
        assert open_socket(client_of(cast.visitor), auth).is_connected()
    assert [principal.viewer.id for principal in door.principals.values()] == [cast.mona.id, None] * 2


@pytest.mark.parametrize("auth", [None, {"token": "x"}, "x"], ids=repr)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_type_error_lets_nobody_in(cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch, auth: Any) -> None:
    """Trap 1: the library would ask again without `auth`, and accept."""
    calls: list[Any] = []

    def broken(given: Any) -> Any:
        calls.append(given)
        raise TypeError("of ours")

    monkeypatch.setattr(door, "_viewer_of", broken)
    assert not open_socket(client_of(cast.mona), auth).is_connected()
    assert calls == [auth]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_the_host_that_we_are(app: Flask, cast: Cast, client_of: Any) -> None:
    assert open_socket(client_of(cast.visitor)).is_connected()
    refused = door.socketio.test_client(app, flask_test_client=client_of(cast.visitor), headers={"Host": "evil.example"})
    assert not refused.is_connected()
    assert len(door.principals) == 1


def knock(site: Site, **headers: str) -> int:
    """The status of a polling handshake."""
    connection = http.client.HTTPConnection("localhost", site.port, timeout=30)
    connection.request("GET", "/socket.io/?EIO=4&transport=polling", headers={name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse().status


class Polling:
    """A client without web sockets, who asked to come in. `read` gives the packets that wait, `send` the status."""

    def __init__(self, site: Site, **headers: str) -> None:
        self._connection = http.client.HTTPConnection("localhost", site.port, timeout=30)
        self._headers, self._where = headers, "/socket.io/?EIO=4&transport=polling"
        self._where += "&sid=" + self.read().split('"sid":"')[1].split('"')[0]
        assert self.send("40") == 200

    def read(self) -> str:
        status, text = self._ask("GET")
        assert status == 200, text
        return text

    def send(self, packets: str) -> int:
        return self._ask("POST", packets)[0]

    def _ask(self, method: str, body: str | None = None) -> tuple[int, str]:
        self._connection.request(method, self._where, body, self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()


def open_websocket(site: Site, origin: str | None, host: str | None = None, **headers: str) -> websocket.WebSocket:
    where = f"ws://localhost:{site.port}/socket.io/?EIO=4&transport=websocket"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return websocket.create_connection(where, timeout=30, host=host, origin=origin, suppress_origin=origin is None, header=named)


def test_only_from_our_own_pages(serving: Site) -> None:
    """Trap 2: an empty list would switch the check off, and the default believes X-Forwarded-Host."""
    found = serving.cookie_of(serving.cast.mona)
    cookie = f"{found['name']}={found['value']}"
    own = f"http://localhost:{serving.port}"
    evil = ["https://evil.example", "null", "http://localhost", f"https://localhost:{serving.port}", f"http://localhost:{serving.port + 1}"]
    evil += [f"http://localhost:{serving.port}.evil.example", f"http://evil.localhost:{serving.port}", own + "/", own.upper(), "*"]
    for origin in evil:
        host = origin.partition("://")[2] or "evil.example"
        assert knock(serving, Origin=origin, Cookie=cookie) == 400, origin
        assert knock(serving, Origin=origin, Cookie=cookie, X_Forwarded_Host=host, X_Forwarded_Proto="https") == 400, origin
        with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
            open_websocket(serving, origin, Cookie=cookie, X_Forwarded_Host=host)
    assert knock(serving, Origin=own, Cookie=cookie) == knock(serving, Cookie=cookie) == 200
    open_websocket(serving, own, Cookie=cookie).close()


def answered(opened: websocket.WebSocket, auth: str = "") -> str:
    """The kind of packet that asking to come in gets: 40 in, 44 refused."""
    opened.recv()
    opened.send("40" + auth)
    found = str(opened.recv())
    opened.close()
    return found[:2]


def test_a_cookie_that_says_not_whence_it_comes_is_refused(serving: Site) -> None:
    """A page's socket says its origin; a program says who it is by a token. Only a same-origin polling GET comes with neither."""
    found = serving.cookie_of(serving.cast.mona)
    cookie, own = f"{found['name']}={found['value']}", f"http://localhost:{serving.port}"
    token = token_of(serving, serving.cast.mona)
    assert answered(open_websocket(serving, None, Cookie=cookie)) == "44"
    assert answered(open_websocket(serving, None, Cookie=cookie), "{}") == "44"
    assert answered(open_websocket(serving, own, Cookie=cookie)) == "40"
    assert answered(open_websocket(serving, None)) == "40"
    assert answered(open_websocket(serving, None, Cookie=cookie), json.dumps({"token": token})) == "40"
    assert answered(open_websocket(serving, None, Authorization=f"Bearer {token}")) == "40"
    with serving.app.app_context():
        open_board(groups=["management"])
    polling = Polling(serving, Cookie=cookie)
    assert polling.read().startswith("40{")
    polling.send('420["watch",{"board":"b"}]')
    assert polling.read().startswith('430[{"ok":true,"seq":2,"reset":false}]')


def test_another_name_for_us_hears_nothing(start_site: Any) -> None:
    """Not by its own word, and not by that of the proxy in front."""
    site = start_site(COCREATE_TRUSTED_PROXIES="1")
    own, evil = f"localhost:{site.port}", "evil.example"
    told = [(own, "", "40"), (f"127.0.0.1:{site.port}", "", "40"), (evil, "", "44"), (evil, own, "40"), (own, evil, "44"), (own, f"{own}, {evil}", "44")]
    for host, named, answer in told:
        said = {"X_Forwarded_Host": named} if named else {}
        assert answered(open_websocket(site, None, host, **said)) == answer, (host, named)
        if evil in (host, named):
            assert knock(site, Origin=f"http://{evil}", Host=host, **said) == 400


def test_one_clients_messages_stay_in_order(start_site: Any) -> None:
    """Trap 6: handlers of one client would run beside each other, and one that waits for PostgreSQL would be overtaken."""
    site = start_site("postgresql")
    with site.app.app_context():
        open_board(public=True)
    answered: list[int] = []
    with ears(site) as listen:
        ear = listen()
        for n in range(40):
            ear.send("watch" if n % 2 else "unwatch", {"board": "b" if n % 3 else "nowhere"}, lambda _answer, n=n: answered.append(n))
        until(lambda: len(answered) == 40)
    assert answered == list(range(40))


def test_a_full_polling_post_is_heard_whole(serving: Site) -> None:
    """Trap 6: the library drops what is more than 16 packets, and answers 200."""
    with serving.app.app_context():
        open_board(public=True)
    polling = Polling(serving)
    assert polling.read().startswith("40{")
    assert polling.send("\x1e".join(f'42{n}["unwatch",{{"board":"b"}}]' for n in range(50))) == 200
    assert polling.read().split("\x1e") == [f'43{n}[{{"ok":true}}]' for n in range(50)]


REFUSED = {"many": "\x1e".join(["40"] * (transport.MOST_PACKETS + 1)), "long": "4" * (door.MESSAGE_LIMIT + 1), "odd": "x", "empty": "4\x1e"}


def test_a_polling_post_that_is_not_heard_is_refused(serving: Site) -> None:
    """Trap 6: and its connection ends at once; nobody waits for a client that may never read again."""
    for what, said in REFUSED.items():
        polling = Polling(serving)
        assert polling.send(said) == 400, what
        assert polling.send("40") == 400, what
    assert "Traceback" not in serving.log


NOISE = [
    "451-[1]",
    "5",
    "4",
    "49",
    "42",
    "42[",
    "42[]",
    '42["watch"',
    "42{}",
    '42["nothing",1]',
    '40/other,{"a":1}',
    "44",
    "x",
    "42[5]",
    "\x00",
    '421e9["watch"]',
    "2probe",
    '40/other,1["watch",{"board":"b"}]',
    '42/other,1["watch",{"board":"b"}]',
    '42/board:1,1["watch",{"board":"b"}]',
    '421["join",{"room":"board:1"}]',
    '421["enter_room","board:1"]',
    '421["subscribe","board:1"]',
]
EARLY = ['421["watch",{"board":"b"}]', '42/other,1["watch",{"board":"b"}]', '42["watch",{"board":"b"}]']


def test_noise_opens_nothing(serving: Site) -> None:
    """It is not answered with a trace, and who makes it hears nothing of what a proper watcher hears; with names of rooms and before coming in alike."""
    with serving.app.app_context():
        open_board(public=True)
    noisy = [open_websocket(serving, None) for _ in (*NOISE, *EARLY)]
    for opened, packets in zip(noisy, [*(["40", noise] for noise in NOISE), *([early, "40"] for early in EARLY)], strict=True):
        for packet in packets:
            opened.send(packet)
    with ears(serving) as listen, serving.app.app_context():
        ear = listen()
        ear.ask("watch", {"board": "b"})
        an_idea(serving.cast.emil, 1)
        until(lambda: ear.seqs() == [3])
        assert ear.messages("presence")[-1]["anonymous"] == 1
    assert serving.end() == 0
    for opened in noisy:
        assert [packet for packet in rest(opened) if packet.startswith("42")] == []
    assert "Traceback" not in serving.log, serving.log


def rest(opened: websocket.WebSocket) -> list[str]:
    """Everything that came until the connection ended."""
    found: list[str] = []
    with suppress(OSError, websocket.WebSocketException):
        while True:
            found.append(str(opened.recv()))
    return found


def test_the_connections_behind_a_socket_are_known_and_forgotten() -> None:
    assert transport.waiting(type("Engine", (), {"sockets": {}}), "gone") == (0, 0)
    transport.abort("gone")
