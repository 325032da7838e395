"""The invariants: what must hold in every database at every moment, asked of the rows themselves."""

from collections.abc import Callable, Iterator
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, inspect, select

from cocreate.boards.queries import board_facts
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.kinds import all_kinds
from cocreate.eventlog.models import Event
from cocreate.eventlog.record import action
from cocreate.eventlog.tail import broken_links
from cocreate.stances.cells import common_ground, contested, fill, partition, read_cells
from cocreate.stances.changes import family_voices, recount, shifted
from cocreate.stances.models import Tally
from cocreate.stances.votables import votable

Findings = Iterator[str]


def wrong_tallies() -> Findings:
    """Each tally is the count of the stances by the group cast in; what is shown follows from it by the rule."""
    for row in db.session.execute(select(Tally.__table__).order_by(Tally.board_id)).all():
        ref = Ref(row.subject_kind, row.subject_id)
        thing = votable(ref)
        counts: dict[str, list[int]] = {}
        if thing.counted:
            for voice in family_voices(ref.kind, thing.family)[0].values():
                counts = shifted(counts, voice.group, voice.stance, +1)
        stored = {group: list(values) for group, values in row.counts.items() if any(values)}
        if stored != {group: values for group, values in counts.items() if any(values)}:
            yield f"{ref}: the tally counts {stored}, the stances are {counts}"
        elif not _follows(row, board_facts(row.board_id)):
            yield f"{ref}: what is shown does not follow from the counts"


def _follows(row: Any, board: Any) -> bool:
    cells = read_cells(row.cells)
    counts = {group: tuple(values) for group, values in row.counts.items()}
    if not board.safe_dissent:
        places = partition(counts, board.part_groups)
        if cells != (fill(places, counts) if places is not None else None):
            return False
    voices = sum(sum(values) for group, values in row.counts.items() if group in board.part_groups)
    shown = (row.common_ground, row.contested, row.support, row.voices)
    return shown == (common_ground(cells, board.part_groups), contested(cells), sum(cell.agree for cell in cells or []), voices)


def orphans() -> Findings:
    """No row points at one that is not there: declared keys, and Refs."""
    inspector = inspect(db.engine)
    for table in inspector.get_table_names():
        for key in inspector.get_foreign_keys(table):
            child, known = db.metadata.tables.get(table), db.metadata.tables.get(key["referred_table"])
            if child is None or known is None:
                continue
            parent = known.alias()  # a table may point at itself
            column, target = child.c[key["constrained_columns"][0]], parent.c[key["referred_columns"][0]]
            lost = column.is_not(None) & ~select(target).where(target == column).correlate(child).exists()
            count = db.session.scalar(select(func.count()).select_from(child).where(lost))
            if count:
                yield f"{table}.{column.name}: {count} rows point at a row of {known.name} that is not there"


def unlogged_kinds() -> Findings:
    """Every event is of a kind that is declared."""
    for kind in sorted(set(db.session.scalars(select(Event.kind).distinct())) - {kind.name for kind in all_kinds()}):
        yield f"events of a kind {kind} that nobody declares"


def missing_migrations() -> Findings:
    """The database has the shape that the code expects."""
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    present = MigrationContext.configure(db.session.connection()).get_current_heads()
    if set(present) != set(script.get_heads()):
        yield f"migrations stand at {', '.join(present) or 'none'}, the code expects {', '.join(script.get_heads())}"


CHECKS: dict[str, Callable[[], Findings]] = {
    "migrations": missing_migrations,
    "streams": broken_links,
    "kinds": unlogged_kinds,
    "rows": orphans,
    "tallies": wrong_tallies,
}


def examine() -> dict[str, list[str]]:
    """What is broken, by check; an empty list where all is well. Where migrations are missing the rest is not asked."""
    found = {"migrations": list(missing_migrations())}
    if not found["migrations"]:
        found |= {name: list(check()) for name, check in CHECKS.items() if name != "migrations"}
    return found


def repair() -> int:
    """Count every tally anew, each in a transaction of its own. Gives how many. The log is never mended: what is broken there stays to be seen."""
    refs = [Ref(row.subject_kind, row.subject_id) for row in db.session.execute(select(Tally.subject_kind, Tally.subject_id))]
    for ref in refs:
        _count_anew(ref)
    return len(refs)


@action
def _count_anew(ref: Ref) -> None:
    thing = votable(ref)
    if thing.counted:
        recount(thing)
