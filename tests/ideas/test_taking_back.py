"""For ten seconds what was just done can be taken back, by the button beside the sentence that says so: answers, and what waits to be looked at."""

import re
from typing import Any

import pytest

from cocreate.core.errors import Refused
from cocreate.ideas.actions import take_answer_back
from cocreate.ideas.queries import idea_as
from tests.cast import Cast
from tests.stage import open_board, propose


def undo_on(client: Any, path: str) -> str:
    """Where the button sends that takes the last thing back."""
    found = re.search(r'data-undo>.*?action="([^"]+)"', client.get(path).text, re.DOTALL)
    assert found, path
    return found[1]


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
    with pytest.raises(Refused):
        take_answer_back(cast.emil, one)
    with one_event("idea.unanswered", "idea.unanswered"):
        assert mona.post(first).status_code == 303
    assert now() == [("planned", "From March"), ("open", None)]
    with one_event("idea.unanswered"):
        mona.post(first)
    with one_event():
        mona.post(first)
    assert now() == [("open", None)] * 2
    mona.post("/boards/fast/answers", data={"ideas": [one], "status": "done", "body": "Since Monday"})
    assert "Your answer is on one idea, signed." in mona.get("/boards/fast").text
    assert now()[0] == ("done", "Since Monday")
    mona.post(first)
    assert now()[0] == ("open", None)


def test_what_waits_can_be_taken_back_at_once(cast: Cast, client_of: Any) -> None:
    open_board("fast", cast.mona)
    cleo = client_of(cast.cleo)
    held = cleo.post("/boards/fast/ideas/new", data={"title": "See https://one.example and https://two.example"}).location
    cleo.post(undo_on(cleo, held))
    assert idea_as(cast.cleo, int(held.rpartition("/")[2])).status == "withdrawn"
