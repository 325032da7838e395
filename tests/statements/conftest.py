"""A promise that is being worked on: a brand board that Mona hosts, open to all four groups, and its statement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from cocreate.boards.actions import make_board, move_board
from cocreate.boards.inputs import MoveBoard, NewBoard
from cocreate.core.db import db
from cocreate.people.viewer import Viewer
from cocreate.statements.actions import reword_statement, suggest_amendment
from cocreate.statements.inputs import NewAmendment, NewText
from cocreate.statements.models import Statement
from tests.cast import Cast

TEXT = "You reach a person. We tell you a day and keep it. We show you what is worn.\n\nIf we were wrong we say so. You decide."
DAY = "We tell you a day and keep it."
BETTER = "We tell you a day, and if it moves you hear it from us first."


@dataclass(frozen=True)
class Promise:
    """A board with its statement."""

    board_id: int
    slug: str
    statement_id: int


MakePromise = Callable[..., Promise]
Suggest = Callable[..., int]


@pytest.fixture
def make_promise(cast: Cast) -> MakePromise:
    """`make_promise("inner", groups=["employee"])` for another audience; `text=None` keeps the starting words."""

    def make(slug: str = "promise", text: str | None = TEXT, state: str = "open", **more: Any) -> Promise:
        board_id = make_board(cast.ada, NewBoard(kind="brand", slug=slug, context="We start.", hosts=["mona@example.org"], **more))
        move_board(cast.mona, board_id, MoveBoard(state="open"))
        statement_id = db.session.scalars(select(Statement.id).where(Statement.board_id == board_id)).one()
        if text is not None:
            reword_statement(cast.mona, statement_id, NewText(text=text))
        if state != "open":
            move_board(cast.mona, board_id, MoveBoard(state=state))  # type: ignore[arg-type]
        return Promise(board_id, slug, statement_id)

    return make


@pytest.fixture
def promise(make_promise: MakePromise) -> Promise:
    return make_promise()


@pytest.fixture
def suggest(promise: Promise, cast: Cast) -> Suggest:
    """`suggest(cast.emil, DAY, BETTER)`: a change on the promise."""

    def make(actor: Viewer, before: str = DAY, after: str = BETTER, reason: str = "Silence is what hurts.", **more: Any) -> int:
        return suggest_amendment(actor, promise.statement_id, NewAmendment(before=before, after=after, reason=reason, **more))

    return make
