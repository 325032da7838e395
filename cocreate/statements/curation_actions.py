"""What moderators and hosts do to suggested changes: show what was held, let it wait again, hide, show again."""

from cocreate.boards.screening import Author, hold_again, release, room_for, was_shown
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import board_room
from cocreate.people.viewer import Actor
from cocreate.stances.changes import bump
from cocreate.statements import events, policy
from cocreate.statements.amendment_queries import on_board
from cocreate.statements.policy import OnBoard


@action
def show_amendment(actor: Actor, amendment_id: int) -> None:
    """Let everybody on the board see what was held or hidden."""
    found = _to_curate(actor, amendment_id)
    row, ref = found.amendment, Ref("amendment", amendment_id)
    if row.state == "shown":
        return
    kind, by = (events.AMENDMENT_SHOWN, actor) if was_shown(ref, found.board.id) else (events.AMENDMENT_PROPOSED, Author(row.author_id))
    row.state = "shown"
    bump(ref)
    release(ref, actor)
    record(kind, by, board_room(found.board.id), ref, statement=row.statement_id)


def _to_curate(actor: Actor, amendment_id: int) -> OnBoard:
    """The change, for whoever curates its board. Raises Refused, and Conflict where it was taken back."""
    found = on_board(amendment_id, lock=True)
    require(policy.CURATE_AMENDMENT, actor, found)
    refusal = policy.settled(found.amendment) if found.amendment.status == "withdrawn" else None
    if refusal is not None:
        raise refusal
    return found


@action
def hold_amendment(actor: Actor, amendment_id: int) -> None:
    """Undo the showing or hiding of what was held: it waits to be looked at, as it did."""
    found = _to_curate(actor, amendment_id)
    row, ref = found.amendment, Ref("amendment", amendment_id)
    if row.state == "held":
        return
    room = room_for(found.board.id, row.state)
    hold_again(ref)
    row.state = "held"
    bump(ref)
    record(events.AMENDMENT_HELD_AGAIN, actor, room, ref, statement=row.statement_id)


@action
def hide_amendment(actor: Actor, amendment_id: int) -> None:
    """Take a change out of every list; its stances stay, and a text that has it already keeps it."""
    found = _to_curate(actor, amendment_id)
    row, ref = found.amendment, Ref("amendment", amendment_id)
    if row.state == "hidden":
        return
    room = room_for(found.board.id, row.state)
    row.state = "hidden"
    bump(ref)
    release(ref, actor)
    record(events.AMENDMENT_HIDDEN, actor, room, ref, statement=row.statement_id)
