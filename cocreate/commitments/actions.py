"""Promising something on a board, and saying that it is done."""

from flask_babel import gettext as _

from cocreate.boards.queries import board_facts
from cocreate.commitments import events, policy
from cocreate.commitments.inputs import NewCommitment
from cocreate.commitments.models import Commitment
from cocreate.commitments.queries import on_board
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import BadInput
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import board_room
from cocreate.people.queries import site, viewer_by_email
from cocreate.people.viewer import Actor


@action
def make_commitment(actor: Actor, board_id: int, given: NewCommitment) -> int:
    """Promise something on a board by a day. Gives its id."""
    board = board_facts(board_id)
    require(policy.MAKE_COMMITMENT, actor, board)
    if given.due < site().today():
        raise BadInput({"due": [_("Give a day that is still to come.")]})
    row = Commitment(
        about_kind="board", about_id=board.id, text=given.text, owner_id=_owner(actor, given.owner), due=given.due, state="due", made_at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    record(events.COMMITMENT_MADE, actor, board_room(board.id), Ref("commitment", row.id))
    return row.id


def _owner(actor: Actor, address: str | None) -> int | None:
    if address is None:
        return actor.id
    found = viewer_by_email(address)
    if found is None:
        raise BadInput({"owner": [_("Nobody here has this address.")]})
    return found.id


@action
def finish_commitment(actor: Actor, commitment_id: int) -> None:
    """Say that a promise is kept."""
    found = on_board(commitment_id, lock=True)
    require(policy.SETTLE_COMMITMENT, actor, found)
    row = found.commitment
    if row.state == "done":
        return
    row.state, row.done_at = "done", clock.now()
    record(events.COMMITMENT_DONE, actor, board_room(found.board.id), Ref("commitment", row.id))


@action
def reopen_commitment(actor: Actor, commitment_id: int) -> None:
    """Undo it: the promise is due as before."""
    found = on_board(commitment_id, lock=True)
    require(policy.SETTLE_COMMITMENT, actor, found)
    row = found.commitment
    if row.state == "due":
        return
    row.state, row.done_at = "due", None
    record(events.COMMITMENT_REOPENED, actor, board_room(found.board.id), Ref("commitment", row.id))
