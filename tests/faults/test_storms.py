"""In the middle of a storm something breaks and comes back: nothing acknowledged is lost, and every client's own log is the stream's."""

import random
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.cast import create_cast
from tests.databases import Databases, fill
from tests.faults.breaks import (
    SOME,
    More,
    all_say,
    broker_goes,
    broker_hangs_up,
    database_goes,
    lock_is_held,
    process_goes,
    worker_goes,
    workers_are_replaced,
)
from tests.faults.storm import Storm
from tests.servers import Postgres, Redis
from tests.sites import Site, Workers

MANY = 100  # writes between two things that break, in a long storm
ROUNDS = 12  # of a long storm
LISTENERS = 20
WELL = {200, 201}
HELD = 3.0  # seconds that somebody else holds the file; less than writers wait
STUCK = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '1 second'"
FLOOD = b"x" * 40_000_000  # more than Redis keeps for a subscriber, whom it hangs up on


@pytest.fixture
def two(postgres: Postgres, redis: Redis, tmp_path: Path) -> Iterator[list[Site]]:
    """Two processes on one PostgreSQL, that start before their broker does."""
    redis.stop()
    url = postgres.url("postgres")
    fill("template_empty", url, tmp_path)
    sites = [Site(tmp_path, url, COCREATE_REDIS_URL=redis.url) for _ in range(2)]
    create_cast(sites[0].app)
    for site in sites:
        site.start()
    yield sites
    for site in sites:
        site.kill()


def test_what_two_processes_need_goes_and_comes(two: list[Site], redis: Redis, postgres: Postgres) -> None:
    storm = Storm(two, listeners=6)
    with storm.blows() as more:
        all_say(storm, "degraded")
        more(SOME)
        redis.start()
        all_say(storm, "ok")
        broker_goes(storm, more, redis)
        broker_hangs_up(storm, more, redis)
    assert storm.statuses.keys() <= WELL
    assert all("Traceback" not in site.log for site in two)
    with storm.blows() as more:
        for how in (signal.SIGINT, signal.SIGQUIT):
            database_goes(storm, more, postgres, how)
    assert storm.statuses.keys() <= {*WELL, 503}
    with psycopg.connect(postgres.url("postgres")) as watcher:
        assert watcher.execute(STUCK).fetchone() == (0,)
    told = [len(site.log) for site in two]
    with storm.blows() as more:
        for site, how in zip(two, (signal.SIGTERM, signal.SIGKILL), strict=True):
            process_goes(site, how, more)
    assert storm.statuses.keys() <= {*WELL, 0}
    assert all("Traceback" not in site.log[before:] for site, before in zip(two, told, strict=True))


def blow_long(storm: Storm, breaks: list[Callable[[More], object]], seed: str) -> None:
    """One after the other, in an order of chance; after each everything adds up."""
    chance = random.Random(seed)
    for number in range(ROUNDS):
        with storm.blows() as more:
            more(chance.randrange(MANY))
            breaks[number % len(breaks)](more)
            chance.choice(breaks)(more)
        assert storm.statuses.keys() <= {*WELL, 0, 503}


@pytest.mark.soak
def test_a_long_storm_over_postgresql(two: list[Site], redis: Redis, postgres: Postgres) -> None:
    redis.start()
    storm = Storm(two, LISTENERS)
    breaks: list[Callable[[More], object]] = [
        lambda more: broker_goes(storm, more, redis, MANY),
        lambda more: broker_hangs_up(storm, more, redis, MANY),
        lambda more: broker_hangs_up(storm, more, redis, MANY, FLOOD),
        *(partial(process_goes, site, how, some=MANY) for site in two for how in (signal.SIGKILL, signal.SIGTERM)),
        lambda more: database_goes(storm, more, postgres, signal.SIGINT, MANY),
        lambda more: database_goes(storm, more, postgres, signal.SIGQUIT, MANY),
    ]
    blow_long(storm, breaks, "postgresql")


@pytest.mark.soak
def test_a_long_storm_over_a_file(start_site: Callable[..., Site], redis: Redis) -> None:
    one = start_site(COCREATE_REDIS_URL=redis.url)
    two = [one, start_site(like=one, COCREATE_REDIS_URL=redis.url)]
    storm = Storm(two, LISTENERS)
    with closing(sqlite3.connect(one.database_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        breaks: list[Callable[[More], object]] = [
            lambda more: broker_goes(storm, more, redis, MANY),
            lambda more: lock_is_held(storm, more, other, HELD, MANY),
            *(partial(process_goes, site, how, some=MANY) for site in two for how in (signal.SIGKILL, signal.SIGTERM)),
        ]
        blow_long(storm, breaks, "file")


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_workers_go_and_come_for_long(kind: str, databases: Databases, tmp_path: Path) -> None:
    with databases.fresh(kind, tmp_path) as url:
        site = Workers(tmp_path, url, TMPDIR=str(tmp_path))
        try:
            site.start()
            breaks: list[Callable[[More], object]] = [partial(worker_goes, site, some=MANY), partial(workers_are_replaced, site, some=MANY)]
            blow_long(Storm([site], LISTENERS), breaks, kind)
            assert site.end() == 0
        finally:
            site.kill()
