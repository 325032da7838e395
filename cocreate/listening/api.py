"""`/boards/{slug}/responses`."""

from typing import Any

from cocreate.boards.queries import board_as
from cocreate.entrypoints.api import call, creates
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.web import absolute_url
from cocreate.eventlog.permissions import require
from cocreate.listening import policy
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import ListResponses, NewResponse
from cocreate.listening.queries import ResponseView, list_responses, response_view
from cocreate.people.viewer import Anyone, Viewer


def response_json(response: ResponseView) -> dict[str, Any]:
    """Words as the contract gives them."""
    fields = ("id", "body", "author", "group", "created_at", "state")
    return {**{name: getattr(response, name) for name in fields}, "url": absolute_url(response.url)}


@call("GET", "/boards/<slug>/responses", asks=ListResponses)
def responses(viewer: Anyone, asked: ListResponses, slug: str) -> dict[str, Any]:
    """People's words on a board, newest first."""
    page = list_responses(viewer, board_as(viewer, slug).board, asked)
    return {"items": [response_json(response) for response in page.items], "next_cursor": page.next_cursor}


def _show(viewer: Viewer, response_id: int) -> dict[str, Any]:
    return response_json(response_view(viewer, response_id))


@creates("/boards/<slug>/responses", NewResponse, _show)
def response(viewer: Viewer, given: NewResponse, slug: str) -> int:
    """Say one line in answer to the board's question; unnamed unless `named`."""
    board = board_as(viewer, slug).board
    require(policy.GIVE_RESPONSE, viewer, board)
    limit_person("responses", viewer)
    return give_response(viewer, board.id, given)
