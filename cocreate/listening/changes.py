"""Changes of responses' own rows, inside a transaction that an action opened."""

from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.listening.inputs import NewResponse
from cocreate.listening.models import Response
from cocreate.people.viewer import Viewer


def insert_response(board: BoardFacts, author: Viewer, given: NewResponse, state: str) -> Response:
    """New words, with the group their author has now."""
    row = Response(board_id=board.id, author_id=author.id, group=author.group, body=given.body, named=given.named, state=state, created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row
