"""Home: what is open for me, and what became of what we said? And all boards."""

import logging
from datetime import datetime
from typing import Any

from flask import Response, current_app, redirect, render_template, url_for

from cocreate.activity.outcomes import outcomes
from cocreate.boards.facts import facts_of
from cocreate.boards.policy import MAKE_BOARD
from cocreate.boards.queries import boards_as
from cocreate.boards.standing import Standing
from cocreate.entrypoints.alike import alike_for_visitors
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import may
from cocreate.moderation.counting_queries import waiting_count
from cocreate.pages.blueprint import blueprint
from cocreate.people.queries import needs_set_up
from cocreate.people.signin_actions import note_visit
from cocreate.people.viewer import Viewer
from cocreate.statements.queries import first_words

log = logging.getLogger(__name__)


@blueprint.get("/")
@alike_for_visitors
def home() -> str | Response:
    """Open boards with what is asked, what changed, what waits; for visitors who we are and the promise."""
    who = viewer()
    boards = boards_as(who)
    if needs_set_up():
        return render_template("pages/set_up.html", boards=_cards([found for found in boards if found.board.is_active]))
    if current_app.config["SETTINGS"].demo and not who.is_authenticated:
        return redirect(url_for("demo.seats"))  # type: ignore[return-value]
    curated = [found for found in boards if found.curates]
    return render_template(
        "pages/home.html",
        boards=_cards([found for found in boards if found.board.is_active]),
        drafts=[found.board for found in boards if found.board.state == "draft"],
        outcomes=outcomes(who, boards),
        since=_last_time(who) if who.is_authenticated else None,
        waiting=waiting_count([found.board.id for found in curated]) if curated else 0,
        promise=first_words(boards),
        may_make=may(MAKE_BOARD, who, None),
    )


def _last_time(who: Viewer) -> datetime | None:
    """When they were here before. That somebody came is worth less than the page they came for."""
    try:
        return note_visit(who)
    except Exception as error:
        log.warning("a visit was not noted: %s", type(error).__name__)
        return None


@blueprint.get("/boards")
@alike_for_visitors
def boards() -> str:
    """Every board the viewer may read, by what is open, drafted and closed."""
    return render_template("pages/boards.html", boards=_cards(boards_as(viewer())), may_make=may(MAKE_BOARD, viewer(), None))


def _cards(found: list[Standing]) -> list[dict[str, Any]]:
    facts = facts_of([each.board.id for each in found], "idea_count", "voice_count")
    return [{"board": each.board, "standing": each, **facts[each.board.id]} for each in found]
