"""Changes of ideas' own rows, inside a transaction that an action opened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete

from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.ideas.inputs import WORDS, NewIdea
from cocreate.ideas.models import Idea, IdeaText, Tag
from cocreate.people.queries import site
from cocreate.search.changes import index_text
from cocreate.stances.changes import bump, insert_tallies


def insert_idea(board: BoardFacts, author_id: int | None, given: NewIdea, body_html: str, state: str) -> Idea:
    """A new idea with its tally and tags. `body_html` was rendered before, as that takes longer than a write may."""
    row = new_idea(board, author_id, given, body_html, state)
    insert_ideas([row])
    set_tags(row, given.tags)
    return row


def new_idea(
    board: BoardFacts, author_id: int | None, given: NewIdea, body_html: str, state: str, external_id: str | None = None, created_at: datetime | None = None
) -> Idea:
    """The row of a new idea, for `insert_ideas`. What was said elsewhere has the number and the time it had there; its answer is due as from today."""
    now = clock.now()
    return Idea(
        board_id=board.id,
        author_id=author_id,
        title=given.title,
        body=given.body,
        body_html=body_html,
        gives_people=given.gives_people,
        gives_organisation=given.gives_organisation,
        status="open",
        state=state,
        text_version=1,
        comment_count=0,
        answer_due=answer_day(board),
        external_id=external_id,
        created_at=created_at or now,
        updated_at=now,
    )


def insert_ideas(rows: Sequence[Idea]) -> None:
    """New ideas of one board, each with its tally."""
    db.session.add_all(rows)
    db.session.flush()
    for row in rows:
        index_text(Ref("idea", row.id), row.board_id, row.title, row.body)
    insert_tallies([Ref("idea", row.id) for row in rows], rows[0].board_id)


def answer_day(board: BoardFacts) -> date:
    """The day by which the board promises an answer to what is proposed today."""
    return site().today() + timedelta(days=board.answer_days)


def set_tags(row: Idea, tags: list[str]) -> None:
    db.session.execute(delete(Tag).where(Tag.idea_id == row.id))
    db.session.add_all(Tag(idea_id=row.id, board_id=row.board_id, name=tag) for tag in tags)


def keep_text(row: Idea) -> None:
    """Put the present words among the earlier ones, before they change."""
    words = {name: getattr(row, name) for name in WORDS}
    db.session.add(IdeaText(idea_id=row.id, text_version=row.text_version, **words, until=clock.now()))
    row.text_version += 1


def changed(row: Idea) -> None:
    """The idea is another than it was: watchers and caches go by its version."""
    row.updated_at = clock.now()
    bump(Ref("idea", row.id))


def count_comment(idea_id: int, by: int) -> None:
    """One comment more or fewer is shown; called by the slice of comments through its registry."""
    row = db.session.get_one(Idea, idea_id)
    row.comment_count += by
    bump(Ref("idea", idea_id))
