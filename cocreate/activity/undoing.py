"""What on a board's record can still be undone, and where; asked of the things as they are now."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from cocreate.activity.feed import Line
from cocreate.boards.standing import Standing
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.core.text import cut
from cocreate.ideas.models import Idea
from cocreate.moderation.curatables import load_curated
from cocreate.statements.amendment_queries import reopenable

WORDS = 60  # characters of what was hidden, on the button that shows it again


@dataclass(frozen=True)
class Undo:
    """A button: what it says, and where it is sent."""

    text: str
    url: str


def undos(lines: list[Line], stands: Standing, back: str) -> dict[int, Undo]:
    """By the id of an entry, as far as the viewer may: the newest about each thing, where the thing is still as that left it."""
    return (_of_curators(lines, back) if stands.curates else {}) | (_of_deciders(lines) if stands.decides else {})


def _of_deciders(lines: list[Line]) -> dict[int, Undo]:
    decided = _newest(lines, "amendment.accepted", "amendment.declined", "amendment.reopened")
    standing = reopenable(ref.id for ref in decided)
    return {
        line.entry.id: Undo(_("Take the decision back"), url_for("statements.reopening", amendment_id=ref.id))
        for ref, line in decided.items()
        if ref.id in standing and not line.entry.kind.endswith(".reopened")
    }


def _of_curators(lines: list[Line], back: str) -> dict[int, Undo]:
    hidden, merged = _newest(lines, ".hidden", ".shown"), _newest(lines, ".merged", ".unmerged")
    things = load_curated(hidden)
    into = _merged_into([ref.id for ref in merged if ref.kind == "idea"])
    found: dict[int, Undo] = {}
    for ref, line in hidden.items():
        if line.entry.kind.endswith(".hidden") and ref in things and things[ref].state == "hidden":
            found[line.entry.id] = Undo(
                _("Show “%(words)s” again", words=cut(things[ref].heading or things[ref].text, WORDS)),
                url_for("moderation.curated", ref=ref, state="shown", back=back),
            )
    for ref, line in merged.items():
        if line.entry.kind.endswith(".merged") and into.get(ref.id) == line.entry.data["into"]:
            found[line.entry.id] = Undo(_("Part them again"), url_for("moderation.unmerge", idea_id=ref.id, back=back))
    return found


def _newest(lines: list[Line], *endings: str) -> dict[Ref, Line]:
    """The first line about each thing whose kind has one of the endings; lines come newest first."""
    found: dict[Ref, Line] = {}
    for line in lines:
        if line.entry.kind.endswith(endings):
            found.setdefault(line.entry.subject, line)
    return found


def _merged_into(ids: list[int]) -> dict[int, int | None]:
    return {row.id: row.merged_into for row in db.session.execute(select(Idea.id, Idea.merged_into).where(Idea.id.in_(ids)))} if ids else {}
