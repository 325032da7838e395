"""Changes of a board's own rows, inside a transaction that an action opened."""

from datetime import date

from sqlalchemy import delete, func, select

from cocreate.boards.inputs import EditCharter
from cocreate.boards.models import Board, Charter, Host
from cocreate.boards.starting import starting_words
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import NotFound
from cocreate.core.text import folded_words
from cocreate.people.viewer import Actor

CHARTER_WORDS = ("open", "not_open", "decides", "method")


def lock_board(board_id: int) -> Board:
    """The board's row, held until the action ends. Raises NotFound."""
    found = db.session.scalar(select(Board).where(Board.id == board_id).with_for_update(of=Board))
    if found is None:
        raise NotFound()
    return found


def free_slug(title: str) -> str:
    """An address from a title, with a number where it is taken."""
    words = "-".join(word for word in folded_words(title) if word.isascii())[:50].strip("-") or "board"
    taken = set(db.session.scalars(select(Board.slug).where(Board.slug.like(f"{words}%"))))
    return next(slug for slug in [words, *(f"{words}-{n}" for n in range(2, len(taken) + 3))] if slug not in taken)


def insert_charter(board_id: int, given: EditCharter, starting: list[str], actor: Actor) -> int:
    """The next version of a charter. Gives its number."""
    last = db.session.scalar(select(func.max(Charter.version)).where(Charter.board_id == board_id)) or 0
    row = Charter(board_id=board_id, version=last + 1, starting=starting, made_by=actor.id, made_at=clock.now(), **given.model_dump())
    db.session.add(row)
    return last + 1


def insert_starting_charter(board_id: int, kind: str, by: date | None, actor: Actor) -> None:
    words = starting_words(kind)
    given = EditCharter(open=words.open, not_open=words.not_open, decides=words.decides, method=words.method, by=by)
    insert_charter(board_id, given, list(CHARTER_WORDS), actor)


def set_duty(board_id: int, person_id: int, duty: str, wanted: bool) -> bool:
    """Give or take a duty. Whether anything changed."""
    row = db.session.get(Host, (board_id, person_id, duty))
    if (row is not None) == wanted:
        return False
    if wanted:
        db.session.add(Host(board_id=board_id, person_id=person_id, duty=duty))
    else:
        db.session.execute(delete(Host).where(Host.board_id == board_id, Host.person_id == person_id, Host.duty == duty))
    return True
