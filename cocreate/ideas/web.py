"""An idea's own page, and the forms around it."""

from itertools import pairwise
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.datastructures import MultiDict

from cocreate.boards.queries import board_as
from cocreate.boards.standing import Standing, standing
from cocreate.comments.queries import thread_of
from cocreate.core.diff import word_diff
from cocreate.core.fields import whole_number
from cocreate.core.markdown import render
from cocreate.entrypoints.alike import alike_for_visitors
from cocreate.entrypoints.forms import Form, add_form, read_form, require_welcome, see_other, signed_in, welcomes
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import may, require
from cocreate.eventlog.rooms import board_room
from cocreate.eventlog.tail import heads
from cocreate.ideas import policy
from cocreate.ideas.actions import edit_idea, paste_ideas, propose_idea, return_idea, withdraw_idea
from cocreate.ideas.finding_queries import listed_idea, merged_titles, similar_ideas
from cocreate.ideas.inputs import WORDS, EditIdea, IdeaOnWords, PastedIdeas
from cocreate.ideas.queries import IdeaView, commentable_of, earlier_texts, idea_as, on_board, votable_of
from cocreate.links.evidence import cited, offered
from cocreate.links.queries import quotes_for
from cocreate.stances.votables import CAST_STANCE

blueprint = Blueprint("ideas", __name__)


def rights(idea: IdeaView) -> dict[str, bool]:
    """What this viewer may do here, for the buttons; asked of what was read already."""
    found, who = policy.OnBoard(idea, idea.board), viewer()
    return {
        "edit": may(policy.EDIT_IDEA, who, found),
        "withdraw": may(policy.WITHDRAW_IDEA, who, found),
        "answer": may(policy.ANSWER_IDEA, who, found),
        "curate": may(policy.CURATE_IDEA, who, found),
        "weigh": welcomes(CAST_STANCE, votable_of(idea, idea.board, idea.title)),
    }


@blueprint.get("/ideas/<int:idea_id>")
@alike_for_visitors
def idea(idea_id: int) -> str:
    """The words, the strip, the stances, the discussion, the answer, and where it led."""
    found = idea_as(viewer(), idea_id)
    return render_template("ideas/idea.html", **_parts(found, standing(viewer(), found.board)))


def _parts(found: IdeaView, stands: Standing) -> dict[str, Any]:
    return {
        **_voices(found),
        "standing": stands,
        "thread": thread_of(viewer(), commentable_of(found, found.board)),
        "quotes": quotes_for(viewer(), found.board, found.ref) if found.status != "withdrawn" else [],
        "merged": merged_titles(found.id),
        "seq": heads([board_room(found.board.id)]).get(board_room(found.board.id), 0),
    }


def _voices(found: IdeaView) -> dict[str, Any]:
    """With the reason why this viewer does not weigh it, where there is one to say."""
    refusal = CAST_STANCE.refusal(viewer(), votable_of(found, found.board, found.title))
    return {"idea": found, "board": found.board, "rights": rights(found), "unweighed": refusal.reason if refusal else ""}


@blueprint.get("/ideas/<int:idea_id>/voices")
def voices(idea_id: int) -> str:
    """What each group thinks; fetched again when voices came in."""
    return render_template("ideas/_voices.html", **_voices(idea_as(viewer(), idea_id)))


@blueprint.get("/ideas/<int:idea_id>/card")
def card(idea_id: int) -> str:
    """The idea as it stands in a list, while it does; fetched again when something about it changed."""
    found = listed_idea(viewer(), idea_id)
    return render_template("ideas/_card.html", idea=found, standing=standing(viewer(), found.board))


@blueprint.get("/ideas/<int:idea_id>/history")
def history(idea_id: int) -> str:
    """The earlier texts of an idea."""
    found = idea_as(viewer(), idea_id)
    if found.status == "withdrawn":
        abort(404)
    return render_template("ideas/history.html", idea=found, board=found.board, steps=_steps(found))


def _steps(found: IdeaView) -> list[dict[str, Any]]:
    """What changed from each text to the next, oldest first: when, and for each part that differs its name and word diff."""
    texts = [*earlier_texts(found.id), found]
    return [{"at": older.until, "parts": _differences(older, newer)} for older, newer in pairwise(texts)]


def _differences(older: Any, newer: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    pairs = [(name, getattr(older, name), getattr(newer, name)) for name in WORDS]
    return [(name, word_diff(before, after)) for name, before, after in pairs if None not in (before, after) and before != after]


def show_new(form: Form, slug: str) -> str:
    board = board_as(viewer(), slug).board
    require_welcome(policy.PROPOSE_IDEA, board)
    chosen = cited(form["cites"])
    quotes = offered(viewer(), board, chosen)
    return render_template("ideas/new.html", form=form, board=board, quotes=quotes, ticked={str(ref) for ref in chosen})


def save_new(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    given = read_form(IdeaOnWords, fields, "cites")
    require(policy.PROPOSE_IDEA, viewer(), board)
    limit_person("ideas", viewer())
    made = propose_idea(viewer(), board.id, given, render(given.body), cited(given.cites))
    undo = url_for("ideas.withdrawal", idea_id=made)
    if idea_as(viewer(), made).state == "held":
        return see_other(url_for("ideas.idea", idea_id=made), _("Somebody looks at it before others see it."), undo)
    return see_other(url_for("ideas.idea", idea_id=made), _("Your idea is on the board."), undo)


def show_paste(form: Form, slug: str) -> str:
    board = board_as(viewer(), slug).board
    require(policy.PASTE_IDEAS, viewer(), board)
    return render_template("ideas/paste.html", form=form, board=board)


def save_paste(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    person = signed_in()
    require(policy.PASTE_IDEAS, person, board)
    made = paste_ideas(person, board.id, read_form(PastedIdeas, fields))
    return see_other(url_for("pages.board", slug=slug, sort="new"), ngettext("One idea is on the board.", "%(num)s ideas are on the board.", made))


def show_edit(form: Form, idea_id: int) -> str:
    found = idea_as(viewer(), idea_id)
    require(policy.EDIT_IDEA, viewer(), on_board(idea_id))
    words = {name: getattr(found, name) for name in (*WORDS, "text_version")}
    form.prefill({**words, "tags": ", ".join(found.tags)})
    is_outdated = str(form["text_version"]) != str(found.text_version)
    if is_outdated and form.problem:
        form.values["text_version"] = found.text_version  # both are seen now, so it may be sent again
    return render_template("ideas/edit.html", form=form, idea=found, board=found.board, is_outdated=is_outdated)


def save_edit(fields: "MultiDict[str, str]", idea_id: int) -> Response:
    idea_as(viewer(), idea_id)
    version = whole_number(fields.pop("text_version", ""))
    given = read_form(EditIdea, fields)
    person = signed_in()
    edit_idea(person, idea_id, given, render(given.body or ""), version or 0)  # a form always says which text it began from
    return see_other(url_for("ideas.idea", idea_id=idea_id), _("Your words are changed; the earlier ones stay in its history."))


@blueprint.post("/ideas/<int:idea_id>/withdrawal")
def withdrawal(idea_id: int) -> Response:
    """Take one's own idea back."""
    idea_as(viewer(), idea_id)
    withdraw_idea(signed_in(), idea_id)
    return see_other(url_for("ideas.idea", idea_id=idea_id), _("You took your idea back."), url_for("ideas.returning", idea_id=idea_id))


@blueprint.post("/ideas/<int:idea_id>/returning")
def returning(idea_id: int) -> Response:
    """Undo a withdrawal."""
    idea_as(viewer(), idea_id)
    return_idea(signed_in(), idea_id)
    return see_other(url_for("ideas.idea", idea_id=idea_id), _("Your idea is back."))


@blueprint.get("/boards/<slug>/ideas/similar")
def similar(slug: str) -> str:
    """Ideas that share words with what is being typed; read while typing, so it is cheap and says nothing else."""
    board = board_as(viewer(), slug).board
    return render_template("ideas/_similar.html", ideas=similar_ideas(board, request.args.get("q", "")[:200]))


add_form(blueprint, "/boards/<slug>/ideas/new", "new", show_new, save_new)
add_form(blueprint, "/boards/<slug>/ideas/paste", "paste", show_paste, save_paste)
add_form(blueprint, "/ideas/<int:idea_id>/edit", "edit", show_edit, save_edit)
