"""Who may do what to a statement and to a suggested change. Pure; the subject is the change with its board, or the board alone."""

from dataclasses import dataclass
from typing import Protocol

from flask_babel import gettext as _

from cocreate.boards.policy import closed, contributing, curating, deciding, hosting, seeing
from cocreate.boards.standing import BoardFacts
from cocreate.core.errors import Conflict, Failure, Refused
from cocreate.eventlog.permissions import permission
from cocreate.people.viewer import Anyone
from cocreate.statements.models import Amendment


class Change(Protocol):
    """What rights depend on in a suggested change: its row has it, and what a page was given of it too."""

    @property
    def status(self) -> str: ...

    @property
    def state(self) -> str: ...

    @property
    def author_id(self) -> int | None: ...


class ChangeOnBoard(Protocol):
    """A suggested change with the board it is on."""

    @property
    def amendment(self) -> Change: ...

    @property
    def board(self) -> BoardFacts: ...


@dataclass(frozen=True)
class OnBoard:
    """A suggested change's row with the board it is on."""

    amendment: Amendment
    board: BoardFacts


def settled(amendment: Change) -> Failure | None:
    """Why nothing more is done to a change that was decided or taken back."""
    if amendment.status == "accepted":
        return Conflict(_("This change was accepted already; the text has it."))
    if amendment.status == "declined":
        return Conflict(_("This change was declined already; the reason stands with it."))
    if amendment.status == "withdrawn":
        return Conflict(_("This change was taken back by the one who suggested it."))
    return None


def _host(actor: Anyone, board: BoardFacts) -> Failure | None:
    return hosting(actor, board) or closed(board)


def _decide_board(actor: Anyone, board: BoardFacts) -> Failure | None:
    refusal = deciding(actor, board) or closed(board)
    if refusal is None and board.state == "draft":
        return Conflict(_("This board is not open yet."))
    return refusal


def _decide(actor: Anyone, subject: ChangeOnBoard) -> Failure | None:
    refusal = seeing(actor, subject.board, subject.amendment.state, subject.amendment.author_id) or _decide_board(actor, subject.board)
    if refusal is None and subject.amendment.state != "shown":
        return Conflict(_("Nobody sees this change yet. Show it first, then decide."))
    return refusal


def _withdraw(actor: Anyone, subject: ChangeOnBoard) -> Failure | None:
    refusal = seeing(actor, subject.board, subject.amendment.state, subject.amendment.author_id)
    if refusal is not None:
        return refusal
    if actor.id is None or actor.id != subject.amendment.author_id:
        return Refused(_("Only the person who suggested this can take it back."))
    return closed(subject.board) or (settled(subject.amendment) if subject.amendment.status in ("accepted", "declined") else None)


def _curate(actor: Anyone, subject: ChangeOnBoard) -> Failure | None:
    return curating(actor, subject.board)


START_STATEMENT = permission("statement.start", _host)
REWORD_STATEMENT = permission("statement.reword", _host)
ADOPT_STATEMENT = permission("statement.adopt", _decide_board)
SUGGEST_AMENDMENT = permission("amendment.suggest", contributing)
WITHDRAW_AMENDMENT = permission("amendment.withdraw", _withdraw)
DECIDE_AMENDMENT = permission("amendment.decide", _decide)
CURATE_AMENDMENT = permission("amendment.curate", _curate)
