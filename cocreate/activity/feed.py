"""What happened, as lines to be said: entries of the log with the people and things they name, as the viewer may see them."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from cocreate.boards.standing import BoardFacts, Standing
from cocreate.core.paging import id_from, to_cursor
from cocreate.eventlog.kinds import all_kinds
from cocreate.eventlog.rooms import PUBLIC, STAFF, board_room
from cocreate.eventlog.subjects import Subject, find_subjects
from cocreate.eventlog.tail import Entry, latest_entries
from cocreate.moderation.words_queries import subjects_on
from cocreate.people.naming import Named
from cocreate.people.queries import names_of, site
from cocreate.people.viewer import Anyone

LINES = 40  # a page


@dataclass(frozen=True)
class Line:
    """One thing that happened. `template` is its sentence; `board` where it happened, None for the site itself."""

    entry: Entry
    template: str
    actor: Named | None
    subject: Subject | None
    board: BoardFacts | None


@dataclass(frozen=True)
class Day:
    """The lines of one day of the site's time zone."""

    day: date
    lines: list[Line]


@dataclass(frozen=True)
class Page:
    """Lines by day, newest first, and where the list goes on."""

    days: list[Day]
    next_cursor: str | None


def changes(viewer: Anyone, boards: list[Standing], cursor: str = "", with_site: bool = True) -> Page:
    """What happened on these boards, which the viewer may read. What a line is about and may not be read now is left out. Raises BadInput for a bad cursor."""
    streams = [board_room(found.board.id) for found in boards] + ([PUBLIC] if with_site else [])
    lines, following = _lines(viewer, boards, latest_entries(streams, LINES + 1, id_from(cursor)))
    return _page([line for line in lines if line.subject is not None or line.board is None], following)


def record_of(viewer: Anyone, standing: Standing, cursor: str = "") -> Page:
    """Everything that happened on one board, whole: what may not be read now has no words in it. Whoever curates it finds what was hidden before
    anybody else had seen it, too."""
    before, board_id = id_from(cursor), standing.board.id
    entries = latest_entries([board_room(board_id)], LINES + 1, before)
    if standing.curates:
        hides = [kind.name for kind in all_kinds() if kind.name.endswith(".hidden")]
        unseen = latest_entries([STAFF], LINES + 1, before, hides, subjects_on(board_id))
        entries = sorted([*entries, *unseen], key=lambda entry: -entry.id)
    lines, following = _lines(viewer, [standing], entries)
    return _page(lines, following)


def _lines(viewer: Anyone, boards: list[Standing], entries: list[Entry]) -> tuple[list[Line], str | None]:
    """The lines of a page, of which `entries` has one more where the list goes on."""
    following = to_cursor([entries[LINES - 1].id]) if len(entries) > LINES else None
    return said(viewer, boards, entries[:LINES]), following


def said(viewer: Anyone, boards: list[Standing], entries: list[Entry]) -> list[Line]:
    """Entries as lines, in a fixed number of statements for each kind of thing they name."""
    templates = {kind.name: kind.template for kind in all_kinds()}
    by_room = {board_room(found.board.id): found.board for found in boards}
    names = names_of({entry.actor_id for entry in entries if entry.actor_id is not None})
    subjects = find_subjects(viewer, {entry.subject for entry in entries})
    lines = []
    for entry in entries:
        if entry.kind in templates:
            actor = names.get(entry.actor_id or 0)
            lines.append(Line(entry, templates[entry.kind], actor, subjects.get(entry.subject), by_room.get(entry.stream)))
    return lines


def _page(lines: list[Line], following: str | None) -> Page:
    zone = ZoneInfo(site().time_zone)
    days = groupby(lines, key=lambda line: line.entry.at.astimezone(zone).date())
    return Page([Day(day, list(found)) for day, found in days], following)
