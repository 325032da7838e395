"""A board's stream as others hear it: one message for each event, the same over the socket and by a call."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from cocreate.boards.standing import BoardFacts
from cocreate.eventlog.rooms import board_room
from cocreate.eventlog.tail import Entry, entries_after
from cocreate.people.naming import Named, Who, who
from cocreate.people.queries import names_of


class EventMessage(TypedDict):
    """One entry of a board's log: `kind` is noun.verb, `subject` a Ref like `idea:12`, `data` ids, states and counts."""

    seq: int
    board: str
    kind: str
    at: Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
    actor: Who | None
    subject: str
    data: dict[str, Any]


def board_entries(board: BoardFacts, since: int, limit: int) -> list[Entry]:
    """The events of a board with a number greater than `since`, oldest first."""
    return entries_after(board_room(board.id), since, limit)


def event_message(entry: Entry, slug: str, names: dict[int, Named]) -> EventMessage:
    """The `event` message of the contract. `names` are those of people; an actor who is not among them is told as nobody."""
    actor = names.get(entry.actor_id) if entry.actor_id is not None else None
    return {
        "seq": entry.seq,
        "board": slug,
        "kind": entry.kind,
        "at": entry.at.isoformat().replace("+00:00", "Z"),
        "actor": who(entry.actor_id, *actor) if actor else None,
        "subject": str(entry.subject),
        "data": entry.data,
    }


def event_messages(entries: Iterable[Entry], slug: str) -> list[EventMessage]:
    """The messages of several events of one board, their names in one statement."""
    entries = list(entries)
    names = names_of({entry.actor_id for entry in entries if entry.actor_id is not None})
    return [event_message(entry, slug, names) for entry in entries]
