"""Ideas and their answers as something to search: for the registry."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select

from cocreate.core.db import db
from cocreate.ideas.models import Answer, Idea
from cocreate.ideas.queries import GONE
from cocreate.people.models import Person
from cocreate.people.naming import who
from cocreate.people.viewer import Anyone
from cocreate.search.searchables import Found, Searchable


def _is_listed() -> tuple[ColumnElement[bool], ...]:
    return Idea.state == "shown", Idea.status.not_in(GONE)


def listed_ideas() -> Select[Any]:
    """The ids of ideas that everybody sees in the lists of their board."""
    return select(Idea.id).where(*_is_listed())


def _find_ideas(_viewer: Anyone, ids: set[int]) -> dict[int, Found]:
    query = select(Idea.id, Idea.title, Idea.body, Idea.created_at, Idea.author_id, Person.name, Person.group)
    query = query.outerjoin(Person, Person.id == Idea.author_id).where(Idea.id.in_(ids), *_is_listed())
    return {
        row.id: Found(row.title, row.body, f"/ideas/{row.id}", row.created_at, who(row.author_id, row.name, row.group)) for row in db.session.execute(query)
    }


def _idea_texts() -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for row in db.session.execute(select(Idea.id, Idea.board_id, Idea.title, Idea.body)):
        yield row.id, row.board_id, (row.title, row.body)


def _listed_answers() -> Select[Any]:
    """Answers that stand on an idea now: one that another came after, or that was taken back, is in no list."""
    return select(Idea.answer_id).where(Idea.answer_id.is_not(None), *_is_listed())


def _find_answers(_viewer: Anyone, ids: set[int]) -> dict[int, Found]:
    """Each on the first idea it was given to."""
    query = select(Answer.id, Answer.body, Answer.at, Answer.author_id, Idea.id.label("idea_id"), Idea.title, Person.name, Person.group)
    query = query.join(Idea, Idea.answer_id == Answer.id).outerjoin(Person, Person.id == Answer.author_id)
    rows = db.session.execute(query.where(Answer.id.in_(ids), *_is_listed()).order_by(Idea.id.desc()))
    return {row.id: Found(row.title, row.body, f"/ideas/{row.idea_id}#answer", row.at, who(row.author_id, row.name, row.group)) for row in rows}


def _answer_texts() -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for row in db.session.execute(select(Answer.id, Answer.board_id, Answer.body)):
        yield row.id, row.board_id, (row.body,)


IDEAS = Searchable("idea", lambda: (_("Idea"), _("Ideas")), listed_ideas, _find_ideas, _idea_texts)
ANSWERS = Searchable("answer", lambda: (_("Answer"), _("Answers")), _listed_answers, _find_answers, _answer_texts)
