"""Lists of ideas: a board's in its orders, and what needs somebody's voice. Each is one statement, put together once."""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, get_args

from sqlalchemy import ColumnElement, Select, bindparam, false, literal, select, tuple_

from cocreate.boards.standing import BoardFacts
from cocreate.core import unwritten
from cocreate.core.db import db
from cocreate.core.paging import bad_cursor, from_cursor, to_cursor
from cocreate.core.text import wanted_words
from cocreate.ideas.inputs import ListIdeas, Sort, Status
from cocreate.ideas.models import Idea, Tag
from cocreate.ideas.queries import GONE, IdeaView, base, own_stances_on, rows_as, view_of
from cocreate.people.viewer import Anyone
from cocreate.search.queries import ids_holding
from cocreate.stances.models import Tally
from cocreate.stances.queries import weighed_most

STANDING = [status for status in get_args(Status) if status not in GONE]
# What a list is ordered by, the highest first, as the indexes have it; then the newest.
SORTS: dict[str, Any] = {"new": None, "common_ground": Tally.common_rank, "contested": Tally.contested_rank, "support": Tally.support}
UNRANKED = -1
COMMON_GROUND_FROM = 30  # stances on a board from which its list begins with what is agreed


@dataclass(frozen=True)
class Page:
    """A page of a list, the sort it is in, and where it goes on."""

    items: list[IdeaView]
    sort: str
    next_cursor: str | None
    written: dict[int, Any] = field(default_factory=dict, compare=False)  # by idea: what a door put together of it, but for the own stance


def list_ideas(viewer: Anyone, board: BoardFacts, asked: ListIdeas) -> Page:
    """Ideas that everybody on the board sees. Raises BadInput for a bad cursor. One statement; of what a reader found, the next one asks for their own
    stances only."""
    known, key = unwritten.answers(), ("ideas", board, asked.model_dump_json())
    if key not in known:
        page = _list(viewer, board, asked)
        known[key] = replace(page, items=[replace(idea, my_stance=None) for idea in page.items]) if viewer.id is not None else page
        return page
    shown: Page = known[key]
    own = own_stances_on(viewer, [idea.id for idea in shown.items])
    return replace(shown, items=[replace(idea, my_stance=own[idea.id]) if idea.id in own else idea for idea in shown.items])


def _list(viewer: Anyone, board: BoardFacts, asked: ListIdeas) -> Page:
    place = _place(asked.cursor) if asked.cursor else None
    sort = place[0] if place else asked.sort or usual_sort(db.session.scalars(select(stances_so_far(board.id))).one())
    query = _after(_filtered(_shown(viewer.id is not None, sort), board, asked), sort, place)
    rows = rows_as(viewer, query, board=board.id, statuses=asked.status or STANDING, most=asked.limit + 1)
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    items = [view_of(row, board) for row in rows]
    last = rows[-1] if more else None
    return Page(items, sort, to_cursor([sort, _rank(last, sort), last.id]) if last is not None else None)


def stances_so_far(board_id: int) -> ColumnElement[int]:
    """What `usual_sort` goes by, as a column of any statement."""
    return weighed_most(board_id, COMMON_GROUND_FROM)


def usual_sort(stances: int) -> Sort:
    """The order of a board's list where none is asked for."""
    return "common_ground" if stances >= COMMON_GROUND_FROM else "new"


def _place(cursor: str) -> tuple[str, float | None, int]:
    """(sort, rank, id) of the last row seen."""
    sort, rank, last_id = from_cursor(cursor, 3)
    if sort not in SORTS or not isinstance(rank, (int, float, type(None))) or not isinstance(last_id, int):
        raise bad_cursor()
    return sort, rank, last_id


def _filtered(query: Select[Any], board: BoardFacts, asked: ListIdeas) -> Select[Any]:
    if asked.tag or asked.q:  # words that were taken back are not to be guessed by asking for them
        query = query.where(Idea.status != "withdrawn")
    for tag in asked.tag:
        query = query.where(select(Tag.idea_id).where(Tag.idea_id == Idea.id, Tag.name == tag.lower()).exists())
    if not asked.q:
        return query
    wanted = wanted_words(asked.q)
    return query.where(Idea.id.in_(ids_holding("idea", board.id, wanted)) if wanted else false())


def _rank(row: Any, sort: str) -> Any:
    return {"new": None, "common_ground": row.tally_common_ground, "contested": row.tally_contested, "support": row.tally_support}[sort]


@cache
def _shown(is_known: bool, sort: str) -> Select[Any]:
    """What is listed on a board. The board is asked of the tallies only, and by number of the ideas only, so that an index gives the order."""
    rank = SORTS[sort]
    query = base(is_known).where(Idea.state == "shown", Idea.status.in_(bindparam("statuses", expanding=True))).limit(bindparam("most"))
    if rank is None:
        return query.where(Idea.board_id == bindparam("board")).order_by(Idea.id.desc())
    return query.where(Tally.board_id == bindparam("board")).order_by(rank.desc(), Tally.subject_id.desc())


def _after(query: Select[Any], sort: str, place: tuple[str, float | None, int] | None) -> Select[Any]:
    """What follows on `place`."""
    if place is None:
        return query
    _sort, value, last_id = place
    rank = SORTS[sort]
    if rank is None:
        return query.where(Idea.id < last_id)
    return query.where(tuple_(rank, Tally.subject_id) < tuple_(literal(UNRANKED if value is None else value), literal(last_id)))


@cache
def _without_voice() -> Select[Any]:
    query = base(True).where(Tally.board_id == bindparam("board"), Idea.state == "shown", Idea.status.not_in(GONE))
    return query.where(query.selected_columns.my_stance.is_(None)).order_by(Tally.voices, Tally.subject_id).limit(bindparam("most"))


def needs_voice(viewer: Anyone, board: BoardFacts, limit: int) -> list[IdeaView]:
    """Ideas on which the viewer has no stance yet, those with the fewest voices first."""
    if viewer.id is None or viewer.group not in board.part_groups or not board.is_active:
        return []
    return [view_of(row, board) for row in rows_as(viewer, _without_voice(), board=board.id, most=limit)]
