"""What is looked at by somebody before others see it. The rule is here, as every slice that takes words asks it; what is held is kept by a higher one."""

import re
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from cocreate.boards.standing import BoardFacts, standing
from cocreate.core.db import db
from cocreate.core.errors import Conflict
from cocreate.core.ids import Ref
from cocreate.eventlog.models import Event, Stream
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.people.viewer import Actor

Why = Literal["links", "first"]
MOST_LINKS = 1
_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
_WHOLE_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_hold: list[Callable[[Ref, int, Why], None]] = []
_release: list[Callable[[Ref, Actor], object]] = []
_hold_again: list[Callable[[Ref], bool]] = []


class Author(NamedTuple):
    """Whose words they are, as an event's actor: what was held appears as its author's deed, not as that of whoever looked at it."""

    id: int | None


def register_holder(hold: Callable[[Ref, int, Why], None]) -> None:
    _hold[:] = [hold]


def register_releaser(release: Callable[[Ref, Actor], object]) -> None:
    _release[:] = [release]


def register_reholder(hold_again: Callable[[Ref], bool]) -> None:
    _hold_again[:] = [hold_again]


def why_held(actor: Actor, board: BoardFacts, *texts: str) -> Why | None:
    """Why this waits to be looked at: more than one link, or a first contribution where the board asks. Hosts and staff are not held."""
    if standing(actor, board).curates:
        return None
    if sum(len(_LINK.findall(text)) for text in texts) > MOST_LINKS:
        return "links"
    if board.hold_first and not _has_spoken(board.id, actor.id):
        return "first"
    return None


def slips_in_links(actor: Actor, board: BoardFacts, before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether an edit brings in links at which somebody would have looked first: else they would come after others began to see it."""
    texts = list(after)
    return why_held(actor, board, *texts) == "links" and not _links(texts) <= _links(before)


def _links(texts: Iterable[str]) -> set[str]:
    return {link.rstrip(".,;:!?") for text in texts for link in _WHOLE_LINK.findall(text)}


def _has_spoken(board_id: int, person_id: int | None) -> bool:
    """Whether something of this person was shown on the board, by the log. A showing that was undone is none, unless it was shown again."""
    undoing, again = aliased(Event), aliased(Event)
    shown_again = select(again.id).where(again.subject == undoing.subject, again.kind.endswith(".shown"), again.id > undoing.id)
    undone = select(undoing.id).where(undoing.subject == Event.subject, undoing.kind.endswith(".held_again"), undoing.id > Event.id, ~shown_again.exists())
    query = select(Event.id).join(Stream).where(Stream.name == board_room(board_id), Event.actor_id == person_id, ~undone.exists())
    return db.session.scalar(query.limit(1)) is not None


def hold(subject: Ref, board_id: int, why: Why) -> None:
    """Put it into the queue, inside the action that made it."""
    _hold[0](subject, board_id, why)


def release(subject: Ref, actor: Actor) -> None:
    """Somebody looked: it was shown or hidden, so that it waits no longer. Called inside the action that shows or hides it."""
    for function in _release:
        function(subject, actor)


def hold_again(subject: Ref) -> None:
    """Undo of that: it waits as it did. Called inside the action that brings it back. Raises Conflict where it never waited."""
    if not all(function(subject) for function in _hold_again):
        raise Conflict(_("This never waited to be looked at. Hide it instead."))


def room_for(board_id: int, state: str) -> str:
    """Where something about a thing on a board is heard. What others cannot see is not told to them."""
    return board_room(board_id) if state == "shown" else STAFF


def was_shown(subject: Ref, board_id: int) -> bool:
    """Whether the board ever saw it, by the log: what was held and then hidden appears for the first time when it is shown at last."""
    query = select(Event.kind, Stream.name).join(Stream).where(Event.subject == str(subject))
    told = list(db.session.execute(query))
    return any(row.name == board_room(board_id) and not row.kind.endswith(".hidden") for row in told) or not any(row.kind.endswith(".held") for row in told)
