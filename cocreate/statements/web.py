"""A statement's own page, its versions, and the forms to start it and to suggest a change of a sentence."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.boards.queries import board_as, charter_of
from cocreate.boards.standing import BoardFacts
from cocreate.comments.queries import thread_of
from cocreate.core.errors import BadInput, NotFound
from cocreate.core.fields import whole_number
from cocreate.entrypoints.alike import alike_for_visitors
from cocreate.entrypoints.forms import Form, add_form, read_form, require_welcome, see_other, signed_in, welcomes
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import may, require
from cocreate.eventlog.rooms import board_room
from cocreate.eventlog.tail import heads
from cocreate.links.evidence import cited, offered
from cocreate.stances.votables import CAST_STANCE
from cocreate.statements import policy
from cocreate.statements.actions import return_amendment, reword_statement, start_statement, suggest_amendment, withdraw_amendment
from cocreate.statements.amendment_queries import (
    AmendmentView,
    amendment_as,
    commentable_of,
    declined_amendments,
    open_amendments,
    put_instead,
    twin_of,
    votable_of,
)
from cocreate.statements.inputs import NewAmendment, NewStatement, NewText
from cocreate.statements.queries import StatementView, statement_as, statements_on, versions_of
from cocreate.statements.starting import promise_title, promise_words
from cocreate.statements.weave import stands_in

blueprint = Blueprint("statements", __name__)
MOST_STEPS = 20  # changes of one sentence that are followed to what stands there now


def statement_rights(statement: StatementView) -> dict[str, bool]:
    who, board = viewer(), statement.board
    return {
        "suggest": welcomes(policy.SUGGEST_AMENDMENT, board),
        "adopt": may(policy.ADOPT_STATEMENT, who, board),
        "reword": statement.is_starting and may(policy.REWORD_STATEMENT, who, board),
    }


def rights(change: AmendmentView) -> dict[str, bool]:
    """What this viewer may do with a change, for the buttons."""
    who = viewer()
    return {
        "weigh": welcomes(CAST_STANCE, votable_of(change, change.ref, change.after)),
        "withdraw": change.status == "open" and may(policy.WITHDRAW_AMENDMENT, who, change),
        "decide": may(policy.DECIDE_AMENDMENT, who, change),
        "curate": may(policy.CURATE_AMENDMENT, who, change),
        "suggest": welcomes(policy.SUGGEST_AMENDMENT, change.board),
    }


def marked(changes: list[AmendmentView]) -> dict[str, list[AmendmentView]]:
    """The open changes by the sentence they are about; additions under the empty one."""
    found: dict[str, list[AmendmentView]] = {}
    for change in changes:
        if not change.is_stale:
            found.setdefault(change.before, []).append(change)
    return found


def _parts(statement: StatementView) -> dict[str, Any]:
    changes = open_amendments(viewer(), statement)
    return {
        "statement": statement,
        "board": statement.board,
        "seq": _seq(statement.board),
        "changes": changes,
        "marks": marked(changes),
        "rights": statement_rights(statement),
        "rights_of": {change.id: rights(change) for change in changes},
    }


def _seq(board: BoardFacts) -> int:
    """The last number of the board's stream, from which the page goes on hearing."""
    room = board_room(board.id)
    return heads([room]).get(room, 0)


@blueprint.get("/statements/<int:statement_id>")
@alike_for_visitors
def statement(statement_id: int) -> str:
    """The text in large letters, and what people suggest to change in it."""
    found = statement_as(viewer(), statement_id)
    declined = declined_amendments(viewer(), found)
    return render_template("statements/statement.html", **_parts(found), declined=declined, charter=charter_of(found.board.id))


@blueprint.get("/statements/<int:statement_id>/text")
def text(statement_id: int) -> str:
    """The text alone, fetched again when it or what is suggested changed."""
    return render_template("statements/_text.html", **_parts(statement_as(viewer(), statement_id)))


@blueprint.get("/statements/<int:statement_id>/changes")
def changes(statement_id: int) -> str:
    """The suggested changes alone."""
    return render_template("statements/_work.html", **_parts(statement_as(viewer(), statement_id)))


@blueprint.get("/statements/<int:statement_id>/versions")
def versions(statement_id: int) -> str:
    """Every version, what changed in it, who signed and why."""
    found = statement_as(viewer(), statement_id)
    return render_template("statements/versions.html", statement=found, board=found.board, versions=versions_of(found))


@blueprint.get("/amendments/<int:amendment_id>")
def amendment(amendment_id: int) -> str:
    """One suggested change, whatever became of it."""
    found = amendment_as(viewer(), amendment_id)
    of = statement_as(viewer(), found.statement_id)
    thread = thread_of(viewer(), commentable_of(found, found.ref))
    return render_template(
        "statements/amendment.html", change=found, statement=of, board=found.board, may_do=rights(found), thread=thread, seq=_seq(found.board)
    )


@blueprint.get("/amendments/<int:amendment_id>/card")
def card(amendment_id: int) -> str:
    """The change as it stands in the list; fetched again when something about it changed."""
    found = amendment_as(viewer(), amendment_id)
    return render_template("statements/_change.html", change=found, statement=statement_as(viewer(), found.statement_id), may_do=rights(found))


def show_start(form: Form, slug: str) -> str:
    board = board_as(viewer(), slug).board
    require(policy.START_STATEMENT, viewer(), board)
    form.prefill({"title": promise_title(), "text": promise_words()})
    return render_template("statements/start.html", form=form, board=board, there=statements_on(board.id))


def save_start(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    made = start_statement(signed_in(), board.id, read_form(NewStatement, fields))
    return see_other(url_for("statements.statement", statement_id=made), _("The text is on the board. From here on it changes one sentence at a time."))


def show_words(form: Form, statement_id: int) -> str:
    found = statement_as(viewer(), statement_id)
    require(policy.REWORD_STATEMENT, viewer(), found.board)
    form.prefill({"text": found.text})
    return render_template("statements/words.html", form=form, statement=found, board=found.board)


def save_words(fields: "MultiDict[str, str]", statement_id: int) -> Response:
    statement_as(viewer(), statement_id)
    reword_statement(signed_in(), statement_id, read_form(NewText, fields))
    return see_other(url_for("statements.statement", statement_id=statement_id), _("The text is in your own words now."))


def show_change(form: Form, statement_id: int) -> str:
    found = statement_as(viewer(), statement_id)
    require_welcome(policy.SUGGEST_AMENDMENT, found.board)
    if "before" not in form.values:
        _prefill(form, found)
    was = _now_standing(form, found)
    before, after, chosen = str(form["before"]), str(form["after"]), cited(form["cites"])
    return render_template(
        "statements/suggest.html",
        form=form,
        statement=found,
        board=found.board,
        quotes=offered(viewer(), found.board, chosen, str(form["look"])),
        ticked={str(ref) for ref in chosen},
        was=was,
        twin=twin_of(found.id, before, after) if form.problem else None,
    )


def _prefill(form: Form, found: StatementView) -> None:
    """From the address: `sentence` is its place in the text; without one a sentence is added."""
    place = str(form["sentence"])
    if not place:
        form.values["before"] = ""
        return
    number = whole_number(place)
    if number is None or number >= len(found.sentences):
        raise NotFound()
    form.values["before"] = form.values["after"] = found.sentences[number]


def _now_standing(form: Form, found: StatementView) -> str:
    """Where the sentence was changed while somebody wrote, the form goes on from what stands there now. Gives the sentence they began from, else ""."""
    was = sentence = str(form["before"])
    for _step in range(MOST_STEPS):
        if not sentence or stands_in(found.paragraphs, sentence):
            break
        sentence = put_instead(found.id, {sentence}).get(sentence, "")
    else:
        sentence = ""
    form.values["before"] = sentence
    return was if sentence != was else ""


def save_change(fields: "MultiDict[str, str]", statement_id: int) -> Response:
    found = statement_as(viewer(), statement_id)
    search, takes_out = fields.pop("look", ""), fields.pop("takes_out", "")
    if fields.pop("looking", ""):
        form = Form(values={**fields.to_dict(), "cites": fields.getlist("cites"), "look": search})
        return make_response(show_change(form, statement_id))
    given = read_form(NewAmendment, fields, "cites")
    if not given.after and not takes_out:
        raise BadInput({"after": [_("Write the sentence as it should be. To take it out, tick the box below.")]})
    if takes_out:
        given = given.model_copy(update={"after": ""})
    person = signed_in()
    require(policy.SUGGEST_AMENDMENT, person, found.board)
    limit_person("amendments", person)
    made = suggest_amendment(person, statement_id, given)
    there = url_for("statements.statement", statement_id=statement_id)
    if amendment_as(person, made).state == "held":
        return see_other(url_for("statements.amendment", amendment_id=made), _("Somebody looks at it before others see it."))
    return see_other(f"{there}#amendment-{made}", _("Your change is on the board, to be weighed."), url_for("statements.withdrawal", amendment_id=made))


@blueprint.post("/amendments/<int:amendment_id>/withdrawal")
def withdrawal(amendment_id: int) -> Response:
    """Take one's own suggestion back."""
    found = amendment_as(viewer(), amendment_id)
    withdraw_amendment(signed_in(), amendment_id)
    there = url_for("statements.statement", statement_id=found.statement_id)
    return see_other(there, _("You took your suggestion back."), url_for("statements.returning", amendment_id=amendment_id))


@blueprint.post("/amendments/<int:amendment_id>/returning")
def returning(amendment_id: int) -> Response:
    """Undo a withdrawal."""
    found = amendment_as(viewer(), amendment_id)
    return_amendment(signed_in(), amendment_id)
    return see_other(url_for("statements.statement", statement_id=found.statement_id, _anchor=found.ref.slug), _("Your suggestion is back."))


add_form(blueprint, "/boards/<slug>/statement/new", "start", show_start, save_start)
add_form(blueprint, "/statements/<int:statement_id>/words", "words", show_words, save_words)
add_form(blueprint, "/statements/<int:statement_id>/changes/new", "new_change", show_change, save_change)
