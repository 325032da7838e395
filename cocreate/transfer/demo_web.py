"""Sitting down in the demo as one of its people, and seeing two side by side. Only where the demo runs, which is only on loopback."""

from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from cocreate.boards.queries import board_as
from cocreate.core.errors import NotFound
from cocreate.entrypoints.beside import PREFIX
from cocreate.entrypoints.forms import see_other
from cocreate.entrypoints.signin import sign_in, viewer
from cocreate.people.queries import viewer_by_email
from cocreate.people.signin_actions import start_session
from cocreate.transfer.demo_cast import SEATED
from cocreate.transfer.demo_story import BOARD

blueprint = Blueprint("demo", __name__)


class Side(NamedTuple):
    """One of the two frames."""

    name: str
    group: str
    url: str


@blueprint.before_request
def only_in_demo() -> None:
    if not current_app.config["SETTINGS"].demo:
        raise NotFound()


@blueprint.get("/demo")
def seats() -> str:
    """Whom to sit down as."""
    return render_template("demo/seats.html", seats=SEATED, board=BOARD, question=board_as(viewer(), BOARD).board.question)


@blueprint.post("/demo/sit/<name>")
def sit(name: str) -> Response:
    """Sit down as one of them."""
    part = next((part for part in SEATED if part.name.lower() == name), None)
    person = viewer_by_email(part.email) if part else None
    if part is None or person is None:
        raise NotFound()
    sign_in(start_session(person.id, _("the demo")))
    places: dict[str, Any] = {"mira": ("moderation.queue", {})}
    endpoint, arguments = places.get(name, ("pages.board", {"slug": BOARD}))
    return see_other(url_for(endpoint, **arguments))


@blueprint.get("/demo/beside")
def beside() -> str:
    """Two people, each in a frame with a session of their own."""
    names = [name for name in request.args.getlist("who") if name in {part.name.lower() for part in SEATED}][:2]
    left, right = (*names, "cleo", "emil")[:2] if len(names) == 2 else ("cleo", "emil")
    sides = []
    for name, prefix in ((left, ""), (right, PREFIX)):
        part = next(part for part in SEATED if part.name.lower() == name)
        sides.append(Side(part.name, part.group, f"{prefix}/demo/chair/{name}"))
    return render_template("demo/beside.html", sides=sides, seats=SEATED, left=left, right=right)


@blueprint.get("/demo/chair/<name>")
def chair(name: str) -> str:
    """A frame before somebody sits in it: one button, pressed by the script where there is one."""
    part = next((part for part in SEATED if part.name.lower() == name), None)
    if part is None:
        raise NotFound()
    return render_template("demo/chair.html", part=part, sits=viewer().name == part.name, board=BOARD)
