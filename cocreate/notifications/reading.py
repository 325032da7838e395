"""Reading the log after one's own place in it, and telling whom it concerns what they may read."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale

from cocreate.boards.queries import boards_by_id
from cocreate.boards.standing import BoardFacts, standing
from cocreate.core import clock
from cocreate.core.errors import NotFound
from cocreate.core.ids import Ref
from cocreate.eventlog.subjects import Subject, find_subjects
from cocreate.eventlog.tail import Entry, entries_after
from cocreate.notifications.actions import Letter, Overtaken, keep_told
from cocreate.notifications.concerns import Concern, concerns_of
from cocreate.notifications.letters import Line, letter
from cocreate.notifications.queries import Place, behind, without_mail
from cocreate.notifications.words import sentence
from cocreate.people.language_queries import language_of
from cocreate.people.naming import NOBODY, Named
from cocreate.people.queries import addresses_of, names_of, site, viewer_of
from cocreate.people.viewer import Viewer

STREAMS = 20  # read in one round
BATCH = 100  # events of a stream in one round
MAIL_WITHIN = clock.days(3)  # what is older is in the inbox only: after a long stop or a restore nobody is flooded


@dataclass(frozen=True)
class _Telling:
    """One thing to be told to one person who may read it."""

    entry: Entry
    concern: Concern
    viewer: Viewer
    subjects: dict[Ref, Subject]

    @property
    def about(self) -> Ref:
        return self.concern.about or self.concern.subject

    def row(self) -> dict[str, Any]:
        data = {**self.entry.data, "about": str(self.concern.about)} if self.concern.about else self.entry.data
        subject = str(self.concern.subject)
        return {"person_id": self.viewer.id, "event_id": self.entry.id, "why": self.concern.why, "subject": subject, "data": data, "at": self.entry.at}


def catch_up() -> None:
    """Tell everything that happened since the last time. Safe to repeat, and in two processes at once."""
    while _round():
        pass


def _round() -> bool:
    """Read on in some streams. Whether to go on: not where nothing is new, or another process is doing it."""
    steps: list[tuple[Place, int]] = []
    told: list[_Telling] = []
    for place in behind(STREAMS):
        entries = entries_after(place.stream, place.seq, BATCH)
        steps.append((place, entries[-1].seq))
        told += _tellings(int(place.stream.partition(":")[2]), entries)
    if not steps:
        return False
    try:
        keep_told(steps, [telling.row() for telling in told], _letters(told))
    except Overtaken:
        return False
    return True


def _tellings(board_id: int, entries: list[Entry]) -> list[_Telling]:
    wanted = [(entry, concern) for entry in entries for concern in concerns_of(entry)]
    board = boards_by_id([board_id]).get(board_id) if wanted else None
    if board is None:
        return []
    refs: dict[int, set[Ref]] = {}
    for _entry, concern in wanted:
        refs.setdefault(concern.person_id, set()).update({concern.subject, concern.about or concern.subject})
    readers = {person_id: _reader(person_id, board) for person_id in refs}
    seen = {person_id: (viewer, find_subjects(viewer, refs[person_id])) for person_id, viewer in readers.items() if viewer is not None}
    tellings = [_Telling(entry, concern, *seen[concern.person_id]) for entry, concern in wanted if concern.person_id in seen]
    return [telling for telling in tellings if {telling.concern.subject, telling.about} <= telling.subjects.keys()]


def _reader(person_id: int, board: BoardFacts) -> Viewer | None:
    """The person, if they may read the board."""
    try:
        viewer = viewer_of(person_id)
    except NotFound:
        return None
    return viewer if standing(viewer, board).reads else None


def _letters(told: list[_Telling]) -> list[Letter]:
    """One for each person who wants mail."""
    recent = [telling for telling in told if telling.entry.at > clock.now() - MAIL_WITHIN]
    people = {telling.viewer.id for telling in recent}
    addresses = addresses_of(people - without_mail(people)) if people else {}
    names = names_of({telling.entry.actor_id for telling in recent if telling.entry.actor_id is not None})
    told_to: dict[int, list[_Telling]] = {}
    for telling in recent:
        told_to.setdefault(telling.viewer.id, []).append(telling)
    return [_letter(address, told_to[id], names) for id, address in sorted(addresses.items())]


def _letter(address: str, told: list[_Telling], names: dict[int, Named]) -> Letter:
    """In the language of whoever reads it."""
    reader = told[0].viewer
    with force_locale(language_of(reader)):
        lines = []
        for telling in told:
            who = names.get(telling.entry.actor_id or 0, NOBODY).name
            text = sentence(telling.concern.why, who, telling.subjects[telling.about].label, telling.entry.data)
            lines.append(Line(text, telling.subjects[telling.concern.subject].url))
        return letter(address, reader.name, lines, site().name, current_app.config["SETTINGS"].base_url)
