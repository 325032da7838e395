"""Posting, editing and taking back comments."""

from flask_babel import gettext as _

from cocreate.boards.screening import hold, slips_in_links, was_shown, why_held
from cocreate.comments import events, policy
from cocreate.comments.changes import insert_comment, move_comment, room_of
from cocreate.comments.commentables import commentable
from cocreate.comments.inputs import EditComment, NewComment
from cocreate.comments.queries import on_thing, parent_of
from cocreate.core import clock
from cocreate.core.errors import BadInput
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.people.viewer import Actor
from cocreate.search.changes import index_text


@action
def post_comment(actor: Actor, about: Ref, given: NewComment, body_html: str) -> int:
    """Comment on a thing, or reply to a comment on it. It is shown at once, or held until somebody looks. Gives its id."""
    thing = commentable(about, lock=True)
    require(policy.POST_COMMENT, actor, thing)
    reply_to = parent_of(thing, given.reply_to) if given.reply_to is not None else None
    if given.reply_to is not None and reply_to is None:
        raise BadInput({"reply_to": [_("The comment you reply to is not here any more.")]})
    why = why_held(actor, thing.board, given.body)
    row = insert_comment(thing, actor.id, given, body_html, reply_to, "held" if why else "shown")
    ref = Ref("comment", row.id)
    if why:
        hold(ref, thing.board.id, why)
        record(events.COMMENT_HELD, actor, STAFF, ref, about=str(about), board=thing.board.id, why=why)
    else:
        record(events.COMMENT_POSTED, actor, board_room(thing.board.id), ref, about=str(about), reply_to=reply_to)
    return row.id


@action
def edit_comment(actor: Actor, comment_id: int, given: EditComment, body_html: str) -> None:
    """Change one's own comment; that it was changed is shown."""
    found = on_thing(comment_id, lock=True)
    require(policy.EDIT_COMMENT, actor, found)
    row = found.comment
    if row.body == given.body:
        return
    if row.state == "shown" and slips_in_links(actor, found.thing.board, [row.body], [given.body]):
        raise BadInput({"body": [_("Keep it to one link; more than that is looked at before others see it.")]})
    row.body, row.body_html, row.edited_at = given.body, body_html, clock.now()
    index_text(Ref("comment", row.id), row.board_id, row.body)
    record(events.COMMENT_EDITED, actor, room_of(found, row.state), Ref("comment", row.id), about=str(found.thing.ref))


@action
def withdraw_comment(actor: Actor, comment_id: int) -> None:
    """Take one's own comment back: its words go for all but staff; where replies hang on it, its place stays."""
    found = on_thing(comment_id, lock=True)
    require(policy.WITHDRAW_COMMENT, actor, found)
    if found.comment.state == "withdrawn":
        return
    room = room_of(found, found.comment.state)
    move_comment(found.comment, "withdrawn")
    record(events.COMMENT_WITHDRAWN, actor, room, Ref("comment", comment_id), about=str(found.thing.ref))


@action
def return_comment(actor: Actor, comment_id: int) -> None:
    """Undo a withdrawal. What nobody had looked at yet waits as before."""
    found = on_thing(comment_id, lock=True)
    require(policy.WITHDRAW_COMMENT, actor, found)
    if found.comment.state != "withdrawn":
        return
    ref = Ref("comment", comment_id)
    move_comment(found.comment, "shown" if was_shown(ref, found.thing.board.id) else "held")
    record(events.COMMENT_RETURNED, actor, room_of(found, found.comment.state), ref, about=str(found.thing.ref))
