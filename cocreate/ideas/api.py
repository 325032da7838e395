"""`/boards/{slug}/ideas` and `/ideas/{id}`."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from cocreate.boards.queries import board_as
from cocreate.core.errors import BadInput, PreconditionMissing
from cocreate.core.fields import whole_number
from cocreate.core.ids import Ref
from cocreate.core.markdown import render
from cocreate.entrypoints.api import call, creates
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.web import absolute_url
from cocreate.eventlog.permissions import require
from cocreate.ideas import policy
from cocreate.ideas.actions import answer_ideas, edit_idea, propose_idea
from cocreate.ideas.inputs import EditIdea, ListIdeas, NewAnswer, NewIdea, Vote
from cocreate.ideas.queries import IdeaView, idea_as, list_ideas
from cocreate.people.viewer import Anyone, Viewer
from cocreate.stances.actions import cast_stance
from cocreate.stances.queries import NUMBERS


def idea_json(idea: IdeaView) -> dict[str, Any]:
    """An idea as the contract gives it."""
    answer = idea.answer
    fields = ("id", "external_id", "title", "body", "body_html", "author", "status", "state", "tags", "gives_people", "gives_organisation")
    return {
        **{name: getattr(idea, name) for name in fields},
        "url": absolute_url(f"/ideas/{idea.id}"),
        "board": idea.board.slug,
        "created_at": idea.created_at,
        "updated_at": idea.updated_at,
        "comment_count": idea.comment_count,
        "answer": {name: getattr(answer, name) for name in ("status", "body", "body_html", "author", "at")} if answer else None,
        "text_version": idea.text_version,
        **idea.tally.as_json(),
        "my_stance": idea.my_stance,
    }


@call("GET", "/boards/<slug>/ideas", asks=ListIdeas)
def ideas(viewer: Anyone, asked: ListIdeas, slug: str) -> dict[str, Any]:
    """The ideas of a board."""
    page = list_ideas(viewer, board_as(viewer, slug).board, asked)
    return {"items": [idea_json(idea) for idea in page.items], "next_cursor": page.next_cursor}


def _show(viewer: Viewer, idea_id: int) -> dict[str, Any]:
    return idea_json(idea_as(viewer, idea_id))


@creates("/boards/<slug>/ideas", NewIdea, _show)
def propose(viewer: Viewer, given: NewIdea, slug: str) -> int:
    """Propose an idea."""
    board = board_as(viewer, slug).board
    require(policy.PROPOSE_IDEA, viewer, board)
    limit_person("ideas", viewer)
    return propose_idea(viewer, board.id, given, render(given.body))


@call("GET", "/ideas/<int:idea_id>")
def idea(viewer: Anyone, idea_id: int) -> dict[str, Any]:
    """One idea."""
    return idea_json(idea_as(viewer, idea_id))


@call("PATCH", "/ideas/<int:idea_id>", takes=EditIdea)
def edit(viewer: Viewer, given: EditIdea, idea_id: int) -> dict[str, Any]:
    """Change an idea's words; If-Match carries its text_version."""
    idea_as(viewer, idea_id)
    text_version = _if_match()
    edit_idea(viewer, idea_id, given, render(given.body or ""), text_version)
    return _show(viewer, idea_id)


def _if_match() -> int:
    header = request.headers.get("If-Match", "")
    if not header:
        raise PreconditionMissing(_("Send If-Match with the text_version that you read."))
    text_version = whole_number(header.strip().strip('"'))
    if text_version is None:
        raise BadInput({"If-Match": [_("Send the text_version, a whole number.")]})
    return text_version


@call("PUT", "/ideas/<int:idea_id>/vote", takes=Vote)
def vote(viewer: Viewer, given: Vote, idea_id: int) -> dict[str, Any]:
    """Set one's stance."""
    cast_stance(viewer, Ref("idea", idea_id), NUMBERS[given.stance])
    return _show(viewer, idea_id)


@call("DELETE", "/ideas/<int:idea_id>/vote")
def unvote(viewer: Viewer, idea_id: int) -> dict[str, Any]:
    """Take one's stance back."""
    cast_stance(viewer, Ref("idea", idea_id), None)
    return _show(viewer, idea_id)


@call("PUT", "/ideas/<int:idea_id>/answer", takes=NewAnswer)
def answer(viewer: Viewer, given: NewAnswer, idea_id: int) -> dict[str, Any]:
    """Answer as a host: status and reason."""
    idea_as(viewer, idea_id)
    answer_ideas(viewer, [idea_id], given, render(given.body))
    return _show(viewer, idea_id)
