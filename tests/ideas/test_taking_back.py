"""For ten seconds what was just done can be taken back, by the button beside the sentence that says so: answers, and what waits to be looked at."""

import re
from typing import Any

import pytest

from cocreate.core.errors import Conflict, NotFound, Refused
from cocreate.ideas.actions import take_answer_back
from cocreate.ideas.queries import idea_as
from tests.cast import Cast
from tests.stage import open_board, propose


def undo_on(client: Any, path: str) -> str:
    """Where the button sends that takes back what was just done."""
    return undo_in(client.get(path).text)


def undo_in(page: str) -> str:
    found = re.search(r'data-undo>.*?action="([^"]+)"', page, re.DOTALL)
    assert found
    return found[1]


def answer_in(undo: str) -> int:
    return int(undo.split("/")[-2])


def test_an_answer_taken_back_restores_the_one_before(cast: Cast, client_of: Any, one_event: Any) -> None:
    board = open_board("fast", cast.mona)
    one, other = propose(cast.cleo, board, "Open early"), propose(cast.emil, board, "Open late")
    mona = client_of(cast.mona)

    def now() -> list[tuple[str, str | None]]:
        seen = [idea_as(cast.otto, idea) for idea in (one, other)]
        return [(idea.status, idea.answer.body if idea.answer else None) for idea in seen]

    mona.post(f"/ideas/{one}/answer", data={"status": "planned", "body": "From March"})
    first = undo_on(mona, f"/ideas/{one}")
    sent = mona.post("/boards/fast/answers", data={"ideas": [one, other], "status": "declined", "body": "Not this year"})
    assert now() == [("declined", "Not this year")] * 2
    page = mona.get(sent.location).text
    assert "Your answer is on 2 ideas, signed." in page
    second = undo_in(page)
    with pytest.raises(Refused):
        take_answer_back(cast.emil, one, answer_in(second))
    with one_event("idea.unanswered", "idea.unanswered"):
        assert mona.post(second).status_code == 303
    assert now() == [("planned", "From March"), ("open", None)]
    with one_event():
        assert mona.post(second).status_code == 303
    assert now() == [("planned", "From March"), ("open", None)]
    with one_event("idea.unanswered"):
        mona.post(first)
    assert now() == [("open", None)] * 2
    mona.post("/boards/fast/answers", data={"ideas": [one], "status": "done", "body": "Since Monday"})
    assert "Your answer is on one idea, signed." in mona.get("/boards/fast").text
    with one_event():
        mona.post(first)
        mona.post(second)
    assert now()[0] == ("done", "Since Monday")


def test_taking_an_answer_back_leaves_what_another_host_answered_since(cast: Cast, client_of: Any, one_event: Any) -> None:
    board = open_board("fast", cast.mona)
    one, other, third = (propose(cast.cleo, board, title) for title in ("Open early", "Open late", "Open at noon"))
    mona, emil = client_of(cast.mona), client_of(cast.emil)
    mona.post("/boards/fast/hosts", data={"email": "emil@example.org", "duty": "host"})
    sent = mona.post("/boards/fast/answers", data={"ideas": [other, one], "status": "declined", "body": "Not this year"})
    undo = undo_on(mona, sent.location)
    emil.post(f"/ideas/{other}/answer", data={"status": "planned", "body": "From March"})
    with one_event():
        refused = mona.post(undo)
    assert refused.status_code == 409
    assert "Another answer was given since. It stays as it is." in refused.text
    assert [idea_as(cast.otto, idea).status for idea in (one, other)] == ["declined", "planned"]
    with pytest.raises(Conflict):
        take_answer_back(cast.mona, other, answer_in(undo))
    with pytest.raises(NotFound):
        take_answer_back(cast.mona, third, answer_in(undo))


def test_the_same_words_by_another_host_are_an_answer_of_their_own(cast: Cast, client_of: Any, one_event: Any) -> None:
    board = open_board("fast", cast.mona)
    idea = propose(cast.cleo, board, "Open early")
    client_of(cast.mona).post("/boards/fast/hosts", data={"email": "emil@example.org", "duty": "host"})
    for host in (cast.mona, cast.emil):
        with one_event("idea.answered"):
            client_of(host).post(f"/ideas/{idea}/answer", data={"status": "planned", "body": "From March"})
        with one_event():
            client_of(host).post(f"/ideas/{idea}/answer", data={"status": "planned", "body": "From March"})
        answer = idea_as(cast.otto, idea).answer
        assert answer
        assert answer.author
        assert answer.author["id"] == host.id
        latest = answer.id
    client_of(cast.emil).post(f"/ideas/{idea}/answers/{latest}/taking-back")
    left = idea_as(cast.otto, idea).answer
    assert left
    assert left.author
    assert left.author["id"] == cast.mona.id


def test_what_waits_can_be_taken_back_at_once(cast: Cast, client_of: Any) -> None:
    open_board("fast", cast.mona)
    cleo = client_of(cast.cleo)
    held = cleo.post("/boards/fast/ideas/new", data={"title": "See https://one.example and https://two.example"}).location
    cleo.post(undo_on(cleo, held))
    assert idea_as(cast.cleo, int(held.rpartition("/")[2])).status == "withdrawn"
