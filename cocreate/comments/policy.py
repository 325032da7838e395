"""Who may do what to a comment. Pure; the subject is the thing commented on, or a comment with its thing."""

from dataclasses import dataclass

from flask_babel import gettext as _

from cocreate.boards.policy import closed, curating, seeing as on_board, taking_part
from cocreate.boards.standing import BoardFacts, standing
from cocreate.comments.models import Comment
from cocreate.core.errors import Conflict, Failure, Refused
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import permission
from cocreate.people.viewer import Anyone


@dataclass(frozen=True)
class Commentable:
    """A thing that can be commented on. `refusal` says why nothing is added to it now; where it is not `shown`, only its author and who curates see it."""

    ref: Ref
    board: BoardFacts
    title: str
    url: str
    refusal: Failure | None = None
    shown: bool = True
    author_id: int | None = None


@dataclass(frozen=True)
class OnThing:
    """A comment's row with the thing it is on."""

    comment: Comment
    thing: Commentable


def seeing_thing(viewer: Anyone, thing: Commentable) -> Failure | None:
    """What others do not see is there for its author and for who curates."""
    return on_board(viewer, thing.board, "shown" if thing.shown else "hidden", thing.author_id)


def seeing(viewer: Anyone, found: OnThing) -> Failure | None:
    """The same for a comment; one that was taken back is there too, without its words."""
    state = "shown" if found.comment.state == "withdrawn" else found.comment.state
    return seeing_thing(viewer, found.thing) or on_board(viewer, found.thing.board, state, found.comment.author_id)


def _post(actor: Anyone, thing: Commentable) -> Failure | None:
    refusal = seeing_thing(actor, thing)
    if refusal is not None:
        return refusal
    if not thing.shown:
        return Conflict(_("Nobody sees this yet. Show it first, then comment."))
    if thing.refusal is not None:
        return thing.refusal
    hosting = standing(actor, thing.board).hosts and thing.board.is_active
    return None if hosting else taking_part(actor, thing.board)


def _own(actor: Anyone, found: OnThing) -> Failure | None:
    refusal = seeing(actor, found)
    if refusal is not None:
        return refusal
    if actor.id is None or actor.id != found.comment.author_id:
        return Refused(_("Only the person who wrote this comment can change it."))
    if found.comment.state == "hidden" and found.thing.board.state != "closed":
        return Conflict(_("Somebody who looks after this board took this comment out of sight."))
    return closed(found.thing.board)


def _edit(actor: Anyone, found: OnThing) -> Failure | None:
    refusal = _own(actor, found)
    if refusal is None and found.comment.state == "withdrawn":
        return Conflict(_("You took this comment back. Bring it back first, then change it."))
    return refusal or _post(actor, found.thing)


def _curate(actor: Anyone, found: OnThing) -> Failure | None:
    return curating(actor, found.thing.board)


POST_COMMENT = permission("comment.post", _post)
EDIT_COMMENT = permission("comment.edit", _edit)
WITHDRAW_COMMENT = permission("comment.withdraw", _own)
CURATE_COMMENT = permission("comment.curate", _curate)
