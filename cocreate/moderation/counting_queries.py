"""How much waits in whose queue: for the header of every page, and for the queues that stand open."""

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, func, literal, or_, select, union

from cocreate.boards.models import Host
from cocreate.comments.models import Comment
from cocreate.commitments.models import Commitment
from cocreate.core.db import db
from cocreate.ideas.models import Idea
from cocreate.listening.models import Response
from cocreate.moderation.models import Hold, Report
from cocreate.moderation.queries import DUE_WITHIN
from cocreate.people.models import Person
from cocreate.people.queries import site
from cocreate.statements.models import Amendment

_HOSTED = select(Host.board_id).where(Host.person_id == Person.id, Host.duty == "host").correlate(Person)


def _count(model: Any, *wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(model).where(*wanted).correlate(Person).scalar_subquery()


def _waits(model: type[Hold] | type[Report]) -> ColumnElement[bool]:
    """As the queue shows it: what was taken back or joined with another since is looked at no more."""
    state = "held" if model is Hold else "shown"
    things: dict[str, tuple[Any, list[ColumnElement[bool]]]] = {
        "idea": (Idea, [Idea.status.not_in(("withdrawn", "merged"))]),
        "comment": (Comment, []),
        "response": (Response, []),
        "amendment": (Amendment, [Amendment.status != "withdrawn"]),
    }
    own = [
        and_(model.subject_kind == kind, select(thing.id).where(thing.id == model.subject_id, thing.state == state, *stands).exists())
        for kind, (thing, stands) in things.items()
    ]
    return and_(model.settled_at.is_(None), or_(*own))


def _today() -> date:
    return cast(date, site().today())


def _soon() -> date:
    return _today() + timedelta(days=DUE_WITHIN)


def _waiting_on(boards: Any) -> Select[Any]:
    """How many things wait on these boards (ids, or a selection of them), each once for whatever reasons it waits."""
    today, soon = bindparam("today", callable_=_today, type_=Date), bindparam("soon", callable_=_soon, type_=Date)  # as it is asked, not as it is put together
    idea, promise = literal("idea"), literal("commitment")
    open_ideas = (Idea.board_id.in_(boards), Idea.state == "shown", Idea.status == "open", Idea.answer_due <= soon)
    late = (Commitment.about_kind == "board", Commitment.about_id.in_(boards), Commitment.state == "due", Commitment.due < today)
    looked_at = (select(each.subject_kind, each.subject_id).where(each.board_id.in_(boards), _waits(each)) for each in (Hold, Report))
    waiting = union(*looked_at, select(idea, Idea.id).where(*open_ideas), select(promise, Commitment.id).where(*late))
    return select(func.count()).select_from(waiting.subquery())


def waiting_count(board_ids: list[int]) -> int:
    """How much waits on these boards."""
    return db.session.scalars(_waiting_on(board_ids)).one()


def queued_column() -> ColumnElement[int]:
    """How much waits on the boards that the person of a statement about people hosts. Staff finds the queue anyway."""
    return _waiting_on(_HOSTED).scalar_subquery()


def queue_columns() -> dict[str, ColumnElement[Any]]:
    """What the open queues of the person of a statement about people are told, if they curate: how much is held and reported on their boards, and since
    when the newest of each waits, as one may be settled while another comes."""
    staff = Person.role != "member"
    wanted = {each: (or_(staff, each.board_id.in_(_HOSTED)), _waits(each)) for each in (Hold, Report)}
    held, reported = (_count(each, *where) for each, where in wanted.items())
    newest = [select(func.max(each.at)).where(*where).correlate(Person).scalar_subquery() for each, where in wanted.items()]
    columns = {"waiting": held + reported, "held_at": newest[0], "reported_at": newest[1]}
    return {name: case((or_(staff, _HOSTED.exists()), column)) for name, column in columns.items()}
