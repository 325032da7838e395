"""Answers of the database that are kept while nothing is written to it, for pages and calls that only read."""

from typing import Any

from flask import current_app, g, has_request_context, request

from cocreate.core.db import db, snapshot

MOST_KEPT = 500  # answers; a page of a list is some fifty kilobytes
READS = frozenset({"GET", "HEAD"})
STAMP = "database_stamp"


def arrive() -> None:
    """To be called before a request asks anything of the database. On SQLite what it asks first says what it sees to its end, so that the stamp must be
    older than that; PostgreSQL shows each statement what is there then."""
    if request.method in READS and db.engine.dialect.name == "sqlite":
        setattr(g, STAMP, snapshot())


def answers() -> dict[Any, Any]:
    """What was found since something was last written, by a key that says all that it was asked with; for whoever finds more to put there. What depends on
    who asks or on the time does not belong there without them in its key. Empty, and forgotten, where something may be written on the way."""
    if not has_request_context() or request.method not in READS:
        return {}
    if STAMP not in g:
        setattr(g, STAMP, snapshot())
    stamp = getattr(g, STAMP)
    kept: tuple[str | None, dict[Any, Any]] = current_app.extensions.get("cocreate_unwritten", (None, {}))
    if stamp is None or kept[0] != stamp or len(kept[1]) > MOST_KEPT:
        kept = (stamp, {})
        current_app.extensions["cocreate_unwritten"] = kept
    return kept[1]
