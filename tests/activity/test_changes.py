"""The feed, a board's record with what can be undone from it, and the stream of a board by a call."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from cocreate.activity import feed
from cocreate.boards.queries import boards_as
from cocreate.ideas.actions import answer_ideas, withdraw_idea
from cocreate.ideas.curation_actions import hide_idea, merge_idea, show_idea, unmerge_idea
from cocreate.ideas.inputs import NewAnswer
from cocreate.ideas.queries import idea_as
from cocreate.people.queries import Site
from cocreate.people.viewer import Viewer, Visitor
from cocreate.statements.actions import accept_amendment, decline_amendment, start_statement, suggest_amendment
from cocreate.statements.amendment_queries import amendment_as
from cocreate.statements.inputs import Decision, NewAmendment, NewStatement, Reason
from tests.cast import Cast
from tests.clients import Client
from tests.conftest import MovedClock
from tests.stage import open_board, propose

ClientOf = Callable[[Viewer | Visitor], Client]


def kinds_for(viewer: Viewer | Visitor) -> list[str]:
    page = feed.changes(viewer, boards_as(viewer))
    return [line.entry.kind for day in page.days for line in day.lines if line.board is not None]


def test_each_hears_what_happened_on_the_boards_they_read_newest_first(cast: Cast) -> None:
    inside = open_board("inside", cast.mona, groups=("management", "employee"))
    outside = open_board("outside", cast.mona, read_public=True)
    propose(cast.emil, inside, "Among us")
    propose(cast.cleo, outside, "For everybody")
    assert boards_as(cast.otto)[0].board.slug == "outside"
    made = ["board.opened", "board.made"]
    assert kinds_for(cast.otto) == kinds_for(cast.visitor) == ["idea.proposed", *made]
    assert kinds_for(cast.mona) == kinds_for(cast.mira) == ["idea.proposed", "idea.proposed", *made, *made]


def test_the_page_names_people_and_things_and_filters_by_board(cast: Cast, client_of: ClientOf) -> None:
    inside = open_board("inside", cast.mona, groups=("management", "employee"))
    open_board("outside", cast.mona, read_public=True)
    idea = propose(cast.emil, inside, "Ask <us> first")
    text = client_of(cast.mona).get("/changes").text
    assert "Ask &lt;us&gt; first" in text
    assert f'href="/ideas/{idea}"' in text
    assert "Today" in text
    assert "Ask &lt;us&gt; first" not in client_of(cast.mona).get("/changes?board=outside").text
    assert "Ask &lt;us&gt; first" not in client_of(cast.visitor).get("/changes").text
    assert client_of(cast.otto).get("/changes?board=inside").status_code == 404
    assert client_of(cast.mona).get("/changes?board=inside").status_code == 200
    assert client_of(cast.mona).get("/changes?cursor=nonsense").status_code == 400


def test_a_visitor_gets_no_cookie_from_it(cast: Cast, client_of: ClientOf) -> None:
    open_board("outside", cast.mona, read_public=True)
    answer = client_of(cast.visitor).get("/changes")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "csrf_token" not in answer.text


def test_the_feed_leaves_out_what_may_not_be_read_now_and_the_record_keeps_it_without_words(cast: Cast, client_of: ClientOf) -> None:
    board = open_board("fast", cast.mona)
    idea = propose(cast.emil, board, "Something rude")
    hide_idea(cast.mira, idea)
    assert kinds_for(cast.otto) == ["board.opened", "board.made"]
    page = client_of(cast.otto).get("/boards/fast/history").text
    assert "Something rude" not in page
    assert "something that is no longer shown" in page


def test_pages_give_every_entry_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LINES", 3)
    board = open_board("fast", cast.mona)
    for number in range(7):
        propose(cast.emil, board, f"Idea {number}")
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = feed.changes(cast.emil, boards_as(cast.emil), cursor)
        seen += [line.entry.id for day in page.days for line in day.lines if line.board is not None]
        cursor = page.next_cursor
    assert len(seen) == len(set(seen)) == 9
    assert seen == sorted(seen, reverse=True)


def test_days_are_those_of_the_sites_zone(cast: Cast, clock: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "site", lambda: Site(time_zone="Pacific/Auckland"))
    clock.set(clock.now.replace(month=6, day=10, hour=11, minute=59))
    board = open_board("fast", cast.mona)
    clock.forward(minutes=2)
    propose(cast.emil, board, "After midnight there")
    days = feed.changes(cast.emil, [found for found in boards_as(cast.emil) if found.board.id == board], with_site=False).days
    assert [(each.day.day, len(each.lines)) for each in days] == [(11, 1), (10, 2)]


def test_the_feed_takes_the_same_statements_for_few_and_for_many(cast: Cast, query_count: Callable[[], AbstractContextManager[list[str]]]) -> None:
    board = open_board("fast", cast.mona)
    propose(cast.emil, board, "One")
    counts = []
    for _round in range(2):
        boards = boards_as(cast.emil)
        with query_count() as statements:
            feed.changes(cast.emil, boards)
        counts.append(len(statements))
        for number in range(12):
            propose(cast.cleo, board, f"More {number}")
    assert counts[0] == counts[1]


def test_the_record_offers_to_undo_to_whoever_curates_and_only_what_still_holds(cast: Cast, client_of: ClientOf) -> None:
    board = open_board("fast", cast.mona)
    rude, one, other = (propose(cast.emil, board, title) for title in ("Something rude", "Open early", "Open at seven"))
    hide_idea(cast.mira, rude)
    merge_idea(cast.mira, one, other)
    undo_hide, undo_merge = f"/curated/idea:{rude}/shown", f"/ideas/{one}/unmerge"
    for name in ("mona", "mira", "ada"):
        page = client_of(getattr(cast, name)).get("/boards/fast/history").text.replace("%3A", ":")
        assert (undo_hide in page, undo_merge in page) == (True, True)
    for name in ("cleo", "emil", "visitor"):
        page = client_of(getattr(cast, name)).get("/boards/fast/history").text
        assert "/curated/" not in page
        assert "/unmerge" not in page
    show_idea(cast.mira, rude)
    unmerge_idea(cast.mira, one)
    page = client_of(cast.mona).get("/boards/fast/history").text.replace("%3A", ":")
    assert (undo_hide in page, undo_merge in page) == (False, False)
    hide_idea(cast.mira, rude)
    mira = client_of(cast.mira)
    answer = mira.post(f"{undo_hide}?back=/boards/fast/history")
    assert (answer.status_code, answer.location) == (303, "/boards/fast/history")
    assert idea_as(cast.cleo, rude).state == "shown"


def test_the_record_offers_to_take_a_decision_back_while_it_can_be(cast: Cast, client_of: ClientOf) -> None:
    board = open_board("fast", cast.mona)
    statement_id = start_statement(cast.mona, board, NewStatement(title="Ours", text="We answer soon. You decide. We listen."))
    changed = {"We answer soon.": "We answer within a day.", "You decide.": "We decide together."}
    first, second = (suggest_amendment(cast.emil, statement_id, NewAmendment(before=a, after=b, reason="Clearer.")) for a, b in changed.items())

    def offered(person: Any) -> list[bool]:
        page = client_of(person).get("/boards/fast/history").text
        return [f"/amendments/{made}/reopening" in page for made in (first, second)]

    accept_amendment(cast.mona, first, Decision(reason="Yes."))
    decline_amendment(cast.mona, second, Reason(reason="No."))
    assert offered(cast.mona) == [True, True]
    assert offered(cast.mira) == offered(cast.emil) == [False, False]
    assert client_of(cast.mona).post(f"/amendments/{second}/reopening").status_code == 303
    assert amendment_as(cast.cleo, second).status == "open"
    assert offered(cast.mona) == [True, False]
    accept_amendment(cast.mona, second, Decision(reason="After all."))
    assert offered(cast.mona) == [False, True]  # what came later is taken back first


def test_otto_finds_no_record_of_a_board_he_may_not_read(cast: Cast, client_of: ClientOf) -> None:
    open_board("inside", cast.mona, groups=("management", "employee"))
    assert client_of(cast.emil).get("/boards/inside/history").status_code == 200
    assert client_of(cast.otto).get("/boards/inside/history").status_code == 404
    assert client_of(cast.otto).get("/api/v1/boards/inside/events").status_code == 404
    assert client_of(cast.visitor).get("/api/v1/boards/inside/events").status_code == 404


def test_the_stream_by_a_call(cast: Cast, client_of: ClientOf) -> None:
    board = open_board("fast", cast.mona, read_public=True)
    idea = propose(cast.emil, board, "Open early")
    answer_ideas(cast.mona, [idea], NewAnswer(status="planned", body="From March"), "<p>From March</p>")
    withdraw_idea(cast.emil, idea)
    visitor = client_of(cast.visitor)
    first = visitor.get("/api/v1/boards/fast/events?limit=3").get_json()
    assert [event["seq"] for event in first["items"]] == [1, 2, 3]
    assert first["next_cursor"] == "3"
    rest = visitor.get(f"/api/v1/boards/fast/events?since={first['next_cursor']}").get_json()
    assert [(event["seq"], event["kind"]) for event in rest["items"]] == [(4, "idea.answered"), (5, "idea.withdrawn")]
    answered = rest["items"][0]
    assert answered["board"] == "fast"
    assert answered["subject"] == f"idea:{idea}"
    assert answered["actor"] == {"id": cast.mona.id, "name": "Mona", "group": "management"}
    assert answered["data"] == {"answer": 1, "status": "planned", "before": "open"}
    assert answered["at"].endswith("Z")
    assert visitor.get("/api/v1/boards/fast/events?since=5").json == {"items": [], "next_cursor": None}
    assert "From March" not in str(first) + str(rest)


@pytest.mark.parametrize("query", ["since=-1", "since=x", "limit=0", "limit=101", "after=1"])
def test_a_bad_question_is_bad_input(cast: Cast, client_of: ClientOf, query: str) -> None:
    open_board("fast", cast.mona, read_public=True)
    assert client_of(cast.visitor).get(f"/api/v1/boards/fast/events?{query}").status_code == 400
