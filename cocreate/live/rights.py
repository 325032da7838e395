"""Whether those who listen still may: people as they are now, their sessions and tokens, and the boards they watch."""

from dataclasses import replace

from cocreate.boards.queries import boards_by_id
from cocreate.boards.standing import BoardFacts, standing
from cocreate.core.db import db
from cocreate.entrypoints.sockets import forget, hang_up, is_there, principals
from cocreate.eventlog.rooms import STAFF, room_kind
from cocreate.live import fanout, seats
from cocreate.people.queries import live_sessions, live_tokens, viewers_now
from cocreate.people.viewer import Viewer


def concerns_people(streams: set[str]) -> bool:
    """Whether news from these streams may change who somebody is."""
    return any(stream == STAFF or room_kind(stream) == "person" for stream in streams)


def recheck_people() -> set[int]:
    """Hang up on whoever was suspended or signed out, and know everybody else as they are now. Three statements.
    Gives the boards of those who changed: whether they may still read is to be asked before anything is said there."""
    known = {sid: principal.viewer for sid, principal in list(principals.items()) if isinstance(principal.viewer, Viewer)}
    if not known:
        return set()
    people = viewers_now(list(known.values()))
    sessions = live_sessions({viewer.session_id for viewer in known.values() if viewer.session_id is not None})
    tokens = live_tokens({viewer.token_id for viewer in known.values() if viewer.token_id is not None})
    touched: set[int] = set()
    for sid, viewer in known.items():
        present = people.get(viewer.id)
        came_in = viewer.session_id in sessions if viewer.token_id is None else viewer.token_id in tokens
        if present is None or not came_in:
            hang_up(sid)
        elif sid in principals:
            touched |= _know(sid, viewer, present)
    return touched


def _know(sid: str, before: Viewer, present: Viewer) -> set[int]:
    how = {name: getattr(before, name) for name in ("session_id", "session_token", "token_id", "can_write", "used_at")}
    now = replace(present, **how)
    if now == before:
        return set()
    principals[sid].viewer = now
    touched = set(seats.boards_of(sid))
    for board_id in touched:
        seats.watched[board_id].presence_due = True
    return touched


def recheck_boards(board_ids: set[int]) -> dict[int, BoardFacts]:
    """Take the seats of those who may not read these boards any more. Gives the boards as they are. One statement."""
    found = boards_by_id(board_ids) if board_ids else {}
    db.session.remove()
    for board_id in board_ids:
        board = seats.watched.get(board_id)
        for sid in list(board.seats) if board is not None else []:
            if not _reads(sid, found.get(board_id)):
                seats.leave(sid, board_id)
                fanout.send("unwatched", [{"board": board.slug if board else ""}], [sid])
    return found


def _reads(sid: str, board: BoardFacts | None) -> bool:
    principal = principals.get(sid)
    return board is not None and principal is not None and standing(principal.viewer, board).reads


def sweep() -> None:
    """Forget sockets whose end was not told."""
    for sid in list(principals):
        if not is_there(sid):
            forget(sid)
