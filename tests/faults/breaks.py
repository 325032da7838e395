"""What breaks in the middle of a storm, and comes back. `more` waits until so much more was written; see `storm.Storm`."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from redis import Redis as Line

from tests.faults.storm import Storm
from tests.faults.wire import Wire, request
from tests.live.arranging import until
from tests.servers import Postgres, Redis
from tests.sites import Site, Workers

More = Callable[[int], None]
SOME = 15  # writes between two things that break
PAGE = "/api/v1/boards/storm"


def answer(site: Site, path: str) -> Any:
    wire = Wire(site)
    found = wire.ask(request(site, "GET", path))
    wire.close()
    assert found.status == 200, found
    return found.json


def all_say(storm: Storm, how: str) -> None:
    until(lambda: all(answer(site, "/readyz")["live"] == how for site in storm.sites), f"the live channel is never {how}")


def broker_goes(storm: Storm, more: More, redis: Redis, some: int = SOME) -> None:
    """R6: nobody who writes notices; who listens hears later, and the site says so."""
    redis.stop()
    all_say(storm, "degraded")
    more(some)
    redis.start()
    all_say(storm, "ok")
    more(some)


def broker_hangs_up(storm: Storm, more: More, redis: Redis, some: int = SOME, flood: bytes = b"") -> None:
    """R6: on those who listen at it only, by itself or as too much was sent to them; they come back."""
    with Line.from_url(redis.url) as line:
        (channel,) = until(lambda: line.pubsub_channels("cocreate:*"))
        until(lambda: line.pubsub_numsub(channel)[0][1] == len(storm.sites))
        before = {each["id"] for each in line.client_list(_type="pubsub")}
        if flood:
            line.publish(channel, flood)
        else:
            line.client_kill_filter(_type="pubsub")
        until(lambda: not before & {each["id"] for each in line.client_list(_type="pubsub")})
        more(some)
        until(lambda: line.pubsub_numsub(channel)[0][1] == len(storm.sites))
    more(some)


def database_goes(storm: Storm, more: More, postgres: Postgres, how: int, some: int = SOME) -> None:
    """R7: said with 503 to whoever writes, and none of it is half done."""
    before = storm.statuses[503]
    postgres.stop(how)
    until(lambda: storm.statuses[503] > before)
    postgres.start()
    more(some)


def process_goes(site: Site, how: int, more: More, some: int = SOME) -> None:
    """R4, R14: killed, or asked to end, with the others left to write; then it comes back."""
    code = site.end(how)
    assert code == (0 if how == signal.SIGTERM else -how), site.log
    more(some)
    site.start()
    more(some)


def lock_is_held(storm: Storm, more: More, other: sqlite3.Connection, seconds: float = 0.0, some: int = SOME) -> None:
    """R13: somebody else has the file. Who writes waits, who reads does not."""
    other.execute("PRAGMA busy_timeout = 60000")
    other.execute("BEGIN IMMEDIATE")
    before, end, reads = storm.written(), time.monotonic() + seconds, 0
    while reads < 20 or time.monotonic() < end:
        reads += sum(answer(site, PAGE)["slug"] == "storm" for site in storm.sites)
    assert storm.written() <= before + len(storm.writers)  # whose answers were on their way
    other.execute("COMMIT")
    more(some)


def worker_goes(site: Workers, more: More, some: int = SOME) -> None:
    """R4: killed, and another takes its place."""
    gone = min(site.pids())
    os.kill(gone, signal.SIGKILL)
    until(lambda: gone not in site.pids() and len(site.pids()) == 2)
    more(some)


def workers_are_replaced(site: Workers, more: More, some: int = SOME) -> None:
    """R14: each by one that was started anew."""
    before = site.pids()
    assert site.process is not None
    site.process.send_signal(signal.SIGHUP)
    until(lambda: not before & site.pids() and len(site.pids()) == 2)
    more(some)
