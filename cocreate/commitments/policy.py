"""Who may promise something on a board, and say that it is done. Pure; the subject is the board, or a promise with its board."""

from dataclasses import dataclass

from cocreate.boards.policy import closed, hosting
from cocreate.boards.standing import BoardFacts
from cocreate.commitments.models import Commitment
from cocreate.core.errors import Failure
from cocreate.eventlog.permissions import permission
from cocreate.people.viewer import Anyone


@dataclass(frozen=True)
class OnBoard:
    """A promise's row with the board it is about."""

    commitment: Commitment
    board: BoardFacts


def _make(actor: Anyone, board: BoardFacts) -> Failure | None:
    return hosting(actor, board) or closed(board)


def _settle(actor: Anyone, found: OnBoard) -> Failure | None:
    """Promises outlive a board: they are kept, and said to be kept, after it closed too."""
    return hosting(actor, found.board)


MAKE_COMMITMENT = permission("commitment.make", _make)
SETTLE_COMMITMENT = permission("commitment.settle", _settle)
