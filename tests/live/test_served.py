"""Over a real network, against the served process: nothing is lost in a gap, and who does not read is let go."""

import array
import fcntl
import json
import socket
import termios
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import websocket

from cocreate.boards.events import BOARD_EDITED
from cocreate.core.ids import Ref
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import board_room
from cocreate.people.actions import suspend_person
from cocreate.people.signin_actions import end_other_sessions, revoke_token
from tests.live.arranging import Ear, call, ears, open_board, token_of, until
from tests.sites import Site
from tests.stage import an_idea

ENTRIES = 300  # of several KB each: more than the network between two processes holds by itself


@pytest.fixture
def site(start_site: Callable[..., Site], database: str) -> Site:
    """A served process with an open board."""
    site = start_site(database)
    with site.app.app_context():
        open_board(public=True)
    return site


def write(site: Site, count: int, size: int = 1) -> None:
    """Events by the application beside the served one."""

    @action
    def edit() -> None:
        record(BOARD_EDITED, None, board_room(1), Ref("board", 1), fields=["x" * 50] * size)

    with site.app.app_context():
        for _ in range(count):
            edit()


def test_two_people_see_each_other(site: Site) -> None:
    cast = site.cast
    token = token_of(site, cast.emil)
    with ears(site) as listen:
        cleo, mona = listen(cast.cleo), listen(token=token_of(site, cast.mona))
        for ear in (cleo, mona):
            assert ear.ask("watch", {"board": "b", "since": 2}) == {"ok": True, "seq": 2, "reset": False}
        idea = call(site, token, "POST", "/boards/b/ideas", {"title": "Warm milk"})
        voted = call(site, token, "PUT", f"/ideas/{idea['id']}/vote", {"stance": "agree"})
        for ear in (cleo, mona):
            until(lambda ear=ear: ear.seqs() == [3] and ear.messages("tally"))  # type: ignore[misc]
            (told,) = ear.messages("tally")[-1]["tallies"]
            assert (told["idea"], told["version"], told["voices"]) == (idea["id"], voted["version"], 1)
        until(lambda: cleo.messages("presence")[-1]["groups"] == {"management": 1, "customer": 1})
        mona.drop()
        until(lambda: cleo.messages("presence")[-1]["groups"] == {"customer": 1})


def test_the_last_tally_arrives(site: Site) -> None:
    token = token_of(site, site.cast.emil)
    with ears(site) as listen:
        ear = listen()
        ear.ask("watch", {"board": "b"})
        idea = call(site, token, "POST", "/boards/b/ideas", {"title": "Warm milk"})["id"]
        for n in range(30):
            last = call(site, token, "PUT", f"/ideas/{idea}/vote", {"stance": ("agree", "disagree")[n % 2]})["version"]
        until(lambda: any(told["version"] == last for message in ear.messages("tally") for told in message["tallies"]))
        versions = [told["version"] for message in ear.messages("tally") for told in message["tallies"]]
        assert versions == sorted(set(versions))


def test_a_gap_is_made_up_for(site: Site) -> None:
    with ears(site) as listen:
        first = listen()
        first.ask("watch", {"board": "b", "since": 0})
        write(site, 5)
        until(lambda: first.seqs() == list(range(1, 8)))
        first.drop()
        write(site, 20)
        second = listen()
        assert second.ask("watch", {"board": "b", "since": 7}) == {"ok": True, "seq": 27, "reset": False}
        assert second.seqs() == list(range(8, 28))
        write(site, 1)
        until(lambda: second.seqs()[-1] == 28)


def test_nothing_is_lost_or_doubled_while_others_write(site: Site) -> None:
    """Watching again and again while events come: between catching up and hearing live there is no hole."""
    token = token_of(site, site.cast.emil)
    writes = 60
    applied: list[int] = []
    with ThreadPoolExecutor(1) as pool, ears(site) as listen:
        writer = pool.submit(lambda: [call(site, token, "POST", "/boards/b/ideas", {"title": f"Idea {n}"}) for n in range(writes)])
        while len(applied) < writes + 2:
            if writer.done():
                writer.result()  # raises what went wrong
            ear: Ear = listen()
            since = applied[-1] if applied else 0
            answer = ear.ask("watch", {"board": "b", "since": since})
            assert answer["reset"] is False
            assert ear.seqs()[: answer["seq"] - since] == list(range(since + 1, answer["seq"] + 1))
            until(lambda ear=ear, known=answer["seq"] - since: len(ear.seqs()) > known or writer.done())  # type: ignore[misc]
            ear.drop()
            applied += ear.seqs()
            assert applied == list(range(1, len(applied) + 1))
    assert applied == list(range(1, writes + 3))


@pytest.mark.parametrize("how", ["suspended", "signed out", "token revoked"])
def test_who_may_not_hear_is_let_go(site: Site, how: str) -> None:
    """Here the right is lost in another process, without a broker."""
    cast = site.cast
    with ears(site) as listen:
        cleo, mona = listen(token=token_of(site, cast.cleo)) if how == "token revoked" else listen(cast.cleo), listen(cast.mona)
        for ear in (cleo, mona):
            assert ear.ask("watch", {"board": "b"})["ok"]
        write(site, 1)
        until(lambda: cleo.seqs() == [3])
        with site.app.app_context():
            lose_right(cast, how)
        until(lambda: not cleo.is_connected)
        write(site, 1)
        until(lambda: mona.seqs() == [3, 4])
        assert cleo.seqs() == [3]


def lose_right(cast: Any, how: str) -> None:
    if how == "suspended":
        suspend_person(cast.ada, cast.cleo.id)
    elif how == "signed out":
        end_other_sessions(cast.cleo)
    else:
        revoke_token(cast.cleo, 1)


class SlowReader:
    """A client whose network holds little, and who reads when asked to."""

    def __init__(self, site: Site) -> None:
        small = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),)
        where = f"ws://localhost:{site.port}/socket.io/?EIO=4&transport=websocket"
        self._client = websocket.create_connection(where, timeout=30, sockopt=small)
        assert self._client.sock is not None
        self.tcp = self._client.sock
        self._client.recv()
        self._client.send("40")
        self._client.recv()

    def watch(self, since: int) -> None:
        self._client.send("420" + json.dumps(["watch", {"board": "b", "since": since}]))

    def waits(self) -> bool:
        """Whether something lies there unread."""
        found = array.array("i", [0])
        fcntl.ioctl(self.tcp.fileno(), termios.FIONREAD, found)
        return found[0] > 0

    def read(self, count: int) -> list[int]:
        """The numbers of the next events."""
        found: list[int] = []
        while len(found) < count:
            text = str(self._client.recv())
            if text == "2":
                self._client.send("3")
            elif text.startswith('42["event"'):
                found.append(json.loads(text[2:])[1]["seq"])
        return found

    def read_to_the_end(self) -> list[int]:
        """Everything that still comes, until the connection is cut."""
        found: list[int] = []
        try:
            while True:
                found += self.read(1)
        except (OSError, websocket.WebSocketException):
            return found


def test_who_reads_slowly_gets_everything_whole(site: Site) -> None:
    """Frames are written whole, however little goes out at once."""
    write(site, ENTRIES, size=100)
    slow = SlowReader(site)
    slow.watch(0)
    until(slow.waits)
    assert slow.read(ENTRIES + 2) == list(range(1, ENTRIES + 3))
    slow._client.close()


@pytest.mark.parametrize("since", [0, 2], ids=["while it catches up", "while it hears live"])
def test_who_does_not_read_is_let_go(site: Site, since: int) -> None:
    """Trap 8: its queue is bounded, it is cut off with its connection, and others notice nothing."""
    with ears(site) as listen:
        ear = listen()
        ear.ask("watch", {"board": "b", "since": 2})
        if since == 0:
            write(site, ENTRIES, size=100)
        stuck = SlowReader(site)
        stuck.watch(since)
        if since == 2:
            write(site, ENTRIES, size=100)
        until(lambda: ear.seqs() == list(range(3, ENTRIES + 3)))
        until(lambda: ear.messages("presence")[-1]["anonymous"] == 1 and len(ear.messages("presence")) > 1)
        until(lambda: not established(site, stuck))
        found = stuck.read_to_the_end()
    assert found == list(range(since + 1, since + 1 + len(found)))
    assert len(found) < ENTRIES


def established(site: Site, reader: SlowReader) -> bool:
    """Whether the server's end of this connection is still there."""
    port = reader.tcp.getsockname()[1]
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{site.port:04X}") and row[2].endswith(f":{port:04X}") for row in rows)


def test_it_is_quiet_and_ends_in_time(site: Site) -> None:
    with ears(site) as listen:
        for _ in range(3):
            listen().ask("watch", {"board": "b"})
        assert site.end() == 0
    assert site.log.splitlines()[1:] == []


def test_an_idea_of_the_other_process_is_heard_too(site: Site) -> None:
    with ears(site) as listen, site.app.app_context():
        ear = listen()
        ear.ask("watch", {"board": "b"})
        an_idea(site.cast.emil, 1)
        until(lambda: [message["kind"] for message in ear.messages("event")] == ["idea.proposed"])
