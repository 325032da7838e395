"""Keeping what people are told: once, whoever else reads the log at the same time. Marking it as read, and choosing mail."""

from typing import Any, NamedTuple

from sqlalchemy import update

from cocreate.core import clock
from cocreate.core.db import db, insert_into
from cocreate.core.outbox import put_mail
from cocreate.eventlog.models import Cursor
from cocreate.eventlog.record import action, touch
from cocreate.eventlog.rooms import person_room
from cocreate.notifications.models import MailPreference, Message
from cocreate.notifications.queries import READER, Place
from cocreate.people.viewer import Viewer


class Overtaken(Exception):
    """Another process read on from the same place; what it told is told."""


class Letter(NamedTuple):
    """One mail."""

    address: str
    subject: str
    body: str


@action
def keep_told(steps: list[tuple[Place, int]], rows: list[dict[str, Any]], letters: list[Letter]) -> None:
    """Move on in each stream to a number, and with it keep the rows and put the letters into the post. Raises Overtaken, and nothing is done."""
    for place, seq in steps:
        _move(place, seq)
    if rows:
        db.session.execute(insert_into(Message).values(rows).on_conflict_do_nothing(index_elements=[Message.person_id, Message.event_id]))
    for letter in letters:
        put_mail(*letter)
    for person_id in {row["person_id"] for row in rows}:
        touch(person_room(person_id))


def _move(place: Place, seq: int) -> None:
    """From exactly where it was read from: two processes cannot both take the same step."""
    if place.seq == 0:
        db.session.execute(insert_into(Cursor).values(reader=READER, stream_id=place.stream_id, seq=0).on_conflict_do_nothing())
    own = (Cursor.reader == READER, Cursor.stream_id == place.stream_id, Cursor.seq == place.seq)
    result: Any = db.session.execute(update(Cursor).where(*own).values(seq=seq).execution_options(synchronize_session=False))
    if result.rowcount != 1:
        raise Overtaken()


@action
def mark_read(actor: Viewer, until: int, since: int = 0) -> None:
    """All of one's own messages up to one, from the first or from a later one."""
    unread = (Message.person_id == actor.id, Message.id.between(since, until), Message.read_at.is_(None))
    result: Any = db.session.execute(update(Message).where(*unread).values(read_at=clock.now()).execution_options(synchronize_session=False))
    if result.rowcount:
        touch(person_room(actor.id))


@action
def choose_mail(actor: Viewer, mail: bool) -> None:
    """Whether what is told comes by mail too."""
    wanted = insert_into(MailPreference).values(person_id=actor.id, mail=mail)
    db.session.execute(wanted.on_conflict_do_update(index_elements=[MailPreference.person_id], set_={"mail": mail}))
