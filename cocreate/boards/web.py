"""Making a board and changing what it says about itself. The board's own page is composed in `pages`."""

from itertools import pairwise
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.boards import policy
from cocreate.boards.actions import change_host, edit_audience, edit_charter, edit_words, make_board, move_board, take_duty
from cocreate.boards.diff import charter_changes
from cocreate.boards.inputs import ChangeHost, EditAudience, EditCharter, EditWords, MoveBoard, NewBoard, TakeDuty
from cocreate.boards.queries import board_as, board_facts, charter_of, charters_of
from cocreate.boards.standing import Standing, standing
from cocreate.boards.starting import starting_words
from cocreate.core.errors import NotFound
from cocreate.core.qr import qr_modules
from cocreate.entrypoints.forms import Form, add_form, read_form, see_other, signed_in
from cocreate.entrypoints.limits import limit_person
from cocreate.entrypoints.signin import viewer
from cocreate.entrypoints.web import absolute_url
from cocreate.eventlog.permissions import may, require
from cocreate.people.queries import names_of

blueprint = Blueprint("boards", __name__)

# What is edited in place, each at an address of its own: the question beside the field, and how much room it takes.
EDITABLE = {
    "title": "line",
    "question": "line",
    "line": "line",
    "objective": "prose",
    "context": "prose",
    "answer_days": "number",
    "looking_back": "prose",
}


def show_new(form: Form) -> str:
    if viewer().is_authenticated:
        require(policy.MAKE_BOARD, viewer(), None)
    kind = form["kind"] if form["kind"] in ("brand", "product", "strategy") else ""
    return render_template("boards/new.html", form=form, kind=kind, words={name: starting_words(name) for name in ("brand", "product", "strategy")})


def save_new(fields: "MultiDict[str, str]") -> Response:
    person = signed_in()
    require(policy.MAKE_BOARD, person, None)
    opened = fields.pop("then", "open") == "open"
    given = read_form(NewBoard, fields, *(["groups"] if "groups" in fields else []), optional=("question", "title"))
    if given.hosts:
        limit_person("addresses", person)
    board = board_facts(make_board(person, given, opened))
    if not standing(person, board).reads:
        return see_other(url_for("pages.boards"), _("The board is made. Its hosts find it among their boards."))
    if opened:
        return see_other(url_for("boards.share", slug=board.slug), _("Your board is open."))
    return see_other(url_for("pages.board", slug=board.slug), _("Your board is a draft. Only its hosts see it."))


@blueprint.get("/boards/<slug>/share")
def share(slug: str) -> str:
    """The link to pass on, and the same as a QR code."""
    found = board_as(viewer(), slug)
    address = absolute_url(url_for("pages.board", slug=slug))
    return render_template("boards/share.html", board=found.board, standing=found, address=address, qr=qr_modules(address))


@blueprint.get("/boards/<slug>/how")
def how(slug: str) -> str:
    """How this works, the whole of it, and what changed between its versions."""
    found = board_as(viewer(), slug)
    versions = charters_of(found.board.id)
    people = names_of({id for id in (*found.board.hosts, *found.board.deciders, *(v.made_by for v in versions)) if id is not None})
    changes = [charter_changes(older, newer) for newer, older in pairwise(versions)]
    return render_template("boards/how.html", board=found.board, standing=found, versions=versions, changes=changes, people=people, rights=rights(found))


def rights(found: Standing) -> dict[str, bool]:
    """What this viewer may do to the board itself."""
    board, who = found.board, viewer()
    return {"edit": may(policy.EDIT_BOARD, who, board), "hosts": may(policy.CHANGE_HOSTS, who, board), "move": may(policy.MOVE_BOARD, who, board)}


def show_words(form: Form, slug: str, field: str) -> str:
    board = board_as(viewer(), slug).board
    if field not in EDITABLE:
        raise NotFound()
    require(policy.EDIT_BOARD, viewer(), board)
    form.prefill({field: getattr(board, field)})
    return render_template("boards/words.html", form=form, board=board, field=field, shape=EDITABLE[field])


def save_words(fields: "MultiDict[str, str]", slug: str, field: str) -> Response:
    board = board_as(viewer(), slug).board
    if field not in EDITABLE:
        raise NotFound()
    edit_words(signed_in(), board.id, read_form(EditWords, MultiDict((n, v) for n, v in fields.items(multi=True) if n == field)))
    return see_other(url_for("pages.board", slug=slug), _("Changed, for everybody who reads the board."))


def show_charter(form: Form, slug: str) -> str:
    board = board_as(viewer(), slug).board
    require(policy.EDIT_BOARD, viewer(), board)
    charter = charter_of(board.id)
    words = {name: getattr(charter, name) for name in ("open", "not_open", "decides", "method", "text")}
    form.prefill({**words, "by": charter.by.isoformat() if charter.by else ""})
    return render_template("boards/charter.html", form=form, board=board)


def save_charter(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    version = edit_charter(signed_in(), board.id, read_form(EditCharter, fields))
    return see_other(url_for("boards.how", slug=slug), _("This is version %(version)s; the earlier ones stay.", version=version))


def show_audience(form: Form, slug: str) -> str:
    board = board_as(viewer(), slug).board
    require(policy.EDIT_BOARD, viewer(), board)
    form.prefill({name: getattr(board, name) for name in ("read_public", "read_groups", "part_groups", "safe_dissent", "hold_first")})
    return render_template("boards/audience.html", form=form, board=board)


def save_audience(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    person = signed_in()
    edit_audience(person, board.id, read_form(EditAudience, fields, "read_groups", "part_groups"))
    return see_other(url_for("boards.how", slug=slug), _("Who can see this is changed, from this moment on."))


def show_hosts(form: Form, slug: str) -> str:
    found = board_as(viewer(), slug)
    require(policy.CHANGE_HOSTS, viewer(), found.board)
    form.prefill({"duty": "host"})
    people = names_of({*found.board.hosts, *found.board.deciders})
    return render_template("boards/hosts.html", form=form, board=found.board, people=people)


def save_hosts(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    person = signed_in()
    if "person" in fields:
        take_duty(person, board.id, read_form(TakeDuty, fields))
    else:
        given = read_form(ChangeHost, fields)
        require(policy.CHANGE_HOSTS, person, board)
        limit_person("addresses", person)
        change_host(person, board.id, given)
    # Who took the duty from themselves may not change it any more.
    still = may(policy.CHANGE_HOSTS, person, board_facts(board.id))
    return see_other(url_for("boards.hosts" if still else "boards.how", slug=slug), _("Changed, and on the board's record."))


def show_state(form: Form, slug: str) -> str:
    found = board_as(viewer(), slug)
    require(policy.MOVE_BOARD, viewer(), found.board)
    return render_template("boards/state.html", form=form, board=found.board)


def save_state(fields: "MultiDict[str, str]", slug: str) -> Response:
    board = board_as(viewer(), slug).board
    given: Any = read_form(MoveBoard, fields)
    move_board(signed_in(), board.id, given)
    opened = board.state == "draft" and given.state == "open"
    return see_other(url_for("boards.share" if opened else "pages.board", slug=slug), _("Everybody on the board sees it."))


add_form(blueprint, "/boards/new", "new", show_new, save_new)
add_form(blueprint, "/boards/<slug>/edit/<field>", "words", show_words, save_words)
add_form(blueprint, "/boards/<slug>/how/edit", "charter", show_charter, save_charter)
add_form(blueprint, "/boards/<slug>/audience", "audience", show_audience, save_audience)
add_form(blueprint, "/boards/<slug>/hosts", "hosts", show_hosts, save_hosts)
add_form(blueprint, "/boards/<slug>/state", "state", show_state, save_state)
