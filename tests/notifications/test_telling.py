"""Who is told what, where: once, only what they may read, never of their own deeds, and by mail as they chose."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from cocreate.boards.actions import edit_audience
from cocreate.boards.inputs import EditAudience
from cocreate.comments.actions import post_comment
from cocreate.comments.curation_actions import hide_comment
from cocreate.comments.inputs import NewComment
from cocreate.core import jobs
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.core.outbox import Mail
from cocreate.eventlog import record
from cocreate.eventlog.models import Cursor
from cocreate.ideas.actions import answer_ideas, hear_idea, propose_idea, take_answer_back, withdraw_idea
from cocreate.ideas.curation_actions import hide_idea, merge_idea, show_idea, unmerge_idea
from cocreate.ideas.inputs import Heard, NewAnswer, NewIdea
from cocreate.links.changes import insert_links
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.notifications import reading
from cocreate.notifications.actions import Overtaken, choose_mail, keep_told, mark_read
from cocreate.notifications.inbox import read_inbox
from cocreate.notifications.jobs import tell_people
from cocreate.notifications.models import Message
from cocreate.notifications.queries import behind
from cocreate.notifications.reading import catch_up
from cocreate.people.viewer import Organisation, Viewer
from cocreate.people.waiting_queries import told_by_person
from cocreate.statements.actions import accept_amendment, decline_amendment, suggest_amendment
from cocreate.statements.inputs import Decision, NewAmendment, Reason
from cocreate.statements.queries import statements_on
from tests.cast import Cast
from tests.conftest import MovedClock
from tests.stage import open_board, propose

Outbox = Callable[..., list[Mail]]


def told(person: Viewer) -> list[str]:
    """What stands in somebody's inbox, newest first, after everything was read."""
    catch_up()
    return [line.text for line in read_inbox(person).lines]


def answer(actor: Viewer, idea: int, status: str = "planned") -> int:
    return answer_ideas(actor, [idea], NewAnswer(status=status, body="Because"), "<p>Because</p>")  # type: ignore[arg-type]


def test_whoever_proposed_hears_of_the_answer_and_nobody_else_does(cast: Cast, outbox: Outbox) -> None:
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Open on Saturdays")
    hear_idea(cast.mona, idea, Heard())
    assert len(told(cast.cleo)) == 1
    assert told(cast.cleo)[0].startswith("Mona heard “Open on Saturdays”, which you proposed, and decides by ")
    answer(cast.mona, idea)
    assert told(cast.cleo)[0] == "Mona answered “Open on Saturdays”, which you proposed: it is planned."
    assert read_inbox(cast.cleo).lines[0].url == f"/ideas/{idea}"
    assert [told(person) for person in (cast.mona, cast.emil, cast.otto, cast.mira, cast.ada)] == [[]] * 5
    assert [mail.address for mail in outbox()] == ["cleo@example.org"] * 2


def test_nobody_is_told_of_their_own_deed(cast: Cast) -> None:
    idea = propose(cast.mona, open_board("fast", cast.mona), "My own")
    answer(cast.mona, idea)
    post_comment(cast.mona, Ref("idea", idea), NewComment(body="And one more thing"), "<p>And one more thing</p>")
    assert told(cast.mona) == []


def test_an_answer_reaches_whoever_proposed_what_was_joined_with_it(cast: Cast) -> None:
    board = open_board("fast", cast.mona)
    one, other = propose(cast.cleo, board, "Open early"), propose(cast.emil, board, "Open at seven")
    merge_idea(cast.mira, one, other)
    assert told(cast.cleo) == ["Mira joined “Open early”, which you proposed, with another idea. It lives on there."]
    made = answer(cast.mona, other, "done")
    assert told(cast.cleo)[0] == "Mona answered “Open early”, which you proposed: it is done."
    assert read_inbox(cast.cleo).lines[0].url == f"/ideas/{other}"
    assert told(cast.emil) == ["Mona answered “Open at seven”, which you proposed: it is done."]
    take_answer_back(cast.mona, other, made)
    assert told(cast.cleo)[0] == "Mona took the answer to “Open early”, which you proposed, back: it stands as it did before."
    assert read_inbox(cast.cleo).lines[0].url == f"/ideas/{other}"
    assert told(cast.emil)[0] == "Mona took the answer to “Open at seven”, which you proposed, back: it stands as it did before."
    unmerge_idea(cast.mira, one)
    assert told(cast.cleo)[0] == "“Open early”, which you proposed, stands on its own again."


def test_a_comment_reaches_the_author_and_a_reply_the_one_replied_to_each_once(cast: Cast) -> None:
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Open early")
    first = post_comment(cast.emil, Ref("idea", idea), NewComment(body="How early?"), "<p>How early?</p>")
    assert told(cast.cleo) == ["Emil wrote about “Open early”, which is yours."]
    assert read_inbox(cast.cleo).lines[0].url.endswith(f"#comment-{first}")
    post_comment(cast.cleo, Ref("idea", idea), NewComment(body="At seven", reply_to=first), "<p>At seven</p>")
    assert told(cast.emil) == ["Cleo replied to you about “Open early”."]
    own = post_comment(cast.cleo, Ref("idea", idea), NewComment(body="Or six"), "<p>Or six</p>")
    post_comment(cast.piet, Ref("idea", idea), NewComment(body="Six!", reply_to=own), "<p>Six!</p>")
    assert told(cast.cleo)[0] == "Piet replied to you about “Open early”."
    assert len(told(cast.cleo)) == 2


def test_hiding_is_told_to_the_author_plainly(cast: Cast) -> None:
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Something rude")
    comment = post_comment(cast.emil, Ref("idea", idea), NewComment(body="Rude too"), "<p>Rude too</p>")
    hide_comment(cast.mira, comment)
    assert told(cast.emil) == ["A comment of yours is hidden: only you, hosts and moderators see it."]
    hide_idea(cast.mira, idea)
    assert told(cast.cleo)[0] == "“Something rude”, which you proposed, is hidden: only you, hosts and moderators see it."
    show_idea(cast.mira, idea)
    assert told(cast.cleo)[0] == "“Something rude”, which you proposed, is shown again."


def suggested(cast: Cast) -> tuple[int, int]:
    """A change that Emil suggests to the promise of a brand board: (board, amendment)."""
    board = open_board("brand", cast.mona, kind="brand", read_public=True)
    statement = statements_on(board)[0].id
    change = suggest_amendment(cast.emil, statement, NewAmendment(after="We say when it will be ready.", reason="Asked for"))
    return board, change


def test_whoever_said_it_hears_what_was_built_on_it(cast: Cast, outbox: Outbox) -> None:
    board = open_board("fast", cast.mona)
    said = [Ref("response", give_response(person, board, NewResponse(body="You call"))) for person in (cast.cleo, cast.emil)]
    idea = propose_idea(cast.emil, board, NewIdea(title="Call first"), "", said)
    assert told(cast.cleo) == ["Emil built on your words: “Call first”."]
    assert read_inbox(cast.cleo).lines[0].url == f"/ideas/{idea}"
    assert told(cast.emil) == []
    assert [mail.address for mail in outbox()] == ["cleo@example.org"]


def test_the_loop_whoever_is_cited_hears_your_words_are_in_it(cast: Cast, outbox: Outbox) -> None:
    board, change = suggested(cast)
    words = give_response(cast.cleo, board, NewResponse(body="they tell me when it is ready"))
    assert told(cast.cleo) == []
    record.action(insert_links)([Ref("response", words)], "evidence", Ref("amendment", change), cast.emil)
    accept_amendment(cast.mona, change, Decision(reason="We can keep this", adopt=True))
    title = read_title(board)
    assert told(cast.cleo) == [f"Your words are in it: Mona accepted a change of “{title}” that stands on them."]
    assert read_inbox(cast.cleo).lines[0].url == f"/amendments/{change}"
    assert told(cast.emil) == [f"Mona accepted the change you suggested. It is part of “{title}” now."]
    assert told(cast.otto) == []
    [mail] = outbox("cleo@example.org")
    assert mail.subject.startswith("Your words are in it")
    assert f"http://localhost/amendments/{change}" in mail.body
    assert "they tell me" not in mail.body


def read_title(board: int) -> str:
    return str(statements_on(board)[0].title)


def test_a_declined_change_is_told_with_where_the_reason_is(cast: Cast) -> None:
    board, change = suggested(cast)
    decline_amendment(cast.mona, change, Reason(reason="We cannot keep this"))
    assert told(cast.emil) == [f"Mona declined the change you suggested to “{read_title(board)}”, with the reason."]


def test_who_may_not_read_the_board_any_more_is_told_nothing_about_it(cast: Cast, outbox: Outbox) -> None:
    board = open_board("fast", cast.mona)
    idea = propose(cast.cleo, board, "Open early")
    hear_idea(cast.mona, idea, Heard())
    assert len(told(cast.cleo)) == 1
    edit_audience(Organisation(), board, EditAudience(read_groups=["management"], part_groups=["management"]))
    answer(cast.mona, idea)
    catch_up()
    assert told(cast.cleo) == []
    assert db.session.scalar(select(func.count()).select_from(Message).where(Message.person_id == cast.cleo.id)) == 1
    assert len(outbox("cleo@example.org")) == 1


def test_mail_comes_once_for_all_that_is_told_at_once_and_as_chosen(cast: Cast, outbox: Outbox) -> None:
    board = open_board("fast", cast.mona)
    ideas = [propose(cast.cleo, board, title) for title in ("One", "Two")] + [propose(cast.piet, board, "Three")]
    choose_mail(cast.piet, False)
    for idea in ideas:
        answer(cast.mona, idea)
    catch_up()
    [mail] = outbox()
    assert (mail.address, mail.subject) == ("cleo@example.org", "2 things came of what you said")
    assert mail.body.startswith("Hello Cleo,")
    assert f"http://localhost/ideas/{ideas[0]}" in mail.body
    assert "http://localhost/inbox/settings" in mail.body
    assert len(told(cast.piet)) == 1
    choose_mail(cast.piet, True)
    answer(cast.mona, ideas[2], "done")
    catch_up()
    assert [mail.address for mail in outbox()] == ["cleo@example.org", "piet@example.org"]


def test_what_is_long_past_comes_without_mail(cast: Cast, outbox: Outbox, clock: MovedClock) -> None:
    clock.set(clock.now)
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Open early")
    answer(cast.mona, idea)
    clock.forward(days=4)
    assert len(told(cast.cleo)) == 1
    assert outbox() == []


def test_the_inbox_says_nothing_of_what_was_taken_back(cast: Cast) -> None:
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Secret words")
    post_comment(cast.emil, Ref("idea", idea), NewComment(body="Well"), "<p>Well</p>")
    assert "Secret words" in told(cast.cleo)[0]
    withdraw_idea(cast.cleo, idea)
    assert "Secret words" not in "".join(told(cast.cleo))


def test_reading_on_from_the_same_place_twice_tells_once(cast: Cast, outbox: Outbox) -> None:
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Open early")
    answer(cast.mona, idea)
    place = next(iter(behind(1)))
    catch_up()
    with pytest.raises(Overtaken):
        keep_told([(place, place.seq + 1)], [], [])
    catch_up()
    assert (told_by_person({cast.cleo.id})[cast.cleo.id]["inbox"]["unread"], len(outbox())) == (1, 1)
    assert behind(10) == []


def test_two_processes_at_once_tell_once(app: Flask, cast: Cast, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the same events before either has kept anything."""
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Open early")
    answer(cast.mona, idea)
    both = Barrier(2, timeout=20)
    ways: Iterator[bool] = iter([True, True])

    def meet(*arguments: object) -> None:
        if next(ways, False):
            both.wait()
        keep_told(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "keep_told", meet)

    def run() -> None:
        with app.app_context():
            catch_up()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    catch_up()
    assert (told_by_person({cast.cleo.id})[cast.cleo.id]["inbox"]["unread"], len(outbox())) == (1, 1)
    assert db.session.scalar(select(func.count()).select_from(Cursor).where(Cursor.reader == "notifications")) == 1


def test_many_events_are_read_in_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 2)
    monkeypatch.setattr(reading, "STREAMS", 1)
    ideas = [propose(cast.cleo, open_board(slug, cast.mona), slug) for slug in ("one", "two", "three")]
    for idea in ideas:
        answer(cast.mona, idea)
    assert len(told(cast.cleo)) == 3


def test_a_commit_on_a_board_wakes_the_job_and_its_rooms_are_touched(
    cast: Cast, one_event: Callable[..., AbstractContextManager[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_people()
    jobs._woken.clear()
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Open early")
    assert jobs._woken.is_set()
    answer(cast.mona, idea)
    touched: list[str] = []
    monkeypatch.setattr(record, "_after_commit", [*record._after_commit, lambda news: touched.extend(news.rooms)])
    with one_event():
        tell_people()
    assert f"person:{cast.cleo.id}" in touched


def test_what_several_events_name_is_loaded_once_a_person(cast: Cast, query_count: Callable[[], AbstractContextManager[list[str]]]) -> None:
    idea = propose(cast.cleo, open_board("fast", cast.mona), "Open early")
    catch_up()
    loaded = []
    for comments in (1, 5):
        for number in range(comments):
            post_comment(cast.emil, Ref("idea", idea), NewComment(body=f"How early? {number}"), "<p>How early?</p>")
        with query_count() as statements:
            catch_up()
        loaded.append(len([statement for statement in statements if "ideas.title" in statement or "comments.body" in statement]))
    assert loaded[0] == loaded[1]
    assert len(told(cast.cleo)) == 6


def test_marking_as_read_leaves_what_came_since(cast: Cast) -> None:
    board = open_board("fast", cast.mona)
    one, other = propose(cast.cleo, board, "One"), propose(cast.cleo, board, "Other")
    answer(cast.mona, one)
    catch_up()
    seen = read_inbox(cast.cleo).newest
    answer(cast.mona, other)
    catch_up()
    mark_read(cast.otto, seen)
    assert told_by_person({cast.cleo.id})[cast.cleo.id]["inbox"]["unread"] == 2
    mark_read(cast.cleo, seen)
    assert told_by_person({cast.cleo.id})[cast.cleo.id]["inbox"]["unread"] == 1
    assert [line.unread for line in read_inbox(cast.cleo).lines] == [True, False]
