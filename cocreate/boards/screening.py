"""What is looked at by somebody before others see it. The rule is here, as every slice that takes words asks it; what is held is kept by moderation, through a port."""

import re
from collections.abc import Callable
from typing import Literal

from sqlalchemy import select

from cocreate.boards.standing import BoardFacts, standing
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.models import Event, Stream
from cocreate.eventlog.rooms import board_room
from cocreate.people.viewer import Actor

Why = Literal["links", "first"]
MOST_LINKS = 1
_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
_hold: list[Callable[[Ref, int, Why], None]] = []


def register_holder(hold: Callable[[Ref, int, Why], None]) -> None:
    _hold[:] = [hold]


def why_held(actor: Actor, board: BoardFacts, *texts: str) -> Why | None:
    """Why this waits to be looked at: more than one link, or a first contribution where the board asks. Hosts and staff are not held."""
    if standing(actor, board).curates:
        return None
    if sum(len(_LINK.findall(text)) for text in texts) > MOST_LINKS:
        return "links"
    if board.hold_first and not _has_spoken(board.id, actor.id):
        return "first"
    return None


def _has_spoken(board_id: int, person_id: int | None) -> bool:
    """Whether something of this person was shown on the board, by the log."""
    query = select(Event.id).join(Stream).where(Stream.name == board_room(board_id), Event.actor_id == person_id)
    return db.session.scalar(query.limit(1)) is not None


def hold(subject: Ref, board_id: int, why: Why) -> None:
    """Put it into the queue, inside the action that made it."""
    _hold[0](subject, board_id, why)
