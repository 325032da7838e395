"""Proposing, pasting, editing, withdrawing, hearing and answering ideas, and taking answers back."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import literal, select

from cocreate.boards.queries import board_facts
from cocreate.boards.screening import hold, room_for, slips_in_links, why_held
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import BadInput, Conflict, NotFound, Outdated
from cocreate.core.ids import Ref
from cocreate.core.text import pasted_lines
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.eventlog.tail import latest_entries
from cocreate.ideas import events, policy
from cocreate.ideas.changes import changed, insert_idea, keep_text, set_tags
from cocreate.ideas.inputs import WORDS, EditIdea, Heard, NewAnswer, NewIdea, PastedIdeas
from cocreate.ideas.models import Answer, Idea
from cocreate.ideas.policy import OnBoard
from cocreate.ideas.queries import on_board, tags_of
from cocreate.links.changes import insert_links
from cocreate.links.evidence import check_cites
from cocreate.people.queries import site
from cocreate.people.viewer import Actor
from cocreate.search.changes import index_text


@action
def propose_idea(actor: Actor, board_id: int, given: NewIdea, body_html: str, cites: Sequence[Ref] = ()) -> int:
    """Propose an idea, on the words it cites. It is shown at once, or held until somebody looks. Gives its id."""
    board = board_facts(board_id)
    require(policy.PROPOSE_IDEA, actor, board)
    check_cites(actor, board, cites)
    why = why_held(actor, board, given.title, given.body, given.gives_people, given.gives_organisation, *given.tags)
    row = insert_idea(board, actor.id, given, body_html, "held" if why else "shown")
    ref = Ref("idea", row.id)
    insert_links(cites, "evidence", ref, actor)
    if why:
        hold(ref, board.id, why)
        record(events.IDEA_HELD, actor, STAFF, ref, board=board.id, why=why)
    else:
        record(events.IDEA_PROPOSED, actor, board_room(board.id), ref)
    return row.id


@action
def paste_ideas(actor: Actor, board_id: int, given: PastedIdeas) -> int:
    """Make an idea of each line, by the host who pasted them. Gives how many."""
    board = board_facts(board_id)
    require(policy.PASTE_IDEAS, actor, board)
    made = [insert_idea(board, actor.id, NewIdea(title=line), "", "shown").id for line in pasted_lines(given.lines)]
    record(events.IDEAS_PASTED, actor, board_room(board.id), Ref("board", board.id), ideas=made)
    return len(made)


@action
def edit_idea(actor: Actor, idea_id: int, given: EditIdea, body_html: str | None, text_version: int | None = None) -> None:
    """Change an idea's words; the earlier ones stay to be seen. Raises Outdated when `text_version` is not the present one."""
    found = on_board(idea_id, lock=True)
    require(policy.EDIT_IDEA, actor, found)
    idea = found.idea
    if text_version is not None and text_version != idea.text_version:
        raise Outdated(_("Somebody changed this text since you opened it. Yours is kept; look at both."))
    wanted = {name: value for name, value in given.model_dump(exclude_unset=True, exclude={"tags"}).items() if value is not None}
    words = {name for name, value in wanted.items() if getattr(idea, name) != value}
    tags: list[str] | None = given.tags
    retagged = tags is not None and sorted(tags) != tags_of([idea.id]).get(idea.id, [])
    if not words and not retagged:
        return
    _refuse_new_links(actor, found, wanted, tags)
    if words:
        keep_text(idea)
        for name in words:
            setattr(idea, name, wanted[name])
        if "body" in words:
            idea.body_html = body_html or ""
        index_text(Ref("idea", idea.id), idea.board_id, idea.title, idea.body)
    if retagged:
        set_tags(idea, tags or [])
    changed(idea)
    kind, data = (events.IDEA_EDITED, {"text_version": idea.text_version}) if words else (events.IDEA_TAGGED, {"tags": len(tags or [])})
    record(kind, actor, _room(found), Ref("idea", idea.id), **data)


def _refuse_new_links(actor: Actor, found: OnBoard[Idea], wanted: dict[str, str], tags: list[str] | None) -> None:
    if found.idea.state != "shown":
        return
    before = {name: getattr(found.idea, name) for name in WORDS}
    present = tags_of([found.idea.id]).get(found.idea.id, [])
    after = [*{**before, **wanted}.values(), *(present if tags is None else tags)]
    if slips_in_links(actor, found.board, [*before.values(), *present], after):
        raise BadInput({"body": [_("Keep it to one link; more than that is looked at before others see it.")]})


def _room(found: OnBoard[Idea]) -> str:
    """Where a change of this idea is heard."""
    return room_for(found.board.id, found.idea.state)


@action
def withdraw_idea(actor: Actor, idea_id: int) -> None:
    """Take one's own idea back: its words go for all but staff, its stances stay."""
    found = on_board(idea_id, lock=True)
    require(policy.WITHDRAW_IDEA, actor, found)
    idea = found.idea
    if idea.status == "withdrawn":
        return
    idea.status_before, idea.status = idea.status, "withdrawn"
    changed(idea)
    record(events.IDEA_WITHDRAWN, actor, _room(found), Ref("idea", idea.id))


@action
def return_idea(actor: Actor, idea_id: int) -> None:
    """Undo a withdrawal."""
    found = on_board(idea_id, lock=True)
    require(policy.WITHDRAW_IDEA, actor, found)
    idea = found.idea
    if idea.status != "withdrawn":
        return
    idea.status, idea.status_before = idea.status_before or "open", None
    changed(idea)
    record(events.IDEA_RETURNED, actor, _room(found), Ref("idea", idea.id))


@action
def hear_idea(actor: Actor, idea_id: int, given: Heard) -> None:
    """A host says in one tap: heard, we decide by a day."""
    found = on_board(idea_id, lock=True)
    require(policy.ANSWER_IDEA, actor, found)
    idea = found.idea
    due: date = given.by or site().today() + timedelta(days=found.board.answer_days)
    if due < site().today():
        raise BadInput({"by": [_("Give a day that is still to come.")]})
    if idea.heard_at is not None and idea.answer_due == due:
        return
    idea.heard_at, idea.answer_due = clock.now(), due
    changed(idea)
    record(events.IDEA_HEARD, actor, _room(found), Ref("idea", idea.id), due=due.isoformat())


@action
def answer_ideas(actor: Actor, idea_ids: list[int], given: NewAnswer, body_html: str) -> int:
    """Answer one idea, or several of one board with one answer: status and reason. The same again by the same host changes nothing.
    Gives the answer's id."""
    found = [on_board(idea_id, lock=True) for idea_id in sorted(set(idea_ids))]
    if not found:
        raise BadInput({"ideas": [_("Choose at least one idea.")]})
    for each in found:
        require(policy.ANSWER_IDEA, actor, each)
    if len({each.board.id for each in found}) > 1:
        raise BadInput({"ideas": [_("Answer ideas of one board at a time.")]})
    present = {each.idea.answer_id for each in found}
    if len(present) == 1 and (same := next(iter(present))) is not None:
        last = db.session.get_one(Answer, same)
        if (last.author_id, last.status, last.body) == (actor.id, given.status, given.body):
            return last.id
    board = found[0].board
    row = Answer(board_id=board.id, author_id=actor.id, status=given.status, body=given.body, body_html=body_html, at=clock.now())
    db.session.add(row)
    db.session.flush()
    index_text(Ref("answer", row.id), board.id, row.body)
    for each in found:
        before = each.idea.status
        each.idea.status, each.idea.answer_id = given.status, row.id
        changed(each.idea)
        record(events.IDEA_ANSWERED, actor, board_room(board.id), Ref("idea", each.idea.id), answer=row.id, status=given.status, before=before)
    return row.id


@action
def take_answer_back(actor: Actor, idea_id: int, answer_id: int) -> None:
    """Undo an answer, on every idea it was given to: each has the status and the answer that it had before. What was taken back already stays as it is.
    Raises Conflict where any of them was answered anew since."""
    named = on_board(idea_id, lock=True)
    require(policy.ANSWER_IDEA, actor, named)
    told = latest_entries([board_room(named.board.id)], 1000, kinds=[events.IDEA_ANSWERED.name])
    given_to = sorted(entry.subject.id for entry in told if entry.data["answer"] == answer_id)
    if idea_id not in given_to:
        raise NotFound()
    found = [on_board(id, lock=True) for id in given_to]
    for each in found:
        require(policy.ANSWER_IDEA, actor, each)
    for each in found:
        before = _before_answer(each.idea, answer_id)
        if before is not None:
            each.idea.status, each.idea.answer_id = before
            changed(each.idea)
            record(events.IDEA_UNANSWERED, actor, board_room(each.board.id), Ref("idea", each.idea.id), answer=answer_id, status=each.idea.status)


def _before_answer(idea: Idea, answer_id: int) -> tuple[str, int | None] | None:
    """The status and the answer that an idea had before this one, by the log; None where it was taken back. Raises Conflict where another stands."""
    kinds = [events.IDEA_ANSWERED.name, events.IDEA_UNANSWERED.name]
    told = latest_entries([board_room(idea.board_id)], 1000, kinds=kinds, among=select(literal(str(Ref("idea", idea.id)))))
    undone = {entry.data["answer"] for entry in told if entry.kind == events.IDEA_UNANSWERED.name}
    if answer_id in undone:
        return None
    given = [entry.data for entry in told if entry.kind == events.IDEA_ANSWERED.name and entry.data["answer"] not in undone]
    if given[0]["answer"] != answer_id:
        raise Conflict(_("Another answer was given since. It stays as it is."))
    return given[0]["before"], given[1]["answer"] if len(given) > 1 else None
