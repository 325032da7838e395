"""Keeping what was last shown of a thing, alone and with what is joined with it, for safe dissent."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, or_, select

from cocreate.core.db import db, insert_into
from cocreate.stances.cells import read_cells
from cocreate.stances.dissent import Shown, Voices
from cocreate.stances.models import AGREE, DISAGREE, PASS, Picture
from cocreate.stances.votables import Votable

_PLACES = (AGREE, PASS, DISAGREE)


def last_shown(thing: Votable) -> tuple[Shown, bool, list[Shown]]:
    """The thing's own last picture with just these joined, whether it is kept as such, and the different pictures of all that is or was joined with it,
    its own too. Where there is none of just these, it begins as the fullest of some of them. What is read waits for whoever renews one of several."""
    found = {row.family: _shown(row) for row in _rows(thing)}
    own = found.get(_family(thing))
    is_kept = own is not None
    if own is None:
        some = [picture for family, picture in found.items() if set(_ids(family)) <= set(thing.family)]
        own = max(some, key=lambda picture: len(picture.voices), default=Shown([], {}))
    different: list[Shown] = []
    for picture in found.values():
        if picture.cells and picture not in different:
            different.append(picture)
    return own, is_kept, different


def _rows(thing: Votable) -> Iterable[Any]:
    """The pictures of the thing and of whatever is linked with it by having been joined, in two statements."""
    on_board = (Picture.subject_kind == thing.ref.kind, Picture.board_id == thing.board.id)
    several = select(Picture.family).where(*on_board, or_(Picture.family.contains(","), Picture.subject_id == thing.ref.id))
    several = several.order_by(Picture.subject_id, Picture.family).with_for_update()
    families = [set(_ids(family)) for family in db.session.scalars(several)]
    linked = set(thing.family)
    while more := [family for family in families if family & linked and not family <= linked]:
        linked.update(*more)
    query = select(Picture.family, Picture.cells, Picture.voices).where(*on_board, Picture.subject_id.in_(linked))
    return db.session.execute(query.order_by(Picture.subject_id, Picture.family))


def _shown(row: Any) -> Shown:
    people = {person: (stance, group) for group, places in row.voices.items() for stance, place in zip(_PLACES, places, strict=True) for person in place}
    return Shown(read_cells(row.cells) or [], people)


def keep_picture(thing: Votable, shown: Shown) -> None:
    """From now on this is what was last shown of it, with just these joined."""
    values = {
        "cells": [[list(cell.groups), cell.agree, cell.passes, cell.disagree] for cell in shown.cells],
        "voices": _by_group(shown.voices),
    }
    keys = {"subject_kind": thing.ref.kind, "subject_id": thing.ref.id, "family": _family(thing)}
    statement = insert_into(Picture).values(**keys, **values, board_id=thing.board.id)
    db.session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values))


def _by_group(voices: Voices) -> dict[str, list[list[int]]]:
    found: dict[str, list[list[int]]] = {}
    for person, (stance, group) in sorted(voices.items()):
        found.setdefault(group, [[], [], []])[_PLACES.index(stance)].append(person)
    return found


def forget_pictures(board_id: int) -> None:
    """Where dissent is not kept safe, everything is shown as it is."""
    db.session.execute(delete(Picture).where(Picture.board_id == board_id).execution_options(synchronize_session=False))


def _family(thing: Votable) -> str:
    return ",".join(str(id) for id in [thing.ref.id, *sorted(thing.merged)])


def _ids(family: str) -> list[int]:
    return [int(id) for id in family.split(",")]
