"""Casting, changing and taking back a stance. A repeat of the same one changes nothing."""

from sqlalchemy import select

from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action
from cocreate.people.viewer import Viewer
from cocreate.stances.changes import delete_stance, lock_tally, recount, shifted, store, upsert_stance
from cocreate.stances.models import Stance
from cocreate.stances.votables import CAST_STANCE, votable


@action
def cast_stance(actor: Viewer, ref: Ref, stance: int | None) -> None:
    """Set the actor's stance: 1 agree, 0 not sure, -1 disagree, None to take it back. It keeps the group the actor has now."""
    thing = votable(ref)
    require(CAST_STANCE, actor, thing)
    tally = lock_tally(ref)
    rows = select(Stance.subject_id, Stance.stance, Stance.group).where(
        Stance.subject_kind == ref.kind, Stance.subject_id.in_(thing.family), Stance.person_id == actor.id
    )
    own = sorted(db.session.execute(rows), key=lambda row: (row.subject_id != ref.id, row.subject_id))
    before = own[0] if own else None
    if (before.stance if before else None) == stance and (before is None or before.subject_id == ref.id) and (before is None or before.group == actor.group):
        return
    if stance is None and not thing.board.safe_dissent and len(own) < 2:
        delete_stance(ref, actor.id)
    else:
        upsert_stance(ref, actor.id, stance, actor.group)
    if thing.board.safe_dissent:
        recount(thing)
        return
    counts = dict(tally.counts)
    if before is not None:
        counts = shifted(counts, before.group, before.stance, -1)
    store(ref, thing.board, shifted(counts, actor.group, stance, +1))
