"""Comment forms, and the discussion as a part that pages show."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.comments import policy
from cocreate.comments.actions import edit_comment, post_comment, return_comment, withdraw_comment
from cocreate.comments.inputs import EditComment, NewComment
from cocreate.comments.policy import Commentable
from cocreate.comments.queries import comment_as, comment_view, thing_as, thread_of
from cocreate.core.errors import NotFound
from cocreate.core.fields import whole_number
from cocreate.core.ids import parse_ref
from cocreate.core.markdown import render
from cocreate.entrypoints.forms import Form, add_form, here, read_form, require_welcome, see_other, signed_in
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import require
from cocreate.people.viewer import Anyone

blueprint = Blueprint("comments", __name__)


@blueprint.get("/comments/<ref>")
def comments(ref: str) -> str:
    """The whole discussion of a thing on a page of its own, earlier ones page by page."""
    before = whole_number(request.args.get("before", ""))
    thread = thread_of(viewer(), thing_as(viewer(), parse_ref(ref)), before)
    return render_template("comments/comments.html", thread=thread)


@blueprint.get("/comments/<ref>/thread")
def thread(ref: str) -> str:
    """The discussion as a part, fetched again when something in it changed."""
    return render_template("comments/_thread.html", thread=thread_of(viewer(), thing_as(viewer(), parse_ref(ref))))


@blueprint.get("/comments/<int:comment_id>")
def comment(comment_id: int) -> Response:
    """Where a comment stands."""
    thing = comment_as(viewer(), comment_id).thing
    return redirect(here(_place(thing, comment_id)), 303)  # type: ignore[return-value]


def _place(thing: Commentable, comment_id: int) -> str:
    return f"{thing.url}#comment-{comment_id}"


def show_new(form: Form, ref: str) -> str:
    thing = thing_as(viewer(), parse_ref(ref))
    require_welcome(policy.POST_COMMENT, thing)
    return render_template("comments/new.html", form=form, thing=thing, board=thing.board, answered=_answered(viewer(), thing, form["reply_to"]))


def _answered(who: Anyone, thing: Commentable, reply_to: object) -> object:
    """The comment that is replied to, so that one sees it while writing; None where there is none to show."""
    comment_id = whole_number(str(reply_to))
    if comment_id is None:
        return None
    try:
        found = comment_view(who, comment_id)
    except NotFound:
        return None
    return found if found.about == thing.ref and found.state == "shown" else None


def save_new(fields: "MultiDict[str, str]", ref: str) -> Response:
    thing = thing_as(viewer(), parse_ref(ref))
    given = read_form(NewComment, fields, optional=("reply_to",))
    require(policy.POST_COMMENT, viewer(), thing)
    limit_person("comments", viewer())
    made = post_comment(viewer(), thing.ref, given, render(given.body))
    undo = url_for("comments.withdrawal", comment_id=made)
    if comment_view(viewer(), made).state == "held":
        return see_other(_place(thing, made), _("Somebody looks at your comment before others see it."), undo)
    return see_other(_place(thing, made), _("Your comment is there."), undo)


def show_edit(form: Form, comment_id: int) -> str:
    found = comment_as(viewer(), comment_id)
    require(policy.EDIT_COMMENT, viewer(), found)
    form.prefill({"body": found.comment.body})
    return render_template("comments/edit.html", form=form, thing=found.thing, board=found.thing.board, comment_id=comment_id)


def save_edit(fields: "MultiDict[str, str]", comment_id: int) -> Response:
    found = comment_as(viewer(), comment_id)
    given = read_form(EditComment, fields)
    edit_comment(signed_in(), comment_id, given, render(given.body))
    return see_other(_place(found.thing, comment_id), _("Your comment is changed."))


@blueprint.post("/comments/<int:comment_id>/withdrawal")
def withdrawal(comment_id: int) -> Response:
    """Take one's own comment back."""
    thing = comment_as(viewer(), comment_id).thing
    withdraw_comment(signed_in(), comment_id)
    return see_other(f"{thing.url}#thread-{thing.ref.slug}", _("You took your comment back."), url_for("comments.returning", comment_id=comment_id))


@blueprint.post("/comments/<int:comment_id>/returning")
def returning(comment_id: int) -> Response:
    """Undo a withdrawal."""
    thing = comment_as(viewer(), comment_id).thing
    return_comment(signed_in(), comment_id)
    return see_other(_place(thing, comment_id), _("Your comment is back."))


add_form(blueprint, "/comments/<ref>/new", "new", show_new, save_new)
add_form(blueprint, "/comments/<int:comment_id>/edit", "edit", show_edit, save_edit)
