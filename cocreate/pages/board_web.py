"""The board's page: what do people propose, and where do we agree?"""

from typing import Any

from flask import render_template, request

from cocreate.boards.facts import facts_of
from cocreate.boards.queries import board_as, charter_of
from cocreate.boards.standing import Standing
from cocreate.boards.web import rights as board_rights
from cocreate.commitments.queries import promises_on
from cocreate.core.fields import read_input
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import may
from cocreate.eventlog.rooms import board_room
from cocreate.eventlog.tail import heads
from cocreate.ideas import policy
from cocreate.ideas.finding_queries import late_counts
from cocreate.ideas.inputs import ListIdeas
from cocreate.ideas.queries import Page, list_ideas, needs_voice
from cocreate.listening.queries import quotes_on
from cocreate.listening.web import say_context
from cocreate.pages.blueprint import blueprint
from cocreate.people.queries import names_of, site
from cocreate.statements.queries import statements_on

QUOTES = 3  # people's words on the board's page; all of them are a click away
NEEDING = 3  # ideas that need this person's voice, on top


@blueprint.get("/boards/<slug>")
def board(slug: str) -> str:
    """The question, people's words, the ideas, and beside them how this works, what hosts told first and what is promised."""
    found = board_as(viewer(), slug)
    asked = _asked()
    plain = not (asked.q or asked.tag or asked.status or asked.cursor or asked.sort)
    page = list_ideas(viewer(), found.board, asked)
    needing = needs_voice(viewer(), found.board, NEEDING + 1) if plain else []
    return render_template("pages/board.html", **_shared(found), **_list(found, page, asked), needing=needing[:NEEDING], more_needing=len(needing) > NEEDING)


def _asked() -> ListIdeas:
    """The query of the address; a field that is empty in a form is one that was not asked."""
    names = ("sort", "q", "cursor")
    values: dict[str, Any] = {name: request.args[name] for name in names if request.args.get(name)}
    values |= {name: [value for value in request.args.getlist(name) if value] for name in ("status", "tag")}
    return read_input(ListIdeas, values)


def _list(found: Standing, page: Page, asked: ListIdeas) -> dict[str, Any]:
    return {"ideas": page.items, "sort": page.sort, "next_cursor": page.next_cursor, "asked": asked}


def _shared(found: Standing) -> dict[str, Any]:
    board, who = found.board, viewer()
    charter = charter_of(board.id)
    people = names_of({*board.hosts, *board.deciders, *([board.context_by] if board.context_by else [])})
    return {
        "board": board,
        "standing": found,
        "charter": charter,
        "people": people,
        "facts": {**facts_of([board.id])[board.id], "commitments": promises_on([board.id]).get(board.id, [])},
        "late": late_counts([board.id], site().today()).get(board.id, 0),
        "quotes": quotes_on(who, board, "", QUOTES),
        "statements": statements_on(board.id),
        "rights": {**board_rights(found), "propose": found.takes_part or not who.is_authenticated, "paste": may(policy.PASTE_IDEAS, who, board)},
        "seq": heads([board_room(board.id)]).get(board_room(board.id), 0),
        **say_context(who, board),
    }


@blueprint.get("/boards/<slug>/list")
def board_list(slug: str) -> str:
    """The list of ideas alone, fetched when new ones wait behind their button."""
    found = board_as(viewer(), slug)
    asked = _asked()
    page = list_ideas(viewer(), found.board, asked)
    return render_template("pages/_list.html", board=found.board, standing=found, **_list(found, page, asked))


@blueprint.get("/boards/<slug>/aside")
def board_aside(slug: str) -> str:
    """What stands beside the list: how this works, what hosts told first, what is promised."""
    return render_template("pages/_aside.html", **_shared(board_as(viewer(), slug)))
