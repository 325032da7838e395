"""The inbox: what somebody was told, in words, as far as they may still read what it is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cocreate.core.ids import Ref, parse_ref
from cocreate.eventlog.subjects import find_subjects
from cocreate.notifications.queries import PAGE, messages_of, newest_of
from cocreate.notifications.words import sentence
from cocreate.people.naming import NOBODY
from cocreate.people.queries import names_of
from cocreate.people.viewer import Viewer


@dataclass(frozen=True)
class Told:
    """One line of the inbox."""

    id: int
    text: str
    url: str
    at: datetime
    unread: bool


@dataclass(frozen=True)
class Inbox:
    """Lines, newest first; `newest` is the newest message, shown or not, up to which all may be marked as read; `following` goes on, 0 at the end."""

    lines: list[Told]
    newest: int
    following: int


def read_inbox(viewer: Viewer, before: int = 0) -> Inbox:
    """A page of it; `before` is the message it goes on after."""
    rows = messages_of(viewer.id, before)
    following = rows[PAGE - 1].id if len(rows) > PAGE else 0
    return Inbox(_told(viewer, rows[:PAGE]), newest_of(viewer.id) if before else rows[0].id if rows else 0, following)


def _told(viewer: Viewer, rows: list[Any]) -> list[Told]:
    names = names_of({row.actor_id for row in rows if row.actor_id is not None})
    subjects = find_subjects(viewer, {ref for row in rows for ref in refs_of(row.subject, row.data)})
    lines = []
    for row in rows:
        leads, about = refs_of(row.subject, row.data)
        if leads in subjects and about in subjects:
            text = sentence(row.why, names.get(row.actor_id, NOBODY).name, subjects[about].label, row.data)
            lines.append(Told(row.id, text, subjects[leads].url, row.at, row.read_at is None))
    return lines


def refs_of(subject: str, data: dict[str, Any]) -> tuple[Ref, Ref]:
    """Where a message leads, and what its sentence names."""
    leads = parse_ref(subject)
    return leads, parse_ref(data["about"]) if "about" in data else leads
