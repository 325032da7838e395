"""Actions of curation: what is held, reported, shown, hidden, joined; and that undoing brings back exactly what was."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from cocreate.boards.policy import curating
from cocreate.boards.queries import board_facts
from cocreate.core.errors import Conflict, NotFound, Refused
from cocreate.core.ids import Ref
from cocreate.eventlog.tail import latest_entries
from cocreate.ideas.curation_actions import hide_idea, hold_idea, merge_idea, show_idea, unmerge_idea
from cocreate.ideas.queries import idea_as
from cocreate.moderation.actions import let_stand, report_thing, wait_again
from cocreate.moderation.inputs import NewReport
from cocreate.moderation.queries import Waiting, curated_boards, queue
from cocreate.people.viewer import Viewer
from tests.cast import Cast
from tests.conftest import MovedClock
from tests.stage import open_board, propose, rows_of, weigh

OneEvent = Callable[..., AbstractContextManager[None]]
LINKS = "Look at https://one.example and https://two.example"


def waiting_for(viewer: Viewer) -> list[Waiting]:
    return queue(viewer, curated_boards(viewer)).items


def test_what_is_held_waits_until_somebody_shows_it(cast: Cast, one_event: OneEvent) -> None:
    board = open_board("fast", cast.mona)
    with one_event("idea.held"):
        held = propose(cast.cleo, board, "Buy here", LINKS)
    [row] = waiting_for(cast.mira)
    assert (row.ref, row.held, row.reports) == (Ref("idea", held), "links", 0)
    assert row.thing is not None
    assert row.thing.text == LINKS
    with one_event("idea.proposed"):
        show_idea(cast.mira, held)
    assert waiting_for(cast.mira) == []
    assert idea_as(cast.emil, held).state == "shown"
    with one_event():
        show_idea(cast.mira, held)


def test_a_first_contribution_is_held_where_the_board_asks_and_the_next_is_not(cast: Cast, one_event: OneEvent) -> None:
    board = open_board("careful", cast.mona, hold_first=True)
    first = propose(cast.cleo, board, "My first idea")
    assert [(row.ref.id, row.held) for row in waiting_for(cast.mona)] == [(first, "first")]
    show_idea(cast.mona, first)
    hold_idea(cast.mona, first)
    with one_event("idea.held"):  # a showing that was undone shows nothing
        propose(cast.cleo, board, "Not yet my second")
    show_idea(cast.mona, first)
    with one_event("idea.proposed"):
        propose(cast.cleo, board, "My second idea")


def test_undoing_a_hide_of_what_was_held_lets_it_wait_again_unseen(cast: Cast, one_event: OneEvent) -> None:
    board = open_board("fast", cast.mona)
    held = propose(cast.cleo, board, "Buy here", LINKS)
    before = waiting_for(cast.mona)
    hide_idea(cast.mona, held)
    assert waiting_for(cast.mona) == []
    with one_event("idea.held_again"):
        hold_idea(cast.mona, held)
    [row] = waiting_for(cast.mona)
    assert (row.since, row.held) == (before[0].since, "links")
    with pytest.raises(NotFound):
        idea_as(cast.emil, held)
    with one_event():
        hold_idea(cast.mona, held)
    with one_event("idea.proposed"):
        show_idea(cast.mona, held)
    with one_event("idea.held_again"):
        hold_idea(cast.mona, held)
    with pytest.raises(NotFound):
        idea_as(cast.emil, held)
    never = propose(cast.cleo, board, "Open earlier")
    with pytest.raises(Conflict):
        hold_idea(cast.mona, never)
    assert idea_as(cast.emil, never).state == "shown"


def test_a_reader_reports_once_and_staff_hears_it_without_the_name(cast: Cast, one_event: OneEvent) -> None:
    board = open_board("fast", cast.mona)
    idea = propose(cast.cleo, board, "Something rude")
    with one_event("report.made"):
        report_thing(cast.emil, Ref("idea", idea), NewReport(reason="It names a colleague"))
    with one_event():
        report_thing(cast.emil, Ref("idea", idea), NewReport(reason="Again"))
    with one_event("report.made"):
        report_thing(cast.piet, Ref("idea", idea), NewReport())
    [row] = waiting_for(cast.mona)
    assert (row.reports, row.reasons) == (2, ("It names a colleague",))
    told = latest_entries(["staff"], 1)[0]
    assert (told.actor_id, told.data) == (None, {"board": board, "reports": 2})


def test_otto_cannot_report_what_he_cannot_read(cast: Cast) -> None:
    board = open_board("inside", cast.mona, groups=("management", "employee"))
    idea = propose(cast.emil, board, "Among us")
    with pytest.raises(NotFound):
        idea_as(cast.otto, idea)
    with pytest.raises(NotFound):
        report_thing(cast.otto, Ref("idea", idea), NewReport())
    hide_idea(cast.mona, idea)
    with pytest.raises(NotFound):
        report_thing(cast.emil, Ref("idea", idea), NewReport())
    with pytest.raises(Conflict):
        report_thing(cast.mona, Ref("idea", idea), NewReport())


def test_letting_it_stand_settles_reports_and_undo_opens_the_same_again(cast: Cast, one_event: OneEvent) -> None:
    idea = propose(cast.cleo, open_board("fast", cast.mona), "A hard word")
    ref = Ref("idea", idea)
    report_thing(cast.emil, ref, NewReport(reason="Too hard"))
    before = rows_of("reports")
    with pytest.raises(Refused):
        let_stand(cast.emil, ref)
    with one_event("report.settled"):
        let_stand(cast.mira, ref)
    with one_event():
        let_stand(cast.mira, ref)
    assert waiting_for(cast.mira) == []
    with one_event("report.reopened"):
        wait_again(cast.mira, ref)
    assert rows_of("reports") == before
    assert [row.reports for row in waiting_for(cast.mira)] == [1]
    let_stand(cast.mira, ref)
    report_thing(cast.otto, ref, NewReport(reason="Much too hard"))
    let_stand(cast.mira, ref)
    with one_event("report.reopened"):
        wait_again(cast.mira, ref)
    with one_event():
        wait_again(cast.mira, ref)
    assert [row.reasons for row in waiting_for(cast.mira)] == [("Much too hard",)]
    let_stand(cast.mira, ref)
    with one_event("report.made"):
        report_thing(cast.emil, ref, NewReport(reason="Still too hard"))
    with one_event():
        report_thing(cast.emil, ref, NewReport(reason="Much too hard"))
    assert [row.reasons for row in waiting_for(cast.mira)] == [("Still too hard",)]


def test_hiding_settles_reports_and_showing_again_leaves_the_rest_as_it_was(cast: Cast, one_event: OneEvent) -> None:
    idea = propose(cast.cleo, open_board("fast", cast.mona), "A hard word")
    ref = Ref("idea", idea)
    weigh(idea, mona=(cast.mona, 1), emil=(cast.emil, -1), piet=(cast.piet, 1))
    report_thing(cast.emil, ref, NewReport())
    quiet = ("version", "tally_at", "updated_at")
    before = [rows_of(table, quiet) for table in ("ideas", "tallies", "stances", "reports", "holds")]
    with one_event("idea.hidden"):
        hide_idea(cast.mira, idea)
    assert waiting_for(cast.mira) == []
    with one_event("idea.shown"):
        show_idea(cast.mira, idea)
    with one_event("report.reopened"):
        wait_again(cast.mira, ref)
    assert [rows_of(table, quiet) for table in ("ideas", "tallies", "stances", "reports", "holds")] == before


@pytest.mark.parametrize("safe_dissent", [False, True])
def test_parting_brings_back_exactly_what_was_before_joining(cast: Cast, one_event: OneEvent, safe_dissent: bool) -> None:
    board = open_board("fast", cast.mona, safe_dissent=safe_dissent)
    one, other = propose(cast.cleo, board, "Open earlier"), propose(cast.emil, board, "Open at seven")
    weigh(one, mona=(cast.mona, 1), emil=(cast.emil, -1), cleo=(cast.cleo, 1), piet=(cast.piet, 0))
    weigh(other, mona=(cast.mona, -1), otto=(cast.otto, 1), piet=(cast.piet, 1), mira=(cast.mira, 1))
    quiet = ("version", "tally_at", "updated_at")
    tables = ("ideas", "tallies", "stances", "answers", "tags", "comments")
    before = [rows_of(table, quiet) for table in tables]
    with one_event("idea.merged"):
        merge_idea(cast.mira, one, other)
    joined = idea_as(cast.mona, other).tally
    assert (joined.voices, idea_as(cast.mona, one).tally.voices) == (6, 0)
    assert idea_as(cast.mona, one).merged_into == other
    with one_event():
        merge_idea(cast.mira, one, other)
    with one_event("idea.unmerged"):
        unmerge_idea(cast.mira, one)
    assert [rows_of(table, quiet) for table in tables] == before
    with one_event():
        unmerge_idea(cast.mira, one)


def test_who_curates(cast: Cast) -> None:
    board = board_facts(open_board("inside", cast.emil, groups=("management", "employee")))
    answers = {name: type(curating(getattr(cast, name), board)) for name in ("mona", "emil", "cleo", "piet", "mira", "otto", "ada", "visitor")}
    nothing = type(None)
    assert answers == {
        "mona": Refused, "emil": nothing, "cleo": NotFound, "piet": NotFound, "mira": nothing, "otto": NotFound, "ada": nothing, "visitor": NotFound,
    }  # fmt: skip


def test_the_queue_holds_what_each_curates_longest_waiting_first(cast: Cast, clock: MovedClock) -> None:
    clock.set(clock.now)
    here, there = open_board("here", cast.mona), open_board("there", cast.emil)
    late = propose(cast.cleo, here, "Nobody answered this")
    clock.forward(days=12)
    held = propose(cast.otto, there, "Buy here", LINKS)
    clock.forward(hours=1)
    reported = propose(cast.piet, here, "Something rude")
    report_thing(cast.cleo, Ref("idea", reported), NewReport())
    assert [(row.ref.id, bool(row.held), row.reports, row.due is not None, row.late) for row in waiting_for(cast.mira)] == [
        (late, False, 0, True, False),
        (held, True, 0, False, False),
        (reported, False, 1, False, False),
    ]
    assert [row.hosts_answer for row in waiting_for(cast.mira)] == [False, False, False]
    assert [(row.ref.id, row.hosts_answer) for row in waiting_for(cast.mona)] == [(late, True), (reported, False)]
    assert [row.ref.id for row in waiting_for(cast.emil)] == [held]
    assert waiting_for(cast.cleo) == []
    clock.forward(days=3)
    assert next((row.ref.id, row.late) for row in waiting_for(cast.mona)) == (late, True)


def test_the_queue_takes_the_same_statements_for_one_thing_and_for_many(cast: Cast, query_count: Callable[[], AbstractContextManager[list[str]]]) -> None:
    board = open_board("here", cast.mona)
    counts = []
    for round in range(2):
        for number in range(1 + 5 * round):
            propose(cast.cleo, board, f"Buy here {round} {number}", LINKS)
        with query_count() as statements:
            waiting_for(cast.mira)
        counts.append(len(statements))
    assert counts[0] == counts[1]
