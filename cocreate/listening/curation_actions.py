"""What moderators and hosts do to people's words: show what was held or hidden, and hide. Whose unnamed words they are is not told by it."""

from flask_babel import gettext as _

from cocreate.boards.screening import release, was_shown
from cocreate.core.errors import Conflict
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.listening import events, policy
from cocreate.listening.models import Response
from cocreate.listening.queries import said
from cocreate.people.queries import viewer_of
from cocreate.people.viewer import Actor, Viewer


@action
def show_response(actor: Actor, response_id: int) -> None:
    """Let everybody on the board see what was held or hidden. What they never saw is told as given."""
    found = said(response_id, lock=True)
    require(policy.CURATE_RESPONSE, actor, found)
    row, ref = found.response, Ref("response", response_id)
    if row.state == "shown":
        return
    _refuse_withdrawn(row.state)
    seen_before = was_shown(ref, found.board.id)
    row.state = "shown"
    release(ref, actor)
    if seen_before:
        record(events.RESPONSE_SHOWN, actor, board_room(found.board.id), ref)
    else:
        record(events.RESPONSE_GIVEN, _named_author(row), board_room(found.board.id), ref)


def _refuse_withdrawn(state: str) -> None:
    if state == "withdrawn":
        raise Conflict(_("The person who said this took it back."))


def _named_author(row: Response) -> Viewer | None:
    return viewer_of(row.author_id) if row.named and row.author_id is not None else None


@action
def hide_response(actor: Actor, response_id: int) -> None:
    """Take words out of sight."""
    found = said(response_id, lock=True)
    require(policy.CURATE_RESPONSE, actor, found)
    row, ref = found.response, Ref("response", response_id)
    if row.state == "hidden":
        return
    _refuse_withdrawn(row.state)
    room = board_room(found.board.id) if row.state == "shown" else STAFF
    row.state = "hidden"
    release(ref, actor)
    record(events.RESPONSE_HIDDEN, actor, room, ref)
