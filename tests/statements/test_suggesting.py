"""Suggesting a change of one sentence: who may, what is told, whose words it cites."""

from typing import Any

import pytest
from sqlalchemy import func, select

from cocreate.boards.actions import edit_audience, make_board, move_board
from cocreate.boards.inputs import EditAudience, MoveBoard, NewBoard
from cocreate.core.db import db
from cocreate.core.errors import BadInput, Conflict, NotFound, NotSignedIn, Refused
from cocreate.core.fields import read_input
from cocreate.core.ids import Ref
from cocreate.eventlog.subjects import find_subjects
from cocreate.eventlog.tail import latest_entries
from cocreate.links.queries import evidence_for
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.stances.actions import cast_stance
from cocreate.statements.actions import return_amendment, reword_statement, start_statement, suggest_amendment, withdraw_amendment
from cocreate.statements.amendment_queries import amendment_as, open_amendments
from cocreate.statements.curation_actions import hide_amendment, show_amendment
from cocreate.statements.inputs import NewAmendment, NewStatement, NewText
from cocreate.statements.models import Amendment
from cocreate.statements.queries import amendments_by, statement_as, statement_on, statements_on
from tests.statements.conftest import BETTER, DAY


def test_a_brand_board_has_its_text_from_the_first_moment(make_promise: Any, cast: Any) -> None:
    found = statement_as(cast.cleo, make_promise(text=None).statement_id)
    assert found.title == "What you can expect from us"
    assert len(found.sentences) == 4
    assert found.is_starting
    assert found.version == 1


def test_hosts_put_their_own_words_in_place_of_the_starting_words(make_promise: Any, cast: Any, one_event: Any) -> None:
    promise = make_promise(text=None)
    with one_event("statement.reworded"):
        reword_statement(cast.mona, promise.statement_id, NewText(text="We listen.\nWe answer."))
    found = statement_as(cast.cleo, promise.statement_id)
    assert found.paragraphs == (("We listen.",), ("We answer.",))
    assert not found.is_starting
    with one_event():
        reword_statement(cast.mona, promise.statement_id, NewText(text="We listen.\nWe answer."))
    with pytest.raises(Conflict):
        reword_statement(cast.mona, promise.statement_id, NewText(text="All new."))


def test_starting_words_stay_once_people_work_on_them(make_promise: Any, cast: Any) -> None:
    promise = make_promise(text=None)
    before = statement_as(cast.emil, promise.statement_id).sentences[0]
    suggest_amendment(cast.emil, promise.statement_id, NewAmendment(before=before, after="You reach me.", reason="Shorter."))
    with pytest.raises(Conflict):
        reword_statement(cast.mona, promise.statement_id, NewText(text="All new."))


def test_other_boards_get_a_text_from_their_hosts(cast: Any, one_event: Any) -> None:
    board_id = make_board(cast.ada, NewBoard(kind="strategy", slug="plans", context="We start.", hosts=["mona@example.org"]))
    assert statements_on(board_id) == []
    with pytest.raises(NotFound):
        start_statement(cast.emil, board_id, NewStatement(title="Ours", text="One."))
    with one_event("statement.started"):
        made = start_statement(cast.mona, board_id, NewStatement(title="Ours", text="One. Two."))
    assert statement_as(cast.mona, made).sentences == ["One.", "Two."]
    assert not statement_as(cast.mona, made).is_starting
    with pytest.raises(Conflict):
        start_statement(cast.mona, board_id, NewStatement(title="Again", text="One."))


def test_a_suggestion_stands_on_the_board_with_its_reason(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    with one_event("amendment.proposed"):
        made = suggest(cast.emil)
    (change,) = open_amendments(cast.cleo, statement_as(cast.cleo, promise.statement_id))
    assert (change.id, change.before, change.after, change.reason) == (made, DAY, BETTER, "Silence is what hurts.")
    assert change.author == {"id": cast.emil.id, "name": "Emil", "group": "employee"}
    assert change.tally.voices == 0
    found = statement_on(cast.cleo, promise.slug)
    assert found is not None
    assert found.text.startswith("You reach a person. We tell you a day and keep it.")
    event = latest_entries([f"board:{promise.board_id}"], 1)[0]
    assert (event.actor_id, str(event.subject), event.data) == (cast.emil.id, f"amendment:{made}", {"statement": promise.statement_id})


def test_it_cites_peoples_words(suggest: Any, promise: Any, cast: Any) -> None:
    said = give_response(cast.cleo, promise.board_id, NewResponse(body="Not hearing is what loses us."))
    made = suggest(cast.emil, cites=[said])
    assert evidence_for([Ref("amendment", made)]) == {Ref("amendment", made): [Ref("response", said)]}
    (quote,) = amendment_as(cast.piet, made).quotes
    assert quote.text == "Not hearing is what loses us."
    assert quote.name is None


def test_words_of_another_board_are_not_cited(suggest: Any, make_promise: Any, cast: Any) -> None:
    inner = make_promise("inner", groups=["employee", "management"])
    said = give_response(cast.emil, inner.board_id, NewResponse(body="Only among us."))
    with pytest.raises(BadInput):
        suggest(cast.emil, cites=[said])
    with pytest.raises(BadInput):
        suggest(cast.emil, cites=["response:999999", "person:1"])


@pytest.mark.parametrize(
    "values",
    [
        {"before": DAY, "after": DAY, "reason": "Same."},
        {"before": "", "after": "", "reason": "Nothing."},
        {"before": f"  {DAY} ", "after": f"{DAY}  ", "reason": "Only spaces."},
    ],
)
def test_a_change_changes_something(promise: Any, cast: Any, values: Any) -> None:
    with pytest.raises(BadInput) as caught:
        suggest_amendment(cast.emil, promise.statement_id, NewAmendment(**values))
    assert "after" in caught.value.errors


@pytest.mark.parametrize(
    "values",
    [
        {"reason": ""},
        {"after": "x" * 1001},
        {"author_id": 7},
        {"status": "accepted"},
        {"cites": ["nonsense"]},
        {"cites": [1] * 13},
        {"cites": [True]},
        {"before": "a\x00b"},
    ],
)
def test_bad_input_is_named(values: Any) -> None:
    with pytest.raises(BadInput):
        read_input(NewAmendment, {"before": DAY, "after": BETTER, "reason": "Why.", **values})


def test_a_sentence_that_changed_meanwhile_is_a_conflict(promise: Any, suggest: Any, cast: Any) -> None:
    with pytest.raises(Conflict, match="changed since"):
        suggest(cast.emil, "We tell you a month and keep it.", BETTER)


def test_the_same_again_leads_to_the_first(suggest: Any, cast: Any, one_event: Any) -> None:
    suggest(cast.emil)
    with one_event(), pytest.raises(Conflict, match="suggested already"):
        suggest(cast.cleo)
    suggest(cast.cleo, DAY, "We tell you an hour.")


def test_the_last_sentence_is_not_taken_out(make_promise: Any, cast: Any) -> None:
    promise = make_promise(text="Only this.")
    with pytest.raises(BadInput):
        suggest_amendment(cast.emil, promise.statement_id, NewAmendment(before="Only this.", after="", reason="Out."))


def test_two_links_wait_to_be_looked_at(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    with one_event("amendment.held"):
        made = suggest(cast.cleo, after="See https://a.example and https://b.example.")
    assert open_amendments(cast.mona, statement_as(cast.mona, promise.statement_id)) == []
    assert amendment_as(cast.cleo, made).state == "held"
    with pytest.raises(NotFound):
        amendment_as(cast.piet, made)
    with one_event("amendment.proposed"):
        show_amendment(cast.mira, made)
    assert latest_entries([f"board:{promise.board_id}"], 1)[0].actor_id == cast.cleo.id
    assert amendment_as(cast.piet, made).state == "shown"


def test_ones_own_is_taken_back_and_returns(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    made = suggest(cast.emil)
    with pytest.raises(Refused):
        withdraw_amendment(cast.cleo, made)
    with one_event("amendment.withdrawn"):
        withdraw_amendment(cast.emil, made)
    with one_event():
        withdraw_amendment(cast.emil, made)
    assert amendment_as(cast.cleo, made).after == ""
    assert find_subjects(cast.cleo, [Ref("amendment", made)])[Ref("amendment", made)].label == ""
    with pytest.raises(Conflict):
        cast_stance(cast.cleo, Ref("amendment", made), 1)
    with one_event("amendment.returned"):
        return_amendment(cast.emil, made)
    assert amendment_as(cast.cleo, made).after == BETTER


def test_it_is_hidden_and_shown_again(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    made = suggest(cast.cleo)
    with pytest.raises(Refused):
        hide_amendment(cast.emil, made)
    with one_event("amendment.hidden"):
        hide_amendment(cast.mira, made)
    with pytest.raises(NotFound):
        amendment_as(cast.emil, made)
    with pytest.raises(NotFound):
        cast_stance(cast.emil, Ref("amendment", made), 1)
    with one_event("amendment.shown"):
        show_amendment(cast.mona, made)
    assert amendment_as(cast.emil, made).state == "shown"


def test_every_group_weighs_it(suggest: Any, cast: Any) -> None:
    made = suggest(cast.emil)
    for person in (cast.cleo, cast.otto, cast.piet):
        cast_stance(person, Ref("amendment", made), 1)
    seen = amendment_as(cast.cleo, made)
    assert seen.tally.voices == 3
    assert seen.my_stance == "agree"


def test_who_may_suggest(make_promise: Any, cast: Any) -> None:
    """Employees and management take part, partners read; Otto is a customer, outside."""
    promise = make_promise("inner")
    edit_audience(cast.mona, promise.board_id, EditAudience(read_groups=["partner"], part_groups=["management", "employee"]))
    given = NewAmendment(before=DAY, after=BETTER, reason="Why.")
    for outsider in (cast.otto, cast.cleo, cast.visitor):
        with pytest.raises(NotFound):
            statement_as(outsider, promise.statement_id)
        with pytest.raises(NotFound):
            suggest_amendment(outsider, promise.statement_id, given)
    with pytest.raises(Refused):
        suggest_amendment(cast.piet, promise.statement_id, given)
    assert db.session.scalar(select(func.count(Amendment.id))) == 0
    suggest_amendment(cast.emil, promise.statement_id, given)


def test_a_visitor_signs_in_second(make_promise: Any, cast: Any) -> None:
    promise = make_promise(read_public=True)
    with pytest.raises(NotSignedIn):
        suggest_amendment(cast.visitor, promise.statement_id, NewAmendment(before=DAY, after=BETTER, reason="Why."))


@pytest.mark.parametrize("state", ["deciding", "closed"])
def test_nothing_new_once_it_is_being_decided(suggest: Any, promise: Any, cast: Any, state: Any) -> None:
    made = suggest(cast.emil)
    move_board(cast.mona, promise.board_id, MoveBoard(state=state))
    with pytest.raises(Conflict):
        suggest(cast.cleo, DAY, "Something else.")
    if state == "closed":
        with pytest.raises(Conflict):
            withdraw_amendment(cast.emil, made)


def test_ones_own_suggestions_are_found(suggest: Any, cast: Any) -> None:
    made = suggest(cast.emil)
    assert [row.id for row in amendments_by(cast.emil.id)] == [made]
    assert amendments_by(cast.cleo.id) == []
