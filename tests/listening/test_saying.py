"""What people do with their own words: say, take back, find, cite; and what hosts do about them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from cocreate.boards.actions import move_board
from cocreate.boards.inputs import MoveBoard
from cocreate.boards.queries import board_facts
from cocreate.core.errors import BadInput, Conflict, NotFound, NotSignedIn, Refused
from cocreate.core.ids import Ref
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.eventlog.subjects import find_subjects
from cocreate.eventlog.tail import latest_entries
from cocreate.listening.actions import give_response, return_response, withdraw_response
from cocreate.listening.curation_actions import hide_response, show_response
from cocreate.listening.inputs import ListResponses, NewResponse
from cocreate.listening.queries import citable, list_responses, quotes_on, responses_by, said_as, say_as
from cocreate.people.viewer import Anyone
from tests.cast import Cast
from tests.stage import open_board

OneEvent = Callable[..., AbstractContextManager[None]]
LINKS = "see https://one.example and https://two.example"


def say(actor: Any, board: int, body: str, named: bool = False) -> int:
    return give_response(actor, board, NewResponse(body=body, named=named))


def read_by(viewer: Anyone, board: int) -> list[tuple[str, str | None]]:
    """What this viewer reads: (words, name)."""
    page = list_responses(viewer, board_facts(board), ListResponses())
    return [(response.body, response.name) for response in page.items]


@pytest.fixture
def board(cast: Cast) -> int:
    return open_board("why", cast.mona, kind="brand", read_public=True)


def test_words_are_there_for_everybody_newest_first(cast: Cast, board: int, one_event: OneEvent) -> None:
    with one_event("response.given"):
        say(cast.cleo, board, "they remember my bike")
    with one_event("response.given"):
        made = say(cast.emil, board, "nobody hurries me", named=True)
    for viewer in (cast.mona, cast.cleo, cast.piet, cast.mira, cast.visitor):
        assert read_by(viewer, board) == [("nobody hurries me", "Emil"), ("they remember my bike", None)]
    named, unnamed = latest_entries([board_room(board)], 2)
    assert (named.actor_id, named.subject, named.data) == (cast.emil.id, Ref("response", made), {})
    assert (unnamed.actor_id, unnamed.data) == (None, {})


def test_taken_back_words_go_and_undo_brings_them_back(cast: Cast, board: int, one_event: OneEvent) -> None:
    made = say(cast.cleo, board, "too much")
    for other in (cast.emil, cast.mira, cast.mona):
        with pytest.raises(Refused):
            withdraw_response(other, made)
    with one_event("response.withdrawn"):
        withdraw_response(cast.cleo, made)
    with one_event():
        withdraw_response(cast.cleo, made)
    assert read_by(cast.mira, board) == []
    assert find_subjects(cast.emil, [Ref("response", made)])[Ref("response", made)].label == ""
    assert [(own.body, own.state) for own in responses_by(cast.cleo.id)] == [("too much", "withdrawn")]
    with one_event("response.returned"):
        return_response(cast.cleo, made)
    with one_event():
        return_response(cast.cleo, made)
    assert read_by(cast.emil, board) == [("too much", None)]


def test_what_is_held_waits(cast: Cast, board: int, one_event: OneEvent) -> None:
    with one_event("response.held"):
        held = say(cast.cleo, board, LINKS)
    assert read_by(cast.emil, board) == read_by(cast.mona, board) == read_by(cast.cleo, board) == []
    with pytest.raises(NotFound):
        said_as(cast.emil, held)
    assert latest_entries([STAFF], 1)[0].data == {"board": board, "why": "links"}
    withdraw_response(cast.cleo, held)
    return_response(cast.cleo, held)
    assert read_by(cast.emil, board) == []
    with pytest.raises(Refused):
        show_response(cast.emil, held)
    with one_event("response.given"):
        show_response(cast.mona, held)
    assert read_by(cast.emil, board) == [(LINKS, None)]
    assert latest_entries([board_room(board)], 1)[0].actor_id is None


def test_named_words_appear_by_their_author_when_shown_at_last(cast: Cast, board: int) -> None:
    held = say(cast.cleo, board, LINKS, named=True)
    show_response(cast.mona, held)
    assert latest_entries([board_room(board)], 1)[0].actor_id == cast.cleo.id


def test_a_first_contribution_is_held_and_the_next_is_not_though_nobody_knows_whose_it_was(cast: Cast, one_event: OneEvent) -> None:
    careful = open_board("careful", cast.mona, hold_first=True)
    first = say(cast.cleo, careful, "hello")
    assert read_by(cast.emil, careful) == []
    show_response(cast.mona, first)
    with one_event("response.given"):
        say(cast.cleo, careful, "hello again")
    with one_event("response.held"):
        say(cast.otto, careful, "and me")


def test_hidden_words_are_out_of_sight(cast: Cast, board: int, one_event: OneEvent) -> None:
    made = say(cast.cleo, board, "rude")
    with pytest.raises(Refused):
        hide_response(cast.emil, made)
    with one_event("response.hidden"):
        hide_response(cast.mira, made)
    with one_event():
        hide_response(cast.mira, made)
    assert read_by(cast.piet, board) == []
    assert citable(cast.emil, [board_facts(board)], {made}) == {}
    for refused in (withdraw_response, return_response):
        with pytest.raises(Conflict):
            refused(cast.cleo, made)
    with one_event("response.shown"):
        show_response(cast.mona, made)
    withdraw_response(cast.cleo, made)
    for refused in (show_response, hide_response):
        with pytest.raises(Conflict):
            refused(cast.mira, made)


def test_nothing_is_said_on_a_board_that_is_decided_or_closed(cast: Cast, board: int) -> None:
    made = say(cast.cleo, board, "in time")
    for state in ("deciding", "closed"):
        move_board(cast.mona, board, MoveBoard(state=state))
        with pytest.raises(Conflict):
            say(cast.cleo, board, "late")
        assert not say_as(cast.cleo, board_facts(board)).may
    with pytest.raises(Conflict):
        withdraw_response(cast.cleo, made)
    assert read_by(cast.cleo, board) == [("in time", None)]


def test_who_only_reads_does_not_speak_and_a_visitor_signs_in(cast: Cast, board: int) -> None:
    inner = open_board("inner", cast.mona, groups=("management", "employee"), read_groups=["customer"], part_groups=["management", "employee"])
    with pytest.raises(Refused):
        say(cast.cleo, inner, "may I?")
    with pytest.raises(NotSignedIn):
        say(cast.visitor, board, "may I?")
    asked = say_as(cast.visitor, board_facts(board))
    assert (asked.may, asked.group_shown) == (True, None)


def test_otto_hears_nothing_of_a_board_that_is_not_his(cast: Cast) -> None:
    inside = open_board("inside", cast.mona, groups=("management", "employee"))
    made = say(cast.emil, inside, "among us")
    with pytest.raises(NotFound):
        say(cast.otto, inside, "hello")
    with pytest.raises(NotFound):
        said_as(cast.otto, made)
    assert citable(cast.otto, [board_facts(inside)], {made}) == {}
    assert find_subjects(cast.otto, [Ref("response", made)]) == {}
    assert list(find_subjects(cast.emil, [Ref("response", made)])) == [Ref("response", made)]


def test_quotes_are_found_by_their_words(cast: Cast, board: int) -> None:
    facts = board_facts(board)
    other = open_board("other", cast.mona)
    one, two = say(cast.cleo, board, "Das Café um die Ecke"), say(cast.emil, board, "my cafe, your coffee")
    say(cast.cleo, other, "a cafe elsewhere")
    hidden = say(cast.piet, board, "cafe, rudely")
    hide_response(cast.mona, hidden)
    assert [quote.id for quote in quotes_on(cast.piet, facts, "caf", 10)] == [two, one]
    assert [quote.id for quote in quotes_on(cast.piet, facts, "ECK café", 10)] == [one]
    assert [quote.id for quote in quotes_on(cast.piet, facts, "cafe", 1)] == [two]
    assert [quote.id for quote in quotes_on(cast.piet, facts, "", 10)] == [two, one]
    assert quotes_on(cast.piet, facts, "%_!", 10) == []


def test_only_words_of_this_board_can_be_cited(cast: Cast, board: int) -> None:
    here, there = say(cast.cleo, board, "here"), say(cast.cleo, open_board("other", cast.mona), "there")
    assert set(citable(cast.emil, [board_facts(board)], {here, there, 4711})) == {here}


def test_pages_of_words_leave_nothing_out(cast: Cast, board: int) -> None:
    made = [say(cast.cleo, board, f"line {number}") for number in range(5)]
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = list_responses(cast.emil, board_facts(board), ListResponses(limit=2, cursor=cursor))
        found += [response.id for response in page.items]
        cursor = page.next_cursor
        say(cast.piet, board, "meanwhile")
    assert found == made[::-1]
    with pytest.raises(BadInput):
        list_responses(cast.emil, board_facts(board), ListResponses(cursor="nonsense"))


def test_ones_own_words_are_listed_for_oneself(cast: Cast, board: int, query_count: Any) -> None:
    say(cast.cleo, board, "first")
    say(cast.otto, board, "not hers")
    say(cast.cleo, open_board("inner", cast.mona, groups=("customer",)), "second", named=True)
    with query_count() as statements:
        own = responses_by(cast.cleo.id)
    assert [(each.body, each.named, each.board.slug) for each in own] == [("second", True, "inner"), ("first", False, "why")]
    assert len(statements) == 2


def test_a_list_is_a_fixed_number_of_statements(cast: Cast, board: int, query_count: Any) -> None:
    facts = board_facts(board)
    for number in range(4):
        say(cast.cleo, board, f"line {number}", named=number % 2 == 0)
    with query_count() as statements:
        list_responses(cast.emil, facts, ListResponses())
    assert len(statements) <= 2
