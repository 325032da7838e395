"""Reading promises. Late is not kept but seen from the day and the site's today."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from cocreate.boards.queries import board_facts, boards_by_id
from cocreate.boards.standing import standing
from cocreate.commitments.models import Commitment
from cocreate.commitments.policy import OnBoard
from cocreate.core import unwritten
from cocreate.core.db import ask, db
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.core.text import cut
from cocreate.eventlog.subjects import Subject
from cocreate.people.models import Person
from cocreate.people.queries import site
from cocreate.people.viewer import Anyone

_COLUMNS: tuple[Any, ...] = (Commitment.id, Commitment.about_id, Commitment.text, Commitment.due, Commitment.state, Person.name.label("owner_name"))


@dataclass(frozen=True)
class CommitmentView:
    """A promise as everybody on the board sees it. `state` is due, done or late; the organisation itself owns what no person does."""

    id: int
    board_id: int
    text: str
    owner: str
    due: date
    state: str

    @property
    def ref(self) -> Ref:
        return Ref("commitment", self.id)

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text, "owner": self.owner, "due": self.due, "state": self.state}


def _select() -> Select[Any]:
    query = select(*_COLUMNS).outerjoin(Person, Person.id == Commitment.owner_id).where(Commitment.about_kind == "board")
    return query.order_by(Commitment.due, Commitment.id)


def _view(row: Any) -> CommitmentView:
    state = "late" if row.state == "due" and row.due < site().today() else row.state
    return CommitmentView(row.id, row.about_id, row.text, row.owner_name or site().name, row.due, state)


def promises_on(board_ids: list[int]) -> dict[int, list[CommitmentView]]:
    """The promises of each board, the next due first; whoever asks was shown the board. One statement."""
    return unwritten.kept(("promises", tuple(board_ids)), lambda: _promises(board_ids))


def _promises(board_ids: list[int]) -> dict[int, list[CommitmentView]]:
    found: dict[int, list[CommitmentView]] = {}
    for row in ask(_select().where(Commitment.about_id.in_(board_ids))):
        found.setdefault(row.about_id, []).append(_view(row))
    return found


def commitments_fact(board_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """For the registry of what is known about a board."""
    return {board_id: [promise.as_json() for promise in promises] for board_id, promises in promises_on(board_ids).items()}


def late_promises(board_ids: list[int], limit: int = 100) -> list[CommitmentView]:
    """What was due and is not done, the longest first."""
    query = _select().where(Commitment.about_id.in_(board_ids), Commitment.state == "due", Commitment.due < site().today())
    return [_view(row) for row in db.session.execute(query.limit(limit))]


def latest_kept(board_ids: list[int], limit: int) -> list[Any]:
    """Promises that were kept, newest first: rows of id, board_id, text, done_at, owner_name, owner_group; no owner where it is the organisation."""
    query = select(
        Commitment.id,
        Commitment.about_id.label("board_id"),
        Commitment.text,
        Commitment.done_at,
        Person.name.label("owner_name"),
        Person.group.label("owner_group"),
    )
    query = query.outerjoin(Person, Person.id == Commitment.owner_id).where(Commitment.about_kind == "board", Commitment.about_id.in_(board_ids))
    return list(db.session.execute(query.where(Commitment.state == "done").order_by(Commitment.done_at.desc(), Commitment.id.desc()).limit(limit)))


def on_board(commitment_id: int, lock: bool = False) -> OnBoard:
    """The row and its board, for an action. Raises NotFound."""
    query = select(Commitment).where(Commitment.id == commitment_id, Commitment.about_kind == "board")
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound()
    return OnBoard(row, board_facts(row.about_id))


def promise_as(viewer: Anyone, commitment_id: int) -> OnBoard:
    """Raises NotFound where the viewer may not read the board."""
    found = on_board(commitment_id)
    if not standing(viewer, found.board).reads:
        raise NotFound()
    return found


def find_subjects(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """For the registry of subjects."""
    query = select(Commitment.id, Commitment.text, Commitment.about_id).where(Commitment.id.in_(ids), Commitment.about_kind == "board")
    rows = list(db.session.execute(query))
    boards = boards_by_id({row.about_id for row in rows})
    return {
        row.id: Subject(cut(row.text, 80), f"/boards/{boards[row.about_id].slug}#commitment-{row.id}")
        for row in rows
        if standing(viewer, boards[row.about_id]).reads
    }
