"""Taking times: an HTTP client that keeps its connection, pairs measured turn by turn in one run, and what a process used."""

import http.client
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROUNDS = 3
ROUND = 3.0  # seconds after which a round ends early
LEAST = 5  # calls in any round
TIMEOUT = 10.0  # seconds that one answer may take

Call = Callable[[], object]


class Knock:
    """A client of one server on loopback, over one connection that is kept."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("localhost", port, timeout=TIMEOUT)
        self._headers = headers or {}

    def ask(self, method: str, path: str, body: str | None = None, expect: int = 200, **headers: str) -> bytes:
        """The body of an answer, read whole. Raises RuntimeError when it is another answer than expected."""
        self._connection.request(method, path, body, self._headers | headers)
        answer = self._connection.getresponse()
        found = answer.read()
        if answer.status != expect:
            raise RuntimeError(f"{method} {path} answers {answer.status}: {found[:200]!r}")
        self.cookies = answer.headers.get_all("Set-Cookie") or []
        return found

    def close(self) -> None:
        self._connection.close()


def milliseconds(call: Call) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


@dataclass(frozen=True)
class Pair:
    """Two things measured in one run: the middle of ROUNDS medians of each, in milliseconds, and the ratio of each round."""

    ours: float
    other: float
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        return median(self.ratios)


def compare(ours: Call, other: Call, times: int) -> Pair:
    """Call both in turn, so that whatever else the machine does meets both alike; fewer times in a round that takes too long."""
    for call in (ours, other) * 3:
        call()
    rounds = [_round(ours, other, times) for _ in range(ROUNDS)]
    return Pair(median(a for a, _ in rounds), median(b for _, b in rounds), tuple(a / b for a, b in rounds))


def _round(ours: Call, other: Call, times: int) -> tuple[float, float]:
    pairs: list[tuple[float, float]] = []
    end = time.perf_counter() + ROUND
    while len(pairs) < times and (time.perf_counter() < end or len(pairs) < LEAST):
        pairs.append((milliseconds(ours), milliseconds(other)))
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
