"""The hosts' side of an idea: heard, and answered, one or several."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.datastructures import MultiDict

from cocreate.boards.queries import board_as
from cocreate.core.errors import BadInput
from cocreate.core.fields import whole_number
from cocreate.core.markdown import render
from cocreate.entrypoints.forms import Form, add_form, read_form, see_other, signed_in
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import require
from cocreate.ideas import policy
from cocreate.ideas.actions import answer_ideas, hear_idea, take_answer_back
from cocreate.ideas.inputs import Heard, ListIdeas, NewAnswer
from cocreate.ideas.listing_queries import list_ideas
from cocreate.ideas.queries import idea_as, on_board
from cocreate.ideas.web import blueprint


def show_answer(form: Form, idea_id: int) -> str:
    found = idea_as(viewer(), idea_id)
    require(policy.ANSWER_IDEA, viewer(), on_board(idea_id))
    if found.answer:
        form.prefill({"status": found.answer.status, "body": found.answer.body})
    return render_template("ideas/answer.html", form=form, idea=found, board=found.board)


def save_answer(fields: "MultiDict[str, str]", idea_id: int) -> Response:
    idea_as(viewer(), idea_id)
    person = signed_in()
    require(policy.ANSWER_IDEA, person, on_board(idea_id))
    given = read_form(NewAnswer, fields)
    made = answer_ideas(person, [idea_id], given, render(given.body))
    return see_other(url_for("ideas.idea", idea_id=idea_id), _("Your answer is on the board, signed."), _undo(idea_id, made))


def show_heard(form: Form, idea_id: int) -> str:
    found = idea_as(viewer(), idea_id)
    require(policy.ANSWER_IDEA, viewer(), on_board(idea_id))
    return render_template("ideas/heard.html", form=form, idea=found, board=found.board)


def save_heard(fields: "MultiDict[str, str]", idea_id: int) -> Response:
    idea_as(viewer(), idea_id)
    hear_idea(signed_in(), idea_id, read_form(Heard, fields))
    return see_other(url_for("ideas.idea", idea_id=idea_id), _("Heard: whoever weighed it sees by when you decide."))


def show_answers(form: Form, slug: str) -> str:
    board = board_as(viewer(), slug).board
    require(policy.ANSWER_SEVERAL, viewer(), board)
    page = list_ideas(viewer(), board, ListIdeas(sort="new", status=["open", "considering"], limit=100))
    return render_template("ideas/answers.html", form=form, board=board, ideas=page.items)


def save_answers(fields: "MultiDict[str, str]", slug: str) -> Response:
    board_as(viewer(), slug)
    person = signed_in()
    chosen = [whole_number(id) for id in fields.getlist("ideas")]
    ids = [id for id in chosen if id is not None]
    if not ids or len(ids) < len(chosen):
        raise BadInput({"ideas": [_("Choose at least one idea.")]})
    fields.poplist("ideas")
    given = read_form(NewAnswer, fields)
    made = answer_ideas(person, ids, given, render(given.body))
    said = ngettext("Your answer is on one idea, signed.", "Your answer is on %(num)s ideas, signed.", len(set(ids)))
    return see_other(url_for("pages.board", slug=slug), said, _undo(min(ids), made))


def _undo(idea_id: int, answer_id: int) -> str:
    return url_for("ideas.taking_answer_back", idea_id=idea_id, answer_id=answer_id)


@blueprint.post("/ideas/<int:idea_id>/answers/<int:answer_id>/taking-back")
def taking_answer_back(idea_id: int, answer_id: int) -> Response:
    """Undo this answer, with what else it was given to."""
    idea_as(viewer(), idea_id)
    take_answer_back(signed_in(), idea_id, answer_id)
    return see_other(url_for("ideas.idea", idea_id=idea_id), _("The answer is taken back."))


add_form(blueprint, "/ideas/<int:idea_id>/answer", "answer", show_answer, save_answer)
add_form(blueprint, "/ideas/<int:idea_id>/heard", "heard", show_heard, save_heard)
add_form(blueprint, "/boards/<slug>/answers", "answers", show_answers, save_answers)
