"""`/boards`: what they ask and how they work."""

from datetime import date
from typing import Any, Literal

from typing_extensions import TypedDict

from cocreate.boards.facts import facts_of
from cocreate.boards.inputs import ListBoards
from cocreate.boards.kinds import Kind, State
from cocreate.boards.queries import CharterText, board_as, boards_as, charters_now
from cocreate.boards.standing import Audience, Standing, audience
from cocreate.core.paging import id_from, to_cursor
from cocreate.entrypoints.api import Listed, call
from cocreate.entrypoints.web import absolute_url
from cocreate.people.naming import Named, Who, who
from cocreate.people.queries import names_of
from cocreate.people.viewer import Anyone


class Working(TypedDict):
    """How a board works: what is open and what is not, who decides, how and by when."""

    version: int
    open: str
    not_open: str
    decides: str
    method: str
    by: date | None
    text: str


class Promise(TypedDict):
    """What the hosts promise here; `owner` is a name."""

    id: int
    text: str
    owner: str
    due: date
    state: Literal["due", "done", "late"]


class Board(TypedDict):
    """One question, how it is worked on, and with whom. `voice_count` is the number of people with a stance."""

    slug: str
    url: str
    title: str
    kind: Kind
    state: State
    question: str
    objective: str
    context: str
    charter: Working
    commitments: list[Promise]
    audience: Audience
    safe_dissent: bool
    hosts: list[Who]
    idea_count: int
    voice_count: int


def boards_json(found: list[Standing]) -> list[Board]:
    """Boards as the contract gives them, in a fixed number of statements."""
    ids = [each.board.id for each in found]
    charters, facts = charters_now(ids), facts_of(ids)
    names = names_of({host for each in found for host in each.board.hosts})
    return [_board_json(each, charters[each.board.id], facts[each.board.id], names) for each in found]


def _board_json(found: Standing, charter: CharterText, facts: dict[str, Any], names: dict[int, Named]) -> Board:
    board = found.board
    hosts = [who(id, *names[id]) for id in board.hosts if id in names]
    return {
        "slug": board.slug,
        "url": absolute_url(f"/boards/{board.slug}"),
        "title": board.title,
        "kind": board.kind,
        "state": board.state,
        "question": board.question,
        "objective": board.objective,
        "context": board.context,
        "charter": {
            "version": charter.version,
            "open": charter.open,
            "not_open": charter.not_open,
            "decides": charter.decides,
            "method": charter.method,
            "by": charter.by,
            "text": charter.text,
        },
        "commitments": facts["commitments"],
        "audience": audience(board),
        "safe_dissent": board.safe_dissent,
        "hosts": [host for host in hosts if host],
        "idea_count": facts["idea_count"],
        "voice_count": facts["voice_count"],
    }


@call("GET", "/boards", asks=ListBoards)
def boards(viewer: Anyone, asked: ListBoards) -> Listed[Board]:
    """The boards that the caller may read, newest first."""
    after = id_from(asked.cursor)
    found = sorted(boards_as(viewer), key=lambda each: -each.board.id)
    rest = [each for each in found if after is None or each.board.id < after]
    page = rest[: asked.limit]
    return {"items": boards_json(page), "next_cursor": to_cursor([page[-1].board.id]) if len(rest) > asked.limit else None}


@call("GET", "/boards/<slug>")
def board(viewer: Anyone, slug: str) -> Board:
    """One board."""
    return boards_json([board_as(viewer, slug)])[0]
