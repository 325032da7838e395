"""Changes of comments' own rows, inside a transaction that an action opened."""

from cocreate.boards.screening import room_for
from cocreate.comments.commentables import count_comment
from cocreate.comments.inputs import NewComment
from cocreate.comments.models import Comment
from cocreate.comments.policy import Commentable, OnThing
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.search.changes import index_text


def insert_comment(thing: Commentable, author_id: int | None, given: NewComment, body_html: str, reply_to: int | None, state: str) -> Comment:
    """A new comment, counted where it is shown. `body_html` was rendered before, as that takes longer than a write may."""
    row = Comment(
        subject_kind=thing.ref.kind,
        subject_id=thing.ref.id,
        board_id=thing.board.id,
        author_id=author_id,
        reply_to=reply_to,
        body=given.body,
        body_html=body_html,
        state=state,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    index_text(Ref("comment", row.id), row.board_id, row.body)
    count_comment(thing.ref, 1 if state == "shown" else 0)
    return row


def room_of(found: OnThing, state: str) -> str:
    """Where something about this comment in a state is heard; nobody hears of it where its thing is not shown."""
    return room_for(found.thing.board.id, state if found.thing.shown else "hidden")


def move_comment(row: Comment, state: str) -> None:
    """Bring a comment into another state; its thing counts those that are shown."""
    by = (state == "shown") - (row.state == "shown")
    row.state = state
    count_comment(Ref(row.subject_kind, row.subject_id), by)
