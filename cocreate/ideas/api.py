"""`/boards/{slug}/ideas` and `/ideas/{id}`."""

from dataclasses import replace
from datetime import datetime
from typing import cast

import orjson
from typing_extensions import TypedDict

from cocreate.boards.queries import board_as
from cocreate.core.ids import Ref
from cocreate.core.markdown import render
from cocreate.entrypoints.api import Listed, call, creates, dumps, if_match
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.web import absolute_url
from cocreate.eventlog.permissions import require
from cocreate.ideas import policy
from cocreate.ideas.actions import answer_ideas, edit_idea, propose_idea
from cocreate.ideas.inputs import Answered, EditIdea, ListIdeas, NewAnswer, NewIdea, State, Status, Vote
from cocreate.ideas.listing_queries import Page, list_ideas
from cocreate.ideas.queries import AnswerView, IdeaView, idea_as
from cocreate.people.naming import Who
from cocreate.people.viewer import Anyone, Viewer
from cocreate.stances.actions import cast_stance
from cocreate.stances.queries import NUMBERS, StanceWord, Weighed


class Answer(TypedDict):
    """What the hosts say to an idea."""

    status: Answered
    body: str
    body_html: str
    author: Who | None
    at: datetime


class Idea(Weighed):
    """A titled proposal. `status` is what became of it, `state` whether it is in lists; `text_version` is for If-Match, and `version` grows with every
    change of the idea or of its tally."""

    id: int
    url: str
    external_id: str | None
    board: str
    title: str
    body: str
    body_html: str
    author: Who | None
    status: Status
    state: State
    tags: list[str]
    gives_people: str
    gives_organisation: str
    created_at: datetime
    updated_at: datetime
    comment_count: int
    answer: Answer | None
    text_version: int
    my_stance: StanceWord | None


def idea_json(idea: IdeaView) -> Idea:
    """An idea as the contract gives it."""
    return {
        "id": idea.id,
        "url": absolute_url(f"/ideas/{idea.id}"),
        "external_id": idea.external_id,
        "board": idea.board.slug,
        "title": idea.title,
        "body": idea.body,
        "body_html": idea.body_html,
        "author": idea.author,
        "status": idea.status,
        "state": idea.state,
        "tags": idea.tags,
        "gives_people": idea.gives_people,
        "gives_organisation": idea.gives_organisation,
        "created_at": idea.created_at,
        "updated_at": idea.updated_at,
        "comment_count": idea.comment_count,
        "answer": _answer_json(idea.answer),
        "text_version": idea.text_version,
        **idea.tally.as_json(),
        "my_stance": idea.my_stance,
    }


def _answer_json(answer: AnswerView | None) -> Answer | None:
    if answer is None:
        return None
    return {"status": answer.status, "body": answer.body, "body_html": answer.body_html, "author": answer.author, "at": answer.at}


@call("GET", "/boards/<slug>/ideas", asks=ListIdeas)
def ideas(viewer: Anyone, asked: ListIdeas, slug: str) -> Listed[Idea]:
    """The ideas of a board."""
    page = list_ideas(viewer, board_as(viewer, slug).board, asked)
    return {"items": [_item(page, idea) for idea in page.items], "next_cursor": page.next_cursor}


def _item(page: Page, idea: IdeaView) -> Idea:
    """One of a list: what is the same for all is written once while it stays so, and ends before the own stance, which comes last."""
    if idea.id not in page.written:
        page.written[idea.id] = dumps(idea_json(replace(idea, my_stance=None))).removesuffix(b"null}")
    return cast(Idea, orjson.Fragment(page.written[idea.id] + orjson.dumps(idea.my_stance) + b"}"))


def _show(viewer: Viewer, idea_id: int) -> Idea:
    return idea_json(idea_as(viewer, idea_id))


@creates("/boards/<slug>/ideas", NewIdea, _show)
def propose(viewer: Viewer, given: NewIdea, slug: str) -> int:
    """Propose an idea."""
    board = board_as(viewer, slug).board
    require(policy.PROPOSE_IDEA, viewer, board)
    limit_person("ideas", viewer)
    return propose_idea(viewer, board.id, given, render(given.body))


@call("GET", "/ideas/<int:idea_id>")
def idea(viewer: Anyone, idea_id: int) -> Idea:
    """One idea."""
    return idea_json(idea_as(viewer, idea_id))


@call("PATCH", "/ideas/<int:idea_id>", takes=EditIdea, matches=True)
def edit(viewer: Viewer, given: EditIdea, idea_id: int) -> Idea:
    """Change an idea's words; If-Match carries its text_version."""
    idea_as(viewer, idea_id)
    text_version = if_match()
    edit_idea(viewer, idea_id, given, render(given.body or ""), text_version)
    return _show(viewer, idea_id)


@call("PUT", "/ideas/<int:idea_id>/vote", takes=Vote)
def vote(viewer: Viewer, given: Vote, idea_id: int) -> Idea:
    """Set one's stance."""
    board = cast_stance(viewer, Ref("idea", idea_id), NUMBERS[given.stance])
    return idea_json(idea_as(viewer, idea_id, board))


@call("DELETE", "/ideas/<int:idea_id>/vote")
def unvote(viewer: Viewer, idea_id: int) -> Idea:
    """Take one's stance back."""
    board = cast_stance(viewer, Ref("idea", idea_id), None)
    return idea_json(idea_as(viewer, idea_id, board))


@call("PUT", "/ideas/<int:idea_id>/answer", takes=NewAnswer)
def answer(viewer: Viewer, given: NewAnswer, idea_id: int) -> Idea:
    """Answer as a host: status and reason."""
    idea_as(viewer, idea_id)
    answer_ideas(viewer, [idea_id], given, render(given.body))
    return _show(viewer, idea_id)
