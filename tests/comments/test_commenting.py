"""What people do to comments: post, answer, edit, take back; each once, and told to whom it concerns."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import select

from cocreate.boards.actions import move_board
from cocreate.boards.inputs import MoveBoard
from cocreate.comments.actions import edit_comment, post_comment, return_comment, withdraw_comment
from cocreate.comments.curation_actions import hide_comment, show_comment
from cocreate.comments.inputs import EditComment, NewComment
from cocreate.comments.queries import Thread, comment_as, thing_as, thread_of
from cocreate.core.db import db
from cocreate.core.errors import BadInput, Conflict, NotFound, NotSignedIn, Refused
from cocreate.core.ids import Ref
from cocreate.eventlog.models import Event
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.eventlog.subjects import find_subjects
from cocreate.eventlog.tail import latest_entries
from cocreate.ideas.actions import withdraw_idea
from cocreate.ideas.curation_actions import hide_idea, merge_idea
from cocreate.ideas.queries import idea_as
from cocreate.people.viewer import Anyone
from tests.cast import Cast
from tests.stage import open_board, propose

OneEvent = Callable[..., AbstractContextManager[None]]
LINKS = "See https://one.example and https://two.example"


def thread_about(viewer: Anyone, idea: int, before: int | None = None) -> Thread:
    return thread_of(viewer, thing_as(viewer, Ref("idea", idea)), before)


def post(actor: Any, idea: int, body: str, reply_to: int | None = None) -> int:
    return post_comment(actor, Ref("idea", idea), NewComment(body=body, reply_to=reply_to), f"<p>{body}</p>")


def edit(actor: Any, comment: int, body: str) -> None:
    edit_comment(actor, comment, EditComment(body=body), f"<p>{body}</p>")


def seen_by(viewer: Anyone, idea: int) -> list[Any]:
    """The thread as nested (body, state, replies)."""

    def told(comments: Any) -> list[Any]:
        return [(comment.body, comment.state, told(comment.replies)) for comment in comments]

    return told(thread_about(viewer, idea).items)


@pytest.fixture
def board(cast: Cast) -> int:
    return open_board("talk", cast.mona)


@pytest.fixture
def idea(cast: Cast, board: int) -> int:
    return propose(cast.cleo, board, "Tell us the truth")


def count_of(cast: Cast, idea: int) -> int:
    return idea_as(cast.ada, idea).comment_count


def test_a_comment_is_there_for_everybody_and_counts(cast: Cast, board: int, idea: int, one_event: OneEvent) -> None:
    version = idea_as(cast.ada, idea).tally.version
    with one_event("comment.posted"):
        made = post(cast.emil, idea, "We know the day before")
    for viewer in (cast.mona, cast.cleo, cast.piet, cast.mira):
        assert seen_by(viewer, idea) == [("We know the day before", "shown", [])]
    assert count_of(cast, idea) == 1
    assert idea_as(cast.ada, idea).tally.version > version
    told = latest_entries([board_room(board)], 1)[0]
    assert (told.actor_id, told.subject, told.data) == (cast.emil.id, Ref("comment", made), {"about": f"idea:{idea}", "reply_to": None})


def test_answers_hang_one_level_deep(cast: Cast, idea: int) -> None:
    top = post(cast.emil, idea, "One")
    reply = post(cast.cleo, idea, "Two", reply_to=top)
    post(cast.piet, idea, "Three", reply_to=reply)
    post(cast.mona, idea, "Four")
    assert seen_by(cast.emil, idea) == [("One", "shown", [("Two", "shown", []), ("Three", "shown", [])]), ("Four", "shown", [])]


def test_an_answer_to_nothing_is_bad_input(cast: Cast, board: int, idea: int) -> None:
    elsewhere = post(cast.emil, propose(cast.emil, board, "Another"), "There")
    gone = post(cast.emil, idea, "Gone")
    withdraw_comment(cast.emil, gone)
    for target in (elsewhere, gone, 99999):
        with pytest.raises(BadInput) as caught:
            post(cast.cleo, idea, "Yes", reply_to=target)
        assert list(caught.value.errors) == ["reply_to"]


def test_editing_shows_that_it_was_changed(cast: Cast, idea: int, one_event: OneEvent) -> None:
    made = post(cast.emil, idea, "Frist")
    with one_event():
        edit(cast.emil, made, "Frist")
    with one_event("comment.edited"):
        edit(cast.emil, made, "First")
    [comment] = thread_about(cast.cleo, idea).items
    assert (comment.body, comment.body_html, comment.edited_at is not None) == ("First", "<p>First</p>", True)
    with pytest.raises(Refused):
        edit(cast.cleo, made, "Mine now")
    with pytest.raises(Refused):
        edit(cast.mira, made, "Moderated")


def test_links_are_not_slipped_in_by_editing(cast: Cast, idea: int) -> None:
    made = post(cast.cleo, idea, "Plain")
    with pytest.raises(BadInput):
        edit(cast.cleo, made, LINKS)
    edit(cast.cleo, made, "See https://one.example")
    looked_at = post(cast.cleo, idea, LINKS)
    show_comment(cast.mira, looked_at)
    edit(cast.cleo, looked_at, f"{LINKS}, both")
    with pytest.raises(BadInput):
        edit(cast.cleo, looked_at, "See https://one.example and https://evil.example")


def test_taken_back_its_words_go_and_undo_brings_them_back(cast: Cast, idea: int, one_event: OneEvent) -> None:
    made = post(cast.emil, idea, "I said too much")
    with pytest.raises(Refused):
        withdraw_comment(cast.cleo, made)
    with one_event("comment.withdrawn"):
        withdraw_comment(cast.emil, made)
    with one_event():
        withdraw_comment(cast.emil, made)
    assert (seen_by(cast.cleo, idea), seen_by(cast.emil, idea), count_of(cast, idea)) == ([], [], 0)
    assert seen_by(cast.mira, idea) == [("I said too much", "withdrawn", [])]
    assert find_subjects(cast.cleo, [Ref("comment", made)])[Ref("comment", made)].label == ""
    with pytest.raises(Conflict):
        edit(cast.emil, made, "Other words")
    with one_event("comment.returned"):
        return_comment(cast.emil, made)
    with one_event():
        return_comment(cast.emil, made)
    assert (seen_by(cast.cleo, idea), count_of(cast, idea)) == ([("I said too much", "shown", [])], 1)


def test_its_place_stays_while_answers_hang_on_it(cast: Cast, idea: int) -> None:
    top = post(cast.emil, idea, "Secret")
    reply = post(cast.cleo, idea, "Thank you", reply_to=top)
    withdraw_comment(cast.emil, top)
    assert seen_by(cast.piet, idea) == [("", "withdrawn", [("Thank you", "shown", [])])]
    assert seen_by(cast.mira, idea) == [("Secret", "withdrawn", [("Thank you", "shown", [])])]
    assert count_of(cast, idea) == 1
    withdraw_comment(cast.cleo, reply)
    assert seen_by(cast.piet, idea) == []


def test_what_is_held_waits_for_its_author_and_who_curates(cast: Cast, board: int, idea: int, one_event: OneEvent) -> None:
    with one_event("comment.held"):
        held = post(cast.cleo, idea, LINKS)
    assert (seen_by(cast.emil, idea), count_of(cast, idea)) == ([], 0)
    assert seen_by(cast.cleo, idea) == seen_by(cast.mona, idea) == seen_by(cast.mira, idea) == [(LINKS, "held", [])]
    assert all(entry.subject != Ref("comment", held) for entry in latest_entries([board_room(board)], 50))
    with pytest.raises(NotFound):
        comment_as(cast.emil, held)
    with pytest.raises(BadInput):
        post(cast.emil, idea, "Reply", reply_to=held)
    with pytest.raises(Refused):
        show_comment(cast.emil, held)
    with one_event("comment.posted"):
        show_comment(cast.mona, held)
    assert (seen_by(cast.emil, idea), count_of(cast, idea)) == ([(LINKS, "shown", [])], 1)
    assert latest_entries([board_room(board)], 1)[0].actor_id == cast.cleo.id


def test_taking_back_and_returning_is_no_way_around_being_looked_at(cast: Cast, board: int, idea: int, one_event: OneEvent) -> None:
    held = post(cast.cleo, idea, LINKS)
    withdraw_comment(cast.cleo, held)
    return_comment(cast.cleo, held)
    assert seen_by(cast.emil, idea) == []
    show_comment(cast.mona, held)
    withdraw_comment(cast.cleo, held)
    with one_event("comment.returned"):
        return_comment(cast.cleo, held)
    assert seen_by(cast.emil, idea) == [(LINKS, "shown", [])]


def test_a_first_contribution_is_held_where_the_board_asks(cast: Cast, one_event: OneEvent) -> None:
    careful = open_board("careful", cast.mona, hold_first=True)
    idea = propose(cast.mona, careful, "By the host")
    with one_event("comment.held"):
        first = post(cast.cleo, idea, "Hello")
    show_comment(cast.mona, first)
    with one_event("comment.posted"):
        post(cast.cleo, idea, "Hello again")


def test_hidden_is_out_of_sight_and_its_author_cannot_bring_it_back(cast: Cast, idea: int, one_event: OneEvent) -> None:
    made = post(cast.cleo, idea, "Rude")
    post(cast.emil, idea, "No", reply_to=made)
    with pytest.raises(Refused):
        hide_comment(cast.emil, made)
    with one_event("comment.hidden"):
        hide_comment(cast.mira, made)
    with one_event():
        hide_comment(cast.mira, made)
    assert seen_by(cast.piet, idea) == [("", "hidden", [("No", "shown", [])])]
    assert seen_by(cast.mona, idea)[0][0] == "Rude"
    assert count_of(cast, idea) == 1
    for refused in (withdraw_comment, return_comment):
        with pytest.raises(Conflict):
            refused(cast.cleo, made)
    with one_event("comment.shown"):
        show_comment(cast.mona, made)
    assert count_of(cast, idea) == 2


def test_what_was_taken_back_is_not_shown_or_hidden_by_others(cast: Cast, idea: int) -> None:
    made = post(cast.cleo, idea, "Mine")
    withdraw_comment(cast.cleo, made)
    for refused in (show_comment, hide_comment):
        with pytest.raises(Conflict):
            refused(cast.mira, made)


def test_discussing_goes_on_while_deciding_and_ends_with_the_board(cast: Cast, board: int, idea: int) -> None:
    made = post(cast.emil, idea, "Open")
    move_board(cast.mona, board, MoveBoard(state="deciding"))
    post(cast.cleo, idea, "Deciding")
    move_board(cast.mona, board, MoveBoard(state="closed"))
    for late in (
        lambda: post(cast.cleo, idea, "Closed"),
        lambda: post(cast.mona, idea, "Closed, host"),
        lambda: edit(cast.emil, made, "Changed"),
        lambda: withdraw_comment(cast.emil, made),
    ):
        with pytest.raises(Conflict):
            late()
    thread = thread_about(cast.cleo, idea)
    assert (thread.may_comment, "closed" in thread.refusal) == (False, True)


def test_nothing_is_added_to_what_is_settled(cast: Cast, board: int, idea: int) -> None:
    other = propose(cast.emil, board, "The same")
    merge_idea(cast.mona, other, idea)
    withdraw_idea(cast.cleo, idea)
    for settled in (other, idea):
        with pytest.raises(Conflict):
            post(cast.emil, settled, "Too late")


def test_on_a_hidden_idea_nobody_hears_of_comments(cast: Cast, board: int, idea: int, one_event: OneEvent) -> None:
    made = post(cast.emil, idea, "Before")
    hide_idea(cast.mona, idea)
    with pytest.raises(NotFound):
        post(cast.emil, idea, "After")
    with pytest.raises(Conflict):
        post(cast.cleo, idea, "By its author")
    assert find_subjects(cast.emil, [Ref("comment", made)]) == {}
    with one_event("comment.hidden"):
        hide_comment(cast.mona, made)
    assert latest_entries([STAFF], 1)[0].kind == "comment.hidden"


def test_who_only_reads_does_not_comment(cast: Cast) -> None:
    board = open_board("inner", cast.mona, groups=("management", "employee"), read_groups=["customer"], part_groups=["management", "employee"])
    idea = propose(cast.emil, board, "Among us")
    assert seen_by(cast.cleo, idea) == []
    with pytest.raises(Refused):
        post(cast.cleo, idea, "May I?")
    assert "Your group reads here" in thread_about(cast.cleo, idea).refusal


def test_otto_finds_nothing_on_a_board_that_is_not_his(cast: Cast) -> None:
    board = open_board("inside", cast.mona, groups=("management", "employee"))
    idea = propose(cast.emil, board, "Among us")
    made = post(cast.mona, idea, "Inside")
    with pytest.raises(NotFound):
        idea_as(cast.otto, idea)
    for outside in (
        lambda: post(cast.otto, idea, "Hello"),
        lambda: thread_about(cast.otto, idea),
        lambda: comment_as(cast.otto, made),
        lambda: edit(cast.otto, made, "Hello"),
        lambda: hide_comment(cast.otto, made),
        lambda: thread_about(cast.visitor, idea),
    ):
        with pytest.raises(NotFound):
            outside()
    assert find_subjects(cast.otto, [Ref("comment", made)]) == {}


def test_a_visitor_reads_and_is_asked_to_sign_in(cast: Cast) -> None:
    board = open_board("street", cast.mona, read_public=True)
    idea = propose(cast.emil, board, "For all")
    post(cast.emil, idea, "Hello")
    thread = thread_about(cast.visitor, idea)
    assert ([comment.body for comment in thread.items], thread.may_comment) == (["Hello"], True)
    with pytest.raises(NotSignedIn):
        post(cast.visitor, idea, "Hello")


def test_a_thread_is_one_statement_however_long(cast: Cast, idea: int, query_count: Any) -> None:
    for number in range(3):
        top = post(cast.emil, idea, f"Top {number}")
        post(cast.cleo, idea, f"Reply {number}", reply_to=top)
    with query_count() as statements:
        thread = thread_about(cast.piet, idea)
    assert [comment.author and comment.author["name"] for comment in thread.items] == ["Emil"] * 3
    assert len([statement for statement in statements if "FROM comments" in statement]) == 1
    assert len(statements) <= 3  # with the idea and its board, which say who may


def test_a_long_discussion_begins_with_its_end(cast: Cast, idea: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cocreate.comments.queries.MOST_THREADS", 2)
    tops = [post(cast.emil, idea, f"Top {number}") for number in range(3)]
    post(cast.cleo, idea, "Reply to the first", reply_to=tops[0])
    thread = thread_about(cast.piet, idea)
    assert ([comment.body for comment in thread.items], thread.before) == (["Top 1", "Top 2"], tops[1])
    earlier = thread_about(cast.piet, idea, before=thread.before)
    assert ([comment.body for comment in earlier.items], earlier.before) == (["Top 0"], None)
    assert [reply.body for reply in earlier.items[0].replies] == ["Reply to the first"]


def test_no_words_in_the_log(cast: Cast, idea: int) -> None:
    made = post(cast.emil, idea, "Unmistakable")
    edit(cast.emil, made, "Unmistakable too")
    assert not any("Unmistakable" in data for data in db.session.scalars(select(Event.data)))
