"""The database: one metadata, one session, and connections that behave alike on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
import psycopg
from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, DateTime, Engine, Executable, MetaData, Text, TypeDecorator, cast, event, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from cocreate.core import clock

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ANSWERED = 0.2  # seconds for which one request takes it that the server is there, once it said so
WRITE_WAIT = 5.0  # seconds a writer waits for SQLite's one write lock before the person is told to try again
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=0", "trusted_schema=OFF", "temp_store=MEMORY")
# One statement never holds a connection for long; an action that lost its client never keeps a lock.
POSTGRES_TIMEOUTS = "-c statement_timeout=10000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=10000"


_SNAPSHOT = select(cast(func.pg_current_snapshot(), Text))


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps it without a zone, so it is given back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are aware")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def engine_options(url: str) -> dict[str, Any]:
    """Options for create_engine: SQLite never waits inside its C code (that would freeze every greenlet), PostgreSQL gives up early; what people wrote
    stands in no message of a statement that failed."""
    every = {"hide_parameters": True, "json_deserializer": orjson.loads}
    if url.startswith("sqlite:"):
        return every | {"connect_args": {"timeout": 0, "check_same_thread": False}, "pool_size": 20, "max_overflow": 40}
    return every | {
        "connect_args": {"options": POSTGRES_TIMEOUTS, "connect_timeout": 5},
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": 2,
    }


def prepare_engine(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """Set up connections and transactions. `is_writing` says whether the transaction about to begin will write."""
    (_prepare_sqlite if engine.dialect.name == "sqlite" else _prepare_postgres)(engine, is_writing)


def _prepare_sqlite(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """A writer takes the lock at once, since a read transaction that turns to writing is refused after another's commit, however long one waits."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            _patiently(partial(connection.execute, f"PRAGMA {pragma}"))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not is_writing():
            connection.exec_driver_sql("BEGIN")
            return
        raw: Any = connection.connection.dbapi_connection
        _patiently(lambda: raw.execute("BEGIN IMMEDIATE"))


def _prepare_postgres(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """As few ways to the server and back as can be: there each statement sees what was committed before it, so that what only reads begins and ends nothing;
    and a request asks its connection once whether it is still there."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        if not raw.closed and raw.autocommit == is_writing():
            raw.autocommit = not is_writing()

    @event.listens_for(engine, "checkout")
    def _is_there(raw: Any, _record: object, _lent: object) -> None:
        if clock.ticks() < (g.get("database_there_until", 0) if g else 0):
            return
        try:
            engine.dialect.do_ping(raw)
        except psycopg.Error as error:
            raise InvalidatePoolError from error  # a new one is made, and those that are as old are given to nobody
        if g:
            g.database_there_until = clock.ticks() + ANSWERED


def snapshot() -> str | None:
    """What the database shows, as a text: as long as it is the same, every question has the same answer, whoever writes. None where it cannot be told now."""
    try:
        if db.engine.dialect.name == "postgresql":
            return str(db.session.scalar(_SNAPSHOT))
        return str(_watcher().execute("PRAGMA data_version").fetchone()[0])
    except (sqlite3.Error, SQLAlchemyError):
        return None


def _watcher() -> sqlite3.Connection:
    """The connection that only looks: SQLite counts what others commit, for each connection apart."""
    found: sqlite3.Connection | None = current_app.extensions.get("cocreate_watcher")
    if found is None:
        found = sqlite3.connect(db.engine.url.database or "", timeout=0, isolation_level=None, check_same_thread=False)
        current_app.extensions["cocreate_watcher"] = found
    return found


def ask(statement: Executable, values: Any = None) -> CursorResult[Any]:
    """What the database says to a statement of columns, straight: the ORM, which makes objects, takes as long again. For what most requests ask. What an
    action has changed and not yet written is written first."""
    if db.session.autoflush:
        db.session.flush()
    return db.session.connection().execute(statement, values)


def insert_into(table: Any) -> Any:
    """An insert in the database's own dialect, which takes what to do where the row is there already."""
    return sqlite_insert(table) if db.engine.dialect.name == "sqlite" else postgres_insert(table)


def joined(column: Any) -> Any:
    """The texts of a column as one, with commas between."""
    return func.aggregate_strings(column, ",")


def let_go_of_lost_connections(app: Flask) -> None:
    """Have a request's end survive its connection: what cannot be rolled back, as the database is gone, would turn the answer into a bare 500.
    To be called after `db.init_app`, whose own ending then finds nothing left to do."""

    @app.teardown_appcontext
    def _end(_error: BaseException | None) -> None:
        let_go()


def let_go() -> None:
    """End what the session holds, though its connection may be lost: for where nobody is left to be told."""
    try:
        db.session.remove()
    except DBAPIError:
        db.session.registry.clear()


def _patiently(attempt: Callable[[], object]) -> None:
    """Try until SQLite's lock is free, pausing cooperatively, at most WRITE_WAIT seconds."""
    deadline = clock.ticks() + WRITE_WAIT
    while True:
        try:
            attempt()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            if clock.ticks() > deadline:
                raise OperationalError("wait for the write lock", None, error) from None  # as everything else that the database refuses
        clock.pause(0.004)
