"""`/boards/{slug}/responses`."""

from datetime import datetime

from typing_extensions import TypedDict

from cocreate.boards.queries import board_as
from cocreate.entrypoints.api import Listed, call, creates
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.web import absolute_url
from cocreate.eventlog.permissions import require
from cocreate.listening import policy
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import ListResponses, NewResponse
from cocreate.listening.queries import ResponseView, State, list_responses, response_view
from cocreate.people.groups import Group
from cocreate.people.naming import Who
from cocreate.people.viewer import Anyone, Viewer


class Response(TypedDict):
    """One line in somebody's words: `author` where they chose to be named, `group` where it may be told."""

    id: int
    url: str
    body: str
    author: Who | None
    group: Group | None
    created_at: datetime
    state: State


def response_json(response: ResponseView) -> Response:
    """Words as the contract gives them."""
    return {
        "id": response.id,
        "url": absolute_url(response.url),
        "body": response.body,
        "author": response.author,
        "group": response.group,
        "created_at": response.created_at,
        "state": response.state,
    }


@call("GET", "/boards/<slug>/responses", asks=ListResponses)
def responses(viewer: Anyone, asked: ListResponses, slug: str) -> Listed[Response]:
    """People's words on a board, newest first."""
    page = list_responses(viewer, board_as(viewer, slug).board, asked)
    return {"items": [response_json(response) for response in page.items], "next_cursor": page.next_cursor}


def _show(viewer: Viewer, response_id: int) -> Response:
    return response_json(response_view(viewer, response_id))


@creates("/boards/<slug>/responses", NewResponse, _show)
def response(viewer: Viewer, given: NewResponse, slug: str) -> int:
    """Say one line in answer to the board's question; unnamed unless `named`."""
    board = board_as(viewer, slug).board
    require(policy.GIVE_RESPONSE, viewer, board)
    limit_person("responses", viewer)
    return give_response(viewer, board.id, given)
