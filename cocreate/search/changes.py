"""Changes of the words that things are found by, inside a transaction that an action opened."""

from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.core.text import search_words
from cocreate.search.models import SearchText


def index_text(ref: Ref, board_id: int, *texts: str) -> None:
    """From now on the thing is found by the words of these texts. Whoever changes them holds the thing's row, so that nobody else does meanwhile."""
    words = " ".join(search_words(*texts))
    row = _row(ref)
    if row is None:
        row = SearchText(subject_kind=ref.kind, subject_id=ref.id, board_id=board_id, words=words)
        db.session.add(row)
        db.session.flush()
    elif (row.board_id, row.words) == (board_id, words):
        return
    else:
        _take_out(row)
        row.board_id, row.words = board_id, words
        db.session.flush()
    if _has_table():
        db.session.execute(text("INSERT INTO search_index (rowid, words) VALUES (:id, :words)"), {"id": row.id, "words": words})


def _row(ref: Ref) -> SearchText | None:
    return db.session.scalar(select(SearchText).where(SearchText.subject_kind == ref.kind, SearchText.subject_id == ref.id))


def _has_table() -> bool:
    """Whether the index is a table beside ours, as on SQLite; PostgreSQL keeps its own."""
    return db.engine.dialect.name == "sqlite"


def _take_out(row: SearchText) -> None:
    if _has_table():
        taken = text("INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', :id, :words)")
        db.session.execute(taken, {"id": row.id, "words": row.words})


def forget_text(ref: Ref) -> None:
    """For what is not there any more."""
    row = _row(ref)
    if row is not None:
        _take_out(row)
        db.session.delete(row)
        db.session.flush()


def index_agrees() -> bool:
    """Whether the index holds the words of the table it stands on. SQLite's is asked by what counts as a write."""
    if not _has_table():
        return True
    try:
        db.session.execute(text("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"))
    except DatabaseError:
        return False
    return True


def renew_index() -> None:
    """Make the index anew from the table it stands on."""
    if _has_table():
        db.session.execute(text("INSERT INTO search_index (search_index) VALUES ('rebuild')"))
