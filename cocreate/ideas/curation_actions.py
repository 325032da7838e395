"""What moderators and hosts do to ideas: show what was held, let it wait again, hide, merge and un-merge. Nothing is lost by any of it."""

from flask_babel import gettext as _

from cocreate.boards.policy import seeing
from cocreate.boards.screening import Author, hold_again, release, room_for, was_shown
from cocreate.core.errors import BadInput, Conflict
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import board_room
from cocreate.ideas import events, policy
from cocreate.ideas.changes import changed
from cocreate.ideas.models import Idea
from cocreate.ideas.policy import OnBoard
from cocreate.ideas.queries import load_votable, merged_into, on_board
from cocreate.people.viewer import Actor
from cocreate.stances.changes import clear, lock_tally, recount


@action
def show_idea(actor: Actor, idea_id: int) -> None:
    """Let everybody on the board see what was held or hidden."""
    found = _to_curate(actor, idea_id)
    idea, ref = found.idea, Ref("idea", idea_id)
    if idea.state == "shown":
        return
    kind, by = (events.IDEA_SHOWN, actor) if was_shown(ref, found.board.id) else (events.IDEA_PROPOSED, Author(idea.author_id))
    idea.state = "shown"
    changed(idea)
    release(ref, actor)
    record(kind, by, board_room(found.board.id), ref)


def _to_curate(actor: Actor, idea_id: int) -> OnBoard[Idea]:
    """The idea, for whoever curates its board. Raises Refused, and Conflict where it was taken back."""
    found = on_board(idea_id, lock=True)
    require(policy.CURATE_IDEA, actor, found)
    refusal = policy.settled(found.idea) if found.idea.status == "withdrawn" else None
    if refusal is not None:
        raise refusal
    return found


@action
def hold_idea(actor: Actor, idea_id: int) -> None:
    """Undo the showing or hiding of what was held: it waits to be looked at, as it did."""
    found = _to_curate(actor, idea_id)
    idea, ref = found.idea, Ref("idea", idea_id)
    if idea.state == "held":
        return
    room = room_for(found.board.id, idea.state)
    hold_again(ref)
    idea.state = "held"
    changed(idea)
    record(events.IDEA_HELD_AGAIN, actor, room, ref)


@action
def hide_idea(actor: Actor, idea_id: int) -> None:
    """Take an idea out of every list; its stances and comments stay."""
    found = _to_curate(actor, idea_id)
    idea, ref = found.idea, Ref("idea", idea_id)
    if idea.state == "hidden":
        return
    room = room_for(found.board.id, idea.state)
    idea.state = "hidden"
    changed(idea)
    release(ref, actor)
    record(events.IDEA_HIDDEN, actor, room, ref)


@action
def merge_idea(actor: Actor, idea_id: int, into: int) -> None:
    """Join an idea with another of its board. Each person counts once on the one that stays; comments and words stay where they are."""
    if idea_id == into:
        raise BadInput({"into": [_("Choose another idea than this one.")]})
    first, second = sorted((idea_id, into))
    locked = {each.idea.id: each for each in (on_board(first, lock=True), on_board(second, lock=True))}
    found, target = locked[idea_id], locked[into]
    require(policy.CURATE_IDEA, actor, found)
    idea = found.idea
    hidden = seeing(actor, target.board, target.idea.state, target.idea.author_id)
    if hidden is not None:
        raise hidden
    if target.idea.board_id != idea.board_id:
        raise BadInput({"into": [_("Choose an idea of the same board.")]})
    if idea.merged_into == into:
        return
    if idea.status in ("merged", "withdrawn") or target.idea.status in ("merged", "withdrawn"):
        raise Conflict(_("One of the two was joined or taken back already."))
    if into in merged_into(idea_id):
        raise Conflict(_("These two are joined already, the other way round."))
    for id in (first, second):
        lock_tally(Ref("idea", id))
    idea.status_before, idea.status, idea.merged_into = idea.status, "merged", into
    changed(idea)
    changed(target.idea)
    recount(load_votable(into))
    clear(Ref("idea", idea_id), found.board)
    record(events.IDEA_MERGED, actor, board_room(found.board.id), Ref("idea", idea_id), into=into)


@action
def unmerge_idea(actor: Actor, idea_id: int) -> None:
    """Undo a merge: each idea has exactly the stances and the status it had of its own, also where the other was merged further since. With safe dissent
    each shows again what it showed before, until enough was changed since."""
    found = on_board(idea_id, lock=True)
    require(policy.CURATE_IDEA, actor, found)
    idea, into = found.idea, found.idea.merged_into
    if into is None:
        return
    target = up = on_board(into, lock=True)
    while up.idea.merged_into is not None:  # nobody merges any of them further meanwhile
        up = on_board(up.idea.merged_into, lock=True)
    head = up.idea.id
    for id in sorted((idea_id, head)):
        lock_tally(Ref("idea", id))
    idea.status, idea.status_before, idea.merged_into = idea.status_before or "open", None, None
    changed(idea)
    changed(target.idea)
    recount(load_votable(head))
    recount(load_votable(idea_id))
    record(events.IDEA_UNMERGED, actor, board_room(found.board.id), Ref("idea", idea_id), out_of=into)
