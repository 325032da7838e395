"""Who may do what to an idea. Pure; the subject is the idea with its board."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flask_babel import gettext as _

from cocreate.boards.policy import closed, contributing, curating, hosting, seeing, taking_part
from cocreate.boards.standing import BoardFacts, standing
from cocreate.core.errors import Conflict, Failure, Refused
from cocreate.eventlog.permissions import permission
from cocreate.people.viewer import Anyone


class HasStatus(Protocol):
    """What rights ask of an idea: the row itself, or what a page shows of it."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def status(self) -> str: ...
    @property
    def state(self) -> str: ...


Subject = TypeVar("Subject", bound=HasStatus, covariant=True)


@dataclass(frozen=True)
class OnBoard(Generic[Subject]):
    """An idea with the board it is on."""

    idea: Subject
    board: BoardFacts


def settled(idea: HasStatus) -> Failure | None:
    """Why nothing more is done to an idea that lives on elsewhere or was taken back."""
    if idea.status == "merged":
        return Conflict(_("This idea was joined with another one. Go on there."))
    if idea.status == "withdrawn":
        return Conflict(_("This idea was taken back by the one who proposed it."))
    return None


def _own(actor: Anyone, subject: OnBoard[HasStatus]) -> Failure | None:
    refusal = seeing(actor, subject.board, subject.idea.state, subject.idea.author_id)
    if refusal is not None:
        return refusal
    if actor.id is None or actor.id != subject.idea.author_id:
        return Refused(_("Only the person who proposed this can change its words."))
    return None


def _edit(actor: Anyone, subject: OnBoard[HasStatus]) -> Failure | None:
    refusal = _own(actor, subject)
    if isinstance(refusal, Refused) and set_by_host(actor, subject):
        refusal = None
    return refusal or settled(subject.idea) or taking_part_or_hosting(actor, subject)


def set_by_host(actor: Anyone, subject: OnBoard[HasStatus]) -> bool:
    """Ideas that nobody in particular proposed are edited by hosts."""
    return subject.idea.author_id is None and standing(actor, subject.board).hosts


def taking_part_or_hosting(actor: Anyone, subject: OnBoard[HasStatus]) -> Failure | None:
    return closed(subject.board) or (None if standing(actor, subject.board).hosts else taking_part(actor, subject.board))


def _withdraw(actor: Anyone, subject: OnBoard[HasStatus]) -> Failure | None:
    return _own(actor, subject) or closed(subject.board) or (settled(subject.idea) if subject.idea.status == "merged" else None)


def _answer(actor: Anyone, subject: OnBoard[HasStatus]) -> Failure | None:
    refusal = seeing(actor, subject.board, subject.idea.state, subject.idea.author_id) or hosting(actor, subject.board) or settled(subject.idea)
    if refusal is None and subject.idea.state != "shown":
        return Conflict(_("Nobody sees this idea yet. Show it first, then answer it."))
    return refusal


def _curate(actor: Anyone, subject: OnBoard[HasStatus]) -> Failure | None:
    return curating(actor, subject.board)


def _paste(actor: Anyone, board: BoardFacts) -> Failure | None:
    return hosting(actor, board) or closed(board)


PROPOSE_IDEA = permission("idea.propose", contributing)
PASTE_IDEAS = permission("idea.paste", _paste)
EDIT_IDEA = permission("idea.edit", _edit)
WITHDRAW_IDEA = permission("idea.withdraw", _withdraw)
ANSWER_IDEA = permission("idea.answer", _answer)
ANSWER_SEVERAL = permission("idea.answer_several", hosting)
CURATE_IDEA = permission("idea.curate", _curate)
