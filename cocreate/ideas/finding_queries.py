"""Finding ideas beside the list: what is like another one, what was joined with it, what waits for an answer, what comes of them."""

from datetime import date
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.orm import aliased

from cocreate.boards.standing import BoardFacts
from cocreate.core.db import db
from cocreate.core.errors import NotFound
from cocreate.core.text import folded_words
from cocreate.ideas.models import Answer, Idea
from cocreate.ideas.queries import GONE, IdeaView, idea_as
from cocreate.people.models import Person
from cocreate.people.viewer import Anyone
from cocreate.search.models import SearchText
from cocreate.search.queries import has_beginning

# Words so common in a title that sharing them says nothing.
DULL = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "can",
        "could",
        "do",
        "for",
        "from",
        "have",
        "i",
        "in",
        "is",
        "it",
        "make",
        "more",
        "not",
        "of",
        "on",
        "or",
        "our",
        "should",
        "so",
        "that",
        "the",
        "their",
        "they",
        "this",
        "to",
        "us",
        "we",
        "what",
        "when",
        "with",
        "would",
        "you",
        "your",
    ]
)
MOST_WORDS = 12
_answerer = aliased(Person)


def listed_idea(viewer: Anyone, idea_id: int) -> IdeaView:
    """An idea while lists show it. Raises NotFound."""
    found = idea_as(viewer, idea_id)
    if found.is_settled or found.state != "shown":
        raise NotFound()
    return found


def similar_ideas(board: BoardFacts, text: str, but: int | None = None, limit: int = 5) -> list[Any]:
    """Shown ideas of the board that share the most telling words with the text, by the beginnings of words: rows of id, title, status."""
    words = list(dict.fromkeys(word for word in folded_words(text) if word not in DULL and len(word) > 2))[:MOST_WORDS]
    if not words:
        return []
    shares = [has_beginning(word[:5] if len(word) > 6 else word) for word in words]
    score = sum((case((share, 1), else_=0) for share in shares[1:]), case((shares[0], 1), else_=0))
    kept = (SearchText.subject_kind == "idea") & (SearchText.subject_id == Idea.id)
    query = select(Idea.id, Idea.title, Idea.status).join(SearchText, kept)
    query = query.where(Idea.board_id == board.id, Idea.state == "shown", Idea.status.not_in(GONE), or_(*shares))
    if but is not None:
        query = query.where(Idea.id != but)
    least = 2 if len(words) > 2 else 1
    return list(db.session.execute(query.where(score >= least).order_by(score.desc(), Idea.id.desc()).limit(limit)))


def merged_titles(idea_id: int) -> list[Any]:
    """What was joined with this idea directly: rows of id, title."""
    query = select(Idea.id, Idea.title).where(Idea.merged_into == idea_id, Idea.state == "shown").order_by(Idea.id)
    return list(db.session.execute(query))


def ideas_by(author_id: int, limit: int = 50) -> list[Any]:
    """A person's own ideas, newest first: rows of id, title, status, state, board_id, created_at, merged_into."""
    query = select(Idea.id, Idea.title, Idea.status, Idea.state, Idea.board_id, Idea.created_at, Idea.merged_into).where(Idea.author_id == author_id)
    return list(db.session.execute(query.order_by(Idea.id.desc()).limit(limit)))


def unanswered(board_ids: list[int], by: date, limit: int = 100) -> list[Any]:
    """Ideas whose answer is due by a day, the longest due first: rows of id, board_id, title, answer_due, created_at, author_id."""
    query = select(Idea.id, Idea.board_id, Idea.title, Idea.answer_due, Idea.created_at, Idea.author_id).where(
        Idea.board_id.in_(board_ids), Idea.state == "shown", Idea.status == "open", Idea.answer_due <= by
    )
    return list(db.session.execute(query.order_by(Idea.answer_due, Idea.id).limit(limit)))


def acted_on(board_ids: list[int], limit: int) -> list[Any]:
    """Ideas whose present answer says that something comes of them, the latest answer first: rows of id, board_id, title, status, body_html (the answer), at,
    and the name and group of who answered and who proposed (author_)."""
    query = select(Idea.id, Idea.board_id, Idea.title, Idea.status, Answer.body_html, Answer.at, _answerer.name, _answerer.group)
    query = query.add_columns(Person.name.label("author_name"), Person.group.label("author_group")).join(Answer, Answer.id == Idea.answer_id)
    query = query.outerjoin(Person, Person.id == Idea.author_id).outerjoin(_answerer, _answerer.id == Answer.author_id)
    query = query.where(Idea.board_id.in_(board_ids), Idea.state == "shown", Idea.status.in_(("planned", "doing", "done")))
    return list(db.session.execute(query.order_by(Answer.at.desc(), Idea.id.desc()).limit(limit)))
