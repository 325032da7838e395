"""`/boards`: what they ask and how they work."""

from typing import Any

from cocreate.boards.facts import facts_of
from cocreate.boards.inputs import ListBoards
from cocreate.boards.queries import board_as, boards_as, charters_now
from cocreate.boards.standing import Standing, audience
from cocreate.core.paging import id_from, to_cursor
from cocreate.entrypoints.api import call
from cocreate.entrypoints.web import absolute_url
from cocreate.people.naming import Named, who
from cocreate.people.queries import names_of
from cocreate.people.viewer import Anyone


def boards_json(found: list[Standing]) -> list[dict[str, Any]]:
    """Boards as the contract gives them, in a fixed number of statements."""
    ids = [each.board.id for each in found]
    charters, facts = charters_now(ids), facts_of(ids)
    names = names_of({host for each in found for host in each.board.hosts})
    return [_board_json(each, charters[each.board.id], facts[each.board.id], names) for each in found]


def _board_json(found: Standing, charter: Any, facts: dict[str, Any], names: dict[int, Named]) -> dict[str, Any]:
    board = found.board
    working = {name: getattr(charter, name) for name in ("version", "open", "not_open", "decides", "method", "by", "text")}
    return {
        "slug": board.slug,
        "url": absolute_url(f"/boards/{board.slug}"),
        "title": board.title,
        "kind": board.kind,
        "state": board.state,
        "question": board.question,
        "objective": board.objective,
        "context": board.context,
        "charter": working,
        "audience": audience(board),
        "safe_dissent": board.safe_dissent,
        "hosts": [who(id, *names[id]) for id in board.hosts if id in names],
        **facts,
    }


@call("GET", "/boards", asks=ListBoards)
def boards(viewer: Anyone, asked: ListBoards) -> dict[str, Any]:
    """The boards that the caller may read, newest first."""
    after = id_from(asked.cursor)
    found = sorted(boards_as(viewer), key=lambda each: -each.board.id)
    rest = [each for each in found if after is None or each.board.id < after]
    page = rest[: asked.limit]
    return {"items": boards_json(page), "next_cursor": to_cursor([page[-1].board.id]) if len(rest) > asked.limit else None}


@call("GET", "/boards/<slug>")
def board(viewer: Anyone, slug: str) -> dict[str, Any]:
    """One board."""
    return boards_json([board_as(viewer, slug)])[0]
