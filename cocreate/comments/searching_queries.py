"""Comments as something to search: for the registry."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from cocreate.comments.commentables import listed_things
from cocreate.comments.models import Comment
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.subjects import find_subjects as find_things
from cocreate.people.models import Person
from cocreate.people.naming import who
from cocreate.people.viewer import Anyone
from cocreate.search.searchables import Found, Searchable


def _is_listed() -> ColumnElement[bool]:
    """Shown, on a thing that lists show."""
    on_it = (and_(Comment.subject_kind == kind, Comment.subject_id.in_(listed)) for kind, listed in listed_things().items())
    return and_(Comment.state == "shown", or_(false(), *on_it))


def _listed_comments() -> Select[Any]:
    return select(Comment.id).where(_is_listed())


def _find_comments(viewer: Anyone, ids: set[int]) -> dict[int, Found]:
    """Under the heading of the thing they are about."""
    columns = (Comment.id, Comment.body, Comment.created_at, Comment.author_id, Comment.subject_kind, Comment.subject_id, Person.name, Person.group)
    query = select(*columns).outerjoin(Person, Person.id == Comment.author_id).where(Comment.id.in_(ids), _is_listed())
    rows = [(row, Ref(row.subject_kind, row.subject_id)) for row in db.session.execute(query)]
    things = find_things(viewer, {ref for _row, ref in rows})
    return {
        row.id: Found(things[ref].label, row.body, f"{things[ref].url}#comment-{row.id}", row.created_at, who(row.author_id, row.name, row.group))
        for row, ref in rows
        if ref in things
    }


def _comment_texts() -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for row in db.session.execute(select(Comment.id, Comment.board_id, Comment.body)):
        yield row.id, row.board_id, (row.body,)


COMMENTS = Searchable("comment", lambda: (_("Comment"), _("Comments")), _listed_comments, _find_comments, _comment_texts)
