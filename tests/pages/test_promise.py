"""What you can expect from us: what stands there, who is named, whose words are in it, and who may read it."""

from typing import Any

import pytest
from sqlalchemy import select

from cocreate.boards.actions import make_board, move_board
from cocreate.boards.inputs import MoveBoard, NewBoard
from cocreate.core.db import db
from cocreate.listening.actions import give_response, withdraw_response
from cocreate.listening.inputs import NewResponse
from cocreate.statements.actions import accept_amendment, adopt_statement, reopen_amendment, reword_statement, suggest_amendment
from cocreate.statements.inputs import Decision, NewAmendment, NewText, Reason
from cocreate.statements.models import Statement

DAY, BETTER, WORDS = "We tell you a day and keep it.", "If that day moves, you hear it from us first.", "Not hearing is what loses us."


def open_board(cast: Any, **more: Any) -> tuple[int, int]:
    """(board, statement) of a brand board that Mona hosts."""
    board_id = make_board(cast.ada, NewBoard(kind="brand", slug="promise", context="We start.", hosts=["mona@example.org"], **more))
    move_board(cast.mona, board_id, MoveBoard(state="open"))
    statement_id = db.session.scalars(select(Statement.id).where(Statement.board_id == board_id)).one()
    reword_statement(cast.mona, statement_id, NewText(text=f"You reach a person. {DAY}"))
    return board_id, statement_id


def seen_by(client: Any, address: str = "/promise") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.text)


def test_an_empty_page_teaches(cast: Any, client_of: Any) -> None:
    assert "/boards/new?kind=brand" in seen_by(client_of(cast.emil))
    visitor = client_of(cast.visitor).get("/promise")
    assert "Nothing is signed yet" in visitor.text
    assert "Set-Cookie" not in visitor.headers
    assert "csrf" not in visitor.text


def test_what_is_worked_on_is_shown_the_way_to(cast: Any, client_of: Any) -> None:
    _board_id, statement_id = open_board(cast)
    assert f"/statements/{statement_id}" in seen_by(client_of(cast.cleo))


@pytest.mark.parametrize("credit", [True, False])
def test_customers_words_end_on_the_page(cast: Any, client_of: Any, credit: bool) -> None:
    """Cleo says it, Emil writes it, Mona signs it, everybody reads it; Emil is named if he agreed, Cleo never, as she gave her words unnamed."""
    board_id, statement_id = open_board(cast, read_public=True)
    said = give_response(cast.cleo, board_id, NewResponse(body=WORDS))
    made = suggest_amendment(
        cast.emil, statement_id, NewAmendment(before=DAY, after=BETTER, reason="Silence hurts.", credit=credit, cites=[f"response:{said}"])
    )
    accept_amendment(cast.mona, made, Decision(reason="We hear you.", adopt=True))
    for person in (cast.visitor, cast.cleo, cast.piet):
        page = seen_by(client_of(person))
        for words in (BETTER, WORDS, "We hear you.", "Mona", "You reach a person."):
            assert words in page
        assert DAY not in page
        assert ("Emil" in page) == credit
        assert ("Suggested by an employee." in page) != credit
    assert "Cleo" not in seen_by(client_of(cast.piet))
    reopen_amendment(cast.mona, made)
    assert BETTER not in seen_by(client_of(cast.piet))


def test_words_taken_back_leave_the_page(cast: Any, client_of: Any) -> None:
    board_id, statement_id = open_board(cast)
    said = give_response(cast.cleo, board_id, NewResponse(body=WORDS))
    made = suggest_amendment(cast.emil, statement_id, NewAmendment(before=DAY, after=BETTER, reason="Why.", cites=[f"response:{said}"]))
    accept_amendment(cast.mona, made, Decision(reason="Yes.", adopt=True))
    assert WORDS in seen_by(client_of(cast.piet))
    withdraw_response(cast.cleo, said)
    assert WORDS not in seen_by(client_of(cast.piet))


def test_the_outsider_reads_no_promise_of_a_board_that_is_not_his(cast: Any, client_of: Any) -> None:
    _board_id, statement_id = open_board(cast, groups=["management", "employee"])
    adopt_statement(cast.mona, statement_id, Reason(reason="Among us."))
    assert DAY in seen_by(client_of(cast.emil))
    for outsider in (cast.otto, cast.visitor):
        assert client_of(outsider).get("/boards/promise").status_code == 404
        for address in ("/promise", "/promise/text"):
            page = seen_by(client_of(outsider), address)
            assert DAY not in page
            assert "promise" not in page.partition("data-live-board")[2][:30]


def test_hostile_words_lie_still(cast: Any, client_of: Any) -> None:
    board_id, statement_id = open_board(cast)
    hostile = "<img src=x onerror=__x()></article><script>__x()</script>"
    said = give_response(cast.cleo, board_id, NewResponse(body=hostile))
    given = NewAmendment(before=DAY, after=hostile, reason=hostile, credit=True, cites=[f"response:{said}"])
    accept_amendment(cast.mona, suggest_amendment(cast.emil, statement_id, given), Decision(reason=hostile, adopt=True))
    page = seen_by(client_of(cast.piet))
    assert page.count("&lt;img src=x") >= 3
    assert "<img src=x" not in page
    assert "<script>__x" not in page


def test_the_page_is_watched_live(cast: Any, client_of: Any) -> None:
    _board_id, statement_id = open_board(cast)
    page = seen_by(client_of(cast.cleo))
    assert 'data-live-board="promise"' in page
    assert f'data-refs="statement:{statement_id}"' in page
    assert seen_by(client_of(cast.cleo), "/promise/text").lstrip().startswith('<div class="promise-page" id="promise"')
