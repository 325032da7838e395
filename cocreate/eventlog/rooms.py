"""The registry of audiences. A room is a stream's name (`board:3`, `person:7`, `staff`, `public`); each kind of room says who may hear it."""

from collections.abc import Callable
from typing import Any

PUBLIC = "public"
STAFF = "staff"

_hearing: dict[str, Callable[[Any, int], bool]] = {}


def board_room(board_id: int) -> str:
    return f"board:{board_id}"


def person_room(person_id: int) -> str:
    return f"person:{person_id}"


def room_kind(room: str) -> str:
    return room.partition(":")[0]


def register_room(kind: str, may_hear: Callable[[Any, int], bool]) -> None:
    """`may_hear(viewer, number)` answers for rooms of this kind; number is 0 where the room has none."""
    _hearing[kind] = may_hear


def may_hear(viewer: Any, room: str) -> bool:
    """Whether this viewer may hear the room now. An unknown room is heard by nobody."""
    kind, _, number = room.partition(":")
    answer = _hearing.get(kind)
    return answer is not None and (not number or number.isdigit()) and answer(viewer, int(number or 0))
