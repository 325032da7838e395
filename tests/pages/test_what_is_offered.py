"""What a board's pages offer whom: a form is there for who may use it, and for visitors who may once they signed in."""

from typing import Any

import pytest
from flask import Flask

from cocreate.boards.actions import make_board, move_board
from cocreate.boards.inputs import MoveBoard, NewBoard
from cocreate.people.viewer import Organisation
from tests.cast import Cast
from tests.stage import open_board, propose


def moved(board_id: int, state: Any) -> None:
    move_board(Organisation(), board_id, MoveBoard(state=state, reason="Enough was said."))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_visitors_are_not_sent_to_sign_in_for_nothing(app: Flask, cast: Cast, client_of: Any) -> None:
    board_id = open_board("asked", cast.mona, read_public=True, kind="brand")
    idea = propose(cast.emil, board_id, "Ring twice")
    visitor = client_of(cast.visitor)
    board, thing = "/boards/asked", f"/ideas/{idea}"
    writing = (f"{board}/ideas/new", f"{board}/words/new", "/statements/1/changes/new?sentence=0")
    weighing = (f"/comments/idea:{idea}/new", f"/stances/idea:{idea}")
    offered = {board: writing[:2], thing: weighing, "/statements/1": ("/statements/1/changes/new",)}

    def found() -> set[str]:
        return {address for page, addresses in offered.items() for address in addresses if f'"{address}' in visitor.get(page).text}

    assert found() == {*writing[:2], *weighing, "/statements/1/changes/new"}
    assert {visitor.get(address).status_code for address in (*writing, *weighing)} == {200}
    moved(board_id, "deciding")
    assert found() == set(weighing)
    assert [visitor.get(address).status_code for address in (*writing, *weighing)] == [409, 409, 409, 200, 200]
    moved(board_id, "closed")
    assert found() == set()
    assert {visitor.get(address).status_code for address in (*writing, *weighing)} == {409}
    assert visitor.post(weighing[0], data={"body": "Still?"}).status_code == 409


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_hosts_answer_several_also_after_the_board_closed(app: Flask, cast: Cast, client_of: Any) -> None:
    board_id = open_board("late", cast.mona)
    ideas = [propose(cast.emil, board_id, title) for title in ("One", "Two")]
    host, form = client_of(cast.mona), "/boards/late/answers"
    for state in ("deciding", "closed"):
        moved(board_id, state)
        assert f'href="{form}"' in host.get("/boards/late").text
        assert f'href="{form}"' not in client_of(cast.emil).get("/boards/late").text
        assert "Two" in host.get(form).text
        assert client_of(cast.mira).get(form).status_code == 403
    sent = host.post(form, data={"ideas": ideas, "status": "done", "body": "Both are there."})
    assert (sent.status_code, "Both are there." in host.get(f"/ideas/{ideas[1]}").text) == (303, True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_bars_mean_is_said_where_boards_link_to(app: Flask, cast: Cast, client_of: Any) -> None:
    idea = propose(cast.emil, open_board("asked", cast.mona, read_public=True), "Ring twice")
    visitor = client_of(cast.visitor)
    assert 'href="/why#bars"' in visitor.get("/boards/asked").text, idea
    said = visitor.get("/why").text.partition('id="bars"')[2].partition("</section>")[0]
    for words in (
        "pale is not sure",
        "hatched is disagree",
        "from three voices",
        "where all of a group think alike",
        "Safe dissent",
        'class="track"',
        "4 of 10",
    ):
        assert words in said


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_board_is_headed_by_its_question_and_has_one_name(app: Flask, cast: Cast, client_of: Any) -> None:
    """The list says both, so that the name on every way back is known; a board without a name of its own is called by its question, once."""
    open_board("asked", cast.mona, read_public=True)
    make_board(cast.mona, NewBoard(kind="brand", question="What keeps you?", context="First.", read_public=True), opened=True)
    listed = client_of(cast.visitor).get("/boards").text
    assert "· Board asked" in listed
    assert listed.count("What keeps you?") == 1
