"""Statements, their versions, and the changes suggested to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.models import one_of

AMENDMENT_STATUSES = ("open", "accepted", "declined", "withdrawn")


class Statement(db.Model):
    """A text of a board. From `adopted_at` on its newest version stands on the promise page."""

    __tablename__ = "statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=1)
    adopted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Version(db.Model):
    """One version of a statement's text, with who made it so and why; `amendment_id` is the accepted change that led to it."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("statement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendments.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Amendment(db.Model):
    """A suggested change: `before`, a sentence of version `base`, becomes `after`; an empty `before` adds a sentence at the end.
    `credit` says whether its author agreed to be named where it is adopted."""

    __tablename__ = "amendments"
    __table_args__ = (
        one_of("status", AMENDMENT_STATUSES),
        one_of("state", ("shown", "held", "hidden")),
        Index("ix_amendments_statement", "statement_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    base: Mapped[int]
    before: Mapped[str] = mapped_column(String(1000))
    after: Mapped[str] = mapped_column(String(1000))
    reason: Mapped[str] = mapped_column(String(1000))
    credit: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default="open")
    state: Mapped[str] = mapped_column(String(8), default="shown")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
