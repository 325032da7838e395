"""Reading ideas, always as somebody. Lists by Core, in one statement."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, null, or_, select
from sqlalchemy.orm import aliased

from cocreate.boards.policy import seeing
from cocreate.boards.queries import board_facts, boards_by_id
from cocreate.boards.standing import BoardFacts
from cocreate.comments.policy import Commentable
from cocreate.core.db import db, joined
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.core.paging import bad_cursor, from_cursor, to_cursor
from cocreate.core.text import wanted_words
from cocreate.eventlog.subjects import Subject
from cocreate.ideas.inputs import Answered, ListIdeas, State, Status
from cocreate.ideas.models import Answer, Idea, IdeaText, Tag
from cocreate.ideas.policy import OnBoard, settled
from cocreate.people.models import Person
from cocreate.people.naming import Who, who
from cocreate.people.viewer import Anyone
from cocreate.search.queries import ids_holding
from cocreate.stances.models import Stance, Tally
from cocreate.stances.queries import TALLY_COLUMNS, WORDS, StanceWord, TallyView, stance_count, tally_view
from cocreate.stances.votables import Votable

GONE = ("merged", "withdrawn")
SORTS: dict[str, Any] = {"new": None, "common_ground": Tally.common_ground, "contested": Tally.contested, "support": Tally.support}
COMMON_GROUND_FROM = 30  # stances on a board from which its list begins with what is agreed

_answerer = aliased(Person)
_given, _further, _joined = aliased(Idea), aliased(Idea), aliased(Stance)
_COLUMNS = (
    *(c for c in Idea.__table__.columns if c.name != "status_before"),
    Person.name.label("author_name"),
    Person.group.label("author_group"),
    Answer.status.label("answer_status"),
    Answer.body.label("answer_body"),
    Answer.body_html.label("answer_html"),
    Answer.at.label("answer_at"),
    Answer.author_id.label("answer_by"),
    _answerer.name.label("answer_name"),
    _answerer.group.label("answer_group"),
    *(column.label(f"tally_{column.key}") for column in TALLY_COLUMNS),
)


@dataclass(frozen=True)
class AnswerView:
    """The present answer of an idea."""

    id: int
    status: Answered
    body: str
    body_html: str
    author: Who | None
    at: datetime


@dataclass(frozen=True)
class IdeaView:
    """An idea as a page or a call shows it to one viewer."""

    id: int
    board: BoardFacts
    title: str
    body: str
    body_html: str
    gives_people: str
    gives_organisation: str
    author: Who | None
    status: Status
    state: State
    merged_into: int | None
    text_version: int
    comment_count: int
    answer_due: date | None
    heard_at: datetime | None
    answer: AnswerView | None
    external_id: str | None
    created_at: datetime
    updated_at: datetime
    tally: TallyView
    my_stance: StanceWord | None = None
    tags: list[str] = field(default_factory=list)

    @property
    def ref(self) -> Ref:
        return Ref("idea", self.id)

    @property
    def is_settled(self) -> bool:
        return self.status in GONE

    @property
    def author_id(self) -> int | None:
        return self.author["id"] if self.author else None


class _Row:
    """The columns of a row that begin with a prefix, by their own names."""

    def __init__(self, row: Any, prefix: str) -> None:
        self.__dict__.update({name.removeprefix(prefix): value for name, value in row._mapping.items() if name.startswith(prefix)})


def _base(viewer: Anyone) -> Select[Any]:
    """An idea with its author, answer, tally, tags and the viewer's own stance: one statement for a list of any length."""
    tally = and_(Tally.subject_kind == "idea", Tally.subject_id == Idea.id)
    own = and_(Stance.subject_kind == "idea", Stance.subject_id == Idea.id, Stance.person_id == viewer.id)
    tags = select(joined(Tag.name)).where(Tag.idea_id == Idea.id).correlate(Idea).scalar_subquery()
    query = select(*_COLUMNS, tags.label("tags"), _own_stance(viewer).label("my_stance")).join(Tally, tally).outerjoin(Person, Person.id == Idea.author_id)
    return query.outerjoin(Answer, Answer.id == Idea.answer_id).outerjoin(_answerer, _answerer.id == Answer.author_id).outerjoin(Stance, own)


def _own_stance(viewer: Anyone) -> ColumnElement[Any]:
    """The viewer's stance on the idea itself, else the one on the lowest number of what was merged into it."""
    if viewer.id is None:
        return null()
    given = select(_given.id.label("given_on"), _given.merged_into.label("counts_on")).join(_joined, _joined.subject_id == _given.id)
    given = given.where(_joined.subject_kind == "idea", _joined.person_id == viewer.id, _given.merged_into.is_not(None))
    up = given.cte("given_on_merged", recursive=True)
    up = up.union_all(select(up.c.given_on, _further.merged_into).join(_further, _further.id == up.c.counts_on).where(_further.merged_into.is_not(None)))
    first = select(func.min(up.c.given_on)).where(up.c.counts_on == Idea.id).correlate(Idea).scalar_subquery()
    there = select(_joined.stance).where(_joined.subject_kind == "idea", _joined.person_id == viewer.id, _joined.subject_id == first)
    return case((Stance.person_id.is_not(None), Stance.stance), else_=there.correlate(Idea).scalar_subquery())


def _view(row: Any, board: BoardFacts) -> IdeaView:
    answer = None
    if row.answer_id is not None:
        answer = AnswerView(
            row.answer_id, row.answer_status, row.answer_body, row.answer_html, who(row.answer_by, row.answer_name, row.answer_group), row.answer_at
        )
    withdrawn = row.status == "withdrawn"
    return IdeaView(
        id=row.id,
        board=board,
        title="" if withdrawn else row.title,
        body="" if withdrawn else row.body,
        body_html="" if withdrawn else row.body_html,
        gives_people="" if withdrawn else row.gives_people,
        gives_organisation="" if withdrawn else row.gives_organisation,
        author=who(row.author_id, row.author_name, row.author_group),
        status=row.status,
        state=row.state,
        merged_into=row.merged_into,
        text_version=row.text_version,
        comment_count=row.comment_count,
        answer_due=row.answer_due,
        heard_at=row.heard_at,
        answer=answer,
        external_id=row.external_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        tally=tally_view(_Row(row, "tally_"), board),
        my_stance=WORDS.get(row.my_stance),
        tags=sorted(row.tags.split(",")) if row.tags and not withdrawn else [],
    )


def tags_of(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if ids:
        for row in db.session.execute(select(Tag.idea_id, Tag.name).where(Tag.idea_id.in_(ids)).order_by(Tag.name)):
            found.setdefault(row.idea_id, []).append(row.name)
    return found


def idea_as(viewer: Anyone, idea_id: int) -> IdeaView:
    """Raises NotFound where the viewer may not read it."""
    row = db.session.execute(_base(viewer).where(Idea.id == idea_id)).first()
    if row is None:
        raise NotFound()
    board = board_facts(row.board_id)
    if seeing(viewer, board, row.state, row.author_id) is not None:
        raise NotFound()
    return _view(row, board)


@dataclass(frozen=True)
class Page:
    """A page of a list, the sort it is in, and where it goes on."""

    items: list[IdeaView]
    sort: str
    next_cursor: str | None


def list_ideas(viewer: Anyone, board: BoardFacts, asked: ListIdeas) -> Page:
    """Ideas that everybody on the board sees. Raises BadInput for a bad cursor."""
    place = _place(asked.cursor) if asked.cursor else None
    sort = place[0] if place else asked.sort or ("common_ground" if stance_count(board.id) >= COMMON_GROUND_FROM else "new")
    query = _filtered(_base(viewer).where(Idea.board_id == board.id, Idea.state == "shown"), board, asked)
    query = _ordered(query, sort, place).limit(asked.limit + 1)
    rows = list(db.session.execute(query))
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    items = [_view(row, board) for row in rows]
    last = rows[-1] if more else None
    return Page(items, sort, to_cursor([sort, _rank(last, sort), last.id]) if last is not None else None)


def _place(cursor: str) -> tuple[str, float | None, int]:
    """(sort, rank, id) of the last row seen."""
    sort, rank, last_id = from_cursor(cursor, 3)
    if sort not in SORTS or not isinstance(rank, (int, float, type(None))) or not isinstance(last_id, int):
        raise bad_cursor()
    return sort, rank, last_id


def _filtered(query: Select[Any], board: BoardFacts, asked: ListIdeas) -> Select[Any]:
    query = query.where(Idea.status.in_(asked.status)) if asked.status else query.where(Idea.status.not_in(GONE))
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


def _ordered(query: Select[Any], sort: str, place: tuple[str, float | None, int] | None) -> Select[Any]:
    """Highest first, what has no rank last, then newest; after `place`."""
    if sort == "new":
        query = query.order_by(Idea.id.desc())
        return query.where(Idea.id < place[2]) if place is not None else query
    column = SORTS[sort]
    query = query.order_by(column.desc().nulls_last(), Idea.id.desc())
    if place is None:
        return query
    _sort, rank, last_id = place
    if rank is None:
        return query.where(column.is_(None), Idea.id < last_id)
    return query.where(or_(column < rank, column.is_(None), and_(column == rank, Idea.id < last_id)))


def needs_voice(viewer: Anyone, board: BoardFacts, limit: int) -> list[IdeaView]:
    """Ideas on which the viewer has no stance yet, those with the fewest voices first."""
    if viewer.id is None or viewer.group not in board.part_groups or not board.is_active:
        return []
    query = _base(viewer).where(Idea.board_id == board.id, Idea.state == "shown", Idea.status.not_in(GONE))
    query = query.where(query.selected_columns.my_stance.is_(None))
    rows = list(db.session.execute(query.order_by(Tally.voices, Idea.id).limit(limit)))
    return [_view(row, board) for row in rows]


def count_ideas(board_ids: list[int]) -> dict[int, int]:
    query = select(Idea.board_id, func.count()).where(Idea.board_id.in_(board_ids), Idea.state == "shown", Idea.status.not_in(GONE)).group_by(Idea.board_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def ideas_from(board_id: int) -> dict[str, int]:
    """The ideas that came to a board with an import, by the number they had elsewhere."""
    return {
        row.external_id: row.id for row in db.session.execute(select(Idea.external_id, Idea.id).where(Idea.board_id == board_id, Idea.external_id.is_not(None)))
    }


def merged_into(idea_id: int) -> list[int]:
    """The ideas that live on in this one, directly or through another."""
    found: list[int] = []
    level = [idea_id]
    while level:
        level = [id for id in db.session.scalars(select(Idea.id).where(Idea.merged_into.in_(level)).order_by(Idea.id)) if id not in found]
        found += level
    return found


def earlier_texts(idea_id: int) -> list[Any]:
    """Earlier words, oldest first."""
    return list(db.session.execute(select(IdeaText.__table__).where(IdeaText.idea_id == idea_id).order_by(IdeaText.text_version)))


def _title(idea: Any) -> str:
    """Its words as others may read them: none where they were taken back."""
    return "" if idea.status == "withdrawn" else str(idea.title)


def on_board(idea_id: int, lock: bool = False) -> OnBoard[Idea]:
    """The row and its board, for an action. Raises NotFound."""
    query = select(Idea).where(Idea.id == idea_id)
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound()
    return OnBoard(row, board_facts(row.board_id))


def load_votable(idea_id: int) -> Votable:
    """For the registry of what can be weighed."""
    found = on_board(idea_id)
    return votable_of(found.idea, found.board, _title(found.idea), tuple(merged_into(idea_id)))


def votables_on_board(board: BoardFacts) -> list[Votable]:
    """For the registry: all ideas of a board, each with those that live on in it."""
    rows = list(db.session.scalars(select(Idea).where(Idea.board_id == board.id)))
    into = {row.id: row.merged_into for row in rows if row.merged_into is not None}
    joined: dict[int, list[int]] = {}
    for id in sorted(into):
        head = into[id]
        while head in into:
            joined.setdefault(head, []).append(id)
            head = into[head]
        joined.setdefault(head, []).append(id)
    return [votable_of(row, board, _title(row), tuple(joined.get(row.id, ()))) for row in rows]


def votable_of(idea: Idea | IdeaView, board: BoardFacts, title: str, merged: tuple[int, ...] = ()) -> Votable:
    """An idea as something to weigh."""
    refusal = NotFound() if idea.state != "shown" else settled(idea)
    return Votable(Ref("idea", idea.id), board, title, f"/ideas/{idea.id}", merged, refusal, idea.status != "merged")


def load_commentable(idea_id: int, lock: bool) -> Commentable:
    """For the registry of what can be commented on."""
    found = on_board(idea_id, lock)
    return commentable_of(found.idea, found.board)


def commentable_of(idea: Idea | IdeaView, board: BoardFacts) -> Commentable:
    """An idea as something to comment on, from its row or from what a page was given."""
    return Commentable(Ref("idea", idea.id), board, _title(idea), f"/ideas/{idea.id}", settled(idea), idea.state == "shown", idea.author_id)


def find_subjects(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """For the registry of subjects."""
    rows = list(db.session.execute(select(Idea.id, Idea.title, Idea.board_id, Idea.state, Idea.status, Idea.author_id).where(Idea.id.in_(ids))))
    boards = boards_by_id({row.board_id for row in rows})
    return {row.id: Subject(_title(row), f"/ideas/{row.id}") for row in rows if seeing(viewer, boards[row.board_id], row.state, row.author_id) is None}
