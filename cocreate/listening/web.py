"""People's words on a board: the line to finish, all that was said, and taking it back."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.boards.queries import board_as
from cocreate.boards.standing import BoardFacts
from cocreate.core.fields import whole_number
from cocreate.entrypoints.forms import Form, add_form, local_path, read_form, require_welcome, see_other, signed_in
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import require
from cocreate.listening import policy
from cocreate.listening.actions import give_response, return_response, withdraw_response
from cocreate.listening.inputs import NewResponse
from cocreate.listening.queries import quotes_on, response_view, responses_upto, said_as, say_as, waiting_of
from cocreate.people.viewer import Anyone

blueprint = Blueprint("listening", __name__)
A_PAGE = 30
ON_BOARD = 3  # words on the board's own page


def say_context(who: Anyone, board: BoardFacts) -> dict[str, Any]:
    """What `listening/_say.html` needs beside the board."""
    return {"say": say_as(who, board)}


@blueprint.get("/boards/<slug>/words")
def words(slug: str) -> str:
    """All the words of a board, newest first, page by page."""
    found = board_as(viewer(), slug)
    board = found.board
    upto = whole_number(request.args.get("upto", ""))
    said = responses_upto(viewer(), board, upto, A_PAGE + 1)
    rest = url_for("listening.words", slug=slug, upto=said[A_PAGE].id) if len(said) > A_PAGE else ""
    waiting = waiting_of(viewer(), board) if upto is None else []
    shown = {"listed": said[:A_PAGE], "waiting": waiting, "rest": rest, "is_start": upto is None, "curates": found.curates}
    return render_template("listening/words.html", board=board, **shown, **say_context(viewer(), board))


@blueprint.get("/boards/<slug>/words/quotes")
def quotes(slug: str) -> str:
    """The newest words as the board's page shows them, fetched again when there are more."""
    board = board_as(viewer(), slug).board
    return render_template("listening/_quotes.html", board=board, quotes=quotes_on(viewer(), board, "", ON_BOARD))


def show_new(form: Form, slug: str) -> str:
    board = board_as(viewer(), slug).board
    require_welcome(policy.GIVE_RESPONSE, board)
    return render_template("listening/new.html", form=form, board=board, **say_context(viewer(), board))


def save_new(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    given = read_form(NewResponse, fields)
    require(policy.GIVE_RESPONSE, viewer(), board)
    limit_person("responses", viewer())
    made = give_response(viewer(), board.id, given)
    undo = url_for("listening.withdrawal", response_id=made)
    if response_view(viewer(), made).state == "held":
        return see_other(f"/boards/{slug}", _("Your words are kept. Somebody looks at them before others see them."), undo)
    return see_other(f"/boards/{slug}", _("Your words are on the board."), undo)


@blueprint.post("/words/<int:response_id>/withdrawal")
def withdrawal(response_id: int) -> Response:
    """Take one's own words back."""
    board = said_as(viewer(), response_id).board
    withdraw_response(signed_in(), response_id)
    back = local_path(request.form.get("back", ""), f"/boards/{board.slug}")
    return see_other(back, _("You took your words back."), url_for("listening.returning", response_id=response_id))


@blueprint.post("/words/<int:response_id>/returning")
def returning(response_id: int) -> Response:
    """Undo a withdrawal."""
    board = said_as(viewer(), response_id).board
    return_response(signed_in(), response_id)
    return see_other(local_path(request.form.get("back", ""), f"/boards/{board.slug}"), _("Your words are back."))


add_form(blueprint, "/boards/<slug>/words/new", "new", show_new, save_new)
