"""What takes long takes nobody else's time: hashing, and a mail server that says nothing. In the order of answers, not in seconds."""

import socket
from collections.abc import Callable

import pytest

from tests.faults.wire import Wire, form, request
from tests.live.arranging import until
from tests.sites import Site

HASHES = 6


def test_passwords_hold_up_nobody(serving: Site) -> None:
    """Trap 12: hashed on the hub, the others would have a turn between two passwords only."""
    given = {"email": "cleo@example.org", "password": "several words in a row"}
    waiting, probe = [Wire(serving) for _ in range(HASHES)], Wire(serving)
    for wire in waiting:
        wire.send(form(serving, "/sign-in/password", given))
    turns = 0
    while not all(wire.has_answer() for wire in waiting):
        assert probe.ask(request(serving, "GET", "/healthz")).status == 200
        turns += 1
    assert turns > 3 * HASHES
    assert [wire.answer().status for wire in waiting] == [400] * HASHES


def test_a_mail_server_that_says_nothing_holds_up_nobody(start_site: Callable[..., Site]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        site = start_site(COCREATE_MAIL_URL=f"smtp://127.0.0.1:{server.getsockname()[1]}")
        wire = Wire(site)
        assert wire.ask(form(site, "/sign-in", {"email": "cleo@example.org"})).status == 303
        silent, _ = server.accept()
        silent.setblocking(False)
        for path in ("/healthz", "/", "/sign-in", "/api/v1/boards") * 2:
            assert wire.ask(request(site, "GET", path)).status == 200, path
        with pytest.raises(BlockingIOError):
            silent.recv(1)  # the site still waits for a word of it
        assert site.end() == 0
        until(lambda: not is_open(silent))


def is_open(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
