"""Many clients at once: requests written and answers read over kept connections, as fast as they come."""

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

CLIENTS = 32
TIMEOUT = 10.0  # seconds without any answer at all


@dataclass(frozen=True)
class Load:
    """What a server did: answers a second, and how long they took in milliseconds, in order."""

    rate: float
    times: tuple[float, ...]

    def within(self, part: float) -> float:
        """The time within which this part of the answers came."""
        return self.times[min(int(part * len(self.times)), len(self.times) - 1)]


def request(port: int, method: str, path: str, headers: dict[str, str] | None = None, body: str = "") -> bytes:
    """One request, as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join([*lines, "", body]).encode()


class _Client:
    """One kept connection, which asks again as soon as it is answered."""

    def __init__(self, port: int, requests: Sequence[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests: Iterator[bytes] = cycle(requests)
        self._read = b""

    def ask(self) -> None:
        self._read = b""
        self.asked = time.perf_counter()
        self.socket.sendall(next(self._requests))

    def is_answered(self) -> bool:
        """Take what came. Raises RuntimeError when it is another answer than 200, or none."""
        got = self.socket.recv(262144)
        if not got:
            raise RuntimeError("a server closed a connection that it was to keep")
        self._read += got
        head, end, body = self._read.partition(b"\r\n\r\n")
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"a server answers {self._read[:300]!r}")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return len(body) >= int(length)


def load(port: int, requests: Sequence[Sequence[bytes]], seconds: float) -> Load:
    """Have one client for each list of requests, which it repeats, ask for so long."""
    clients = [_Client(port, each) for each in requests]
    times: list[float] = []
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
        began = time.perf_counter()
        for client in clients:
            client.ask()
        while time.perf_counter() - began < seconds:
            ready = selector.select(TIMEOUT)
            if not ready:
                raise TimeoutError(f"no answer for {TIMEOUT} s")
            for key, _events in ready:
                if key.data.is_answered():
                    times.append((time.perf_counter() - key.data.asked) * 1000)
                    key.data.ask()
        spent = time.perf_counter() - began
    for client in clients:
        client.socket.close()
    return Load(len(times) / spent, tuple(sorted(times)))
