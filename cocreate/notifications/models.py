"""The inbox, and what a person wants by mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db


class Message(db.Model):
    """One thing told to one person, about one event; the words are looked up when shown."""

    __tablename__ = "inbox"
    __unlogged__ = "a reader's copy of what the log says"
    __table_args__ = (UniqueConstraint("person_id", "event_id"), Index("ix_inbox_unread", "person_id", "read_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    why: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MailPreference(db.Model):
    """What a person chose about mail; without a row it comes."""

    __tablename__ = "mail_preferences"
    __unlogged__ = "concerns nobody but the person"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    mail: Mapped[bool]
