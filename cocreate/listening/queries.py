"""Reading people's words. Whoever reads, the author of unnamed words never leaves this module, nor their group while it has too few people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, select

from cocreate.boards.policy import seeing
from cocreate.boards.queries import board_facts, boards_by_id
from cocreate.boards.standing import BoardFacts, standing
from cocreate.core.db import db
from cocreate.core.errors import NotFound, NotSignedIn
from cocreate.core.ids import Ref
from cocreate.core.paging import id_from, to_cursor
from cocreate.core.text import cut, folded_words
from cocreate.eventlog.subjects import Subject
from cocreate.listening.inputs import ListResponses
from cocreate.listening.models import Response
from cocreate.listening.policy import GIVE_RESPONSE, Said
from cocreate.people.groups import Group
from cocreate.people.models import Person
from cocreate.people.naming import Who, who
from cocreate.people.queries import namable_groups
from cocreate.people.viewer import Anyone

SEARCHED = 5_000  # a board's newest words, among which quotes are searched for
State = Literal["shown", "held", "hidden", "withdrawn"]

_COLUMNS = (
    *(Response.__table__.c[name] for name in ("id", "board_id", "group", "body", "named", "state", "created_at", "author_id")),
    Person.name.label("author_name"),
    Person.group.label("author_group"),
)


@dataclass(frozen=True)
class ResponseView:
    """Words as any reader may see them: `author` where they chose to be named, `group` where it may be told. `own` is for the author's own buttons."""

    id: int
    body: str
    author: Who | None
    group: Group | None
    state: State
    created_at: datetime
    url: str
    own: bool = False

    @property
    def ref(self) -> Ref:
        return Ref("response", self.id)

    @property
    def name(self) -> str | None:
        return self.author["name"] if self.author else None


@dataclass(frozen=True)
class OwnResponse:
    """One's own words, on whatever board and in whatever state; what became of them is asked of links."""

    id: int
    body: str
    named: bool
    state: str
    created_at: datetime
    board: BoardFacts

    @property
    def ref(self) -> Ref:
        return Ref("response", self.id)

    @property
    def board_id(self) -> int:
        return self.board.id


@dataclass(frozen=True)
class Say:
    """The line to finish, for one viewer: whether they may, if not why, and whether their group will be told."""

    line: str
    may: bool
    refusal: str
    group_shown: bool | None


@dataclass(frozen=True)
class Page:
    """A page of words, and where it goes on."""

    items: list[ResponseView]
    next_cursor: str | None


def say_as(viewer: Anyone, board: BoardFacts) -> Say:
    """What the form says. `group_shown` is None for a visitor, whose group is not known yet."""
    refusal = GIVE_RESPONSE.refusal(viewer, board)
    may = refusal is None or isinstance(refusal, NotSignedIn)
    reason = "" if may or refusal is None else refusal.reason
    return Say(board.line, may, reason, viewer.group in namable_groups() if viewer.group else None)


def _select() -> Select[Any]:
    return select(*_COLUMNS).outerjoin(Person, (Person.id == Response.author_id) & Response.named)


def _views(viewer: Anyone, board: BoardFacts, rows: list[Any]) -> list[ResponseView]:
    namable = namable_groups() if any(not row.named for row in rows) else frozenset()
    return [_view(viewer, board, row, namable) for row in rows]


def _view(viewer: Anyone, board: BoardFacts, row: Any, namable: frozenset[str]) -> ResponseView:
    gone = row.state == "withdrawn"
    named = row.named and not gone and row.author_name is not None
    return ResponseView(
        id=row.id,
        body="" if gone and not viewer.is_staff else row.body,
        author=who(row.author_id, row.author_name, row.author_group) if named else None,
        group=row.group if row.named or row.group in namable else None,
        state=row.state,
        created_at=row.created_at,
        url=_address(board.slug, row.id),
        own=viewer.id is not None and viewer.id == row.author_id,
    )


def _address(slug: str, response_id: int) -> str:
    """The page of words that begins with these."""
    return f"/boards/{slug}/words?upto={response_id}#response-{response_id}"


def list_responses(viewer: Anyone, board: BoardFacts, asked: ListResponses) -> Page:
    """What everybody sees of a board's words, newest first. Raises BadInput for a bad cursor."""
    items = responses_upto(viewer, board, _before(asked.cursor), asked.limit + 1)
    more, items = len(items) > asked.limit, items[: asked.limit]
    return Page(items, to_cursor([items[-1].id]) if more else None)


def _before(cursor: str) -> int | None:
    """The greatest id that comes next."""
    last = id_from(cursor)
    return None if last is None else last - 1


def responses_upto(viewer: Anyone, board: BoardFacts, upto: int | None, limit: int) -> list[ResponseView]:
    """Shown words from this id on, newest first; the viewer's own that wait to be looked at are not among them."""
    query = _select().where(Response.board_id == board.id, Response.state == "shown").order_by(Response.id.desc()).limit(limit)
    if upto is not None:
        query = query.where(Response.id <= upto)
    return _views(viewer, board, list(db.session.execute(query)))


def quotes_on(viewer: Anyone, board: BoardFacts, search: str, limit: int) -> list[ResponseView]:
    """The newest words of a board that hold every word searched for, by its beginning, without case and diacritics."""
    wanted = folded_words(search)[:10]
    if not wanted:
        return [] if search.strip() else responses_upto(viewer, board, None, limit)
    query = select(Response.id, Response.body).where(Response.board_id == board.id, Response.state == "shown").order_by(Response.id.desc()).limit(SEARCHED)
    found: list[int] = []
    for row in db.session.execute(query):
        words = folded_words(row.body)
        if all(any(word.startswith(part) for word in words) for part in wanted):
            found.append(row.id)
            if len(found) == limit:
                break
    cited = citable(viewer, [board], set(found))
    return [cited[id] for id in found if id in cited]


def citable(viewer: Anyone, boards: list[BoardFacts], ids: set[int]) -> dict[int, ResponseView]:
    """Those of the ids that stand on these boards for everybody to see, by id."""
    readable = {board.id: board for board in boards if standing(viewer, board).reads}
    if not ids or not readable:
        return {}
    query = _select().where(Response.board_id.in_(readable), Response.state == "shown", Response.id.in_(ids))
    rows = list(db.session.execute(query))
    return {view.id: view for id, board in readable.items() for view in _views(viewer, board, [row for row in rows if row.board_id == id])}


def response_view(viewer: Anyone, response_id: int) -> ResponseView:
    """Words by id. Raises NotFound where the viewer may not see them."""
    row = db.session.execute(_select().where(Response.id == response_id)).first()
    if row is None:
        raise NotFound()
    board = board_facts(row.board_id)
    if seeing(viewer, board, row.state, row.author_id) is not None:
        raise NotFound()
    return _views(viewer, board, [row])[0]


def said(response_id: int, lock: bool = False) -> Said:
    """The row and its board, for an action. Raises NotFound."""
    query = select(Response).where(Response.id == response_id)
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound()
    return Said(row, board_facts(row.board_id))


def said_as(viewer: Anyone, response_id: int) -> Said:
    """Raises NotFound where the viewer may not see it."""
    found = said(response_id)
    if seeing(viewer, found.board, found.response.state, found.response.author_id) is not None:
        raise NotFound()
    return found


def has_been_heard(board_id: int, person_id: int | None) -> bool:
    """Whether words of this person are shown on the board; the log cannot tell, as it does not know who said unnamed ones."""
    query = select(Response.id).where(Response.board_id == board_id, Response.author_id == person_id, Response.state == "shown")
    return person_id is not None and db.session.scalar(query.limit(1)) is not None


def responses_by(person_id: int, limit: int = 100) -> list[OwnResponse]:
    """A person's own words, newest first, with their boards: for nobody but this person."""
    rows = list(db.session.execute(select(Response.__table__).where(Response.author_id == person_id).order_by(Response.id.desc()).limit(limit)))
    boards = boards_by_id({row.board_id for row in rows})
    return [OwnResponse(row.id, row.body, row.named, row.state, row.created_at, boards[row.board_id]) for row in rows]


def waiting_of(viewer: Anyone, board: BoardFacts) -> list[ResponseView]:
    """The viewer's own words on this board that wait until somebody looked."""
    if viewer.id is None:
        return []
    query = _select().where(Response.board_id == board.id, Response.author_id == viewer.id, Response.state == "held").order_by(Response.id.desc())
    return _views(viewer, board, list(db.session.execute(query.limit(20))))


def find_subjects(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """For the registry of subjects."""
    columns = (Response.id, Response.body, Response.board_id, Response.state, Response.author_id)
    rows = list(db.session.execute(select(*columns).where(Response.id.in_(ids))))
    boards = boards_by_id({row.board_id for row in rows})
    found = {}
    for row in rows:
        board = boards[row.board_id]
        visible = "shown" if row.state == "withdrawn" else row.state
        if seeing(viewer, board, visible, row.author_id) is None:
            found[row.id] = Subject("" if row.state == "withdrawn" else cut(row.body, 80), _address(board.slug, row.id))
    return found
