"""Mail on its way: rows written with the change that causes them, sent afterwards, again after a failure."""

from datetime import datetime

from sqlalchemy import String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core import clock
from cocreate.core.db import UTCDateTime, db

WAITS = (0, 1, 5, 30, 120, 720)  # minutes between tries; after the last the mail stays as failed


class Mail(db.Model):
    """One message to one address; `try_at` is null once it is sent or given up."""

    __tablename__ = "outbox"
    __unlogged__ = "a queue: what happened is logged where it happened"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def put_mail(address: str, subject: str, body: str) -> None:
    """Queue a message inside the action that causes it; it is sent only if that is committed."""
    moment = clock.now()
    db.session.add(Mail(address=address, subject=subject[:200], body=body, created_at=moment, try_at=moment))


def due_mail(limit: int = 20) -> list[tuple[int, str, str, str]]:
    """(id, address, subject, body) of what should be sent now, oldest first."""
    query = select(Mail.id, Mail.address, Mail.subject, Mail.body).where(Mail.try_at <= clock.now()).order_by(Mail.id).limit(limit)
    return [tuple(row) for row in db.session.execute(query)]


def count_waiting() -> int:
    """How many messages are neither sent nor given up."""
    return db.session.scalar(select(func.count()).select_from(Mail).where(Mail.try_at.is_not(None))) or 0


def recent_mail(limit: int = 100) -> list[Mail]:
    """The newest messages, for `/mail` on a machine without a mail server."""
    return list(db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(limit)))
