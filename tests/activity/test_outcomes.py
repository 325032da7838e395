"""What changed because of what people said: on Home and at the head of What changed."""

from typing import Any

from cocreate.activity.outcomes import outcomes
from cocreate.boards.queries import boards_as
from cocreate.commitments.actions import finish_commitment, make_commitment, reopen_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.ideas.actions import answer_ideas
from cocreate.ideas.curation_actions import hide_idea
from cocreate.ideas.inputs import NewAnswer
from cocreate.listening.actions import give_response
from cocreate.listening.curation_actions import hide_response
from cocreate.listening.inputs import NewResponse
from cocreate.people.queries import site
from cocreate.people.viewer import Viewer, Visitor
from cocreate.statements.actions import accept_amendment, reopen_amendment, start_statement, suggest_amendment
from cocreate.statements.inputs import Decision, NewAmendment, NewStatement
from tests.cast import Cast
from tests.conftest import MovedClock
from tests.stage import open_board, propose

BEFORE, AFTER = "We tell you a day.", "We tell you an hour."


def seen(viewer: Viewer | Visitor, limit: int = 9) -> list[tuple[str, str, int]]:
    return [(each.status, each.text, len(each.quotes)) for each in outcomes(viewer, boards_as(viewer), limit)]


def happen(cast: Cast, clock: MovedClock) -> tuple[int, int, int, int]:
    """On a board that anyone may read an idea is answered, a sentence changes and a promise is kept; gives the ids, the cited words' last."""
    board = open_board("outside", cast.mona, read_public=True)
    idea = propose(cast.cleo, board, "A day that holds")
    answer_ideas(cast.mona, [idea], NewAnswer(status="planned", body="**From** June."), "<p><strong>From</strong> June.</p>")
    clock.forward(days=1)
    said = give_response(cast.cleo, board, NewResponse(body="you keep your word"))
    text = start_statement(cast.mona, board, NewStatement(title="Our promise", text=BEFORE))
    change = suggest_amendment(cast.emil, text, NewAmendment(before=BEFORE, after=AFTER, reason="So they plan.", cites=[f"response:{said}"]))
    accept_amendment(cast.mona, change, Decision(reason="We can."))
    clock.forward(days=1)
    promise = make_commitment(cast.mona, board, NewCommitment(text="We share the times", due=site().today(), owner="mona@example.org"))
    finish_commitment(cast.mona, promise)
    return idea, change, promise, said


def test_what_comes_of_ideas_words_and_promises_newest_first(cast: Cast, clock: MovedClock, client_of: Any) -> None:
    idea, change, promise, _said = happen(cast, clock)
    assert seen(cast.visitor) == [("kept", "We share the times", 0), ("accepted", "Our promise", 1), ("planned", "A day that holds", 0)]
    assert seen(cast.visitor, 2) == seen(cast.visitor)[:2]
    for page in ("/", "/changes", "/changes?board=outside"):
        text = client_of(cast.otto).get(page).text
        for words in ("you keep your word", "an hour.", "From June.", "We can.", "We share the times", f'href="/ideas/{idea}"', f'href="/amendments/{change}"'):
            assert words in text, (page, words)
        assert "**" not in text
        assert f'href="/boards/outside#commitment-{promise}"' in text


def test_only_what_stands_and_may_be_read(cast: Cast, clock: MovedClock) -> None:
    idea, change, promise, said = happen(cast, clock)
    inside = open_board("inside", cast.mona, groups=("management", "employee"))
    answer_ideas(cast.mona, [propose(cast.emil, inside, "Among us")], NewAnswer(status="done", body="Done."), "<p>Done.</p>")
    declined = propose(cast.emil, inside, "Not this")
    answer_ideas(cast.mona, [declined], NewAnswer(status="declined", body="No."), "<p>No.</p>")
    assert [status for status, *_rest in seen(cast.mona)] == ["done", "kept", "accepted", "planned"]
    assert [status for status, *_rest in seen(cast.otto)] == ["kept", "accepted", "planned"]
    hide_response(cast.mira, said)
    assert ("accepted", "Our promise", 0) in seen(cast.mona)
    reopen_commitment(cast.mona, promise)
    reopen_amendment(cast.mona, change)
    hide_idea(cast.mira, idea)
    assert seen(cast.otto) == []


def test_whoever_suggests_is_named_only_if_they_agreed(cast: Cast, clock: MovedClock) -> None:
    happen(cast, clock)
    (kept, changed, planned) = outcomes(cast.visitor, boards_as(cast.visitor))
    assert (changed.author, planned.author and planned.author.name, changed.signed_by and changed.signed_by.name) == (None, "Cleo", "Mona")
    assert kept.signed_by is not None
    assert kept.signed_by.group == "management"
