"""Making, opening, editing, deciding and closing boards."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cocreate.boards import events, openings, policy
from cocreate.boards.changes import CHARTER_WORDS, free_slug, insert_charter, insert_starting_charter, lock_board, set_duty
from cocreate.boards.inputs import ChangeHost, EditAudience, EditCharter, EditWords, MoveBoard, NewBoard, TakeDuty
from cocreate.boards.models import Board
from cocreate.boards.queries import board_facts, charter_of
from cocreate.boards.starting import OPEN_TABLE, open_table_words, starting_words
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import BadInput, Conflict
from cocreate.core.ids import Ref
from cocreate.core.text import cut
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import board_room
from cocreate.people.groups import GROUPS, in_order
from cocreate.people.queries import site, viewer_by_email
from cocreate.people.viewer import Actor

DAYS_OPEN = 30  # how long a board is meant to stay open unless its charter says otherwise


@action
def make_board(actor: Actor, given: NewBoard, opened: bool = False, audience: EditAudience | None = None) -> int:
    """Draft a board from its kind's words, and open it at once where asked. A person who names no other host hosts it. Without an `audience` of its own
    whoever reads takes part, and dissent is safe on strategy boards. Raises Conflict when the slug is taken. Gives the id."""
    require(policy.MAKE_BOARD, actor, None)
    if opened:
        _check_context(actor, given.context)
    hosts = _people(given.hosts, "hosts") or ([actor.id] if actor.id is not None else [])
    words = starting_words(given.kind)
    question = given.question or words.question
    title = given.title or cut(question, 100)
    groups = in_order(given.groups or GROUPS)
    told = audience or EditAudience(read_public=given.read_public, read_groups=groups, part_groups=groups, safe_dissent=given.kind == "strategy")
    row = Board(
        slug=given.slug or free_slug(title),
        kind=given.kind,
        state="open" if opened else "draft",
        title=title,
        question=question,
        line=words.line,
        objective=words.objective,
        context=given.context,
        context_by=actor.id if given.context else None,
        starting=["line", "objective"] + ([] if given.question else ["question"]),
        read_public=told.read_public,
        read_groups=told.read_groups,
        part_groups=told.part_groups,
        safe_dissent=told.safe_dissent,
        hold_first=told.hold_first,
        answer_days=14,
        is_open_table=given.slug == OPEN_TABLE,
        looking_back="",
        created_at=clock.now(),
        opened_at=clock.now() if opened else None,
    )
    _lay(actor, row, hosts)
    return row.id


def _lay(actor: Actor, row: Board, hosts: list[int]) -> None:
    """A board with all that lies on it from its first moment."""
    _insert(row)
    insert_starting_charter(row.id, row.kind, None if row.is_open_table else site().today() + timedelta(days=DAYS_OPEN), actor)
    for person_id in hosts:
        set_duty(row.id, person_id, "host", True)
    if row.state == "draft":
        record(events.BOARD_MADE, actor, board_room(row.id), Ref("board", row.id))
    else:
        record(events.BOARD_OPENED, actor, board_room(row.id), Ref("board", row.id), before="draft")
    openings.lay_out(actor, row)


def _check_context(actor: Actor, context: str) -> None:
    """People who open a board go first. The command line asks nobody."""
    if actor.id is not None and not context:
        raise BadInput({"context": [_("Share one sentence of your own first. We go first, then we ask.")]})


def _insert(row: Board) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise Conflict(_("There is a board at this address already: %(slug)s.", slug=row.slug)) from None


def _people(emails: list[str], field: str) -> list[int]:
    """Their ids. Raises BadInput that names the field it was typed in."""
    found = [viewer_by_email(email) for email in emails]
    if any(viewer is None for viewer in found):
        raise BadInput({field: [_("Nobody here has this address.")]})
    return [viewer.id for viewer in found if viewer is not None]


@action
def make_open_table(actor: Actor) -> int | None:
    """Lay the open table, once; it is open from its first moment and never closes. None where it is there already."""
    if db.session.scalar(select(Board.id).where(Board.slug == OPEN_TABLE)) is not None:
        return None
    title, question, line = open_table_words()
    words = starting_words("strategy")
    row = Board(
        slug=OPEN_TABLE, kind="strategy", state="open", title=title, question=question, line=line, objective=words.objective,
        context="", starting=["question", "line", "objective"], read_public=False, read_groups=list(GROUPS), part_groups=list(GROUPS),
        safe_dissent=False, hold_first=False, answer_days=14, is_open_table=True, looking_back="", created_at=clock.now(), opened_at=clock.now(),
    )  # fmt: skip
    _lay(actor, row, [])
    return row.id


@action
def move_board(actor: Actor, board_id: int, given: MoveBoard) -> None:
    """Open, decide, close, or open again. Coming back needs a reason; the open table stays open."""
    row = lock_board(board_id)
    require(policy.MOVE_BOARD, actor, board_facts(board_id))
    if row.state == given.state:
        return
    if row.is_open_table:
        raise Conflict(_("The open table never closes."))
    if row.state == "draft" and given.state != "open":
        raise Conflict(_("Open the board first."))
    back = row.state in ("deciding", "closed") and not (row.state == "deciding" and given.state == "closed")
    if back and not given.reason:
        raise BadInput({"reason": [_("Say why; everybody on the board reads it.")]})
    if row.state == "draft":
        _check_context(actor, row.context)
    before, row.state = row.state, given.state
    now = clock.now()
    row.opened_at = row.opened_at or now
    row.closed_at = now if given.state == "closed" else None
    kind = {"open": events.BOARD_OPENED, "deciding": events.BOARD_DECIDING, "closed": events.BOARD_CLOSED}[given.state]
    if given.reason:
        row.looking_back = given.reason
    record(kind, actor, board_room(board_id), Ref("board", board_id), before=before)


@action
def edit_words(actor: Actor, board_id: int, given: EditWords) -> None:
    """Edit what the board says about itself; a field edited is no longer in starting words."""
    row = lock_board(board_id)
    require(policy.EDIT_BOARD, actor, board_facts(board_id))
    wanted = {name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None}
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    touched = sorted(set(changed) | (set(wanted) & set(row.starting)))
    if not touched:
        return
    for name in changed:
        setattr(row, name, wanted[name])
    row.starting = [name for name in row.starting if name not in wanted]
    if "context" in changed:
        row.context_by = actor.id
    record(events.BOARD_EDITED, actor, board_room(board_id), Ref("board", board_id), fields=touched)


@action
def edit_charter(actor: Actor, board_id: int, given: EditCharter) -> int:
    """A new version of How this works; the same words make none. Gives the version."""
    lock_board(board_id)
    require(policy.EDIT_BOARD, actor, board_facts(board_id))
    last = charter_of(board_id)
    changed = {name for name, value in given.model_dump().items() if getattr(last, name) != value}
    if not changed:
        return last.version
    starting = [name for name in CHARTER_WORDS if name in last.starting and name not in changed]
    version = insert_charter(board_id, given, starting, actor)
    record(events.CHARTER_CHANGED, actor, board_room(board_id), Ref("board", board_id), version=version)
    return version


@action
def edit_audience(actor: Actor, board_id: int, given: EditAudience) -> None:
    """Change who reads and who takes part. Who takes part also reads; stances of a group that leaves stay stored and come back with it."""
    row = lock_board(board_id)
    require(policy.EDIT_BOARD, actor, board_facts(board_id))
    part: list[str] = list(in_order(given.part_groups))
    read: list[str] = list(in_order(set(given.read_groups) | set(part)))
    wanted = (given.read_public, read, part, given.safe_dissent, given.hold_first)
    if wanted == (row.read_public, in_order(row.read_groups), in_order(row.part_groups), row.safe_dissent, row.hold_first):
        return
    row.read_public, row.read_groups, row.part_groups, row.safe_dissent, row.hold_first = wanted
    db.session.flush()
    openings.renew(row.id)
    record(events.AUDIENCE_CHANGED, actor, board_room(board_id), Ref("board", board_id), read="public" if row.read_public else read, part=part)


@action
def change_host(actor: Actor, board_id: int, given: ChangeHost) -> None:
    """Give somebody of any group a duty on the board, or take it."""
    lock_board(board_id)
    require(policy.CHANGE_HOSTS, actor, board_facts(board_id))
    person_id = _people([given.email], "email")[0]
    if set_duty(board_id, person_id, given.duty, given.wanted):
        record(events.HOSTS_CHANGED, actor, board_room(board_id), Ref("board", board_id), person=person_id, duty=given.duty, now=given.wanted)


@action
def take_duty(actor: Actor, board_id: int, given: TakeDuty) -> None:
    """Take a duty from whoever is listed with it."""
    lock_board(board_id)
    require(policy.CHANGE_HOSTS, actor, board_facts(board_id))
    if set_duty(board_id, given.person, given.duty, False):
        record(events.HOSTS_CHANGED, actor, board_room(board_id), Ref("board", board_id), person=given.person, duty=given.duty, now=False)
