"""Changes of statements' own rows, inside a transaction that an action opened."""

from datetime import datetime

from sqlalchemy import select

from cocreate.boards.models import Board
from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.links.changes import insert_links
from cocreate.links.evidence import cited
from cocreate.people.viewer import Actor
from cocreate.search.changes import index_text
from cocreate.stances.changes import insert_tally
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.models import Amendment, Statement, Version
from cocreate.statements.starting import PROMISE_BOARDS, promise_title, promise_words
from cocreate.statements.weave import Paragraphs, keep, load, split


def lay_out(_actor: Actor, board: Board) -> None:
    """A board about the brand has its statement from the first moment, in starting words that nobody signed."""
    if board.kind in PROMISE_BOARDS:
        insert_statement(board.id, promise_title(), split(promise_words()), None)


def insert_statement(board_id: int, title: str, text: Paragraphs, signed_by: int | None) -> Statement:
    """A statement with its first version."""
    now = clock.now()
    row = Statement(board_id=board_id, title=title, version=1, created_at=now)
    db.session.add(row)
    db.session.flush()
    db.session.add(Version(statement_id=row.id, number=1, text=keep(text), signed_by=signed_by, reason="", at=now))
    _index(row, text)
    return row


def _index(row: Statement, text: Paragraphs) -> None:
    index_text(Ref("statement", row.id), row.board_id, row.title, keep(text))


def add_version(row: Statement, text: Paragraphs, signed_by: int | None, reason: str, at: datetime, amendment_id: int | None = None) -> int:
    """The statement's next version. Its row is locked by the caller. Gives the number."""
    row.version += 1
    db.session.add(Version(statement_id=row.id, number=row.version, text=keep(text), amendment_id=amendment_id, signed_by=signed_by, reason=reason, at=at))
    _index(row, text)
    return row.version


def version_row(row: Statement, number: int | None = None) -> Version:
    """A version of the statement, by default the present one."""
    number = row.version if number is None else number
    return db.session.scalars(select(Version).where(Version.statement_id == row.id, Version.number == number)).one()


def text_now(row: Statement) -> Paragraphs:
    return load(version_row(row).text)


def has_amendments(statement_id: int) -> bool:
    """Whether somebody suggested a change that was not taken back."""
    query = select(Amendment.id).where(Amendment.statement_id == statement_id, Amendment.status != "withdrawn")
    return db.session.scalar(query.limit(1)) is not None


def insert_amendment(row: Statement, board: BoardFacts, actor: Actor, given: NewAmendment, state: str) -> Amendment:
    """A suggested change with its tally and the words it cites."""
    made = Amendment(
        statement_id=row.id,
        board_id=board.id,
        author_id=actor.id,
        base=row.version,
        before=given.before,
        after=given.after,
        reason=given.reason,
        credit=given.credit,
        status="open",
        state=state,
        decision="",
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    ref = Ref("amendment", made.id)
    insert_tally(ref, board.id)
    insert_links(cited(given.cites), "evidence", ref, actor)
    return made
