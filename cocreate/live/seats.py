"""Who watches which board, in this process: the only state that the live channel keeps, and all of it can be lost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cocreate.core.ids import Ref

A_FEW = 200


@dataclass
class Seat:
    """One socket on one board. `seq` is the last event it was sent, None while it is catching up; `presence` what it was last told of who is here."""

    sid: str
    seq: int | None = None
    presence: dict[str, Any] | None = None


@dataclass
class Watched:
    """One board that somebody here watches. `told` are the versions of recent tallies that were told, `untold` those that are due."""

    board_id: int
    slug: str
    told: dict[Ref, int]
    untold: dict[Ref, int] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    tally_from: float = 0.0  # ticks before which the next tally message waits
    presence_from: float = 0.0
    presence_due: bool = False
    people: dict[int, str] = field(default_factory=dict)  # through other processes, at the last look
    anonymous: int = 0


watched: dict[int, Watched] = {}


def sit(sid: str, board_id: int, slug: str, told: dict[Ref, int]) -> Seat:
    """The socket's seat on the board; nothing is sent to it until it has a `seq`. `told` are the present versions, for a board nobody watched until now."""
    board = watched.setdefault(board_id, Watched(board_id, slug, told))
    before = board.seats.get(sid)
    board.seats[sid] = Seat(sid, presence=before.presence if before else None)
    board.presence_due = True
    return board.seats[sid]


def is_seated(seat: Seat, board_id: int) -> bool:
    """Whether this very seat is still taken; it may have been lost, or taken anew, while its socket caught up."""
    board = watched.get(board_id)
    return board is not None and board.seats.get(seat.sid) is seat


def in_turns(some: list[Seat], board_id: int) -> Iterator[list[Seat]]:
    """A few at a time, as others have their turns in between: those whose seat is still taken when they are come to."""
    for start in range(0, len(some), A_FEW):
        yield [seat for seat in some[start : start + A_FEW] if is_seated(seat, board_id)]


def leave(sid: str, board_id: int) -> bool:
    """Give up one seat. Whether there was one."""
    board = watched.get(board_id)
    if board is None or board.seats.pop(sid, None) is None:
        return False
    board.presence_due = True
    if not board.seats:
        del watched[board_id]
    return True


def leave_all(sid: str) -> None:
    """Give up all seats of a socket."""
    for board_id in list(watched):
        leave(sid, board_id)


def boards_of(sid: str) -> list[int]:
    return [board.board_id for board in watched.values() if sid in board.seats]
