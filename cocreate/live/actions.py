"""Writing down who is here, for the other processes."""

from sqlalchemy import delete, insert, or_

from cocreate.core import clock
from cocreate.core.db import db
from cocreate.eventlog.record import action
from cocreate.live.models import Presence
from cocreate.live.queries import FRESH, Here


@action
def note_presence(process: str, here: dict[int, Here]) -> None:
    """Put who is here, by board, in place of what this process said before. Processes that fell silent are forgotten."""
    now = clock.now()
    silent = Presence.seen_at < now - 3 * FRESH
    db.session.execute(delete(Presence).where(or_(Presence.process == process, silent)))
    rows = [
        {"process": process, "board_id": board_id, "people": {str(id): group for id, group in each.people.items()}, "anonymous": each.anonymous, "seen_at": now}
        for board_id, each in sorted(here.items())
    ]
    if rows:
        db.session.execute(insert(Presence), rows)
