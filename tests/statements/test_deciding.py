"""Accepting, declining, taking back, adopting: signed by who decides, who never becomes the author."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from cocreate.boards.actions import change_host, move_board
from cocreate.boards.inputs import ChangeHost, MoveBoard
from cocreate.boards.queries import boards_as
from cocreate.core.db import db
from cocreate.core.errors import Conflict, NotFound, Refused
from cocreate.core.ids import Ref
from cocreate.eventlog.models import Event
from cocreate.eventlog.tail import latest_entries
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.stances.actions import cast_stance
from cocreate.statements.actions import accept_amendment, adopt_statement, decline_amendment, reopen_amendment, set_statement_aside, suggest_amendment
from cocreate.statements.amendment_queries import amendment_as, declined_amendments, open_amendments
from cocreate.statements.curation_actions import hide_amendment
from cocreate.statements.inputs import Decision, NewAmendment, Reason
from cocreate.statements.models import Amendment, Version
from cocreate.statements.queries import adopted, first_words, statement_as, versions_of
from tests.statements.conftest import BETTER, DAY

YES = Decision(reason="We hear you.")
NO = Reason(reason="We cannot keep that.")


def text_of(promise: Any, viewer: Any) -> str:
    return statement_as(viewer, promise.statement_id).text


def test_an_accepted_change_is_the_text_at_once(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    made = suggest(cast.emil)
    with one_event("amendment.accepted"):
        version = accept_amendment(cast.mona, made, YES)
    assert BETTER in text_of(promise, cast.cleo)
    assert DAY not in text_of(promise, cast.cleo)
    last = versions_of(statement_as(cast.cleo, promise.statement_id))[0]
    assert (last.number, last.step, last.amendment_id, last.reason) == (version, "change", made, "We hear you.")
    assert last.signed_by == {"id": cast.mona.id, "name": "Mona", "group": "management"}
    assert last.author == {"id": cast.emil.id, "name": "Emil", "group": "employee"}
    event = latest_entries([f"board:{promise.board_id}"], 1)[0]
    assert (event.kind, event.data) == ("amendment.accepted", {"statement": promise.statement_id, "version": version})


def test_who_accepts_never_becomes_the_author(suggest: Any, promise: Any, cast: Any) -> None:
    made = suggest(cast.emil, credit=True)
    accept_amendment(cast.mona, made, Decision(reason="Yes.", adopt=True))
    row = db.session.get_one(Amendment, made)
    assert (row.author_id, row.decided_by) == (cast.emil.id, cast.mona.id)
    (text,) = adopted(cast.cleo)
    (shaping,) = text.paragraphs[0][1].shaped
    assert shaping.author is not None
    assert shaping.signed_by is not None
    assert (shaping.author["name"], shaping.signed_by["name"]) == ("Emil", "Mona")


def test_only_who_decides_may(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    """Mona hosts, so she decides; nobody else does, whatever their role, and not the author of the change either."""
    made = suggest(cast.emil)
    decisions = (
        lambda person: accept_amendment(person, made, YES),
        lambda person: decline_amendment(person, made, NO),
        lambda person: adopt_statement(person, promise.statement_id, NO),
    )
    with one_event():
        for person in (cast.emil, cast.cleo, cast.piet, cast.otto, cast.mira, cast.ada):
            for decide in decisions:
                with pytest.raises(Refused):
                    decide(person)
    assert DAY in text_of(promise, cast.cleo)


def test_a_named_decider_decides_and_the_host_does_not(suggest: Any, promise: Any, cast: Any) -> None:
    made = suggest(cast.emil)
    change_host(cast.mona, promise.board_id, ChangeHost(email="piet@example.org", duty="decider"))
    with pytest.raises(Refused):
        accept_amendment(cast.mona, made, YES)
    accept_amendment(cast.piet, made, YES)
    assert BETTER in text_of(promise, cast.cleo)


def test_the_outsider_finds_nothing_to_decide(make_promise: Any, cast: Any) -> None:
    inner = make_promise("inner", groups=["management", "employee"])
    made = suggest_amendment(cast.emil, inner.statement_id, NewAmendment(before=DAY, after=BETTER, reason="Why."))
    for read in (lambda: statement_as(cast.otto, inner.statement_id), lambda: amendment_as(cast.otto, made)):
        with pytest.raises(NotFound):
            read()
    for act in (lambda: accept_amendment(cast.otto, made, YES), lambda: decline_amendment(cast.otto, made, NO), lambda: reopen_amendment(cast.otto, made)):
        with pytest.raises(NotFound):
            act()


def test_a_declined_change_keeps_its_reason(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    made = suggest(cast.emil)
    with one_event("amendment.declined"):
        decline_amendment(cast.mona, made, NO)
    with one_event():
        decline_amendment(cast.mona, made, NO)
    statement = statement_as(cast.cleo, promise.statement_id)
    assert open_amendments(cast.cleo, statement) == []
    (change,) = declined_amendments(cast.cleo, statement)
    assert (change.decision, change.decided_by and change.decided_by["name"]) == ("We cannot keep that.", "Mona")
    with pytest.raises(Conflict):
        cast_stance(cast.cleo, Ref("amendment", made), 1)
    with one_event("amendment.reopened"):
        reopen_amendment(cast.mona, made)
    cast_stance(cast.cleo, Ref("amendment", made), 1)
    assert amendment_as(cast.cleo, made).status == "open"


def test_a_stale_sentence_is_a_conflict_that_shows_both(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    first, second = suggest(cast.emil), suggest(cast.cleo, DAY, "We tell you an hour.")
    accept_amendment(cast.mona, first, YES)
    before = text_of(promise, cast.cleo)
    with one_event(), pytest.raises(Conflict, match="changed since"):
        accept_amendment(cast.mona, second, YES)
    assert text_of(promise, cast.cleo) == before
    stale = amendment_as(cast.cleo, second)
    assert (stale.status, stale.is_stale, stale.instead) == ("open", True, BETTER)
    decline_amendment(cast.mona, second, NO)


def test_two_changes_of_different_sentences_both_stand(suggest: Any, promise: Any, cast: Any) -> None:
    first, second = suggest(cast.emil), suggest(cast.cleo, "You decide.", "You decide, always.")
    added, gone = suggest(cast.piet, "", "You find your words here."), suggest(cast.otto, "We show you what is worn.", "")
    for made in (second, first, gone, added):
        accept_amendment(cast.mona, made, YES)
    assert text_of(promise, cast.cleo) == f"You reach a person. {BETTER}\n\nIf we were wrong we say so. You decide, always. You find your words here."


def test_what_was_decided_is_not_decided_again(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    made = suggest(cast.emil)
    version = accept_amendment(cast.mona, made, YES)
    with one_event():
        assert accept_amendment(cast.mona, made, YES) == version
    with pytest.raises(Conflict):
        accept_amendment(cast.mona, made, Decision(reason="Another reason."))
    with pytest.raises(Conflict):
        decline_amendment(cast.mona, made, NO)


def test_what_is_hidden_is_not_decided(suggest: Any, cast: Any) -> None:
    made = suggest(cast.emil)
    hide_amendment(cast.mira, made)
    with pytest.raises(Conflict):
        accept_amendment(cast.mona, made, YES)


def test_it_is_decided_while_the_board_is_being_decided(suggest: Any, promise: Any, cast: Any) -> None:
    made = suggest(cast.emil)
    move_board(cast.mona, promise.board_id, MoveBoard(state="deciding"))
    accept_amendment(cast.mona, made, YES)
    assert BETTER in text_of(promise, cast.cleo)


def test_a_closed_board_stays_as_it_is(suggest: Any, promise: Any, cast: Any) -> None:
    made = suggest(cast.emil)
    move_board(cast.mona, promise.board_id, MoveBoard(state="closed"))
    with pytest.raises(Conflict):
        accept_amendment(cast.mona, made, YES)
    with pytest.raises(Conflict):
        adopt_statement(cast.mona, promise.statement_id, NO)
    assert DAY in text_of(promise, cast.cleo)


def test_an_acceptance_is_undone_by_a_new_version(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    made = suggest(cast.emil)
    before = text_of(promise, cast.cleo)
    version = accept_amendment(cast.mona, made, YES)
    with pytest.raises(Refused):
        reopen_amendment(cast.emil, made)
    with one_event("amendment.reopened"):
        reopen_amendment(cast.mona, made)
    with one_event():
        reopen_amendment(cast.mona, made)
    assert text_of(promise, cast.cleo) == before
    steps = [(v.number, v.step) for v in versions_of(statement_as(cast.cleo, promise.statement_id))]
    assert steps == [(version + 1, "back"), (version, "change"), (2, "reworded"), (1, "started")]
    accept_amendment(cast.mona, made, YES)


def test_what_others_built_on_is_not_undone(suggest: Any, promise: Any, cast: Any) -> None:
    first, second = suggest(cast.emil), suggest(cast.cleo, "You decide.", "You decide, always.")
    accept_amendment(cast.mona, first, YES)
    accept_amendment(cast.mona, second, YES)
    with pytest.raises(Conflict):
        reopen_amendment(cast.mona, first)
    reopen_amendment(cast.mona, second)


def test_adopting_puts_the_text_on_the_promise_page(promise: Any, cast: Any, one_event: Any) -> None:
    assert adopted(cast.cleo) == []
    with one_event("statement.adopted"):
        adopt_statement(cast.mona, promise.statement_id, Reason(reason="We mean this."))
    with one_event():
        adopt_statement(cast.mona, promise.statement_id, Reason(reason="Again."))
    (text,) = adopted(cast.cleo)
    assert text.signed_by is not None
    assert text.signed_by["name"] == "Mona"
    assert [[s.text for s in p] for p in text.paragraphs][1] == ["If we were wrong we say so.", "You decide."]
    with one_event("statement.set_aside"):
        set_statement_aside(cast.mona, promise.statement_id)
    assert adopted(cast.cleo) == []


def test_each_change_of_an_adopted_text_is_adopted_at_once(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    adopt_statement(cast.mona, promise.statement_id, Reason(reason="We mean this."))
    made = suggest(cast.emil)
    with one_event("amendment.accepted", "statement.adopted"):
        version = accept_amendment(cast.mona, made, YES)
    (text,) = adopted(cast.cleo)
    assert (text.version, text.paragraphs[0][1].text) == (version, BETTER)
    with one_event("amendment.reopened", "statement.adopted"):
        reopen_amendment(cast.mona, made)
    assert adopted(cast.cleo)[0].paragraphs[0][1].text == DAY


def test_one_signature_accepts_and_adopts_and_is_taken_back_as_one(suggest: Any, promise: Any, cast: Any, one_event: Any) -> None:
    made = suggest(cast.emil)
    with one_event("amendment.accepted", "statement.adopted"):
        accept_amendment(cast.mona, made, Decision(reason="Yes.", adopt=True))
    assert len(adopted(cast.cleo)) == 1
    with one_event("amendment.reopened", "statement.set_aside"):
        reopen_amendment(cast.mona, made)
    assert adopted(cast.cleo) == []


def test_who_shaped_it_is_named_only_if_they_agreed(suggest: Any, promise: Any, cast: Any) -> None:
    said = give_response(cast.cleo, promise.board_id, NewResponse(body="Not hearing is what loses us."))
    quiet, named = suggest(cast.emil, cites=[said]), suggest(cast.piet, "You decide.", "You decide, always.", credit=True)
    accept_amendment(cast.mona, quiet, YES)
    accept_amendment(cast.mona, named, Decision(reason="Yes.", adopt=True))
    (text,) = adopted(cast.otto)
    first, second = text.paragraphs[0][1].shaped[0], text.paragraphs[1][1].shaped[0]
    assert (first.author, first.group, first.cites) == (None, "employee", [Ref("response", said)])
    assert second.author == {"id": cast.piet.id, "name": "Piet", "group": "partner"}
    assert text.paragraphs[0][0].shaped == []
    assert text.cites == {Ref("response", said)}


def test_later_changes_keep_who_came_before(suggest: Any, promise: Any, cast: Any) -> None:
    first = suggest(cast.emil)
    accept_amendment(cast.mona, first, Decision(reason="Yes.", adopt=True))
    second = suggest(cast.cleo, BETTER, "We tell you a day, and you hear from us first if it moves.")
    accept_amendment(cast.mona, second, YES)
    (text,) = adopted(cast.otto)
    assert [shaping.amendment_id for shaping in text.paragraphs[0][1].shaped] == [second, first]


def test_the_outsider_is_promised_nothing_he_may_not_read(make_promise: Any, cast: Any) -> None:
    inner = make_promise("inner", groups=["management", "employee"])
    adopt_statement(cast.mona, inner.statement_id, Reason(reason="Among us."))
    assert len(adopted(cast.emil)) == 1
    with pytest.raises(NotFound):
        statement_as(cast.otto, inner.statement_id)
    assert adopted(cast.otto) == []
    assert adopted(cast.visitor) == []


def test_no_prose_and_no_stance_in_the_log(suggest: Any, promise: Any, cast: Any) -> None:
    made = suggest(cast.emil)
    cast_stance(cast.cleo, Ref("amendment", made), -1)
    accept_amendment(cast.mona, made, Decision(reason="We hear you.", adopt=True))
    data = " ".join(db.session.scalars(select(Event.data)))
    assert "hear" not in data
    assert "stance" not in data


def test_promises_are_read_in_a_fixed_number_of_statements(make_promise: Any, cast: Any, query_count: Any) -> None:
    counts = []
    for number in range(3):
        one = make_promise(f"promise-{number}")
        adopt_statement(cast.mona, one.statement_id, Reason(reason="We mean this."))
        with query_count() as statements:
            adopted(cast.cleo)
        counts.append(len(statements))
    assert len(set(counts)) == 1


def race(app: Any, *acts: Callable[[], object]) -> list[BaseException | None]:
    """Do these at the same moment, each on a connection of its own; what each ended in."""
    db.session.rollback()
    start, ends = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(10)
            try:
                act()
            except Exception as error:
                ends[place] = error  # type: ignore[call-overload]

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return list(ends)


def test_of_two_who_decide_at_once_one_wins(app: Any, suggest: Any, promise: Any, cast: Any) -> None:
    for email in ("mona@example.org", "piet@example.org"):
        change_host(cast.mona, promise.board_id, ChangeHost(email=email, duty="decider"))
    for round in range(5):
        made = suggest(cast.emil, "", f"Sentence number {round}.")
        before = len(versions_of(statement_as(cast.mona, promise.statement_id)))
        ends = race(app, partial(accept_amendment, cast.mona, made, YES), partial(decline_amendment, cast.piet, made, NO))
        assert [type(end) for end in ends if end is not None] == [Conflict]
        db.session.rollback()
        row = db.session.get_one(Amendment, made)
        accepted = row.status == "accepted"
        assert row.decided_by == (cast.mona.id if accepted else cast.piet.id)
        assert len(versions_of(statement_as(cast.mona, promise.statement_id))) == before + accepted


def test_two_changes_of_one_sentence_accepted_at_once(app: Any, suggest: Any, promise: Any, cast: Any) -> None:
    for email in ("mona@example.org", "piet@example.org"):
        change_host(cast.mona, promise.board_id, ChangeHost(email=email, duty="decider"))
    first, second = suggest(cast.emil), suggest(cast.cleo, DAY, "We tell you an hour.")
    ends = race(app, lambda: accept_amendment(cast.mona, first, YES), lambda: accept_amendment(cast.piet, second, YES))
    assert [type(end) for end in ends if end is not None] == [Conflict]
    db.session.rollback()
    numbers = list(db.session.scalars(select(Version.number).where(Version.statement_id == promise.statement_id).order_by(Version.number)))
    assert numbers == [1, 2, 3]


def test_home_shows_the_beginning_of_the_first_text(make_promise: Any, cast: Any) -> None:
    first, second = make_promise("ours"), make_promise("yours")
    for each in (second, first):
        adopt_statement(cast.mona, each.statement_id, Reason(reason="Let us begin."))
    assert [text.statement_id for text in adopted(cast.cleo)] == [first.statement_id, second.statement_id]
    assert first_words(boards_as(cast.cleo), 2) == [sentence.text for sentence in adopted(cast.cleo)[0].paragraphs[0]][:2]
