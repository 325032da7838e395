"""Starting a statement, suggesting changes of its sentences, and deciding them. Whoever decides signs, and never becomes the author."""

from flask_babel import gettext as _

from cocreate.boards.changes import lock_board
from cocreate.boards.queries import board_facts
from cocreate.boards.screening import hold, room_for, why_held
from cocreate.core import clock
from cocreate.core.errors import BadInput, Conflict
from cocreate.core.ids import Ref
from cocreate.core.text import cut
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.links.evidence import check_cites, cited
from cocreate.people.viewer import Actor
from cocreate.stances.changes import bump
from cocreate.statements import events, policy
from cocreate.statements.amendment_queries import on_board, twin_of
from cocreate.statements.changes import add_version, has_amendments, insert_amendment, insert_statement, text_now, version_row
from cocreate.statements.inputs import TEXT, Decision, NewAmendment, NewStatement, NewText, Reason
from cocreate.statements.models import Amendment, Statement
from cocreate.statements.policy import OnBoard, settled
from cocreate.statements.queries import statement_row, statements_on
from cocreate.statements.weave import Missing, Paragraphs, change, flat, keep, load, split, stands_in


@action
def start_statement(actor: Actor, board_id: int, given: NewStatement) -> int:
    """Give a board its statement, in words of its hosts. Raises Conflict where it has one. Gives the id."""
    lock_board(board_id)
    require(policy.START_STATEMENT, actor, board_facts(board_id))
    if statements_on(board_id):
        raise Conflict(_("This board has a text already. Suggest a change of one of its sentences."))
    row = insert_statement(board_id, given.title, split(given.text), actor.id)
    record(events.STATEMENT_STARTED, actor, board_room(board_id), Ref("statement", row.id))
    return row.id


@action
def reword_statement(actor: Actor, statement_id: int, given: NewText) -> int:
    """Put the hosts' own words in place of those a statement started with, before anybody suggested a change. Gives the version."""
    row = statement_row(statement_id, lock=True)
    require(policy.REWORD_STATEMENT, actor, board_facts(row.board_id))
    text = split(given.text)
    if text == text_now(row):
        return row.version
    if row.version > 1 or version_row(row).signed_by is not None or has_amendments(row.id):
        raise Conflict(_("People work on this text already. From here on it changes one sentence at a time."))
    version = add_version(row, text, actor.id, "", clock.now())
    record(events.STATEMENT_REWORDED, actor, board_room(row.board_id), Ref("statement", row.id), version=version)
    return version


@action
def suggest_amendment(actor: Actor, statement_id: int, given: NewAmendment) -> int:
    """Suggest a change of one sentence. It is shown at once, or held until somebody looks. Gives its id. Raises Conflict when the sentence changed
    meanwhile, or when exactly this is suggested already."""
    row = statement_row(statement_id, lock=True)
    board = board_facts(row.board_id)
    require(policy.SUGGEST_AMENDMENT, actor, board)
    _check_change(text_now(row), given)
    check_cites(actor, board, cited(given.cites))
    if twin_of(row.id, given.before, given.after) is not None:
        raise Conflict(_("Exactly this is suggested already: “%(words)s” Weigh it there.", words=cut(given.after or given.before, 120)))
    why = why_held(actor, board, given.after, given.reason)
    made = insert_amendment(row, board, actor, given, "held" if why else "shown")
    ref = Ref("amendment", made.id)
    if why:
        hold(ref, board.id, why)
        record(events.AMENDMENT_HELD, actor, STAFF, ref, board=board.id, why=why)
    else:
        record(events.AMENDMENT_PROPOSED, actor, board_room(board.id), ref, statement=row.id)
    return made.id


def _check_change(text: Paragraphs, given: NewAmendment) -> None:
    if given.before == given.after:
        raise BadInput({"after": [_("These are the words that stand there. Change at least one.") if given.before else _("Write something here.")]})
    if not given.before:
        return
    if not stands_in(text, given.before):
        raise Conflict(_("This sentence has changed since. What you wrote is kept; look at both."))
    if not given.after and len(flat(text)) == 1:
        raise BadInput({"after": [_("A text keeps at least one sentence. Say it better instead.")]})


@action
def withdraw_amendment(actor: Actor, amendment_id: int) -> None:
    """Take one's own suggestion back: its words go, its stances stay."""
    found = on_board(amendment_id, lock=True)
    require(policy.WITHDRAW_AMENDMENT, actor, found)
    row = found.amendment
    if row.status == "withdrawn":
        return
    row.status = "withdrawn"
    bump(Ref("amendment", row.id))
    record(events.AMENDMENT_WITHDRAWN, actor, room_for(found.board.id, row.state), Ref("amendment", row.id), statement=row.statement_id)


@action
def return_amendment(actor: Actor, amendment_id: int) -> None:
    """Undo a withdrawal."""
    found = on_board(amendment_id, lock=True)
    require(policy.WITHDRAW_AMENDMENT, actor, found)
    row = found.amendment
    if row.status != "withdrawn":
        return
    row.status = "open"
    bump(Ref("amendment", row.id))
    record(events.AMENDMENT_RETURNED, actor, room_for(found.board.id, row.state), Ref("amendment", row.id), statement=row.statement_id)


@action
def accept_amendment(actor: Actor, amendment_id: int, given: Decision) -> int:
    """Accept a change, signed, with a reason: the text has it at once, and so has the promise where the text is adopted. Gives the version. Raises
    Conflict when the sentence changed since, or somebody else decided first."""
    found = on_board(amendment_id, lock=True)
    require(policy.DECIDE_AMENDMENT, actor, found)
    row, statement = found.amendment, statement_row(found.amendment.statement_id)
    if _is_repeat(row, "accepted", actor, given.reason):
        return statement.version
    _check_open(row)
    text = _woven(text_now(statement), row)
    now = clock.now()
    _decide(row, "accepted", actor, given.reason)
    version = add_version(statement, text, actor.id, given.reason, now, row.id)
    row.decided_at = now
    if given.adopt and statement.adopted_at is None:
        statement.adopted_at, statement.adopted_by = now, actor.id
    record(events.AMENDMENT_ACCEPTED, actor, board_room(found.board.id), Ref("amendment", row.id), statement=statement.id, version=version)
    if statement.adopted_at is not None:
        record(events.STATEMENT_ADOPTED, actor, board_room(found.board.id), Ref("statement", statement.id), version=version)
    return version


def _is_repeat(row: Amendment, status: str, actor: Actor, reason: str) -> bool:
    return (row.status, row.decided_by, row.decision) == (status, actor.id, reason)


def _check_open(row: Amendment) -> None:
    refusal = settled(row)
    if refusal is not None:
        raise refusal


def _woven(text: Paragraphs, row: Amendment) -> Paragraphs:
    try:
        woven = change(text, row.before, row.after)
    except Missing:
        raise Conflict(_("This sentence has changed since; look at both.")) from None
    if not woven:
        raise Conflict(_("Nothing would be left of the text. A text keeps at least one sentence."))
    if len(keep(woven)) > TEXT:
        raise Conflict(_("The text would grow over %(count)s characters. Make room first.", count=TEXT))
    return woven


def _decide(row: Amendment, status: str, actor: Actor, reason: str) -> None:
    row.status, row.decided_by, row.decided_at, row.decision = status, actor.id, clock.now(), reason
    bump(Ref("amendment", row.id))


@action
def decline_amendment(actor: Actor, amendment_id: int, given: Reason) -> None:
    """Decline a change, signed, with a reason."""
    found = on_board(amendment_id, lock=True)
    require(policy.DECIDE_AMENDMENT, actor, found)
    row = found.amendment
    if _is_repeat(row, "declined", actor, given.reason):
        return
    _check_open(row)
    _decide(row, "declined", actor, given.reason)
    record(events.AMENDMENT_DECLINED, actor, board_room(found.board.id), Ref("amendment", row.id), statement=row.statement_id)


@action
def reopen_amendment(actor: Actor, amendment_id: int) -> None:
    """Take a decision back. After an acceptance the former text becomes a new version; raises Conflict where something came after it."""
    found = on_board(amendment_id, lock=True)
    require(policy.DECIDE_AMENDMENT, actor, found)
    row, statement = found.amendment, statement_row(found.amendment.statement_id)
    if row.status == "open":
        return
    if row.status == "withdrawn":
        _check_open(row)
    if row.status == "accepted":
        _take_back(actor, found, statement)
    row.status, row.decided_by, row.decided_at, row.decision = "open", None, None, ""
    bump(Ref("amendment", row.id))
    record(events.AMENDMENT_REOPENED, actor, board_room(found.board.id), Ref("amendment", row.id), statement=statement.id, version=statement.version)


def _take_back(actor: Actor, found: OnBoard, statement: Statement) -> None:
    row, last = found.amendment, version_row(statement)
    if last.amendment_id != row.id:
        raise Conflict(_("The text has changed since. Suggest the former sentence again instead."))
    former = load(version_row(statement, last.number - 1).text)
    version = add_version(statement, former, actor.id, "", clock.now())
    if statement.adopted_at is None:
        return
    if statement.adopted_at == row.decided_at:  # adopted by the same signature, so both are taken back
        statement.adopted_at = statement.adopted_by = None
        record(events.STATEMENT_SET_ASIDE, actor, board_room(found.board.id), Ref("statement", statement.id), version=version)
    else:
        record(events.STATEMENT_ADOPTED, actor, board_room(found.board.id), Ref("statement", statement.id), version=version)


@action
def adopt_statement(actor: Actor, statement_id: int, given: Reason) -> int:
    """Put the whole text, as it is, onto the page What you can expect from us, signed. Gives the version."""
    row = statement_row(statement_id, lock=True)
    require(policy.ADOPT_STATEMENT, actor, board_facts(row.board_id))
    if row.adopted_at is not None:
        return row.version
    now = clock.now()
    version = add_version(row, text_now(row), actor.id, given.reason, now)
    row.adopted_at, row.adopted_by = now, actor.id
    record(events.STATEMENT_ADOPTED, actor, board_room(row.board_id), Ref("statement", row.id), version=version)
    return version


@action
def set_statement_aside(actor: Actor, statement_id: int) -> None:
    """Undo an adoption: the text stays on its board and leaves the page."""
    row = statement_row(statement_id, lock=True)
    require(policy.ADOPT_STATEMENT, actor, board_facts(row.board_id))
    if row.adopted_at is None:
        return
    row.adopted_at = row.adopted_by = None
    record(events.STATEMENT_SET_ASIDE, actor, board_room(row.board_id), Ref("statement", row.id), version=row.version)
