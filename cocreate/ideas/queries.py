"""Reading ideas, always as somebody. Lists by Core, in one statement."""

from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Row, Select, String, and_, bindparam, case, cast, func, null, select
from sqlalchemy.orm import aliased

from cocreate.boards.policy import seeing
from cocreate.boards.queries import board_facts, boards_by_id
from cocreate.boards.standing import BoardFacts
from cocreate.comments.policy import Commentable
from cocreate.core.db import ask, db, joined
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.eventlog.subjects import Subject
from cocreate.ideas.inputs import Answered, State, Status
from cocreate.ideas.models import Answer, Idea, IdeaText, Tag
from cocreate.ideas.policy import OnBoard, settled
from cocreate.people.models import Person
from cocreate.people.naming import Who, who
from cocreate.people.viewer import Anyone
from cocreate.stances.models import Stance, Tally
from cocreate.stances.queries import TALLY_COLUMNS, WORDS, StanceWord, TallyView, tally_view
from cocreate.stances.votables import Votable

GONE = ("merged", "withdrawn")

_answerer = aliased(Person)
_joined, _further, _given = aliased(Idea), aliased(Idea), aliased(Stance)
_IDEA = select(Idea).where(Idea.id == bindparam("idea"))
_MERGED = select(Idea.id).where(Idea.merged_into.in_(bindparam("into", expanding=True))).order_by(Idea.id)
_READER = bindparam("reader", type_=Integer)
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
_TALLY_FROM = len(_COLUMNS) - len(TALLY_COLUMNS)
_TallyRow = namedtuple("_TallyRow", [column.key for column in TALLY_COLUMNS])  # type: ignore[misc]


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


@cache
def base(is_known: bool) -> Select[Any]:
    """An idea with its author, answer, tally, tags and the own stance of `reader`: one statement for a list of any length, put together once."""
    tally = and_(Tally.subject_kind == "idea", Tally.subject_id == Idea.id)
    own = and_(Stance.subject_kind == "idea", Stance.subject_id == Idea.id, Stance.person_id == _READER)
    tags = select(joined(Tag.name)).where(Tag.idea_id == Idea.id).correlate(Idea).scalar_subquery()
    stance = _own_stance() if is_known else null()
    query = select(*_COLUMNS, tags.label("tags"), stance.label("my_stance")).join(Tally, tally).outerjoin(Person, Person.id == Idea.author_id)
    query = query.outerjoin(Answer, Answer.id == Idea.answer_id).outerjoin(_answerer, _answerer.id == Answer.author_id)
    return query.outerjoin(Stance, own) if is_known else query


def _family() -> CTE:
    """The ideas that live on in `Idea`, directly or through another."""
    family = select(_joined.id).where(_joined.merged_into == Idea.id).correlate(Idea).cte("family", recursive=True, nesting=True)
    return family.union_all(select(_further.id).join(family, _further.merged_into == family.c.id))


def _own_stance() -> ColumnElement[Any]:
    """The reader's stance on the idea itself, else the one on the lowest number of what lives on in it."""
    family = _family()
    given = and_(_given.subject_kind == "idea", _given.subject_id == family.c.id, _given.person_id == _READER)
    there = select(_given.stance).join(family, given).order_by(_given.subject_id).limit(1)
    return case((Stance.person_id.is_not(None), Stance.stance), else_=there.correlate(Idea).scalar_subquery())


@cache
def _own_on() -> Select[Any]:
    own = and_(Stance.subject_kind == "idea", Stance.subject_id == Idea.id, Stance.person_id == _READER)
    return select(Idea.id, _own_stance().label("my_stance")).outerjoin(Stance, own).where(Idea.id.in_(bindparam("ideas", expanding=True)))


def own_stances_on(viewer: Anyone, ids: list[int]) -> dict[int, StanceWord]:
    """The viewer's own stances by idea, as `base` has them; ideas without one are left out."""
    if viewer.id is None or not ids:
        return {}
    rows = rows_as(viewer, _own_on(), ideas=ids)
    return {row.id: WORDS[row.my_stance] for row in rows if row.my_stance is not None}


def rows_as(viewer: Anyone, query: Select[Any], **values: Any) -> list[Row[Any]]:
    """What a query on `base` finds, asked by this viewer."""
    return list(ask(query, {**values, "reader": viewer.id} if viewer.id is not None else values))


def view_of(row: Any, board: BoardFacts) -> IdeaView:
    """From a row of `base`."""
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
        tally=tally_view(_TallyRow._make(row[_TALLY_FROM : _TALLY_FROM + len(TALLY_COLUMNS)]), board),
        my_stance=WORDS.get(row.my_stance),
        tags=sorted(row.tags.split(",")) if row.tags and not withdrawn else [],
    )


def tags_of(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if ids:
        for row in db.session.execute(select(Tag.idea_id, Tag.name).where(Tag.idea_id.in_(ids)).order_by(Tag.name)):
            found.setdefault(row.idea_id, []).append(row.name)
    return found


@cache
def _one_idea(is_known: bool) -> Select[Any]:
    return base(is_known).where(Idea.id == bindparam("idea"))


def idea_as(viewer: Anyone, idea_id: int, board: BoardFacts | None = None) -> IdeaView:
    """The idea, with its `board` where that was found on the way. Raises NotFound where the viewer may not read it."""
    found = rows_as(viewer, _one_idea(viewer.id is not None), idea=idea_id)
    if not found:
        raise NotFound()
    row = found[0]
    board = board or board_facts(row.board_id)
    if seeing(viewer, board, row.state, row.author_id) is not None:
        raise NotFound()
    return view_of(row, board)


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
        level = [id for id in db.session.scalars(_MERGED, {"into": level}) if id not in found]
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
    row = db.session.scalar(_IDEA.with_for_update() if lock else _IDEA, {"idea": idea_id})
    if row is None:
        raise NotFound()
    return OnBoard(row, board_facts(row.board_id))


@cache
def _votable() -> Select[Any]:
    """What weighing asks of an idea, and the ideas that live on in it, directly or through another."""
    merged = select(joined(cast(_family().c.id, String))).correlate(Idea).scalar_subquery()
    return select(Idea.id, Idea.board_id, Idea.title, Idea.state, Idea.status, Idea.merged_into, merged.label("merged")).where(Idea.id == bindparam("idea"))


def load_votable(idea_id: int) -> Votable:
    """For the registry of what can be weighed."""
    row = ask(_votable(), {"idea": idea_id}).first()
    if row is None:
        raise NotFound()
    return votable_of(row, board_facts(row.board_id), _title(row), tuple(sorted(int(id) for id in (row.merged or "").split(",") if id)))


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


def votable_of(idea: Any, board: BoardFacts, title: str, merged: tuple[int, ...] = ()) -> Votable:
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
