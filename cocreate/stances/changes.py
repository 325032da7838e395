"""Counting: a tally is renewed in the transaction that changed a stance."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from cocreate.boards.queries import board_facts
from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import ask, db, insert_into
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.eventlog.record import touch
from cocreate.eventlog.rooms import board_room
from cocreate.people.groups import GROUPS
from cocreate.stances.cells import Cell, Voice, common_ground, contested, fill, partition, renewed
from cocreate.stances.dissent import Shown, Spoken, Voices, held_back
from cocreate.stances.models import AGREE, DISAGREE, PASS, Participant, Stance, Tally
from cocreate.stances.picture_changes import forget_pictures, keep_picture, last_shown
from cocreate.stances.votables import Votable, votables_on

_SUBJECT = (Tally.subject_kind == bindparam("kind"), Tally.subject_id == bindparam("id"))
_COUNTS = select(Tally.counts).where(*_SUBJECT).with_for_update()
_STORE = update(Tally.__table__).where(*_SUBJECT).values(version=Tally.version + 1)
_PLACE = {AGREE: 0, PASS: 1, DISAGREE: 2}


def insert_tally(ref: Ref, board_id: int) -> None:
    """The empty tally that a thing is made with."""
    insert_tallies([ref], board_id)


def insert_tallies(refs: Sequence[Ref], board_id: int) -> None:
    """The same for several things of one board."""
    empty = {"board_id": board_id, "version": 1, "voices": 0, "counts": {}, "cells": None, "support": 0, "unshown": 0, "tally_at": clock.now()}
    db.session.execute(insert(Tally), [{"subject_kind": ref.kind, "subject_id": ref.id, **empty} for ref in refs])


def bump(ref: Ref) -> None:
    """The thing itself changed: its version grows, and its watchers get the tally anew."""
    db.session.execute(
        update(Tally)
        .where(Tally.subject_kind == ref.kind, Tally.subject_id == ref.id)
        .values(version=Tally.version + 1, tally_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def lock_tally(ref: Ref) -> Any:
    """The tally's row, held until the action ends. Several are locked in the order of their numbers. Raises NotFound."""
    row = ask(_COUNTS, {"kind": ref.kind, "id": ref.id}).first()
    if row is None:
        raise NotFound()
    return row


def upsert_stance(ref: Ref, person_id: int, stance: int | None, group: str) -> None:
    """One row a person and thing, whoever else writes at the same time."""
    upsert_stances(ref, [(person_id, stance, group)])


@cache
def _upsert(dialect: str) -> Any:
    """The statement, put together once for each kind of database."""
    statement = insert_into(Stance.__table__)
    values = {"stance": statement.excluded.stance, "group": statement.excluded.group}
    return statement.on_conflict_do_update(index_elements=[Stance.subject_kind, Stance.subject_id, Stance.person_id], set_=values)


def upsert_stances(ref: Ref, voices: Sequence[tuple[int, int | None, str]]) -> None:
    """The same for several people: (person_id, stance, group) each."""
    rows = [{"subject_kind": ref.kind, "subject_id": ref.id, "person_id": person_id, "stance": stance, "group": group} for person_id, stance, group in voices]
    ask(_upsert(db.engine.dialect.name), rows)


def take_part(board_id: int, person_ids: Iterable[int]) -> None:
    """These people have a stance on something of the board. A row that is there is taken hold of, so that nobody's leaving slips between."""
    rows = [{"board_id": board_id, "person_id": person_id} for person_id in sorted(person_ids)]
    if rows:
        ask(_take_part(db.engine.dialect.name), rows)


@cache
def _take_part(dialect: str) -> Any:
    statement = insert_into(Participant.__table__)
    keys = [Participant.board_id, Participant.person_id]
    return statement.on_conflict_do_update(index_elements=keys, set_={"person_id": statement.excluded.person_id})


def leave_if_silent(board_id: int, person_id: int) -> None:
    """Whoever took their last stance on a board back is not counted there any more."""
    own = (Participant.board_id == board_id, Participant.person_id == person_id)
    db.session.execute(select(Participant.person_id).where(*own).with_for_update()).all()  # before it is asked what else they weighed
    weighed = and_(Tally.subject_kind == Stance.subject_kind, Tally.subject_id == Stance.subject_id)
    other = select(Stance.person_id).join(Tally, weighed).where(Tally.board_id == board_id, Stance.person_id == person_id, Stance.stance.is_not(None))
    db.session.execute(delete(Participant).where(*own, ~other.exists()).execution_options(synchronize_session=False))


def delete_stance(ref: Ref, person_id: int) -> None:
    db.session.execute(delete(Stance).where(Stance.subject_kind == ref.kind, Stance.subject_id == ref.id, Stance.person_id == person_id))


def shifted(counts: dict[str, list[int]], group: str, stance: int | None, by: int) -> dict[str, list[int]]:
    """The counts with one stance more or less."""
    if stance is None:
        return counts
    row = list(counts.get(group, [0, 0, 0]))
    row[_PLACE[stance]] += by
    return {**counts, group: row}


def family_voices(kind: str, family: tuple[int, ...]) -> dict[int, Any]:
    """Each person's row that counts: on the thing itself, else on what was merged into it, the lowest number first."""
    query = select(Stance.subject_id, Stance.person_id, Stance.stance, Stance.group)
    rows = db.session.execute(query.where(Stance.subject_kind == kind, Stance.subject_id.in_(family)))
    place = {id: n for n, id in enumerate([family[0], *sorted(family[1:])])}
    counting: dict[int, Any] = {}
    for row in sorted(rows, key=lambda row: place[row.subject_id]):
        counting.setdefault(row.person_id, row)
    return counting


def recount(thing: Votable) -> None:
    """Count anew from the stances: after a merge or its undoing, a change of audience, and with safe dissent after each stance."""
    lock_tally(thing.ref)  # first: a stance that comes meanwhile waits, and is counted after
    counting = family_voices(thing.ref.kind, thing.family)
    counts: dict[str, list[int]] = {}
    for row in counting.values():
        counts = shifted(counts, row.group, row.stance, +1)
    if thing.board.safe_dissent:
        now = {row.person_id: (row.stance, row.group) for row in counting.values() if row.stance is not None}
        store(thing.ref, thing.board, counts, *_shown(thing, now, _tuples(counts)))
    else:
        store(thing.ref, thing.board, counts)


def _shown(thing: Votable, now: Voices, counts: dict[str, tuple[int, int, int]]) -> tuple[list[Cell] | None, int]:
    """Safe dissent: the cells to show, and how many more voices are in. What is shown is kept, to be told from what comes."""
    part = thing.board.part_groups
    own, is_kept, pictures = last_shown(thing)
    voices = [_voice(now.get(person), own.voices.get(person)) for person in {*now, *own.voices}]
    cells, fresh, unshown = renewed(own.cells or None, voices, counts, part)
    if fresh and (held := held_back(partition(counts, part) or [], now, pictures)):
        cells, fresh, unshown = renewed(own.cells or None, voices, counts, part, held)
    if fresh:
        counted = fresh & {group for cell in cells or [] for group in cell.groups}
        kept = {person: spoken for person, spoken in own.voices.items() if spoken[1] not in fresh}
        own = Shown(cells or [], kept | {person: spoken for person, spoken in now.items() if spoken[1] in counted})
    if fresh or (thing.merged and not is_kept):
        keep_picture(thing, own)
    return [cell for cell in cells or [] if set(cell.groups) <= set(part)] or None, unshown


def _voice(now: Spoken | None, shown: Spoken | None) -> Voice:
    return Voice(*(now or (None, "")), *(shown or (None, None)))


def store(ref: Ref, board: BoardFacts, counts: dict[str, list[int]], cells: list[Cell] | None = None, unshown: int | None = None) -> None:
    """Write the tally from counts; without safe dissent the cells are those of the counts."""
    counted = _tuples(counts)
    if unshown is None:
        places = partition(counted, board.part_groups)
        cells, unshown = (fill(places, counted) if places is not None else None), 0
    values = {
        "counts": {group: counts[group] for group in GROUPS if any(counts.get(group, ()))},
        "voices": sum(sum(row) for group, row in counts.items() if group in board.part_groups),
        "cells": [[list(cell.groups), cell.agree, cell.passes, cell.disagree] for cell in cells] if cells is not None else None,
        "support": sum(cell.agree for cell in cells or []),
        "common_ground": common_ground(cells, board.part_groups),
        "contested": contested(cells),
        "unshown": unshown,
        "tally_at": clock.now(),
    }
    ask(_STORE, {"kind": ref.kind, "id": ref.id, **values})
    touch(board_room(board.id))


def renew_board(board_id: int) -> None:
    """Who takes part, or whether dissent is safe, has changed: count everything on the board anew."""
    tallies = select(Tally.subject_id).where(Tally.board_id == board_id).order_by(Tally.subject_kind, Tally.subject_id)
    db.session.execute(tallies.with_for_update()).all()  # before anything is read: what is joined or weighed meanwhile waits
    board = board_facts(board_id)
    if not board.safe_dissent:
        forget_pictures(board_id)
    for thing in votables_on(board):
        if thing.counted:
            recount(thing)


def clear(ref: Ref, board: BoardFacts) -> None:
    """A merged thing has no tally; its stances stay."""
    store(ref, board, {}, None, 0)


def _tuples(counts: dict[str, list[int]]) -> dict[str, tuple[int, int, int]]:
    return {group: (row[0], row[1], row[2]) for group, row in counts.items()}
