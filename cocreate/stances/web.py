"""The three big buttons, for anything that can be weighed."""

from typing import Any, Literal
from urllib.parse import urldefrag, urlsplit, urlunsplit

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.boards.policy import reading
from cocreate.core.errors import NotFound
from cocreate.core.fields import Input
from cocreate.core.ids import Ref, parse_ref
from cocreate.entrypoints.api import json_answer
from cocreate.entrypoints.forms import Form, add_form, local_path, read_form, require_welcome, see_other, signed_in
from cocreate.entrypoints.signin import viewer
from cocreate.stances.actions import cast_stance
from cocreate.stances.queries import NUMBERS, own_stance, tally_of
from cocreate.stances.votables import CAST_STANCE, Votable, votable

blueprint = Blueprint("stances", __name__)


class GiveStance(Input):
    stance: Literal["agree", "pass", "disagree", "none"]
    back: str = ""


def _seen(ref: str) -> Votable:
    thing = votable(parse_ref(ref))
    if reading(viewer(), thing.board) is not None or isinstance(thing.refusal, NotFound):
        raise NotFound()
    return thing


def show_stance(form: Form, ref: str) -> str:
    thing = _seen(ref)
    require_welcome(CAST_STANCE, thing)
    form.prefill({"back": _came_from()})
    mine = own_stance(viewer(), thing)
    return render_template("stances/stance.html", form=form, thing=thing, mine=mine)


def save_stance(fields: "MultiDict[str, str]", ref: str) -> Response:
    thing = _seen(ref)
    given = read_form(GiveStance, fields)
    person = signed_in()
    cast_stance(person, thing.ref, NUMBERS.get(given.stance))
    if request.accept_mimetypes.best == "application/json":
        return json_answer(stance_json(person, thing.ref))
    return see_other(_at(thing, local_path(given.back or _came_from(), thing.url)))


def say_stance(fields: "MultiDict[str, str]", ref: str) -> list[str]:
    """The stance, and what it is about."""
    words = {"agree": _("Agree"), "pass": _("Not sure"), "disagree": _("Disagree"), "none": _("Take my voice back")}
    return [_("%(stance)s: “%(title)s”", stance=words.get(fields.get("stance", ""), _("Your voice")), title=_seen(ref).title)]


def _came_from() -> str:
    """The page with the button, where it is one of this site."""
    found = urlsplit(request.referrer or "")
    if found.netloc != request.host or request.endpoint != "stances.stance" or found.path == request.path:
        return ""
    return urlunsplit(("", "", found.path, found.query, ""))


def _at(thing: Votable, address: str) -> str:
    """Where the thing stands on that page."""
    return f"{urldefrag(address).url}#{thing.ref.slug}"


def stance_json(person: Any, ref: Ref) -> dict[str, Any]:
    """One's own stance and the tally, for the page that pressed the button."""
    thing = votable(ref)
    view = tally_of(ref, thing.board)
    return {"subject": str(ref), "my_stance": own_stance(person, thing), **view.as_json(), "sentence": view.sentence}


add_form(blueprint, "/stances/<ref>", "stance", show_stance, save_stance, say_stance)
