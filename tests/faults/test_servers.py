"""The servers that fault tests break come back, with what was committed."""

import signal

import psycopg

from tests.servers import Postgres, Redis


def test_postgresql_comes_back_from_a_crash(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit", "full_page_writes")]
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    assert settings == [("on",), ("on",), ("on",)]
    postgres.stop(signal.SIGQUIT)
    postgres.start()
    with psycopg.connect(postgres.url("postgres")) as connection:
        assert connection.execute("SELECT one FROM kept").fetchall() == [(1,)]


def test_redis_comes_back_where_it_was() -> None:
    redis = Redis()
    redis.stop()
    redis.start()
    redis.stop()
