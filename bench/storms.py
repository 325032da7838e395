"""One event after the other to everybody in a room: how many arrive a second, from the first one's beginning to the last client's receipt."""

import json
import resource
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.arranging import BOARD, OneWorker
from bench.measuring import ROUNDS, TIMEOUT, resident_mib
from bench.peers import node, plain
from bench.table import print_ratio, print_value
from tests.cast import create_cast
from tests.databases import fill
from tests.stage import open_board

SIZES = (1000, 3000)  # sockets
DELIVERIES = 30_000
MARK = b'"storm"'  # stands in each event once
PATIENCE = 30.0  # seconds within which all must have come
OPEN = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
KEY = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c3Rvcm1zdG9ybXN0b3JtMQ==\r\n\r\n"


class StormSite(OneWorker):
    command = (*OneWorker.command, "bench.storm_site:app")  # type: ignore[assignment]


def _framed(text: str) -> bytes:
    """As a client sends a short text: masked, by nothing."""
    data = text.encode()
    return bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data


class Crowd:
    """Sockets in one room of one server, all heard by this process."""

    def __init__(self, port: int, says: str = "") -> None:
        self._port, self._says = port, says
        self._all = selectors.DefaultSelector()
        self._tails: dict[socket.socket, bytes] = {}
        self._heard = 0
        self.sampled: dict[socket.socket, list[tuple[float, bytes]]] = {}

    def sample(self, count: int) -> None:
        """Keep from now on what so many of them hear, and when."""
        everybody = list(self._tails)
        self.sampled = {one: [] for one in everybody[:: len(everybody) // count][:count]}

    def grow(self, size: int) -> None:
        """Until there are so many."""
        while len(self._tails) < size:
            one = _connected(self._port)
            one.sendall(OPEN % self._port + KEY)
            _until(one, b"0{")
            one.sendall(_framed("40"))
            _until(one, b"40{")
            if self._says:
                one.sendall(_framed(self._says))
                _until(one, b"430")
            self._tails[one] = b""
            self._all.register(one, selectors.EVENT_READ)
        self.listen(1.5)  # to what else is said at the beginning

    def storm(self, count: int) -> float:
        """Deliveries a second."""
        self._heard, wanted = 0, count * len(self._tails)
        began = time.perf_counter()
        next(iter(self._tails)).sendall(_framed(f'42["storm",{count}]'))
        while self._heard < wanted:
            if time.perf_counter() > began + PATIENCE:
                raise TimeoutError(f"{self._heard} of {wanted} events came")
            self._take(0.1)
        return wanted / (time.perf_counter() - began)

    def listen(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._take(0.05)

    def _take(self, wait: float) -> None:
        for key, _ in self._all.select(wait):
            one: socket.socket = key.fileobj  # type: ignore[assignment]
            got = one.recv(65536)
            if not got:
                raise RuntimeError("a server hung up on somebody who reads")
            if b"\x81\x012" in got:
                one.sendall(_framed("3"))
            if one in self.sampled:
                self.sampled[one].append((time.perf_counter(), got))
            text = self._tails[one] + got
            self._heard += text.count(MARK)
            self._tails[one] = text[1 - len(MARK) :]

    def close(self) -> None:
        for one in self._tails:
            one.close()
        self._all.close()


def _connected(port: int) -> socket.socket:
    """To a server that may only just begin to listen."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _until(one: socket.socket, words: bytes) -> None:
    read = b""
    while words not in read:
        got = one.recv(65536)
        if not got:
            raise RuntimeError(f"a server answers {read[:300]!r}")
        read += got


@contextmanager
def room_for(sockets: int) -> Iterator[None]:
    """As many open files as that takes, if the machine lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise RuntimeError(f"at most {hard} files may be open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _site(folder: Path) -> StormSite:
    """With an empty board that everybody may watch; not yet started."""
    url = f"sqlite:///{folder / 'site.sqlite3'}"
    fill("template_empty", url, folder)
    site = StormSite(folder, url)
    create_cast(site.app)
    with site.app.app_context():
        open_board(BOARD, read_public=True)
    return site


def storms(ends: ExitStack, folder: Path) -> None:
    """Beside a plain Flask-SocketIO and Node's socket.io, turn by turn."""
    try:
        ends.enter_context(room_for(3 * SIZES[-1]))
    except RuntimeError as error:
        print(f"  not measured, {error}")
        return
    site = _site(folder)
    ends.callback(site.kill)
    site.start()
    other, third = ends.enter_context(plain()), ends.enter_context(node(folder))
    crowds = {"ours": Crowd(site.port, "420" + json.dumps(["watch", {"board": BOARD}])), "plain Flask-SocketIO": Crowd(other)}
    if third is None:
        print("  Node's socket.io: absent, as there is no Node here, or no socket.io to be had")
    else:
        crowds["Node's socket.io"] = Crowd(third)
    for crowd in crowds.values():
        ends.callback(crowd.close)
    crowds["ours"].grow(1)  # what the first one takes is the site's own
    before = resident_mib(site.pid)
    for size in SIZES:
        for crowd in crowds.values():
            crowd.grow(size)
        print_value(f"memory of a client, of {size}", (resident_mib(site.pid) - before) * 1024 / size, "KiB", "at most 80")
        rounds = [{name: crowd.storm(DELIVERIES // size) for name, crowd in crowds.items()} for _ in range(ROUNDS)]
        for name, least in (("plain Flask-SocketIO", 4), ("Node's socket.io", 1.1)):
            if name in crowds:
                print_ratio(f"to {size} sockets, beside {name}", least, [(found["ours"], found[name]) for found in rounds])
