"""Counting: a tally is renewed in the transaction that changed a stance."""

from typing import Any

from sqlalchemy import delete, insert, select, update

from cocreate.boards.queries import board_facts
from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import db, insert_into
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.eventlog.record import touch
from cocreate.eventlog.rooms import board_room
from cocreate.people.groups import GROUPS
from cocreate.stances.cells import Cell, Voice, common_ground, contested, fill, partition, read_cells, renewed
from cocreate.stances.models import AGREE, DISAGREE, PASS, Stance, Tally
from cocreate.stances.votables import Votable, votables_on

_PLACE = {AGREE: 0, PASS: 1, DISAGREE: 2}


def insert_tally(ref: Ref, board_id: int) -> None:
    """The empty tally that a thing is made with."""
    values = {
        "subject_kind": ref.kind,
        "subject_id": ref.id,
        "board_id": board_id,
        "version": 1,
        "voices": 0,
        "counts": {},
        "cells": None,
        "support": 0,
        "unshown": 0,
    }
    db.session.execute(insert(Tally).values(tally_at=clock.now(), **values))


def bump(ref: Ref) -> None:
    """The thing itself changed: its version grows, and its watchers get the tally anew."""
    db.session.execute(
        update(Tally)
        .where(Tally.subject_kind == ref.kind, Tally.subject_id == ref.id)
        .values(version=Tally.version + 1, tally_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def lock_tally(ref: Ref) -> Any:
    """The tally's row, held until the action ends: (counts, cells). Several are locked in the order of their numbers. Raises NotFound."""
    query = select(Tally.counts, Tally.cells).where(Tally.subject_kind == ref.kind, Tally.subject_id == ref.id)
    row = db.session.execute(query.with_for_update()).first()
    if row is None:
        raise NotFound()
    return row


def upsert_stance(ref: Ref, person_id: int, stance: int | None, group: str) -> None:
    """One row a person and thing, whoever else writes at the same time."""
    statement = insert_into(Stance).values(subject_kind=ref.kind, subject_id=ref.id, person_id=person_id, stance=stance, group=group)
    keys = [Stance.subject_kind, Stance.subject_id, Stance.person_id]
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_={"stance": stance, "group": group}))


def delete_stance(ref: Ref, person_id: int) -> None:
    db.session.execute(delete(Stance).where(Stance.subject_kind == ref.kind, Stance.subject_id == ref.id, Stance.person_id == person_id))


def shifted(counts: dict[str, list[int]], group: str, stance: int | None, by: int) -> dict[str, list[int]]:
    """The counts with one stance more or less."""
    if stance is None:
        return counts
    row = list(counts.get(group, [0, 0, 0]))
    row[_PLACE[stance]] += by
    return {**counts, group: row}


def family_voices(kind: str, family: tuple[int, ...]) -> tuple[dict[int, Any], list[Any]]:
    """Each person's row that counts (on the thing itself, else on what was merged into it, the lowest number first), and all rows."""
    query = select(Stance.subject_id, Stance.person_id, Stance.stance, Stance.group, Stance.shown, Stance.shown_group)
    rows = list(db.session.execute(query.where(Stance.subject_kind == kind, Stance.subject_id.in_(family))))
    place = {id: n for n, id in enumerate([family[0], *sorted(family[1:])])}
    counting: dict[int, Any] = {}
    for row in sorted(rows, key=lambda row: place[row.subject_id]):
        counting.setdefault(row.person_id, row)
    return counting, rows


def recount(thing: Votable, family_before: tuple[int, ...] | None = None) -> None:
    """Count anew from the stances: after a merge or its undoing, a change of audience, and with safe dissent after each stance.
    `family_before` are the ids whose voices were shown together until now, where that differs."""
    tally = lock_tally(thing.ref)  # first: a stance that comes meanwhile waits, and is counted after
    counting, rows = family_voices(thing.ref.kind, thing.family)
    counts: dict[str, list[int]] = {}
    for row in counting.values():
        counts = shifted(counts, row.group, row.stance, +1)
    if not thing.board.safe_dissent:
        store(thing.ref, thing.board, counts)
        return
    shown_rows = rows if family_before is None else family_voices(thing.ref.kind, family_before)[1]
    voices = _voices(counting, shown_rows)
    old = read_cells(tally.cells)
    cells, fresh, unshown = renewed(old, voices.values(), _tuples(counts), thing.board.part_groups)
    _mark_shown(thing, fresh)
    store(thing.ref, thing.board, counts, cells, unshown)


def _voices(counting: dict[int, Any], shown_rows: list[Any]) -> dict[int, Voice]:
    last = {row.person_id: row for row in shown_rows if row.shown is not None}
    people = set(counting) | set(last)
    found = {}
    for person_id in people:
        now, then = counting.get(person_id), last.get(person_id)
        stance, group = (now.stance, now.group) if now is not None else (None, "")
        found[person_id] = Voice(stance, group, then.shown if then else None, then.shown_group if then else None)
    return found


def _mark_shown(thing: Votable, groups: set[str]) -> None:
    """From now on these groups' voices are shown as they are; what was withdrawn is forgotten."""
    if not groups:
        return
    family = (Stance.subject_kind == thing.ref.kind, Stance.subject_id.in_(thing.family))
    quiet = {"synchronize_session": False}
    db.session.execute(update(Stance).where(*family, Stance.shown_group.in_(groups)).values(shown=None, shown_group=None).execution_options(**quiet))
    counting, _rows = family_voices(thing.ref.kind, thing.family)
    by_subject: dict[int, list[int]] = {}
    for person_id, row in counting.items():
        if row.group in groups and row.stance is not None:
            by_subject.setdefault(row.subject_id, []).append(person_id)
    for subject_id, people in by_subject.items():
        rows = (Stance.subject_kind == thing.ref.kind, Stance.subject_id == subject_id, Stance.person_id.in_(people))
        db.session.execute(update(Stance).where(*rows).values(shown=Stance.stance, shown_group=Stance.group).execution_options(**quiet))
    gone = [Stance.stance.is_(None), Stance.shown.is_(None), Stance.subject_id.in_(thing.family)]
    if not thing.merged:
        db.session.execute(delete(Stance).where(Stance.subject_kind == thing.ref.kind, *gone).execution_options(**quiet))


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
        "version": Tally.version + 1,
        "tally_at": clock.now(),
    }
    where = (Tally.subject_kind == ref.kind, Tally.subject_id == ref.id)
    db.session.execute(update(Tally).where(*where).values(values).execution_options(synchronize_session=False))
    touch(board_room(board.id))


def renew_board(board_id: int) -> None:
    """Who takes part, or whether dissent is safe, has changed: count everything on the board anew."""
    tallies = select(Tally.subject_id).where(Tally.board_id == board_id).order_by(Tally.subject_kind, Tally.subject_id)
    db.session.execute(tallies.with_for_update()).all()  # before anything is read: what is joined or weighed meanwhile waits
    for thing in votables_on(board_facts(board_id)):
        if thing.counted:
            recount(thing)


def clear(ref: Ref, board: BoardFacts) -> None:
    """A merged thing has no tally; its stances stay."""
    store(ref, board, {}, None, 0)


def _tuples(counts: dict[str, list[int]]) -> dict[str, tuple[int, int, int]]:
    return {group: (row[0], row[1], row[2]) for group, row in counts.items()}
