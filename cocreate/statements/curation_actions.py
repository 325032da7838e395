"""What moderators and hosts do to suggested changes: show what was held, hide, show again."""

from types import SimpleNamespace

from cocreate.boards.screening import release, was_shown
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import board_room
from cocreate.people.viewer import Actor
from cocreate.stances.changes import bump
from cocreate.statements import events, policy
from cocreate.statements.amendment_queries import on_board


@action
def show_amendment(actor: Actor, amendment_id: int) -> None:
    """Let everybody on the board see what was held or hidden."""
    found = on_board(amendment_id, lock=True)
    require(policy.CURATE_AMENDMENT, actor, found)
    row = found.amendment
    if row.state == "shown":
        return
    ref = Ref("amendment", row.id)
    # what appears for the first time is its author's doing, not the curator's
    kind, by = (events.AMENDMENT_SHOWN, actor) if was_shown(ref, found.board.id) else (events.AMENDMENT_PROPOSED, SimpleNamespace(id=row.author_id))
    row.state = "shown"
    bump(ref)
    release(ref, actor)
    record(kind, by, board_room(found.board.id), ref, statement=row.statement_id)


@action
def hide_amendment(actor: Actor, amendment_id: int) -> None:
    """Take a change out of every list; its stances stay, and a text that has it already keeps it."""
    found = on_board(amendment_id, lock=True)
    require(policy.CURATE_AMENDMENT, actor, found)
    row = found.amendment
    if row.state == "hidden":
        return
    row.state = "hidden"
    bump(Ref("amendment", row.id))
    release(Ref("amendment", row.id), actor)
    record(events.AMENDMENT_HIDDEN, actor, board_room(found.board.id), Ref("amendment", row.id), statement=row.statement_id)
