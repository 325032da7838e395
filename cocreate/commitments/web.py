"""Promises on a board: making one, saying it is done, and taking that back."""

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.boards.queries import board_as
from cocreate.commitments import policy
from cocreate.commitments.actions import finish_commitment, make_commitment, reopen_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.commitments.queries import promise_as, promises_on
from cocreate.entrypoints.forms import Form, add_form, local_path, read_form, see_other, signed_in
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import require
from cocreate.people.queries import site

blueprint = Blueprint("commitments", __name__)


@blueprint.get("/boards/<slug>/promises")
def promises(slug: str) -> str:
    """What is promised on a board, as the part that its page shows."""
    found = board_as(viewer(), slug)
    facts = {"commitments": promises_on([found.board.id]).get(found.board.id, [])}
    return render_template("commitments/_list.html", board=found.board, facts=facts, standing=found)


def show_new(form: Form, slug: str) -> str:
    board = board_as(viewer(), slug).board
    require(policy.MAKE_COMMITMENT, signed_in(), board)
    return render_template("commitments/new.html", form=form, board=board, today=site().today())


def save_new(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    person = signed_in()
    require(policy.MAKE_COMMITMENT, person, board)
    given = read_form(NewCommitment, fields, optional=("owner",))
    if given.owner:
        limit_person("addresses", person)
    made = make_commitment(person, board.id, given)
    return see_other(f"/boards/{slug}#commitment-{made}", _("Your promise stands on the board."))


@blueprint.post("/promises/<int:commitment_id>/done")
def done(commitment_id: int) -> Response:
    """Say that a promise is kept."""
    board = promise_as(viewer(), commitment_id).board
    finish_commitment(signed_in(), commitment_id)
    place = f"/boards/{board.slug}#commitment-{commitment_id}"
    return see_other(
        local_path(request.args.get("back", ""), place), _("Kept. Everybody on the board sees it."), url_for("commitments.due", commitment_id=commitment_id)
    )


@blueprint.post("/promises/<int:commitment_id>/due")
def due(commitment_id: int) -> Response:
    """It is not done after all."""
    board = promise_as(viewer(), commitment_id).board
    reopen_commitment(signed_in(), commitment_id)
    return see_other(f"/boards/{board.slug}#commitment-{commitment_id}", _("It is due as before."))


add_form(blueprint, "/boards/<slug>/promises/new", "new", show_new, save_new)
