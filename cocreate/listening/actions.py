"""Saying something in one's own words, and taking it back. The log learns who only of those who chose to be named."""

from cocreate.boards.queries import board_facts
from cocreate.boards.screening import Why, hold, room_for, was_shown, why_held
from cocreate.boards.standing import BoardFacts
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.listening import events, policy
from cocreate.listening.changes import insert_response
from cocreate.listening.inputs import NewResponse
from cocreate.listening.policy import Said
from cocreate.listening.queries import has_been_heard, said
from cocreate.people.viewer import Viewer


@action
def give_response(actor: Viewer, board_id: int, given: NewResponse) -> int:
    """Say one line. It is shown at once, or held until somebody looks. Gives its id."""
    board = board_facts(board_id)
    require(policy.GIVE_RESPONSE, actor, board)
    why = _why_held(actor, board, given.body)
    row = insert_response(board, actor, given, "held" if why else "shown")
    ref, teller = Ref("response", row.id), actor if given.named else None
    if why:
        hold(ref, board.id, why)
        record(events.RESPONSE_HELD, teller, STAFF, ref, board=board.id, why=why)
    else:
        record(events.RESPONSE_GIVEN, teller, board_room(board.id), ref)
    return row.id


def _why_held(actor: Viewer, board: BoardFacts, body: str) -> Why | None:
    why = why_held(actor, board, body)
    return None if why == "first" and has_been_heard(board.id, actor.id) else why


def _teller(actor: Viewer, found: Said) -> Viewer | None:
    return actor if found.response.named else None


@action
def withdraw_response(actor: Viewer, response_id: int) -> None:
    """Take one's own words back: they go for all but staff."""
    found = said(response_id, lock=True)
    require(policy.WITHDRAW_RESPONSE, actor, found)
    row = found.response
    if row.state == "withdrawn":
        return
    room = room_for(found.board.id, row.state)
    row.state = "withdrawn"
    record(events.RESPONSE_WITHDRAWN, _teller(actor, found), room, Ref("response", row.id))


@action
def return_response(actor: Viewer, response_id: int) -> None:
    """Undo a withdrawal. What nobody had looked at yet waits as before."""
    found = said(response_id, lock=True)
    require(policy.WITHDRAW_RESPONSE, actor, found)
    row = found.response
    if row.state != "withdrawn":
        return
    ref = Ref("response", row.id)
    row.state = "shown" if was_shown(ref, found.board.id) else "held"
    room = room_for(found.board.id, row.state)
    record(events.RESPONSE_RETURNED, _teller(actor, found), room, ref)
