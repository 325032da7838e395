"""`/ideas/{id}/comments`."""

from datetime import datetime

from typing_extensions import TypedDict

from cocreate.comments import policy
from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import ListComments, NewComment
from cocreate.comments.queries import CommentView, State, comment_view, list_comments, thing_as
from cocreate.core.ids import Ref
from cocreate.core.markdown import render
from cocreate.entrypoints.api import Listed, call, creates
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.web import absolute_url
from cocreate.eventlog.permissions import require
from cocreate.people.naming import Who
from cocreate.people.viewer import Anyone, Viewer


class Comment(TypedDict):
    """What somebody said about an idea, without words where it was taken back or hidden."""

    id: int
    url: str
    idea: int
    author: Who | None
    body: str
    body_html: str
    reply_to: int | None
    created_at: datetime
    edited_at: datetime | None
    state: State


def comment_json(comment: CommentView) -> Comment:
    """A comment as the contract gives it."""
    return {
        "id": comment.id,
        "url": absolute_url(f"/ideas/{comment.about.id}#comment-{comment.id}"),
        "idea": comment.about.id,
        "author": comment.author,
        "body": comment.body,
        "body_html": comment.body_html,
        "reply_to": comment.reply_to,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
        "state": comment.state,
    }


@call("GET", "/ideas/<int:idea_id>/comments", asks=ListComments)
def comments(viewer: Anyone, asked: ListComments, idea_id: int) -> Listed[Comment]:
    """The comments on an idea, oldest first. One that was taken back or hidden keeps its place, without words, while replies hang on it."""
    page = list_comments(viewer, Ref("idea", idea_id), asked)
    return {"items": [comment_json(comment) for comment in page.items], "next_cursor": page.next_cursor}


def _show(viewer: Viewer, comment_id: int) -> Comment:
    return comment_json(comment_view(viewer, comment_id))


@creates("/ideas/<int:idea_id>/comments", NewComment, _show)
def comment(viewer: Viewer, given: NewComment, idea_id: int) -> int:
    """Comment on an idea, or reply to a comment on it; a reply to a reply hangs on the same comment."""
    thing = thing_as(viewer, Ref("idea", idea_id))
    require(policy.POST_COMMENT, viewer, thing)
    limit_person("comments", viewer)
    return post_comment(viewer, thing.ref, given, render(given.body))
