"""Commitments."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.models import one_of

COMMITMENT_STATES = ("due", "done")


class Commitment(db.Model):
    """A promise; late is not kept but seen from `due` and the site's day."""

    __tablename__ = "commitments"
    __table_args__ = (one_of("state", COMMITMENT_STATES), Index("ix_commitments_about", "about_kind", "about_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    about_kind: Mapped[str] = mapped_column(String(12))
    about_id: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    due: Mapped[date]
    state: Mapped[str] = mapped_column(String(12), default="due")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
