"""Messages that go straight out and messages that go through a queue, over a real network: whole, in order, and by the queue where nothing else will do."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from socket import SO_SNDBUF, SOL_SOCKET
from types import SimpleNamespace
from typing import Any

import gevent.socket
import pytest
import websocket
from gevent.event import Event

from cocreate.entrypoints.transport import Line
from tests.databases import Databases
from tests.live.arranging import ears, open_board, until
from tests.live.test_door import Polling, open_websocket
from tests.live.test_served import SlowReader, write
from tests.sites import Site, Workers

EVENTS = 400
LARGE = 100  # times 50 letters


class Spied(Site):
    command = ("-m", "tests.live.spied")


class SpiedWorker(Workers):
    command = (*Workers.command, "tests.live.spied:app")  # type: ignore[assignment]


Start = Callable[..., Site]


@pytest.fixture
def start(databases: Databases, tmp_path: Path) -> Iterator[Start]:
    """A site of this kind, which tells how frames go, with an open board."""
    with databases.fresh("sqlite", tmp_path) as url:
        started: list[Site] = []

        def begin(kind: type[Site], **environment: str) -> Site:
            started.append(kind(tmp_path, url, **environment))
            with started[-1].app.app_context():
                open_board(public=True)
            return started[-1].start()

        yield begin
        for site in started:
            site.kill()


def ways(site: Site) -> set[str]:
    """How frames went, once three events were heard."""
    with ears(site) as listen:
        ear = listen()
        ear.ask("watch", {"board": "b"})
        until(lambda: ear.messages("presence"))
        time.sleep(0.1)  # until the writer of its queue waits again
        before = len(site.log)
        write(site, 3)
        until(lambda: ear.seqs() == [3, 4, 5])
    return set(site.log[before:].split()) & {"straight", "queued"}


@pytest.mark.parametrize("kind", [Spied, SpiedWorker])
def test_events_go_straight_out(start: Start, kind: type[Site]) -> None:
    """It fails when the private names that this rests on have moved."""
    site = start(kind, WEB_CONCURRENCY="1")
    assert ways(site) == {"straight"}
    assert "Traceback" not in site.log


def test_when_a_private_name_has_moved_all_goes_by_the_queue(start: Start) -> None:
    site = start(Spied, MOVED="poll")
    assert ways(site) == {"queued"}
    assert "Traceback" not in site.log


def test_who_polls_hears_by_the_queue(start: Start) -> None:
    site = start(Spied)
    polling = Polling(site)
    polling.read()
    polling.send('420["watch",{"board":"b"}]')
    heard = ""
    write(site, 1)
    while '"seq":3' not in heard:
        heard += polling.read()
    assert "straight" not in site.log


def test_no_client_is_compressed(start: Start) -> None:
    site = start(Spied)
    opened = open_websocket(site, None, Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits")
    assert "sec-websocket-extensions" not in (opened.getheaders() or {})
    opened.close()


@contextmanager
def writing(site: Site, size: int) -> Iterator[None]:
    """Events come one after another meanwhile, and all are there at the end."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(write, site, EVENTS, size)
        yield
        done.result()


def packets(opened: websocket.WebSocket, head: int) -> Iterator[Any]:
    """Everything up to this event, parsed: the seq of events, the answer of acks. A frame inside another would not parse."""
    seq = 0
    while seq < head:
        text = str(opened.recv())
        if text == "2":
            opened.send("3")
        elif text.startswith("43"):
            yield json.loads(text[text.index("[") :])[0]
        elif text.startswith('42["event"'):
            seq = json.loads(text[2:])[1]["seq"]
            yield seq


@pytest.mark.parametrize("size", [1, LARGE], ids=["small", "large"])
def test_answers_and_events_keep_their_order(start: Start, size: int) -> None:
    """Answers go by the queue and events past it: an answer says up to where it is true. The network's own pings and pongs come in between."""
    site = start(Spied)
    reader = SlowReader(site)
    opened, last, asked = reader._client, 2, 0
    with writing(site, size):
        reader.watch(2)
        for found in packets(opened, EVENTS + 2):
            if isinstance(found, int):
                assert found == last + 1
                last = found
                if last % 5 == 0:
                    opened.ping("x" * 100)
                    opened.send("42" + str(last) + json.dumps(["unwatch", {"board": "elsewhere"}]))
            else:
                asked += 1
                assert found == {"ok": True} or found["seq"] <= last
    assert last == EVENTS + 2
    assert asked > 1


def test_the_rest_of_a_frame_goes_before_anything_else() -> None:
    ours, theirs = gevent.socket.socketpair()
    ours.setsockopt(SOL_SOCKET, SO_SNDBUF, 4096)
    client = SimpleNamespace(queue=Queue(), poll=Event().wait)
    line = Line(client, SimpleNamespace(ws=SimpleNamespace(sock=ours, connected=True)))
    writer = gevent.spawn(lambda: client.poll())
    gevent.sleep(0)
    long = b"a" * 200_000
    assert line.write(long)
    gevent.sleep(0)
    read = theirs.recv(len(long))  # there is room now, and nobody had a turn to take it
    assert len(read) < len(long)
    assert not line.write(b"b")
    while len(read) < len(long):
        read += theirs.recv(len(long))
    assert read == long
    gevent.sleep(0.01)
    assert line.write(b"b")
    assert theirs.recv(2) == b"b"
    writer.kill()


def test_who_reads_in_fits_misses_nothing(start: Start) -> None:
    """In the middle of a storm: what comes parses and has no hole; whoever is cut off all the same catches up."""
    site = start(Spied)
    reader, last, comings = SlowReader(site), 2, 1
    with writing(site, LARGE):
        reader.watch(last)
        while last < EVENTS + 2:
            try:
                assert reader.read(1) == [last + 1]
                last += 1
                if last % 50 == 0:
                    time.sleep(0.5)
            except (OSError, websocket.WebSocketException):
                reader, comings = SlowReader(site), comings + 1
                reader.watch(last)
    reader._client.close()
    assert {"straight", "queued"} <= set(site.log.split())
