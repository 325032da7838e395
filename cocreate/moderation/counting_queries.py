"""How much waits in whose queue: for the header of every page, and for the queues that stand open."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from cocreate.boards.models import Host
from cocreate.commitments.models import Commitment
from cocreate.core.db import db
from cocreate.ideas.models import Idea
from cocreate.moderation.models import Hold, Report
from cocreate.moderation.queries import DUE_WITHIN
from cocreate.people.models import Person
from cocreate.people.queries import site

_HOSTED = select(Host.board_id).where(Host.person_id == Person.id, Host.duty == "host").correlate(Person)


def _count(model: Any, *wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(model).where(*wanted).correlate(Person).scalar_subquery()


def queued_column() -> ColumnElement[int]:
    """How much waits on the boards that the person of a statement about people hosts. Staff finds the queue anyway."""
    today = site().today()
    open_ideas = (Idea.board_id.in_(_HOSTED), Idea.state == "shown", Idea.status == "open", Idea.answer_due <= today + timedelta(days=DUE_WITHIN))
    late = (Commitment.about_kind == "board", Commitment.about_id.in_(_HOSTED), Commitment.state == "due", Commitment.due < today)
    looked_at = (_count(each, each.board_id.in_(_HOSTED), each.settled_at.is_(None)) for each in (Hold, Report))
    return sum(looked_at, _count(Idea, *open_ideas) + _count(Commitment, *late))


def queued_by_person(person_ids: set[int]) -> dict[int, dict[str, int]]:
    """What open queues of these people are told: how much is held and reported on the boards that each of them curates."""
    staff = Person.role != "member"
    held, reported = (_count(each, or_(staff, each.board_id.in_(_HOSTED)), each.settled_at.is_(None)) for each in (Hold, Report))
    query = select(Person.id, (held + reported).label("waiting")).where(Person.id.in_(person_ids), or_(staff, _HOSTED.exists()))
    return {row.id: {"waiting": row.waiting} for row in db.session.execute(query)}
