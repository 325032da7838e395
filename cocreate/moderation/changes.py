"""Changes of reports and holds, inside a transaction that an action opened."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from cocreate.core import clock
from cocreate.core.db import db, insert_into
from cocreate.core.ids import Ref
from cocreate.moderation.models import Hold, Report
from cocreate.people.viewer import Actor

_QUIET = {"synchronize_session": False}


def _of(model: type[Hold] | type[Report], ref: Ref) -> Any:
    return (model.subject_kind == ref.kind) & (model.subject_id == ref.id)


def insert_hold(ref: Ref, board_id: int, why: str) -> None:
    """For the port of screening: it waits from now on."""
    db.session.add(Hold(subject_kind=ref.kind, subject_id=ref.id, board_id=board_id, why=why, at=clock.now()))


def insert_report(ref: Ref, board_id: int, reporter_id: int, reason: str) -> bool:
    """One a person and thing, whoever else writes at the same time; what was settled waits again, for the new reason. Whether it did not wait yet."""
    values = {"subject_kind": ref.kind, "subject_id": ref.id, "board_id": board_id, "reporter_id": reporter_id, "reason": reason, "at": clock.now()}
    # inline: nothing comes back but how many rows there were, so that none counts as no change
    statement = insert_into(Report.__table__).inline().values(values)
    again = {"reason": reason, "at": values["at"], "settled_at": None, "settled_by": None}
    key = ("subject_kind", "subject_id", "reporter_id")
    statement = statement.on_conflict_do_update(index_elements=key, set_=again, where=Report.settled_at.is_not(None))
    result: Any = db.session.execute(statement.execution_options(preserve_rowcount=True))
    return int(result.rowcount) > 0


def count_open(ref: Ref) -> int:
    return db.session.scalar(select(func.count()).select_from(Report).where(_of(Report, ref), Report.settled_at.is_(None))) or 0


def release(ref: Ref, actor: Actor) -> int:
    """For the port of screening: shown or hidden, it waits no longer, for whatever reason it did. Gives how many reports that settles."""
    now = clock.now()
    held = update(Hold).where(_of(Hold, ref), Hold.settled_at.is_(None)).values(settled_at=now)
    db.session.execute(held.execution_options(**_QUIET))
    waiting = update(Report).where(_of(Report, ref), Report.settled_at.is_(None)).values(settled_at=now, settled_by=actor.id)
    result: Any = db.session.execute(waiting.execution_options(**_QUIET))
    return int(result.rowcount)


def hold_again(ref: Ref) -> bool:
    """For the port of screening: undo a release. It waits again since when it did, with the reports that were settled together with it. Whether it was
    ever held."""
    row = db.session.get(Hold, (ref.kind, ref.id))
    if row is not None and row.settled_at is not None:
        _reopen(ref, row.settled_at)
        row.settled_at = None
    return row is not None


def reopen(ref: Ref) -> int:
    """Undo the last settling of reports: those that waited then wait again. While any waits, nothing was settled last. Gives how many."""
    if count_open(ref):
        return 0
    last = db.session.scalar(select(func.max(Report.settled_at)).where(_of(Report, ref)))
    return _reopen(ref, last) if last is not None else 0


def _reopen(ref: Ref, settled_at: datetime) -> int:
    settled = update(Report).where(_of(Report, ref), Report.settled_at == settled_at).values(settled_at=None, settled_by=None)
    result: Any = db.session.execute(settled.execution_options(**_QUIET))
    return int(result.rowcount)
