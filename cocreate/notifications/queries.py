"""Reading the inbox, and how far the log was read for it."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from cocreate.core.db import db
from cocreate.eventlog.models import Cursor, Event, Stream
from cocreate.notifications.models import MailPreference, Message
from cocreate.people.models import Person

READER = "notifications"
ROOMS = "board:"  # what concerns people happens on boards
PAGE = 40


class Place(NamedTuple):
    """How far a stream was read."""

    stream_id: int
    stream: str
    seq: int


def behind(limit: int) -> list[Place]:
    """The streams with something that was not read yet."""
    own = and_(Cursor.stream_id == Stream.id, Cursor.reader == READER)
    place = func.coalesce(Cursor.seq, 0)
    query = select(Stream.id, Stream.name, place.label("seq")).outerjoin(Cursor, own)
    query = query.where(Stream.name.startswith(ROOMS), Stream.seq > place).order_by(Stream.id).limit(limit)
    return [Place(row.id, row.name, row.seq) for row in db.session.execute(query)]


def waiting_column() -> ColumnElement[int]:
    """How many messages wait for the person of a statement about people."""
    return select(func.count()).where(Message.person_id == Person.id, Message.read_at.is_(None)).correlate(Person).scalar_subquery()


def messages_of(person_id: int, before: int = 0) -> list[Any]:
    """What a person was told, newest first, one more than a page: rows of id, why, subject, data, at, read_at, actor_id."""
    columns = (Message.id, Message.why, Message.subject, Message.data, Message.at, Message.read_at, Event.actor_id)
    query = select(*columns).join(Event, Event.id == Message.event_id).where(Message.person_id == person_id)
    if before:
        query = query.where(Message.id < before)
    return list(db.session.execute(query.order_by(Message.id.desc()).limit(PAGE + 1)))


def newest_of(person_id: int) -> int:
    """The last message that a person was told, 0 where there is none."""
    return db.session.scalar(select(func.max(Message.id)).where(Message.person_id == person_id)) or 0


def wants_mail(person_id: int) -> bool:
    return db.session.scalar(select(MailPreference.mail).where(MailPreference.person_id == person_id)) is not False


def without_mail(person_ids: set[int]) -> set[int]:
    """Those of the people who chose to get none."""
    return set(db.session.scalars(select(MailPreference.person_id).where(MailPreference.person_id.in_(person_ids), MailPreference.mail.is_(False))))
