"""What the relay reads besides events: where streams end, tallies that are newer than what was told, and who is here elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog import tail
from cocreate.eventlog.rooms import board_room
from cocreate.ideas.models import Idea
from cocreate.live.models import Presence
from cocreate.stances.models import Tally
from cocreate.stances.queries import TALLY_COLUMNS, tally_view
from cocreate.statements.models import Amendment

FRESH = clock.days(20 / 86400)  # how long what another process said about who is there counts
# What is told, by the kind of thing: the list of the message it stands in.
TALLIED = {"idea": "tallies", "amendment": "amendments"}
TOLD = ("version", "voices", "tallies", "total", "common_ground")


@dataclass
class Here:
    """Who is on a board: the group of each person by id, and how many nobody knows."""

    people: dict[int, str] = field(default_factory=dict)
    anonymous: int = 0


def last_seqs(board_ids: Iterable[int]) -> dict[int, int]:
    """The last number of each board's stream."""
    rooms = {board_room(id): id for id in board_ids}
    return {rooms[name]: seq for name, seq in tail.heads(list(rooms)).items()} if rooms else {}


def fresh_tallies(board_ids: Iterable[int], since: datetime) -> dict[int, dict[Ref, int]]:
    """The versions of the tallies that changed since, by board. A tally that was never cast on is not one yet."""
    found: dict[int, dict[Ref, int]] = {id: {} for id in board_ids}
    query = select(Tally.board_id, Tally.subject_kind, Tally.subject_id, Tally.version)
    query = query.where(Tally.board_id.in_(found), Tally.tally_at >= since, Tally.version > 1, Tally.subject_kind.in_(TALLIED))
    for row in db.session.execute(query) if found else []:
        found[row.board_id][Ref(row.subject_kind, row.subject_id)] = row.version
    return found


def tally_messages(board: BoardFacts, refs: Iterable[Ref]) -> dict[Ref, dict[str, Any]]:
    """These tallies as they are sent, as they are now; without those of things that not every reader may see."""
    ids = {kind: [ref.id for ref in refs if ref.kind == kind] for kind in TALLIED}
    query = (
        select(Tally.subject_kind, Tally.subject_id, *TALLY_COLUMNS)
        .outerjoin(Idea, and_(Tally.subject_kind == "idea", Idea.id == Tally.subject_id))
        .outerjoin(Amendment, and_(Tally.subject_kind == "amendment", Amendment.id == Tally.subject_id))
        .where(or_(*(and_(Tally.subject_kind == kind, Tally.subject_id.in_(some)) for kind, some in ids.items())))
        .where(or_(Idea.state == "shown", Amendment.state == "shown"))
    )
    found = {}
    for row in db.session.execute(query):
        values: Mapping[str, object] = tally_view(row, board).as_json()
        found[Ref(row.subject_kind, row.subject_id)] = {row.subject_kind: row.subject_id, **{name: values[name] for name in TOLD}}
    return found


def tally_message(slug: str, found: Mapping[Ref, dict[str, Any]]) -> dict[str, Any]:
    """The `tally` message of the contract for these tallies of one board."""
    message: dict[str, Any] = {"board": slug, "tallies": []}
    for kind, name in TALLIED.items():
        values = [found[ref] for ref in found if ref.kind == kind]
        if values:
            message[name] = values
    return message


def here_elsewhere(process: str, board_ids: Iterable[int]) -> dict[int, Here]:
    """Who is on these boards through other processes."""
    query = select(Presence.board_id, Presence.people, Presence.anonymous)
    query = query.where(Presence.board_id.in_(list(board_ids)), Presence.process != process, Presence.seen_at > clock.now() - FRESH)
    found: dict[int, Here] = {}
    for row in db.session.execute(query):
        here = found.setdefault(row.board_id, Here())
        here.people |= {int(id): group for id, group in row.people.items()}
        here.anonymous += row.anonymous
    return found
