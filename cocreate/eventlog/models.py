"""Streams, their events, and how far each reader has come."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db


class Stream(db.Model):
    """A sequence of events that one audience hears; its name is that audience's room. `seq` and `head` move with each event."""

    __tablename__ = "streams"
    __unlogged__ = "the log's own table"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    seq: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")


class Event(db.Model):
    """One thing that happened: ids, states and counts, never prose and never a stance. `hash` covers the one before it."""

    __tablename__ = "events"
    __unlogged__ = "the log's own table"
    __table_args__ = (UniqueConstraint("stream_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stream_id: Mapped[int] = mapped_column(ForeignKey("streams.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(40), index=True)
    data: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class Cursor(db.Model):
    """How far a reader of the log has come in a stream."""

    __tablename__ = "cursors"
    __unlogged__ = "a reader's own place in the log"

    reader: Mapped[str] = mapped_column(String(40), primary_key=True)
    stream_id: Mapped[int] = mapped_column(ForeignKey("streams.id"), primary_key=True)
    seq: Mapped[int]
