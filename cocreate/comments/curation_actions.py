"""What moderators and hosts do to comments: show what was held or hidden, let it wait again, and hide. Nothing is lost by it."""

from flask_babel import gettext as _

from cocreate.boards.screening import Author, hold_again, release, was_shown
from cocreate.comments import events, policy
from cocreate.comments.changes import move_comment, room_of
from cocreate.comments.policy import OnThing
from cocreate.comments.queries import on_thing
from cocreate.core.errors import Conflict
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.people.viewer import Actor


@action
def show_comment(actor: Actor, comment_id: int) -> None:
    """Let everybody on the board see what was held or hidden. What they never saw is told as posted, by its author."""
    found = _to_curate(actor, comment_id)
    row, about = found.comment, str(found.thing.ref)
    if row.state == "shown":
        return
    ref, room = Ref("comment", comment_id), room_of(found, "shown")
    seen_before = was_shown(ref, found.thing.board.id)
    move_comment(row, "shown")
    release(ref, actor)
    if seen_before or not found.thing.shown:
        record(events.COMMENT_SHOWN, actor, room, ref, about=about)
    else:
        record(events.COMMENT_POSTED, Author(row.author_id), room, ref, about=about, reply_to=row.reply_to)


def _to_curate(actor: Actor, comment_id: int) -> OnThing:
    """The comment, for whoever curates its board. Raises Refused, and Conflict where it was taken back."""
    found = on_thing(comment_id, lock=True)
    require(policy.CURATE_COMMENT, actor, found)
    if found.comment.state == "withdrawn":
        raise Conflict(_("The person who wrote this took it back."))
    return found


@action
def hold_comment(actor: Actor, comment_id: int) -> None:
    """Undo the showing or hiding of what was held: it waits to be looked at, as it did."""
    found = _to_curate(actor, comment_id)
    state, ref = found.comment.state, Ref("comment", comment_id)
    if state == "held":
        return
    hold_again(ref)
    move_comment(found.comment, "held")
    record(events.COMMENT_HELD_AGAIN, actor, room_of(found, state), ref, about=str(found.thing.ref))


@action
def hide_comment(actor: Actor, comment_id: int) -> None:
    """Take a comment out of sight; replies to it stay."""
    found = _to_curate(actor, comment_id)
    state, ref = found.comment.state, Ref("comment", comment_id)
    if state == "hidden":
        return
    move_comment(found.comment, "hidden")
    release(ref, actor)
    record(events.COMMENT_HIDDEN, actor, room_of(found, state), ref, about=str(found.thing.ref))
