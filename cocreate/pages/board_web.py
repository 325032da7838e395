"""The board's page: what do people propose, and where do we agree?"""

from typing import Any

from flask import render_template, request

from cocreate.boards.queries import board_as
from cocreate.boards.standing import Standing
from cocreate.boards.web import rights as board_rights
from cocreate.commitments.queries import promises_on
from cocreate.core.errors import NotFound
from cocreate.core.fields import read_input
from cocreate.entrypoints.alike import alike_for_visitors
from cocreate.entrypoints.forms import welcomes
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import may
from cocreate.ideas import policy
from cocreate.ideas.finding_queries import listed_idea
from cocreate.ideas.inputs import ListIdeas
from cocreate.ideas.listing_queries import Page, list_ideas, needs_voice
from cocreate.ideas.queries import IdeaView
from cocreate.listening.queries import quotes_on
from cocreate.listening.web import ON_BOARD, say_context
from cocreate.live.presence import here_with
from cocreate.pages.blueprint import blueprint
from cocreate.pages.board_queries import board_numbers, statements_of
from cocreate.people.queries import site

A_PAGE = 20  # ideas
PASSED_OVER = 50  # ideas that are gone round, where one wants another


@blueprint.get("/boards/<slug>")
@alike_for_visitors
def board(slug: str) -> str:
    """The question, people's words, one idea at a time, the ideas, and beside them how this works, what hosts told first and what is promised."""
    found = board_as(viewer(), slug)
    beside = _beside(found)
    asked = _asked(beside["numbers"].sort)
    page = list_ideas(viewer(), found.board, asked)
    plain = not (asked.q or asked.tag or asked.status or asked.cursor)
    return render_template(
        "pages/board.html",
        **beside,
        **_list(page, asked),
        next_one=_next(found, request.args.get("after", type=int)) if plain else None,
        quotes=quotes_on(viewer(), found.board, "", ON_BOARD),
        statements=statements_of(found.board.id),
        **say_context(viewer(), found.board),
    )


def _asked(usual: str) -> ListIdeas:
    """The query of the address; a field that is empty in a form is one that was not asked. Without an order the product's own."""
    values: dict[str, Any] = {name: request.args[name] for name in ("sort", "q", "cursor") if request.args.get(name)}
    values |= {name: [value for value in request.args.getlist(name) if value] for name in ("status", "tag")}
    if "sort" not in values and "cursor" not in values:
        values["sort"] = usual
    return read_input(ListIdeas, {"limit": A_PAGE, **values})


def _list(page: Page, asked: ListIdeas) -> dict[str, Any]:
    return {"ideas": page.items, "sort": page.sort, "next_cursor": page.next_cursor, "asked": asked}


def _next(found: Standing, after: int | None) -> IdeaView | None:
    """The idea that needs this person's voice most; `after` one that they passed over the next, and round again."""
    waiting = needs_voice(viewer(), found.board, 1 if after is None else PASSED_OVER)
    ids = [idea.id for idea in waiting]
    return waiting[(ids.index(after) + 1) % len(ids) if after in ids else 0] if waiting else None


def _beside(found: Standing) -> dict[str, Any]:
    board = found.board
    numbers = board_numbers(board, site().today())
    return {
        "board": board,
        "standing": found,
        "numbers": numbers,
        "charter": numbers.charter,
        "people": numbers.named,
        "late": numbers.late,
        "present": here_with(viewer(), board.id),
        "facts": {"commitments": promises_on([board.id]).get(board.id, [])},
        "rights": {**board_rights(found), **_rights(found)},
    }


def _rights(found: Standing) -> dict[str, bool]:
    """What this viewer may do with ideas here."""
    board = found.board
    return {
        "propose": welcomes(policy.PROPOSE_IDEA, board),
        "paste": may(policy.PASTE_IDEAS, viewer(), board),
        "answer": may(policy.ANSWER_SEVERAL, viewer(), board),
    }


@blueprint.get("/boards/<slug>/list")
@alike_for_visitors
def board_list(slug: str) -> str:
    """The list of ideas alone, fetched when new ones wait behind their button."""
    found = board_as(viewer(), slug)
    asked = _asked("new" if "sort" in request.args else board_numbers(found.board, site().today()).sort)
    return render_template(
        "pages/_list.html", board=found.board, standing=found, rights=_rights(found), **_list(list_ideas(viewer(), found.board, asked), asked)
    )


@blueprint.get("/boards/<slug>/next")
def board_next(slug: str) -> str:
    """The next idea that needs this person's voice."""
    found = board_as(viewer(), slug)
    return render_template("pages/_next.html", board=found.board, next_one=_next(found, request.args.get("after", type=int)))


@blueprint.get("/boards/<slug>/next/<int:idea_id>")
def board_next_one(slug: str, idea_id: int) -> str:
    """The one that stands there, with the voices that came meanwhile; it stays when one's own is in."""
    board, found = board_as(viewer(), slug).board, listed_idea(viewer(), idea_id)
    if found.board.id != board.id:
        raise NotFound()
    return render_template("pages/_next.html", board=board, next_one=found)


@blueprint.get("/boards/<slug>/texts")
def board_texts(slug: str) -> str:
    """The texts that are defined here, as they are now."""
    board = board_as(viewer(), slug).board
    return render_template("pages/_texts.html", board=board, statements=statements_of(board.id))


@blueprint.get("/boards/<slug>/aside")
def board_aside(slug: str) -> str:
    """What stands beside the list: how this works, what hosts told first, what is promised."""
    return render_template("pages/_aside.html", **_beside(board_as(viewer(), slug)))
