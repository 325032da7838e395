"""The queue: what waits for somebody who curates, and why."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from cocreate.boards.queries import boards_as
from cocreate.boards.standing import Standing
from cocreate.commitments.queries import late_promises
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.subjects import find_subjects
from cocreate.ideas.finding_queries import unanswered
from cocreate.moderation.curatables import load_curated
from cocreate.moderation.models import Hold, Report
from cocreate.moderation.things import Curated
from cocreate.people.naming import Named
from cocreate.people.queries import names_of, site
from cocreate.people.viewer import Anyone

DUE_WITHIN = 3  # days before an answer is due from which it stands in the queue
MOST = 50  # shown at once; the rest follows as these are done


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: since when, and for which reasons. `due` is the day its answer, or the promise itself, was promised by, where it waits for that."""

    ref: Ref
    standing: Standing
    since: datetime
    thing: Curated | None = None
    url: str = ""
    author: Named | None = None
    held: str | None = None
    reports: int = 0
    reasons: tuple[str, ...] = ()
    due: date | None = None
    late: bool = False

    @property
    def author_id(self) -> int | None:
        return self.thing.author_id if self.thing else None

    @property
    def hosts_answer(self) -> bool:
        """Whether the viewer is one of those who answer."""
        return self.due is not None and self.standing.hosts


@dataclass(frozen=True)
class Queue:
    """What waits, longest first; `more` is how many things are not shown yet; `hosts` names those who answer."""

    items: list[Waiting]
    more: int
    hosts: dict[int, Named]


def curated_boards(viewer: Anyone) -> list[Standing]:
    """The boards that the viewer curates."""
    return [found for found in boards_as(viewer) if found.curates]


def queue(viewer: Anyone, boards: list[Standing]) -> Queue:
    """What waits on these boards, in a fixed number of statements."""
    waiting = _waiting(boards)
    return _shown(viewer, waiting[:MOST], len(waiting) - len(waiting[:MOST]))


def _waiting(boards: list[Standing]) -> list[Waiting]:
    """All of it, what waits longest first; what was settled by other means (taken back, hidden) waits no longer."""
    by_id = {found.board.id: found for found in boards}
    found: dict[Ref, Waiting] = {}
    for row in _holds(list(by_id)):
        ref = Ref(row.subject_kind, row.subject_id)
        found[ref] = Waiting(ref, by_id[row.board_id], row.at, held=row.why)
    for row in _reports(list(by_id)):
        ref = Ref(row.subject_kind, row.subject_id)
        known = found.get(ref) or Waiting(ref, by_id[row.board_id], row.at)
        reasons = (*known.reasons, row.reason) if row.reason else known.reasons
        found[ref] = replace(known, since=min(known.since, row.at), reports=known.reports + 1, reasons=reasons)
    today = site().today()
    for row in unanswered(list(by_id), today + timedelta(days=DUE_WITHIN)):
        ref = Ref("idea", row.id)
        known = found.get(ref) or Waiting(ref, by_id[row.board_id], row.created_at)
        found[ref] = replace(known, since=min(known.since, row.created_at), due=row.answer_due, late=row.answer_due < today)
    for promise in late_promises(list(by_id)):
        at = datetime.combine(promise.due + timedelta(days=1), time(), ZoneInfo(site().time_zone))
        thing = Curated(promise.ref, promise.board_id, promise.text, "", None, None, "shown", at)
        found[promise.ref] = Waiting(promise.ref, by_id[promise.board_id], at, thing=thing, due=promise.due, late=True)
    things = load_curated(found)
    waiting = [replace(each, thing=each.thing or things.get(each.ref)) for each in found.values()]
    return sorted((each for each in waiting if each.thing and _still_waits(each, each.thing.state)), key=lambda each: (each.since, each.ref))


def _shown(viewer: Anyone, first: list[Waiting], more: int) -> Queue:
    """With author and address."""
    subjects = find_subjects(viewer, [each.ref for each in first])
    people = {each.author_id for each in first} | {host for each in first for host in each.standing.board.hosts}
    names = names_of({id for id in people if id is not None})
    items = []
    for each in first:
        subject = subjects.get(each.ref)
        url = subject.url if subject else f"/boards/{each.standing.board.slug}"
        items.append(replace(each, url=url, author=names.get(each.author_id or 0)))
    return Queue(items, more, names)


def _still_waits(waiting: Waiting, state: str) -> bool:
    if state in ("withdrawn", "merged"):  # taken back, or joined with another: parting them brings it back
        return False
    return (waiting.held is not None and state != "shown") or (state == "shown" and (waiting.reports > 0 or waiting.due is not None))


def _holds(board_ids: list[int]) -> list[Any]:
    query = select(Hold.subject_kind, Hold.subject_id, Hold.board_id, Hold.why, Hold.at)
    return list(db.session.execute(query.where(Hold.board_id.in_(board_ids), Hold.settled_at.is_(None)).order_by(Hold.at).limit(500)))


def _reports(board_ids: list[int]) -> list[Any]:
    query = select(Report.subject_kind, Report.subject_id, Report.board_id, Report.reason, Report.at)
    return list(db.session.execute(query.where(Report.board_id.in_(board_ids), Report.settled_at.is_(None)).order_by(Report.id).limit(500)))


def waits_for(ref: Ref) -> tuple[bool, bool]:
    """Whether the thing waits as held, and whether it waits as reported."""
    held = select(Hold.why).where(Hold.subject_kind == ref.kind, Hold.subject_id == ref.id, Hold.settled_at.is_(None))
    reported = select(Report.id).where(Report.subject_kind == ref.kind, Report.subject_id == ref.id, Report.settled_at.is_(None))
    return db.session.scalar(held) is not None, db.session.scalar(reported.limit(1)) is not None


def has_reported(viewer: Anyone, ref: Ref) -> bool:
    """Whether a report of the viewer waits to be looked at."""
    query = select(Report.id).where(Report.subject_kind == ref.kind, Report.subject_id == ref.id, Report.settled_at.is_(None))
    return viewer.id is not None and db.session.scalar(query.where(Report.reporter_id == viewer.id)) is not None
