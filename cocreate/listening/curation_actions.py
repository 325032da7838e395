"""What moderators and hosts do to people's words: show what was held or hidden, let it wait again, and hide. Whose unnamed words they are is not told by it."""

from flask_babel import gettext as _

from cocreate.boards.screening import Author, hold_again, release, room_for, was_shown
from cocreate.core.errors import Conflict
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import board_room
from cocreate.listening import events, policy
from cocreate.listening.policy import Said
from cocreate.listening.queries import said
from cocreate.people.viewer import Actor


@action
def show_response(actor: Actor, response_id: int) -> None:
    """Let everybody on the board see what was held or hidden. What they never saw is told as given."""
    found = _to_curate(actor, response_id)
    row, ref = found.response, Ref("response", response_id)
    if row.state == "shown":
        return
    seen_before = was_shown(ref, found.board.id)
    row.state = "shown"
    release(ref, actor)
    if seen_before:
        record(events.RESPONSE_SHOWN, actor, board_room(found.board.id), ref)
    else:
        record(events.RESPONSE_GIVEN, Author(row.author_id if row.named else None), board_room(found.board.id), ref)


def _to_curate(actor: Actor, response_id: int) -> Said:
    """The words, for whoever curates their board. Raises Refused, and Conflict where they were taken back."""
    found = said(response_id, lock=True)
    require(policy.CURATE_RESPONSE, actor, found)
    if found.response.state == "withdrawn":
        raise Conflict(_("The person who said this took it back."))
    return found


@action
def hold_response(actor: Actor, response_id: int) -> None:
    """Undo the showing or hiding of what was held: it waits to be looked at, as it did."""
    found = _to_curate(actor, response_id)
    row, ref = found.response, Ref("response", response_id)
    if row.state == "held":
        return
    room = room_for(found.board.id, row.state)
    hold_again(ref)
    row.state = "held"
    record(events.RESPONSE_HELD_AGAIN, actor, room, ref)


@action
def hide_response(actor: Actor, response_id: int) -> None:
    """Take words out of sight."""
    found = _to_curate(actor, response_id)
    row, ref = found.response, Ref("response", response_id)
    if row.state == "hidden":
        return
    room = room_for(found.board.id, row.state)
    row.state = "hidden"
    release(ref, actor)
    record(events.RESPONSE_HIDDEN, actor, room, ref)
