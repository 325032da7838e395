"""Reports by readers, and what is held until somebody looks."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.models import one_of

HOLD_REASONS = ("links", "first")


class Report(db.Model):
    """A reader found something that should be looked at. Settled when staff hid it or let it stand."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "reporter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Hold(db.Model):
    """Something waits to be looked at before others see it. Once somebody looked the row stays, settled, so that their step can be undone."""

    __tablename__ = "holds"
    __unlogged__ = "made only together with the thing that is held, whose event goes to staff"
    __table_args__ = (one_of("why", HOLD_REASONS),)

    subject_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)
    why: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
