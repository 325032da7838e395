"""Who may do what to people's words. Pure; the subject is a response with its board."""

from dataclasses import dataclass

from flask_babel import gettext as _

from cocreate.boards.policy import closed, contributing, curating, seeing
from cocreate.boards.standing import BoardFacts
from cocreate.core.errors import Conflict, Failure, Refused
from cocreate.eventlog.permissions import permission
from cocreate.listening.models import Response
from cocreate.people.viewer import Anyone


@dataclass(frozen=True)
class Said:
    """A response's row with the board it was given on."""

    response: Response
    board: BoardFacts


def _own(actor: Anyone, found: Said) -> Failure | None:
    refusal = seeing(actor, found.board, found.response.state, found.response.author_id)
    if refusal is not None:
        return refusal
    if actor.id is None or actor.id != found.response.author_id:
        return Refused(_("Only the person who said this can take it back."))
    if found.response.state == "hidden" and found.board.state != "closed":
        return Conflict(_("Somebody who looks after this board took these words out of sight."))
    return closed(found.board)


def _curate(actor: Anyone, found: Said) -> Failure | None:
    return curating(actor, found.board)


GIVE_RESPONSE = permission("response.give", contributing)
WITHDRAW_RESPONSE = permission("response.withdraw", _own)
CURATE_RESPONSE = permission("response.curate", _curate)
