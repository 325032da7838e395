"""Whose words can be cited: fills the registry of links with people's words and with ideas, which stand above it."""

from sqlalchemy import ColumnElement, select

from cocreate.boards.standing import BoardFacts, standing
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.core.text import Wanted, search_words
from cocreate.ideas.models import Idea
from cocreate.ideas.queries import GONE
from cocreate.links.evidence import Quote, register_evidence
from cocreate.listening.queries import ResponseView, citable, quotes_on
from cocreate.people.models import Person
from cocreate.people.viewer import Anyone
from cocreate.search.queries import ids_holding


def install() -> None:
    register_evidence("response", _find_responses, _pick_responses)
    register_evidence("idea", _find_ideas, _pick_ideas)


def _response(view: ResponseView) -> Quote:
    return Quote(view.ref, view.body, view.group, view.name, view.url)


def _find_responses(viewer: Anyone, boards: list[BoardFacts], ids: set[int]) -> dict[int, Quote]:
    return {id: _response(view) for id, view in citable(viewer, boards, ids).items()}


def _pick_responses(viewer: Anyone, board: BoardFacts, search: str, limit: int) -> list[Quote]:
    return [_response(view) for view in quotes_on(viewer, board, search, limit)]


def _ideas(viewer: Anyone, boards: list[BoardFacts], *wanted: ColumnElement[bool], limit: int) -> list[Quote]:
    """Ideas that everybody on these boards sees, newest first, by whoever proposed them."""
    readable = [board.id for board in boards if standing(viewer, board).reads]
    if not readable:
        return []
    query = select(Idea.id, Idea.title, Person.name, Person.group).outerjoin(Person, Person.id == Idea.author_id)
    query = query.where(Idea.board_id.in_(readable), Idea.state == "shown", Idea.status.not_in(GONE), *wanted).order_by(Idea.id.desc()).limit(limit)
    return [Quote(Ref("idea", row.id), row.title, row.group, row.name, f"/ideas/{row.id}") for row in db.session.execute(query)]


def _find_ideas(viewer: Anyone, boards: list[BoardFacts], ids: set[int]) -> dict[int, Quote]:
    return {quote.ref.id: quote for quote in _ideas(viewer, boards, Idea.id.in_(ids), limit=len(ids))}


def _pick_ideas(viewer: Anyone, board: BoardFacts, search: str, limit: int) -> list[Quote]:
    """Only when searched for: a text stands on people's own words first."""
    words = tuple(search_words(search))
    return _ideas(viewer, [board], Idea.id.in_(ids_holding("idea", board.id, Wanted((), words))), limit=limit) if words else []
