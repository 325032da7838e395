"""What the doors themselves keep: answers to repeated calls, and counts of tries."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db


class Idempotency(db.Model):
    """What a call with an Idempotency-Key made, so that a repeat answers the same."""

    __tablename__ = "idempotency"
    __unlogged__ = "the outcome of a call that is logged itself"
    __table_args__ = (UniqueConstraint("person_id", "route", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    route: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[str] = mapped_column(String(64))
    made_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Limit(db.Model):
    """How often something was tried in a span; the key names what and by whom."""

    __tablename__ = "limits"
    __unlogged__ = "counts that expire"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
