"""How many are here: each person once, however many tabs and processes they are in; nobody by name."""

from collections import Counter
from typing import Any
from uuid import uuid4

from cocreate.core import clock
from cocreate.entrypoints.sockets import principals
from cocreate.live import fanout, seats
from cocreate.live.queries import Here, here_elsewhere
from cocreate.live.seats import Watched
from cocreate.people.groups import in_order
from cocreate.people.viewer import Viewer, Visitor

GAP = 1.0  # seconds between two messages about one board
_process: list[str] = []


def process() -> str:
    """What this process is called towards the others; made when first asked, as workers are forked before."""
    if not _process:
        _process.append(uuid4().hex)
    return _process[0]


def here_now() -> dict[int, Here]:
    """Who watches which board through this process."""
    return {board_id: _here(board) for board_id, board in list(seats.watched.items())}


def _here(board: Watched) -> Here:
    here = Here()
    for sid in list(board.seats):
        principal = principals.get(sid)
        if principal is not None and principal.viewer.id is not None:
            here.people[principal.viewer.id] = principal.viewer.group
        elif principal is not None:
            here.anonymous += 1
    return here


def here_with(viewer: Viewer | Visitor, board_id: int) -> dict[str, int]:
    """How many of each group are here as far as this process knows, whoever reads the page among them, whose socket comes after it. No statement."""
    board = seats.watched.get(board_id)
    here = _here(board) if board is not None else Here()
    people = (board.people if board is not None else {}) | here.people
    anonymous = here.anonymous + (board.anonymous if board is not None else 0)
    if viewer.id is not None:
        people[viewer.id] = viewer.group
    else:
        anonymous = max(anonymous, 1)
    return {**Counter(people.values()), "anonymous": anonymous}


def look_elsewhere() -> None:
    """See who is here through other processes. One statement."""
    found = here_elsewhere(process(), seats.watched) if seats.watched else {}
    for board_id, board in list(seats.watched.items()):
        there = found.get(board_id, Here())
        if (there.people, there.anonymous) != (board.people, board.anonymous):
            board.people, board.anonymous, board.presence_due = there.people, there.anonymous, True


def tell() -> float | None:
    """Tell those who were told something else before, a board at most once a second. Gives the ticks at which more is due."""
    later: list[float] = []
    for board in list(seats.watched.values()):
        if not board.presence_due:
            continue
        if clock.ticks() < board.presence_from:
            later.append(board.presence_from)
            continue
        board.presence_due, board.presence_from = False, clock.ticks() + GAP
        message = _message(board)
        for some in seats.in_turns([seat for seat in board.seats.values() if seat.presence != message], board.board_id):
            for seat in some:
                seat.presence = message
            fanout.send("presence", [message], [seat.sid for seat in some])
    return min(later, default=None)


def _message(board: Watched) -> dict[str, Any]:
    here = _here(board)
    counts = Counter((board.people | here.people).values())
    groups = {group: counts[group] for group in in_order(counts)}
    return {"board": board.slug, "groups": groups, "anonymous": here.anonymous + board.anonymous}
