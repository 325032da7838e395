"""A storm: people who write and clients that listen, on the processes of one site, while a test breaks something. Who writes sends again, with the same key,
whatever was not answered for sure; who listens comes back with the last number it knows. Afterwards everything must add up."""

import json
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from math import inf
from select import select
from threading import Event as Flag
from typing import Any

import websocket
from sqlalchemy import select as query

from cocreate.comments.models import Comment
from cocreate.core.db import db
from cocreate.ideas.models import Idea
from cocreate.people.viewer import Viewer
from cocreate.stances.models import Stance
from cocreate.transfer.doctor import examine
from tests.faults.wire import LOST, Answer, Wire, request, token_of
from tests.live.arranging import until
from tests.sites import Site
from tests.stage import open_board, propose

WEIGHED = 8  # ideas that are voted on
NUMBERS = {"agree": 1, "pass": 0, "disagree": -1}
FORGOTTEN = 0.2  # the share of calls with a key whose sender does not wait for the first answer
UNSURE = (0, 503)  # no answer, or one that asks to come again
TALLY = ("version", "voices", "tallies", "total", "common_ground")
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: the connection is reset, not closed
SLICE = 0.05  # seconds after which somebody who waits looks whether it is over


class Writer:
    """One person who writes, now to this process, now to that one. `said` is what was acknowledged, by its own words; `stances` by idea."""

    def __init__(self, sites: list[Site], number: int, token: str, ideas: list[int]) -> None:
        self.statuses: Counter[int] = Counter()
        self.said: dict[str, tuple[str, int]] = {}
        self.stances: dict[int, int] = {}
        self.count = 0
        self._sites, self._number, self._token, self._ideas = sites, number, token, ideas
        self._chance = random.Random(number)
        self._wires: dict[int, Wire] = {}

    def write_until(self, is_over: Flag) -> None:
        while not is_over.is_set():
            idea, kind = self._chance.choice(self._ideas), self._chance.choice(("ideas", "comments", "vote", "vote"))
            if kind == "vote":
                stance = self._chance.choice(list(NUMBERS))
                self._settle("PUT", f"/api/v1/ideas/{idea}/vote", {"stance": stance})
                self.stances[idea] = NUMBERS[stance]
            else:
                words = f"{self._number} says {self.count}"
                path, name = ("/api/v1/boards/storm/ideas", "title") if kind == "ideas" else (f"/api/v1/ideas/{idea}/comments", "body")
                self.said[words] = (kind, self._settle("POST", path, {name: words}, Idempotency_Key=words.replace(" ", "-")).json["id"])
            self.count += 1

    def _settle(self, method: str, path: str, body: Any, **headers: str) -> Answer:
        """Ask until it is known what became of it. Now and then what carries a key is forgotten at first, and is still under way when it is sent again."""
        deadline = time.monotonic() + 60

        def call(site: Site) -> bytes:
            return request(site, method, path, body, self._token, **headers)

        if headers and self._chance.random() < FORGOTTEN:
            self._forget(call)
        while True:
            answer = self._ask(call)
            self.statuses[answer.status] += 1
            if answer.status not in UNSURE:
                assert answer.status in (200, 201), answer
                return answer
            assert answer.status == 0 or "retry-after" in answer.headers, answer
            assert time.monotonic() < deadline, f"{method} {path} is never answered"
            time.sleep(SLICE)

    def _forget(self, call: Callable[[Site], bytes]) -> None:
        site = self._chance.choice(self._sites)
        with suppress(OSError):
            wire = Wire(site)
            wire.send(call(site))
            wire.close()

    def _ask(self, call: Callable[[Site], bytes]) -> Answer:
        site = self._chance.choice(self._sites)
        try:
            wire = self._wires.get(site.port) or Wire(site)
        except OSError:
            return LOST
        answer = wire.ask(call(site))
        if answer.status == 0 or answer.headers.get("connection", "").lower() == "close":
            wire.close()
            self._wires.pop(site.port, None)
        else:
            self._wires[site.port] = wire
        return answer


class Listener:
    """A client that keeps its own log: `events` as they came, of each idea the tally with the highest version. With `is_wild` it drops its connection again
    and again, resets it, goes to another process, or falls silent until the others have written more."""

    def __init__(self, sites: list[Site], number: int, headers: dict[str, str], auth: dict[str, str], count: Callable[[], float], is_wild: bool) -> None:
        self.events: list[dict[str, Any]] = []
        self.tallies: dict[int, dict[str, Any]] = {}
        self.comings = 0
        self._began = datetime.now(UTC).isoformat()
        self._sites, self._headers, self._auth, self._count = sites, headers, json.dumps(auth) if auth else "", count
        self._chance = random.Random(number)
        self._next_fit = self._chance.randrange(5, 40) if is_wild else None
        self._here = number

    def listen_until(self, is_over: Flag) -> None:
        while not is_over.is_set():
            with suppress(OSError, websocket.WebSocketException):
                self._once(self._sites[self._here % len(self._sites)], is_over)
            self._here += 1
            is_over.wait(SLICE)

    def _once(self, site: Site, is_over: Flag) -> None:
        where = f"ws://127.0.0.1:{site.port}/socket.io/?EIO=4&transport=websocket"
        line = websocket.create_connection(where, timeout=30, header=self._headers)
        try:
            line.recv()
            line.send(f"40{self._auth}")
            self._hear(line, is_over)
        finally:
            line.shutdown()  # type: ignore[no-untyped-call]

    def _hear(self, line: Any, is_over: Flag) -> None:
        while not is_over.is_set():
            if not select([line.sock], [], [], SLICE)[0]:
                continue
            text = str(line.recv())
            kind, body = text[:2], text[2:]
            if text == "2":
                line.send("3")
            elif kind == "40":
                since = self.events[-1]["seq"] if self.events else 0
                line.send("421" + json.dumps(["watch", {"board": "storm", "since": since, "made": self._began}]))
            elif text.startswith("431"):
                (answer,) = json.loads(text[3:])
                if answer.get("error") == "unavailable":
                    return
                assert (answer["ok"], answer["reset"]) == (True, False), answer
                self.comings += 1
                self._take_tally(answer.get("tally", {}))
            elif kind == "42":
                name, message = json.loads(body)
                if name == "event":
                    self.events.append(message)
                elif name == "tally":
                    self._take_tally(message)
                if self._has_a_fit(line, is_over):
                    return
            else:
                return  # hung up on

    def _take_tally(self, message: dict[str, Any]) -> None:
        for told in message.get("tallies", []):
            if told["version"] >= self.tallies.get(told["idea"], told)["version"]:
                self.tallies[told["idea"]] = told

    def _has_a_fit(self, line: Any, is_over: Flag) -> bool:
        """Whether it leaves now."""
        if self._next_fit is None or len(self.events) < self._next_fit:
            return False
        self._next_fit = len(self.events) + self._chance.randrange(5, 60)
        fit = self._chance.choice(("silence", "reset", "drop"))
        if fit == "silence":
            enough = self._count() + self._chance.randrange(10, 60)
            while self._count() < enough and not is_over.is_set():
                time.sleep(SLICE)
        elif fit == "reset":
            line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        return fit != "silence"


class Storm:
    """Seven people write and some listen, a visitor and wild ones among them."""

    def __init__(self, sites: list[Site], listeners: int) -> None:
        self.sites, self.site, self._calm = sites, sites[0], Flag()
        cast = self.site.cast
        with self.site.app.app_context():
            self.board = open_board("storm", read_public=True)
            self.ideas = [propose(cast.emil, self.board, f"Weigh {n}") for n in range(WEIGHED)]
        self.people = [cast.mona, cast.emil, cast.cleo, cast.piet, cast.mira, cast.otto, cast.ada]
        self.writers = [Writer(sites, number, token_of(self.site, person), self.ideas) for number, person in enumerate(self.people)]
        self.listeners = [self._listener(number) for number in range(listeners)]

    def _listener(self, number: int) -> Listener:
        person: Viewer = self.people[number % len(self.people)]
        cookie = self.site.cookie_of(person)
        headers = {"Cookie": f"{cookie['name']}={cookie['value']}"} if number % 3 == 1 else {}
        auth = {"token": token_of(self.site, person)} if number % 3 == 2 else {}
        return Listener(self.sites, number, headers, auth, self._count, is_wild=number % 2 == 1)

    def written(self) -> int:
        return sum(writer.count for writer in self.writers)

    def _count(self) -> float:
        """The same for whoever waits for more: once nobody writes any more it is enough."""
        return inf if self._calm.is_set() else self.written()

    @property
    def statuses(self) -> Counter[int]:
        """What was answered since it last began to blow, 0 for nothing."""
        return sum((writer.statuses for writer in self.writers), Counter())

    @contextmanager
    def blows(self) -> Iterator[Callable[[int], None]]:
        """Inside the block they write and listen: `more(20)` waits until so much more was acknowledged. At its end everything adds up."""
        over = Flag()
        self._calm.clear()
        for writer in self.writers:
            writer.statuses.clear()
        with ThreadPoolExecutor(len(self.writers) + len(self.listeners)) as pool:
            listening = [pool.submit(listener.listen_until, over) for listener in self.listeners]
            writing = [pool.submit(writer.write_until, self._calm) for writer in self.writers]
            try:
                yield partial(self._more, [*writing, *listening])
                self._calm.set()
                for each in writing:
                    each.result(90)
                self._adds_up(listening)
            finally:
                self._calm.set()
                over.set()
        for each in listening:
            each.result()

    def _more(self, working: list["Future[None]"], count: int) -> None:
        enough = self.written() + count

        def is_enough() -> bool:
            _raise_what_failed(working)
            return self.written() >= enough

        until(is_enough, f"no {count} more writes")

    def _adds_up(self, listening: list["Future[None]"]) -> None:
        """What was acknowledged is there, once; what was heard is what the log holds; the data are whole."""
        with self.site.app.app_context():
            self._holds_what_was_said()
            assert not any(examine().values())
            db.engine.dispose()
        stream = self._stream(self.site)
        assert [event["seq"] for event in stream] == list(range(1, len(stream) + 1))
        assert all(self._stream(site) == stream for site in self.sites)
        tallies = {idea: self._tally(idea) for idea in self.ideas}
        for listener in self.listeners:

            def has_all(listener: Listener = listener) -> bool:
                _raise_what_failed(listening)
                return len(listener.events) >= len(stream) and all(listener.tallies.get(idea) == told for idea, told in tallies.items() if told["voices"])

            until(has_all, f"{len(listener.events)} of {len(stream)} events, {listener.tallies}, {tallies}")
            assert listener.events == stream

    def _holds_what_was_said(self) -> None:
        for kind, words, rows in (("ideas", Idea.title, Idea.id), ("comments", Comment.body, Comment.id)):
            found = sorted((text, id) for text, id in db.session.execute(query(words, rows)) if " says " in text)
            assert found == sorted((text, id) for writer in self.writers for text, (what, id) in writer.said.items() if what == kind)
        for person, writer in zip(self.people, self.writers, strict=True):
            stored = db.session.execute(query(Stance.subject_id, Stance.stance).where(Stance.person_id == person.id, Stance.subject_id.in_(self.ideas)))
            assert {row[0]: row[1] for row in stored} == writer.stances

    def _stream(self, site: Site) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = self._read(site, f"/api/v1/boards/storm/events?limit=100&since={found[-1]['seq'] if found else 0}")
            found += page["items"]
            if page["next_cursor"] is None:
                return found

    def _tally(self, idea: int) -> dict[str, Any]:
        found = self._read(self.site, f"/api/v1/ideas/{idea}")
        return {"idea": idea, **{name: found[name] for name in TALLY}}

    def _read(self, site: Site, path: str) -> Any:
        wire = Wire(site)
        answer = wire.ask(request(site, "GET", path))
        wire.close()
        assert answer.status == 200, answer
        return answer.json


def _raise_what_failed(working: list["Future[None]"]) -> None:
    for each in working:
        if each.done():
            each.result()
