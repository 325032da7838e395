"""What you can expect from us: the adopted texts, who shaped each sentence and whose words are in it."""

from typing import Any

from flask import render_template

from cocreate.boards.policy import MAKE_BOARD
from cocreate.boards.queries import boards_as
from cocreate.boards.standing import BoardFacts
from cocreate.core.ids import Ref
from cocreate.entrypoints.alike import alike_for_visitors
from cocreate.entrypoints.signin import viewer
from cocreate.eventlog.permissions import may
from cocreate.eventlog.rooms import board_room
from cocreate.eventlog.tail import heads
from cocreate.links.evidence import find_quotes
from cocreate.pages.blueprint import blueprint
from cocreate.statements.queries import adopted, statements_among


@blueprint.get("/promise")
@alike_for_visitors
def promise() -> str:
    """The page, for anyone as far as they may read the boards it comes from."""
    return render_template("pages/promise.html", **_parts())


@blueprint.get("/promise/text")
def promise_text() -> str:
    """The texts alone, fetched again when one of them changed."""
    return render_template("pages/_promise.html", **_parts())


def _parts() -> dict[str, Any]:
    who = viewer()
    readable = boards_as(who)
    boards = {found.board.id: found.board for found in readable}
    texts = adopted(who, readable)
    statements = statements_among(list(boards))
    return {
        "texts": texts,
        "quoted": find_quotes(who, list(boards.values()), {ref for text in texts for ref in text.cites}),
        "refs": [Ref("statement", row.id) for row in statements],
        "watched": _watched(boards, [row.board_id for row in statements]),
        "begun": next((row for row in statements if boards[row.board_id].is_active), None),
        "may_make": may(MAKE_BOARD, who, None),
    }


def _watched(boards: dict[int, BoardFacts], ids: list[int]) -> dict[str, int]:
    """The boards whose texts stand here or may come to, each with the last number of its stream."""
    seqs = heads([board_room(id) for id in ids])
    return {boards[id].slug: seqs.get(board_room(id), 0) for id in ids}
