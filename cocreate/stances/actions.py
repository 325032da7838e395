"""Casting, changing and taking back a stance. A repeat of the same one changes nothing."""

from cocreate.boards.standing import BoardFacts
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action
from cocreate.people.viewer import Viewer
from cocreate.stances.changes import delete_stance, leave_if_silent, lock_tally, recount, shifted, store, take_part, upsert_stance
from cocreate.stances.queries import own_rows
from cocreate.stances.votables import CAST_STANCE, votable


@action
def cast_stance(actor: Viewer, ref: Ref, stance: int | None) -> BoardFacts:
    """Set the actor's stance: 1 agree, 0 not sure, -1 disagree, None to take it back. It keeps the group the actor has now. Gives the board."""
    tally = lock_tally(ref)  # before anything is read: what is joined or counted anew meanwhile is seen as it is then
    thing = votable(ref)
    require(CAST_STANCE, actor, thing)
    own = own_rows(actor.id, thing)
    before = own[0] if own else None
    if (before.stance if before else None) == stance and (before is None or before.subject_id == ref.id) and (before is None or before.group == actor.group):
        return thing.board
    if stance is None and [row.subject_id for row in own] == [ref.id]:
        delete_stance(ref, actor.id)
    else:
        upsert_stance(ref, actor.id, stance, actor.group)
    if stance is None:
        leave_if_silent(thing.board.id, actor.id)
    elif before is None or before.stance is None:
        take_part(thing.board.id, [actor.id])
    if thing.board.safe_dissent:
        recount(thing)
        return thing.board
    counts = dict(tally.counts)
    if before is not None:
        counts = shifted(counts, before.group, before.stance, -1)
    store(ref, thing.board, shifted(counts, actor.group, stance, +1))
    return thing.board
