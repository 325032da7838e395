"""The words of what can be curated, by kind, as they were typed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, SelectBase, String, cast, literal, select, union_all

from cocreate.comments.models import Comment
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.ideas.models import Idea
from cocreate.listening.models import Response
from cocreate.moderation.things import Curated
from cocreate.people.queries import namable_groups
from cocreate.statements.models import Amendment

_MODELS: dict[str, Any] = {"idea": Idea, "comment": Comment, "response": Response, "amendment": Amendment}


def subjects_on(board_id: int) -> SelectBase:
    """A query for everything on a board that can be curated, as the log names it."""
    return union_all(*(select(literal(f"{kind}:") + cast(model.id, String)).where(model.board_id == board_id) for kind, model in _MODELS.items()))


def _rows(model: Any, names: Iterable[str], ids: set[int]) -> Iterable[Row[Any]]:
    columns = [getattr(model, name) for name in ("id", "board_id", "author_id", "state", "created_at", *names)]
    return db.session.execute(select(*columns).where(model.id.in_(ids)))


def _curated(kind: str, row: Row[Any], heading: str, text: str, state: str | None = None) -> Curated:
    return Curated(Ref(kind, row.id), row.board_id, heading, text, row.author_id, None, state or row.state, row.created_at)


def load_ideas(ids: set[int]) -> dict[int, Curated]:
    found = {}
    for row in _rows(Idea, ("title", "body", "gives_people", "gives_organisation", "status"), ids):
        text = "\n\n".join(part for part in (row.body, row.gives_people, row.gives_organisation) if part)
        elsewhere = row.status == "withdrawn" or (row.status == "merged" and row.state != "hidden")
        found[row.id] = _curated("idea", row, row.title, text, row.status if elsewhere else None)
    return found


def load_comments(ids: set[int]) -> dict[int, Curated]:
    return {row.id: _curated("comment", row, "", row.body) for row in _rows(Comment, ("body",), ids)}


def load_responses(ids: set[int]) -> dict[int, Curated]:
    """Unnamed words stay unnamed for whoever curates them, too."""
    rows = list(_rows(Response, ("body", "named", "group"), ids))
    groups = namable_groups() if any(not row.named for row in rows) else frozenset()
    found = {}
    for row in rows:
        author, group = (row.author_id, None) if row.named else (None, row.group if row.group in groups else None)
        found[row.id] = Curated(Ref("response", row.id), row.board_id, "", row.body, author, group, row.state, row.created_at)
    return found


def load_amendments(ids: set[int]) -> dict[int, Curated]:
    found = {}
    for row in _rows(Amendment, ("after", "reason", "status"), ids):
        found[row.id] = _curated("amendment", row, row.after, row.reason, "withdrawn" if row.status == "withdrawn" else None)
    return found
