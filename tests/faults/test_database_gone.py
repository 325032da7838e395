"""The database goes away under a running site, or is held by somebody else: said so, nothing lost, and it goes on by itself."""

import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text

from cocreate.core import jobs
from cocreate.core.db import PRAGMAS, db
from cocreate.entrypoints import sockets
from cocreate.people.queries import SITE_KEPT
from cocreate.stances.models import Stance
from cocreate.transfer.doctor import examine
from tests.cast import Cast, create_cast
from tests.databases import fill
from tests.faults.breaks import lock_is_held
from tests.faults.storm import Storm
from tests.faults.wire import LOST, Answer, Wire, form, race, request, token_of
from tests.live.arranging import ears
from tests.servers import Postgres
from tests.sites import Site
from tests.stage import open_board, propose

CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/api/v1/boards", None),
    ("PUT", "/api/v1/ideas/1/vote", {"stance": "agree"}),
    ("POST", "/api/v1/boards/here/ideas", {"title": "x"}),
]
LOST_NOTHING = "Nothing that was saved is lost"


@pytest.fixture
def on_postgres(postgres: Postgres, tmp_path: Path) -> Iterator[Site]:
    url = postgres.url("postgres")
    fill("template_empty", url, tmp_path)
    site = Site(tmp_path, url, COCREATE_RATE_LIMITS="on")
    create_cast(site.app)
    with site.app.app_context():
        propose(site.cast.emil, open_board("here", read_public=True), "Kept")
        db.engine.dispose()
    yield site.start()
    site.kill()


def ask(site: Site, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> Answer:
    wire = Wire(site)
    answer = wire.ask(request(site, method, path, body, token, **headers))
    wire.close()
    return answer


def until(right: Callable[[], bool], patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not right():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def words(answer: Answer) -> str:
    return re.sub(r"\s+", " ", answer.body.decode())


def cookie(site: Site, person: Any) -> str:
    found = site.cookie_of(person)
    return f"{found['name']}={found['value']}"


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT], ids=["crashed", "stopped"])
def test_it_says_so_and_comes_back(on_postgres: Site, postgres: Postgres, how: int) -> None:
    site = on_postgres
    token, seat = token_of(site, site.cast.cleo), cookie(site, site.cast.cleo)
    idea = form(site, "/boards/here/ideas/new", {"title": "Typed for an hour"})
    password = form(site, "/sign-in/password", {"email": "cleo@example.org", "password": "several words in a row"})
    assert ask(site, "GET", "/boards/here").status == ask(site, "GET", "/api/v1/boards/here", token=token).status == 200
    with ears(site) as listen:
        ear = listen(site.cast.cleo)
        heard = ear.ask("watch", {"board": "here"})["seq"]
        postgres.stop(how)
        says_so(site, token, seat)
        time.sleep(SITE_KEPT)  # then nothing that was kept for a moment helps any more
        says_so(site, token, seat)
        unsent = race([(site, idea)])[0]
        assert (unsent.status, "retry-after" in unsent.headers) == (503, True)
        assert "Typed for an hour" in words(unsent)
        assert LOST_NOTHING in words(unsent)
        assert race([(site, password)])[0].status == 503  # whoever cannot be counted does not try
        postgres.start()
        until(lambda: ask(site, "GET", "/boards/here").status == 200)
        assert ask(site, "POST", "/api/v1/boards/here/ideas", {"title": "First again"}, token).status == 201
        until(lambda: ear.seqs() == [heard + 1])
    assert ask(site, "PUT", "/api/v1/ideas/1/vote", {"stance": "agree"}, token).status == 200
    assert ask(site, "GET", "/boards/here", Cookie=seat).status == 200
    assert race([(site, password)])[0].status == 400
    assert site.process is not None
    assert site.process.poll() is None


def says_so(site: Site, token: str, seat: str) -> None:
    for path, more in (
        ("/boards/here", {}),
        ("/boards/here", {"Cookie": seat}),
        ("/", {"Cookie": seat}),
        ("/sign-in", {}),
        ("/inbox", {"Cookie": seat}),
        ("/nowhere", {"Cookie": seat}),
    ):
        answer = ask(site, "GET", path, **more)
        if path not in ("/sign-in", "/nowhere"):  # a page that asks the database for nothing may stand
            assert answer.status == 503, path
        assert answer.status != 500, path
        if answer.status == 503:
            assert int(answer.headers["retry-after"]) > 0
            assert LOST_NOTHING in words(answer), path
            assert "content-security-policy" in answer.headers
    for method, path, body in CALLS:
        answer = ask(site, method, path, body, token)
        assert answer.status == 503, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert LOST_NOTHING in answer.json["detail"]
        for told in ("psycopg", "connection", "127.0.0.1", "SELECT"):
            assert told not in answer.body.decode()
    assert ask(site, "GET", "/healthz").status == 200


@pytest.fixture
def held(start_site: Callable[..., Site]) -> Iterator[tuple[Site, sqlite3.Connection]]:
    """A site, and somebody else's hand on its database file."""
    site = start_site()
    with site.app.app_context():
        propose(site.cast.emil, open_board("here", read_public=True), "Kept")
        db.engine.dispose()
    connection = sqlite3.connect(site.database_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    yield site, connection
    connection.close()


def test_writers_wait_for_a_lock_and_readers_do_not(held: tuple[Site, sqlite3.Connection]) -> None:
    """Trap 4, R13: with the lock held elsewhere, the site goes on reading; who writes waits, and is done when the lock is free."""
    site, other = held
    storm = Storm([site], listeners=4)
    with storm.blows() as more:
        more(10)
        lock_is_held(storm, more, other)
    assert storm.statuses.keys() == {200, 201}
    assert "Traceback" not in site.log


def test_writers_wait_on_postgresql_and_nobody_else(start_site: Callable[..., Site]) -> None:
    """Trap 11: whoever waits for a lock of the server waits in a greenlet, and the others go on."""
    site = start_site("postgresql")
    with site.app.app_context():
        propose(site.cast.emil, open_board("here", read_public=True), "Kept")
        db.engine.dispose()
    tokens = [token_of(site, person) for person in (site.cast.cleo, site.cast.emil, site.cast.piet, site.cast.otto)]
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with psycopg.connect(site.database_url) as other, psycopg.connect(site.database_url, autocommit=True) as watcher, ThreadPoolExecutor(8) as pool:
        other.execute("LOCK TABLE tallies IN EXCLUSIVE MODE")
        writing = [pool.submit(ask, site, "PUT", "/api/v1/ideas/1/vote", {"stance": "agree"}, token) for token in tokens]
        until(lambda: watcher.execute(waiting).fetchone() == (len(tokens),))
        for path in ("/boards/here", "/api/v1/ideas/1", "/healthz"):
            assert ask(site, "GET", path).status == 200
        assert not any(each.done() for each in writing)
        other.commit()
        assert [each.result().status for each in writing] == [200] * len(tokens)
    with site.app.app_context():
        assert not any(examine().values())


def test_a_lock_that_does_not_end_is_said(held: tuple[Site, sqlite3.Connection]) -> None:
    site, other = held
    token, seat = token_of(site, site.cast.cleo), cookie(site, site.cast.cleo)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(4) as pool:
        call = pool.submit(ask, site, "PUT", "/api/v1/ideas/1/vote", {"stance": "agree"}, token)
        home = pool.submit(ask, site, "GET", "/", Cookie=seat)  # notes a visit, which is worth less than the page
        answer = call.result()
        assert home.result().status == 200, site.log
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert LOST_NOTHING in answer.json["detail"]
    assert ask(site, "GET", "/boards/here").status == 200
    other.execute("ROLLBACK")
    assert ask(site, "PUT", "/api/v1/ideas/1/vote", {"stance": "agree"}, token).status == 200
    assert "Traceback" not in site.log


def test_a_reader_that_stays_does_not_stop_writers(held: tuple[Site, sqlite3.Connection]) -> None:
    site, other = held
    token = token_of(site, site.cast.cleo)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM people").fetchall()
    for stance in ("agree", "disagree", "pass"):
        assert ask(site, "PUT", "/api/v1/ideas/1/vote", {"stance": stance}, token) != LOST
    with site.app.app_context():
        assert db.session.scalars(select(Stance.stance)).all() == [0]


def pooled(app: Flask, count: int, statement: str) -> list[list[Any]]:
    """What each of so many connections of the pool, all out at once, says."""
    connections = [db.engine.connect() for _ in range(count)]
    try:
        return [[row[0] for row in connection.exec_driver_sql(statement)] for connection in connections]
    finally:
        for connection in connections:
            connection.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_connection_to_sqlite_is_set_up(app: Flask) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 0, "trusted_schema": 0, "temp_store": 2}
    assert {pragma.partition("=")[0] for pragma in PRAGMAS} == set(wanted)
    for _ in range(2):  # new ones, then the same from the pool
        for name, value in wanted.items():
            assert pooled(app, 25, f"PRAGMA {name}") == [[value]] * 25, name


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_each_connection_to_postgresql_gives_up_in_time(app: Flask) -> None:
    wanted = {"statement_timeout": "10s", "lock_timeout": "4s", "idle_in_transaction_session_timeout": "10s"}
    for name, value in wanted.items():
        assert pooled(app, 15, f"SHOW {name}") == [[value]] * 15, name


def lose_the_connection() -> None:
    """The session is in the middle of a transaction, and what served it ends, as when the server is stopped."""
    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 40000)", (pid,)).fetchone() == (True,)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_ends_with_a_lost_connection_is_answered(app: Flask, cast: Cast, socket_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """R7: a client whose coming or whose question is never answered would wait for ever, and jobs that end are not begun anew."""
    open_board("here")

    def seen_by(auth: Any) -> Any:
        found = viewer_of(auth)
        lose_the_connection()
        return found

    def heard(*given: Any) -> Any:
        lose_the_connection()
        return {"ok": True}

    viewer_of = sockets._viewer_of
    monkeypatch.setattr(sockets, "_viewer_of", seen_by)
    monkeypatch.setitem(sockets._handlers, "watch", heard)
    cleo = socket_of(cast.cleo)
    assert cleo.ask("watch", {"board": "here"}) == {"ok": True}
    rounds = iter((False, False, True))
    monkeypatch.setattr(jobs, "_jobs", [(lose_the_connection, 0.0)])
    jobs.wake()
    jobs.run_forever(app, lambda: next(rounds))
