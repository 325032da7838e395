"""Home: what is open for me, and what became of what we said? And all boards."""

import logging
from typing import Any

from flask import Response, current_app, redirect, render_template, url_for

from cocreate.activity.feed import Line, said
from cocreate.boards.facts import facts_of
from cocreate.boards.policy import MAKE_BOARD
from cocreate.boards.queries import boards_as
from cocreate.boards.standing import Standing
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import may
from cocreate.eventlog.rooms import board_room
from cocreate.eventlog.tail import latest_entries
from cocreate.moderation.queries import waiting_count
from cocreate.pages.blueprint import blueprint
from cocreate.people.queries import needs_set_up, previous_visit
from cocreate.people.signin_actions import note_visit
from cocreate.people.viewer import Anyone, Viewer
from cocreate.statements.queries import adopted

log = logging.getLogger(__name__)
NEWS = 6  # lines on Home
CHANGED = ["idea.answered", "amendment.accepted", "statement.adopted", "commitment.done", "board.closed"]


@blueprint.get("/")
def home() -> str | Response:
    """Open boards with what is asked, what changed, what waits; for visitors who we are and the promise."""
    who = viewer()
    boards = boards_as(who)
    if needs_set_up():
        return render_template("pages/set_up.html", boards=_cards([found for found in boards if found.board.is_active]))
    if current_app.config["SETTINGS"].demo and not who.is_authenticated:
        return redirect(url_for("demo.seats"))  # type: ignore[return-value]
    since = None
    if who.is_authenticated:
        _note(who)
        since = previous_visit(who.id)
    curated = [found for found in boards if found.curates]
    return render_template(
        "pages/home.html",
        boards=_cards([found for found in boards if found.board.is_active]),
        drafts=[found.board for found in boards if found.board.state == "draft"],
        news=_news(who, boards),
        since=since,
        waiting=waiting_count(curated) if curated else 0,
        promise=adopted(who, boards, most=1),
        may_make=may(MAKE_BOARD, who, None),
    )


def _note(who: Viewer) -> None:
    """That somebody came is worth less than the page they came for."""
    try:
        note_visit(who)
    except Exception as error:
        log.warning("a visit was not noted: %s", type(error).__name__)


def _news(who: Anyone, boards: list[Standing]) -> list[Line]:
    """The newest things that changed because of what people said, as far as this viewer may read them."""
    entries = latest_entries([board_room(found.board.id) for found in boards], 2 * NEWS, kinds=CHANGED)
    return [line for line in said(who, boards, entries) if line.subject is not None][:NEWS]


@blueprint.get("/boards")
def boards() -> str:
    """Every board the viewer may read, by what is open, drafted and closed."""
    return render_template("pages/boards.html", boards=_cards(boards_as(viewer())), may_make=may(MAKE_BOARD, viewer(), None))


def _cards(found: list[Standing]) -> list[dict[str, Any]]:
    facts = facts_of([each.board.id for each in found])
    return [{"board": each.board, "standing": each, **facts[each.board.id]} for each in found]
