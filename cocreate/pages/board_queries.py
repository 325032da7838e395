"""What the board's page needs beside its lists, in one statement: the charter, the people named on it, and its numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import cast, func, select
from sqlalchemy.types import String

from cocreate.boards.models import Charter
from cocreate.boards.standing import BoardFacts
from cocreate.core import unwritten
from cocreate.core.db import ask, db
from cocreate.eventlog.models import Stream
from cocreate.eventlog.rooms import board_room
from cocreate.ideas.listing_queries import stances_so_far, usual_sort
from cocreate.ideas.models import Idea
from cocreate.people.models import Person
from cocreate.people.naming import Named
from cocreate.stances.models import Participant
from cocreate.statements.models import Amendment, Statement, Version


@dataclass(frozen=True)
class BoardNumbers:
    """`people` are those with a stance, `sort` the order of the list where none is asked for, `late` the ideas whose answer is; `named` who is named on it."""

    charter: Any
    seq: int
    people: int
    sort: str
    late: int
    named: dict[int, Named]


def board_numbers(board: BoardFacts, today: date) -> BoardNumbers:
    """One statement, whatever stands on the board."""
    return unwritten.kept(("numbers", board, today), lambda: _numbers(board, today))


def _numbers(board: BoardFacts, today: date) -> BoardNumbers:
    late = (Idea.board_id == board.id, Idea.state == "shown", Idea.status == "open", Idea.answer_due < today)
    wanted = {*board.hosts, *board.deciders, *([board.context_by] if board.context_by else [])}
    row = ask(
        select(
            Charter.__table__,
            select(Stream.seq).where(Stream.name == board_room(board.id)).scalar_subquery().label("seq"),
            select(func.count()).select_from(Participant).where(Participant.board_id == board.id).scalar_subquery().label("people"),
            stances_so_far(board.id).label("stances"),
            select(func.count(Idea.id)).where(*late).scalar_subquery().label("late"),
            _named(wanted).label("named"),
        )
        .where(Charter.board_id == board.id)
        .order_by(Charter.version.desc())
        .limit(1)
    ).one()
    named = row.named if isinstance(row.named, list) else orjson.loads(row.named or "[]")
    return BoardNumbers(row, row.seq or 0, row.people, usual_sort(row.stances), row.late, {id: Named(name, group) for id, name, group in named})


def _named(ids: set[int]) -> Any:
    """[[id, name, group], …] of people, as one JSON value."""
    postgres = db.engine.dialect.name == "postgresql"
    one = (func.json_build_array if postgres else func.json_array)(Person.id, cast(Person.name, String), Person.group)
    several = func.json_agg(one) if postgres else func.json_group_array(one)
    return select(several).where(Person.id.in_(ids)).scalar_subquery()


def statements_of(board_id: int) -> list[Any]:
    """The board's statements with how they begin and how many changes wait: rows of id, title, text, open_changes."""
    return unwritten.kept(("texts", board_id), lambda: _statements(board_id))


def _statements(board_id: int) -> list[Any]:
    waiting = select(func.count(Amendment.id)).where(Amendment.statement_id == Statement.id, Amendment.status == "open", Amendment.state == "shown")
    query = select(Statement.id, Statement.title, Version.text, waiting.correlate(Statement).scalar_subquery().label("open_changes"))
    query = query.join(Version, (Version.statement_id == Statement.id) & (Version.number == Statement.version))
    return list(ask(query.where(Statement.board_id == board_id).order_by(Statement.id)))
