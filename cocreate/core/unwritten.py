"""Answers of the database that are kept while nothing is written to it, for pages and calls that only read."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g

from cocreate.core.db import db, snapshot

T = TypeVar("T")

MOST_KEPT = 500  # answers; a page of a list is some fifty kilobytes
NOT_ASKED = object()


def arrive() -> None:
    """To be called where something that only reads begins, before it asks anything of the database. On SQLite what it asks first says what it sees to its
    end, so that the stamp must be older than that; PostgreSQL shows each statement what is there then."""
    g.database_stamp = snapshot() if db.engine.dialect.name == "sqlite" else NOT_ASKED


def answers() -> dict[Any, Any]:
    """What was found since something was last written, by a key that says all that it was asked with; for whoever finds more to put there. What depends on
    who asks or on the time does not belong there without them in its key. Empty, and forgotten, where something may be written on the way."""
    stamp = g.get("database_stamp") if g else None
    if stamp is NOT_ASKED:
        stamp = g.database_stamp = snapshot()
    if stamp is None:
        return {}
    kept: tuple[Any, dict[Any, Any]] = current_app.extensions.get("cocreate_unwritten", (None, {}))
    if kept[0] != stamp or len(kept[1]) > MOST_KEPT:
        kept = (stamp, {})
        current_app.extensions["cocreate_unwritten"] = kept
    return kept[1]


def kept(key: Any, find: Callable[[], T]) -> T:
    """What was found since something was last written, else found now. `key` as for `answers`; nobody changes what they are given."""
    known = answers()
    if key not in known:
        known[key] = find()
    found: T = known[key]
    return found
