"""Responses: one line each in answer to a board's question."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.groups import GROUPS
from cocreate.people.models import one_of

RESPONSE_STATES = ("shown", "held", "hidden", "withdrawn")


class Response(db.Model):
    """One line, quotable. Unless `named`, no reader learns the author; it is kept only to tell them what became of their words."""

    __tablename__ = "responses"
    __table_args__ = (one_of("state", RESPONSE_STATES), one_of("group", GROUPS), Index("ix_responses_board", "board_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    group: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(String(500))
    named: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="shown")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
