"""The short steps of an import: each brings some of what is not there yet, and done again changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cocreate.boards.changes import lock_board
from cocreate.boards.queries import board_facts
from cocreate.boards.standing import BoardFacts
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.eventlog.tail import latest_entries
from cocreate.ideas.changes import insert_ideas, new_idea
from cocreate.ideas.inputs import NewIdea
from cocreate.ideas.models import Idea
from cocreate.ideas.policy import PASTE_IDEAS
from cocreate.ideas.queries import load_votable
from cocreate.people.changes import insert_people_from
from cocreate.people.groups import Group
from cocreate.people.queries import people_from
from cocreate.people.viewer import Actor
from cocreate.stances.changes import lock_tally, recount, take_part, upsert_stances
from cocreate.stances.models import Stance
from cocreate.transfer import events


@dataclass(frozen=True)
class Brought:
    """An idea from elsewhere: the number, the author and the time that it has there, and its text rendered."""

    external_id: str
    author_id: int | None
    created_at: datetime
    is_hidden: bool
    given: NewIdea
    body_html: str


def _board(actor: Actor, board_id: int) -> BoardFacts:
    """The board, held until the action ends, for whoever may put things on it: of two imports at once one waits for the other."""
    lock_board(board_id)
    board = board_facts(board_id)
    require(PASTE_IDEAS, actor, board)
    return board


@action
def import_people(actor: Actor, board_id: int, names: Mapping[str, str], group: Group) -> int:
    """People, by the number they had elsewhere. Gives how many are new."""
    _board(actor, board_id)
    origin = Ref("board", board_id)
    present = people_from(origin)
    missing = {number: name for number, name in names.items() if number not in present}
    if missing:
        insert_people_from(origin, missing, group)
        record(events.PEOPLE_IMPORTED, actor, STAFF, origin, people=len(missing))
    return len(missing)


@action
def import_ideas(actor: Actor, board_id: int, wanted: Sequence[Brought]) -> int:
    """Ideas as they were shown or hidden elsewhere; what is hidden is told to staff only. Gives how many are new."""
    board = _board(actor, board_id)
    numbers = [each.external_id for each in wanted]
    present = set(db.session.scalars(select(Idea.external_id).where(Idea.board_id == board_id, Idea.external_id.in_(numbers))))
    rows = [
        new_idea(board, each.author_id, each.given, each.body_html, "hidden" if each.is_hidden else "shown", each.external_id, each.created_at)
        for each in wanted
        if each.external_id not in present
    ]
    if rows:
        insert_ideas(rows)
    for state, room in (("shown", board_room(board_id)), ("hidden", STAFF)):
        made = [row.id for row in rows if row.state == state]
        if made:
            record(events.IDEAS_IMPORTED, actor, room, Ref("board", board_id), ideas=made)
    return len(rows)


@action
def import_stances(actor: Actor, board_id: int, idea_id: int, voices: Mapping[int, tuple[int, str]]) -> int:
    """What people, by id, thought of an idea elsewhere, and their group. Gives how many stances are new or another than before."""
    require(PASTE_IDEAS, actor, board_facts(board_id))
    ref, counts_on = Ref("idea", idea_id), _counts_on(idea_id)
    lock_tally(counts_on)  # before anything is read, as where one stance is cast
    query = select(Stance.person_id, Stance.stance).where(Stance.subject_kind == ref.kind, Stance.subject_id == ref.id, Stance.person_id.in_(list(voices)))
    present = {row.person_id: row.stance for row in db.session.execute(query)}
    new = [(person_id, stance, group) for person_id, (stance, group) in voices.items() if person_id not in present or present[person_id] != stance]
    if new:
        upsert_stances(ref, new)
        take_part(board_id, [person_id for person_id, _stance, _group in new])
        recount(load_votable(counts_on.id))
    return len(new)


def _counts_on(idea_id: int) -> Ref:
    """The idea on which stances count: itself, or the one it lives on in."""
    while (into := db.session.scalar(select(Idea.merged_into).where(Idea.id == idea_id))) is not None:
        idea_id = into
    return Ref("idea", idea_id)


@action
def finish_import(actor: Actor, board_id: int, idea_count: int, people: int) -> None:
    """Say, once, that all of it is there: so many ideas that everybody sees, and people who weighed them."""
    _board(actor, board_id)
    room, told = board_room(board_id), {"idea_count": idea_count, "people": people}
    latest = latest_entries([room], 1, kinds=[events.BOARD_IMPORTED.name])
    if not latest or latest[0].data != told:
        record(events.BOARD_IMPORTED, actor, room, Ref("board", board_id), **told)
