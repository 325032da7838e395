"""Reading boards, always as somebody: what may not be read is not found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from cocreate.boards.models import Board, Charter, Host
from cocreate.boards.standing import BoardFacts, Standing, standing
from cocreate.core import unwritten
from cocreate.core.db import ask, db, joined
from cocreate.core.errors import NotFound
from cocreate.eventlog.subjects import Subject
from cocreate.people.groups import in_order
from cocreate.people.viewer import Anyone


@dataclass(frozen=True)
class CharterText:
    """One version of How this works."""

    version: int
    open: str
    not_open: str
    decides: str
    method: str
    by: date | None
    text: str
    starting: tuple[str, ...]
    made_by: int | None
    made_at: datetime


def _duties(duty: str) -> Any:
    """The person ids with a duty, as text "3,7", in the same statement as the board."""
    return select(joined(db.cast(Host.person_id, db.String))).where(Host.board_id == Board.id, Host.duty == duty).correlate(Board).scalar_subquery()


@cache
def _boards() -> Select[Any]:
    by = select(Charter.by).where(Charter.board_id == Board.id).order_by(Charter.version.desc()).limit(1).correlate(Board).scalar_subquery()
    columns = [column for column in Board.__table__.columns if column.name not in ("created_at", "opened_at", "closed_at")]
    return select(*columns, by.label("by"), _duties("host").label("hosts"), _duties("decider").label("deciders"))


@cache
def _board_by(column: Any) -> Select[Any]:
    return _boards().where(column == bindparam("value"))


def _facts(row: Row[Any]) -> BoardFacts:
    values = dict(row._mapping)
    values["starting"] = tuple(values["starting"])
    for name in ("read_groups", "part_groups"):
        values[name] = tuple(in_order(values[name]))
    for name in ("hosts", "deciders"):
        values[name] = tuple(sorted(int(id) for id in (values[name] or "").split(",") if id))
    return BoardFacts(**values)


def board_facts(board_id: int) -> BoardFacts:
    """A board as it is, for an action that asks for rights itself. Raises NotFound."""
    row = ask(_board_by(Board.id), {"value": board_id}).first()
    if row is None:
        raise NotFound()
    return _facts(row)


def boards_by_id(ids: Iterable[int]) -> dict[int, BoardFacts]:
    """Boards whoever asks, for readers of the log that ask for rights themselves."""
    found = ask(_boards().where(Board.id.in_(set(ids))))
    return {row.id: _facts(row) for row in found}


def board_as(viewer: Anyone, slug: str) -> Standing:
    """The board by its slug with the viewer's standing. Raises NotFound where the viewer may not read it."""
    return _readable(viewer, _found("slug", slug))


def board_by_id_as(viewer: Anyone, board_id: int) -> Standing:
    """The same by id."""
    return _readable(viewer, _found("id", board_id))


def _found(column: str, value: Any) -> BoardFacts | None:
    def find() -> BoardFacts | None:
        row = ask(_board_by(getattr(Board, column)), {"value": value}).first()
        return _facts(row) if row is not None else None

    return unwritten.kept(("board", column, value), find)


def _readable(viewer: Anyone, facts: BoardFacts | None) -> Standing:
    found = standing(viewer, facts) if facts is not None else None
    if found is None or not found.reads:
        raise NotFound()
    return found


def boards_as(viewer: Anyone) -> list[Standing]:
    """Every board the viewer may read: what is open first, newest first and the open table after them, then the rest."""
    order = {"open": 0, "deciding": 0, "draft": 1, "closed": 2}
    rows = db.session.execute(_boards().order_by(Board.id.desc()))
    found = [standing(viewer, _facts(row)) for row in rows]
    return sorted((s for s in found if s.reads), key=lambda s: (order[s.board.state], s.board.is_open_table))


def _charter(row: Row[Any]) -> CharterText:
    return CharterText(row.version, row.open, row.not_open, row.decides, row.method, row.by, row.text, tuple(row.starting), row.made_by, row.made_at)


def charters_of(board_id: int) -> list[CharterText]:
    """All versions, newest first."""
    query = select(Charter.__table__).where(Charter.board_id == board_id).order_by(Charter.version.desc())
    return [_charter(row) for row in db.session.execute(query)]


def charters_now(board_ids: list[int]) -> dict[int, CharterText]:
    """The present version of each board's charter."""
    last = select(func.max(Charter.version)).where(Charter.board_id == Board.id).correlate(Board).scalar_subquery()
    query = select(Charter.__table__).join(Board, Board.id == Charter.board_id).where(Board.id.in_(board_ids), Charter.version == last)
    return {row.board_id: _charter(row) for row in db.session.execute(query)}


def charter_of(board_id: int) -> CharterText:
    return charters_now([board_id])[board_id]


def may_hear_board(viewer: Anyone, board_id: int) -> bool:
    """For the registry of rooms."""
    row = db.session.execute(_board_by(Board.id), {"value": board_id}).first()
    return row is not None and standing(viewer, _facts(row)).reads


def find_subjects(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """For the registry of subjects."""
    found = boards_by_id(ids)
    return {id: Subject(board.title, f"/boards/{board.slug}") for id, board in found.items() if standing(viewer, board).reads}
