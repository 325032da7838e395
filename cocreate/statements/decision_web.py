"""The deciders' side: accept or decline a change, adopt the text, take a decision back."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.boards.standing import BoardFacts
from cocreate.entrypoints.forms import Form, add_form, read_form, see_other, signed_in
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import require
from cocreate.statements import policy
from cocreate.statements.actions import accept_amendment, adopt_statement, decline_amendment, reopen_amendment, set_statement_aside
from cocreate.statements.amendment_queries import amendment_as
from cocreate.statements.inputs import Decision, Reason
from cocreate.statements.queries import statement_as
from cocreate.statements.web import blueprint


def _page(statement_id: int, anchor: str = "") -> str:
    return url_for("statements.statement", statement_id=statement_id, _anchor=anchor or None)


def _record(board: BoardFacts) -> str:
    """Where a decision can be taken back later."""
    return url_for("activity.history", slug=board.slug)


def show_accept(form: Form, amendment_id: int) -> str:
    return _show(form, amendment_id, "accept")


def show_decline(form: Form, amendment_id: int) -> str:
    return _show(form, amendment_id, "decline")


def _show(form: Form, amendment_id: int, step: str) -> str:
    found = amendment_as(viewer(), amendment_id)
    require(policy.DECIDE_AMENDMENT, viewer(), found)
    of = statement_as(viewer(), found.statement_id)
    form.prefill({"adopt": "yes"})
    return render_template("statements/decide.html", step=step, form=form, change=found, statement=of, board=found.board)


def save_accept(fields: "MultiDict[str, str]", amendment_id: int) -> Response:
    found = amendment_as(viewer(), amendment_id)
    person = signed_in()
    require(policy.DECIDE_AMENDMENT, person, found)
    accept_amendment(person, amendment_id, read_form(Decision, fields))
    said = _("The text has changed, signed with your name.")
    if statement_as(person, found.statement_id).adopted_at is not None:
        said = _("What you can expect from us has changed, signed with your name.")
    return see_other(_page(found.statement_id), said, url_for("statements.reopening", amendment_id=amendment_id), _record(found.board))


def save_decline(fields: "MultiDict[str, str]", amendment_id: int) -> Response:
    found = amendment_as(viewer(), amendment_id)
    person = signed_in()
    require(policy.DECIDE_AMENDMENT, person, found)
    decline_amendment(person, amendment_id, read_form(Reason, fields))
    said = _("Declined, with your reason and your name.")
    return see_other(_page(found.statement_id), said, url_for("statements.reopening", amendment_id=amendment_id), _record(found.board))


@blueprint.post("/amendments/<int:amendment_id>/reopening")
def reopening(amendment_id: int) -> Response:
    """Take a decision back."""
    found = amendment_as(viewer(), amendment_id)
    reopen_amendment(signed_in(), amendment_id)
    return see_other(_page(found.statement_id, found.ref.slug), _("The decision is taken back; the change can be weighed again."))


def show_adoption(form: Form, statement_id: int) -> str:
    found = statement_as(viewer(), statement_id)
    require(policy.ADOPT_STATEMENT, viewer(), found.board)
    return render_template("statements/adopt.html", form=form, statement=found, board=found.board)


def save_adoption(fields: "MultiDict[str, str]", statement_id: int) -> Response:
    found = statement_as(viewer(), statement_id)
    person = signed_in()
    require(policy.ADOPT_STATEMENT, person, found.board)
    adopt_statement(person, statement_id, read_form(Reason, fields))
    said = _("The text stands on the page What you can expect from us, signed with your name.")
    return see_other(_page(statement_id), said, url_for("statements.setting_aside", statement_id=statement_id))


@blueprint.post("/statements/<int:statement_id>/setting-aside")
def setting_aside(statement_id: int) -> Response:
    """Undo an adoption."""
    statement_as(viewer(), statement_id)
    set_statement_aside(signed_in(), statement_id)
    return see_other(_page(statement_id), _("The text stands on its board only."))


add_form(blueprint, "/amendments/<int:amendment_id>/accept", "accept", show_accept, save_accept)
add_form(blueprint, "/amendments/<int:amendment_id>/decline", "decline", show_decline, save_decline)
add_form(blueprint, "/statements/<int:statement_id>/adoption", "adoption", show_adoption, save_adoption)
