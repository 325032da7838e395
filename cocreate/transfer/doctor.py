"""The invariants: what must hold in every database at every moment, asked of the rows themselves."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Table, func, inspect, select

from cocreate.boards.queries import board_facts
from cocreate.comments.models import Comment
from cocreate.core import migrations
from cocreate.core.db import db
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.eventlog.kinds import all_kinds
from cocreate.eventlog.models import Event
from cocreate.eventlog.record import action
from cocreate.eventlog.tail import broken_links
from cocreate.ideas.changes import count_comment
from cocreate.ideas.models import Idea
from cocreate.search.changes import forget_text, index_agrees, index_text, renew_index
from cocreate.search.queries import out_of_date
from cocreate.stances.cells import common_ground, contested, fill, partition, read_cells
from cocreate.stances.changes import clear, family_voices, leave_if_silent, lock_tally, recount, shifted, take_part
from cocreate.stances.models import Tally
from cocreate.stances.queries import wrong_participants
from cocreate.stances.votables import Votable, votable

Findings = Iterator[str]


def wrong_tallies() -> Findings:
    """Each tally is the count of the stances by the group cast in; what is shown follows from it by the rule. One whose thing is gone is an orphan."""
    for row in db.session.execute(select(Tally.__table__).order_by(Tally.board_id)).all():
        ref = Ref(row.subject_kind, row.subject_id)
        thing = _weighed(ref)
        if thing is None:
            continue
        counts: dict[str, list[int]] = {}
        if thing.counted:
            for voice in family_voices(ref.kind, thing.family).values():
                counts = shifted(counts, voice.group, voice.stance, +1)
        stored = {group: list(values) for group, values in row.counts.items() if any(values)}
        if stored != {group: values for group, values in counts.items() if any(values)}:
            yield f"{ref}: the tally counts {stored}, the stances are {counts}"
        elif not _follows(row, board_facts(row.board_id)):
            yield f"{ref}: what is shown does not follow from the counts"


def wrong_counts_of_people() -> Findings:
    """Whoever has a stance on something of a board is counted there, and nobody else."""
    for board_id, person_id, is_counted in wrong_participants():
        yield f"person:{person_id}: " + (
            f"is counted on board:{board_id} without a stance" if is_counted else f"has a stance on board:{board_id}, and is not counted"
        )


def _weighed(ref: Ref) -> Votable | None:
    try:
        return votable(ref)
    except NotFound:
        return None


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


def wrong_comment_counts() -> Findings:
    """Each idea counts the comments that are shown on it."""
    for id, counted, shown in _wrong_comment_counts():
        yield f"idea:{id}: counts {counted} comments, {shown} are shown"


def _wrong_comment_counts() -> list[tuple[int, int, int]]:
    on_it = (Comment.subject_kind == "idea", Comment.subject_id == Idea.id, Comment.state == "shown")
    shown = select(func.count()).select_from(Comment).where(*on_it).correlate(Idea).scalar_subquery()
    query = select(Idea.id, Idea.comment_count, shown).where(Idea.comment_count != shown).order_by(Idea.id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def orphans() -> Findings:
    """No row points at one that is not there: declared keys, and Refs."""
    yield from _lost_keys()
    for table in db.metadata.sorted_tables:
        for name in sorted(column.name.removesuffix("_kind") for column in table.c if column.name.endswith("_kind")):
            yield from _lost_refs(table, name)


def _lost_keys() -> Findings:
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


def _lost_refs(table: Table, name: str) -> Findings:
    kind, id = table.c[f"{name}_kind"], table.c[f"{name}_id"]
    for found in db.session.scalars(select(kind).where(kind.is_not(None)).distinct().order_by(kind)).all():
        known = db.metadata.tables.get(f"{found}s")
        lost = kind == found
        if known is not None:
            parent = known.alias()
            lost &= ~select(parent.c.id).where(parent.c.id == id).correlate(table).exists()
        count = db.session.scalar(select(func.count()).select_from(table).where(lost))
        if count:
            yield f"{table.name}.{name}: {count} rows point at a {found} that is not there"


def unlogged_kinds() -> Findings:
    """Every event is of a kind that is declared."""
    for kind in sorted(set(db.session.scalars(select(Event.kind).distinct())) - {kind.name for kind in all_kinds()}):
        yield f"events of a kind {kind} that nobody declares"


def missing_migrations() -> Findings:
    """The database has the shape that the code expects."""
    present, expected = migrations.present(), migrations.expected()
    if present != expected:
        yield f"migrations stand at {', '.join(sorted(present)) or 'none'}, the code expects {', '.join(sorted(expected))}"


def wrong_search() -> Findings:
    """Everything is found by the words it has now, and the index holds the words it stands on."""
    for ref, _board_id, texts in out_of_date():
        yield f"{ref}: is not found by the words it has" if texts is not None else f"{ref}: has words to be found by, and is not there"
    if not _index_agrees():
        yield "the index does not hold the words it stands on"


@action
def _index_agrees() -> bool:
    return index_agrees()


CHECKS: dict[str, Callable[[], Findings]] = {
    "migrations": missing_migrations,
    "streams": broken_links,
    "kinds": unlogged_kinds,
    "rows": orphans,
    "tallies": wrong_tallies,
    "participants": wrong_counts_of_people,
    "comments": wrong_comment_counts,
    "search": wrong_search,
}


def examine() -> dict[str, list[str]]:
    """What is broken, by check; an empty list where all is well. Where migrations are missing the rest is not asked."""
    found = {"migrations": list(missing_migrations())}
    if not found["migrations"]:
        found |= {name: list(check()) for name, check in CHECKS.items() if name != "migrations"}
    return found


def repair() -> int:
    """Count every tally, the people of each board and wrong numbers of comments anew, and make the index of search anew, in transactions of their own. Gives
    how many tallies. The log is never mended: what is broken there stays to be seen."""
    refs = [Ref(row.subject_kind, row.subject_id) for row in db.session.execute(select(Tally.subject_kind, Tally.subject_id))]
    for ref in refs:
        _count_anew(ref)
    _count_people_anew()
    _count_comments_anew()
    _index_anew()
    return len(refs)


@action
def _count_anew(ref: Ref) -> None:
    lock_tally(ref)
    thing = _weighed(ref)
    if thing is not None and thing.counted:
        recount(thing)
    elif thing is not None:
        clear(ref, thing.board)


@action
def _count_people_anew() -> None:
    for board_id, person_id, is_counted in wrong_participants():
        if is_counted:
            leave_if_silent(board_id, person_id)
        else:
            take_part(board_id, [person_id])


@action
def _count_comments_anew() -> None:
    for id, counted, shown in _wrong_comment_counts():
        count_comment(id, shown - counted)


@action
def _index_anew() -> None:
    renew_index()
    for ref, board_id, texts in list(out_of_date()):
        if texts is None:
            forget_text(ref)
        else:
            index_text(ref, board_id, *texts)
