"""How migrations run: in one transaction, one process at a time, past the write guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from cocreate.core.db import UTCDateTime
from cocreate.eventlog.record import unguarded

LOCK = 7_263_548_190  # any number of our own; PostgreSQL's advisory locks are numbers
# A migration may take its time; the limits that protect requests do not bind it.
UNHURRIED = ("SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0", "SET LOCAL lock_timeout = '60s'")


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | bool:
    """A migration names no code of the site, which goes on changing."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """The index of search is each database's own, in its own words: no model has it."""
    return kind not in ("table", "index") or not (name or "").startswith("search_index")


def leave_out_nothing(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """`db migrate` without a difference writes no file."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


@contextmanager
def no_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: with foreign keys on, dropping the old one would take its dependents along."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def take_turn(connection: Connection) -> None:
    """Wait for a migration under way elsewhere. SQLite's transaction began with its write lock."""
    if connection.dialect.name == "postgresql":
        for statement in UNHURRIED:
            connection.execute(sa.text(statement))
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})


def check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"the migration leaves rows that point nowhere, the first: {broken[0]}")


def run() -> None:
    if context.is_offline_mode():
        raise RuntimeError("migrations need the database: run them without --sql")
    database = current_app.extensions["migrate"].db
    with unguarded("migration"), database.engine.connect() as connection, no_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            compare_type=True,
            render_as_batch=True,
            render_item=render_item,
            include_name=include_name,
            process_revision_directives=leave_out_nothing,
            transactional_ddl=True,  # SQLite can, as long as it is our own BEGIN
        )
        with context.begin_transaction():
            take_turn(connection)
            context.run_migrations()
            check_foreign_keys(connection)


run()
