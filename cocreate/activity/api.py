"""`/boards/{slug}/events`: a board's stream, for who was away from the socket or never was at it."""

from cocreate.activity.inputs import Since
from cocreate.boards.messages import EventMessage, board_entries, event_messages
from cocreate.boards.queries import board_as
from cocreate.entrypoints.api import Listed, call
from cocreate.people.viewer import Anyone


@call("GET", "/boards/<slug>/events", asks=Since)
def events(viewer: Anyone, asked: Since, slug: str) -> Listed[EventMessage]:
    """The events of a board after a number, oldest first; `next_cursor` is the last number here, to be sent as `since`, or null where nothing came after."""
    found = board_entries(board_as(viewer, slug).board, asked.since, asked.limit)
    return {"items": event_messages(found, slug), "next_cursor": str(found[-1].seq) if found else None}
