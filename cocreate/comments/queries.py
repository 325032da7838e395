"""Reading comments, always as somebody: a thread in one statement, authors included."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from cocreate.boards.queries import boards_by_id
from cocreate.boards.standing import standing
from cocreate.comments.commentables import commentable
from cocreate.comments.inputs import ListComments
from cocreate.comments.models import Comment
from cocreate.comments.policy import POST_COMMENT, Commentable, OnThing, seeing, seeing_thing
from cocreate.core.db import db
from cocreate.core.errors import Failure, NotFound, NotSignedIn
from cocreate.core.ids import Ref
from cocreate.core.paging import id_from, to_cursor
from cocreate.core.text import cut
from cocreate.eventlog.subjects import Subject, find_subjects as find_things
from cocreate.people.models import Person
from cocreate.people.naming import Who, who
from cocreate.people.viewer import Anyone

MOST_THREADS = 100  # comments that reply to none, shown at once with all their replies; the earlier ones are a click away
State = Literal["shown", "held", "hidden", "withdrawn"]

_COLUMNS = (*Comment.__table__.columns, Person.name.label("author_name"), Person.group.label("author_group"))
_reply = aliased(Comment)


@dataclass(frozen=True)
class CommentView:
    """A comment as one viewer may see it: without its words where they were taken back or hidden. `may_edit` and `may_withdraw` are for the buttons."""

    id: int
    about: Ref
    author: Who | None
    body: str
    body_html: str
    reply_to: int | None
    created_at: datetime
    edited_at: datetime | None
    state: State
    own: bool = False
    may_edit: bool = False
    may_withdraw: bool = False
    replies: tuple["CommentView", ...] = ()

    @property
    def ref(self) -> Ref:
        return Ref("comment", self.id)


@dataclass(frozen=True)
class Thread:
    """The comments of a thing as a page shows them, oldest first. `refusal` says why this viewer adds none, where there is a reason to say;
    `before` is where the earlier ones begin."""

    thing: Commentable
    items: tuple[CommentView, ...]
    may_comment: bool
    refusal: str
    curates: bool
    before: int | None

    @property
    def ref(self) -> Ref:
        return self.thing.ref

    @property
    def part_id(self) -> str:
        return f"thread-{self.ref.slug}"


@dataclass(frozen=True)
class Page:
    """A page of the flat list, and where it goes on."""

    items: list[CommentView]
    next_cursor: str | None


def thing_as(viewer: Anyone, ref: Ref) -> Commentable:
    """Raises NotFound where the viewer may not see it."""
    thing = commentable(ref)
    if seeing_thing(viewer, thing) is not None:
        raise NotFound()
    return thing


def on_thing(comment_id: int, lock: bool = False) -> OnThing:
    """The row and its thing, for an action. Raises NotFound."""
    query = select(Comment).where(Comment.id == comment_id)
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound()
    return OnThing(row, commentable(Ref(row.subject_kind, row.subject_id), lock))


def comment_as(viewer: Anyone, comment_id: int) -> OnThing:
    """Raises NotFound where the viewer may not see it."""
    found = on_thing(comment_id)
    if seeing(viewer, found) is not None:
        raise NotFound()
    return found


def comment_view(viewer: Anyone, comment_id: int) -> CommentView:
    """One comment, for whoever wrote it or reads it. Raises NotFound where the viewer may not see it."""
    found = comment_as(viewer, comment_id)
    row = db.session.execute(_base(found.thing.ref).where(Comment.id == comment_id)).one()
    return _view(row, row.state != "withdrawn")


def thread_of(viewer: Anyone, thing: Commentable, before: int | None = None) -> Thread:
    """The discussion of a thing that the viewer may see."""
    ref = thing.ref
    tops = select(Comment.id).where(Comment.subject_kind == ref.kind, Comment.subject_id == ref.id, Comment.reply_to.is_(None))
    if before is not None:
        tops = tops.where(Comment.id < before)
    tops = tops.order_by(Comment.id.desc()).limit(MOST_THREADS + 1)
    rows = list(db.session.execute(_base(ref).where(or_(Comment.id.in_(tops), Comment.reply_to.in_(tops))).order_by(Comment.id)))
    shown = [row for row in rows if row.reply_to is None][-MOST_THREADS:]
    more = len([row for row in rows if row.reply_to is None]) > MOST_THREADS
    refusal = POST_COMMENT.refusal(viewer, thing)
    return Thread(
        thing=thing,
        items=_tree(viewer, thing, shown, [row for row in rows if row.reply_to is not None], refusal),
        may_comment=refusal is None or isinstance(refusal, NotSignedIn),
        refusal=refusal.reason if refusal is not None and not isinstance(refusal, (NotSignedIn, NotFound)) else "",
        curates=standing(viewer, thing.board).curates,
        before=shown[0].id if more else None,
    )


def _tree(viewer: Anyone, thing: Commentable, tops: list[Any], replies: list[Any], refusal: Failure | None) -> tuple[CommentView, ...]:
    curates = standing(viewer, thing.board).curates
    under: dict[int, list[CommentView]] = {}
    for row in replies:
        if _is_there(viewer, curates, row):
            under.setdefault(row.reply_to, []).append(_own_view(viewer, curates, thing, row, refusal))
    found = []
    for row in tops:
        own_replies = tuple(under.get(row.id, ()))
        if own_replies or _is_there(viewer, curates, row):
            found.append(_own_view(viewer, curates, thing, row, refusal, own_replies))
    return tuple(found)


def _is_there(viewer: Anyone, curates: bool, row: Any) -> bool:
    """Whether this viewer sees it where nothing hangs on it. What was taken back is there for staff only; what waits, for its author too."""
    if row.state == "withdrawn":
        return viewer.is_staff
    return row.state == "shown" or curates or (viewer.id is not None and row.author_id == viewer.id)


def _own_view(viewer: Anyone, curates: bool, thing: Commentable, row: Any, refusal: Failure | None, replies: tuple[CommentView, ...] = ()) -> CommentView:
    own = viewer.id is not None and row.author_id == viewer.id
    words = {"shown": True, "withdrawn": viewer.is_staff}.get(row.state, own or curates)
    changeable = own and row.state in ("shown", "held") and thing.board.state != "closed"
    return _view(row, words, own=own, may_edit=changeable and refusal is None, may_withdraw=changeable, replies=replies)


def _view(row: Any, words: bool, **more: Any) -> CommentView:
    return CommentView(
        id=row.id,
        about=Ref(row.subject_kind, row.subject_id),
        author=who(row.author_id, row.author_name, row.author_group),
        body=row.body if words else "",
        body_html=row.body_html if words else "",
        reply_to=row.reply_to,
        created_at=row.created_at,
        edited_at=row.edited_at,
        state=row.state,
        **more,
    )


def _base(ref: Ref) -> Select[Any]:
    query = select(*_COLUMNS).outerjoin(Person, Person.id == Comment.author_id)
    return query.where(Comment.subject_kind == ref.kind, Comment.subject_id == ref.id)


def list_comments(viewer: Anyone, ref: Ref, asked: ListComments) -> Page:
    """What everybody sees, oldest first: shown ones, and the places of gone ones on which shown replies hang. Raises NotFound, BadInput for a bad cursor."""
    thing_as(viewer, ref)
    after = id_from(asked.cursor) or 0
    hanging = select(_reply.id).where(_reply.reply_to == Comment.id, _reply.state == "shown").exists()
    query = _base(ref).where(or_(Comment.state == "shown", hanging), Comment.id > after).order_by(Comment.id).limit(asked.limit + 1)
    rows = list(db.session.execute(query))
    items = [_view(row, row.state == "shown") for row in rows[: asked.limit]]
    return Page(items, to_cursor([items[-1].id]) if len(rows) > asked.limit else None)


def parent_of(thing: Commentable, reply_to: int) -> int | None:
    """The comment that a reply to `reply_to` hangs on: itself, or the one it replies to. None where nothing can be answered there."""
    query = select(Comment.id, Comment.reply_to).where(Comment.id == reply_to, Comment.state == "shown")
    row = db.session.execute(query.where(Comment.subject_kind == thing.ref.kind, Comment.subject_id == thing.ref.id)).first()
    return (row.reply_to or row.id) if row is not None else None


def find_subjects(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """For the registry of subjects: there where their thing is."""
    columns = (Comment.id, Comment.body, Comment.board_id, Comment.subject_kind, Comment.subject_id, Comment.state, Comment.author_id)
    rows = list(db.session.execute(select(*columns).where(Comment.id.in_(ids))))
    boards = boards_by_id({row.board_id for row in rows})
    things = find_things(viewer, {Ref(row.subject_kind, row.subject_id) for row in rows})
    found = {}
    for row in rows:
        thing = things.get(Ref(row.subject_kind, row.subject_id))
        hidden = row.state in ("held", "hidden") and not standing(viewer, boards[row.board_id]).curates and (viewer.id is None or viewer.id != row.author_id)
        if thing is not None and not hidden:
            label = "" if row.state == "withdrawn" else cut(" ".join(row.body.split()), 80)
            found[row.id] = Subject(label, f"{thing.url}#comment-{row.id}")
    return found
