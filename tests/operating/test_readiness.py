"""`/readyz`: green when the site can work, red when it cannot, and never a word more than that."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from cocreate.core import migrations
from cocreate.core.db import db
from tests.live.arranging import until
from tests.servers import Redis
from tests.transfer.test_doctor import by_hand

WELL = {"ready": True, "database": "ok", "migrations": "ok", "live": "single"}


def asked(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/readyz", headers={"Host": "10.0.0.7:8000"})
    assert answer.mimetype == "application/json"
    return answer.status_code, dict(answer.json or {})


def stand_at(version: str) -> None:
    with by_hand():
        db.session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_it_says_where_the_migrations_stand(app: Flask) -> None:
    assert asked(app) == (200, WELL)
    now = str(db.session.scalar(text("SELECT version_num FROM alembic_version")))
    db.session.rollback()
    stand_at(min(migrations.known()))
    assert asked(app) == (503, {**WELL, "ready": False, "migrations": "missing"})
    stand_at("9999")  # of the next release, whose processes take over one after the other
    assert asked(app) == (200, {**WELL, "migrations": "newer"})
    stand_at(now)
    with by_hand():
        db.session.execute(text("DROP TABLE alembic_version"))
    assert asked(app) == (503, {**WELL, "ready": False, "migrations": "missing"})


def test_it_says_that_the_database_is_gone(app: Flask, database: str) -> None:
    assert asked(app) == (200, WELL)
    db.session.remove()
    db.engine.dispose()
    settings = app.config["SETTINGS"]
    if database == "sqlite":
        file = Path(settings.database_url.removeprefix("sqlite:///"))
        kept = file.read_bytes()
        file.write_bytes(b"what a broken disk gives" * 1000)
    else:
        open_to_all(settings.database_url, False)
    status, told = asked(app)
    assert (status, told) == (503, {**WELL, "ready": False, "database": "gone", "migrations": "unknown"})
    db.engine.dispose()
    if database == "sqlite":
        file.write_bytes(kept)
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    else:
        open_to_all(settings.database_url, True)
    assert asked(app) == (200, WELL)


def open_to_all(url: str, is_open: bool) -> None:
    server, _, name = url.replace("+psycopg", "").rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {is_open}".encode())
        if not is_open:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    yield server
    server.stop()


def test_it_says_how_the_live_channel_does(start_site: Any, redis: Redis) -> None:
    site = start_site(COCREATE_REDIS_URL=redis.url.replace("://", "://:not-told@"))

    def live() -> dict[str, Any]:
        with urlopen(f"{site.base_url}/readyz", timeout=30) as answer:
            body = answer.read()
        assert b"not-told" not in body
        found: dict[str, Any] = json.loads(body)
        assert found["ready"]
        return found

    until(lambda: live()["live"] == "ok")
    redis.stop()
    until(lambda: live()["live"] == "degraded")
    redis.start()
    until(lambda: live()["live"] == "ok")
