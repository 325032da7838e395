"""A board from its three typed things to its end: what is laid out, who may change what, and what everybody is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cocreate.boards.actions import change_host, edit_audience, edit_charter, edit_words, make_board, make_open_table, move_board
from cocreate.boards.diff import charter_changes
from cocreate.boards.inputs import ChangeHost, EditAudience, EditCharter, EditWords, MoveBoard, NewBoard
from cocreate.boards.models import Board
from cocreate.boards.queries import board_as, board_by_id_as, board_facts, boards_as, charter_of, charters_of
from cocreate.boards.standing import BoardFacts
from cocreate.core.db import db
from cocreate.core.errors import BadInput, Conflict, NotFound, Refused
from cocreate.core.fields import read_input
from cocreate.eventlog.rooms import board_room
from cocreate.eventlog.tail import entries_after
from cocreate.ideas.queries import idea_as
from cocreate.people.groups import GROUPS
from cocreate.people.queries import site
from cocreate.people.viewer import Organisation, Viewer
from cocreate.stances.actions import cast_stance
from tests.cast import Cast
from tests.stage import an_idea, crowd, open_board


def a_draft(host: Viewer, **more: Any) -> BoardFacts:
    typed = {"kind": "brand", "question": "What should they expect?", "context": "We lost four customers in May."}
    return board_facts(make_board(host, read_input(NewBoard, {**typed, **more})))


def move(actor: Any, board: BoardFacts, state: str, reason: str = "") -> None:
    move_board(actor, board.id, read_input(MoveBoard, {"state": state, "reason": reason}))


def told(board_id: int) -> list[tuple[str, dict[str, Any]]]:
    """What the board's record says happened, oldest first."""
    return [(entry.kind, dict(entry.data)) for entry in entries_after(board_room(board_id), 0, 1000)]


CHARTER: dict[str, Any] = {"open": "Every sentence", "not_open": "Prices", "decides": "Mona", "method": "Weigh, then decide"}


# Making one


def test_three_things_typed_are_a_board(app: Flask, cast: Cast, one_event: Any) -> None:
    with one_event("board.made"):
        board = a_draft(cast.mona)
    assert (board.question, board.context, board.context_by, board.hosts) == (
        "What should they expect?", "We lost four customers in May.", cast.mona.id, (cast.mona.id,))  # fmt: skip
    assert (board.state, board.title, board.slug) == ("draft", "What should they expect?", "what-should-they-expect")
    assert set(board.starting) == {"line", "objective"}
    charter = charter_of(board.id)
    assert (charter.version, charter.made_by, charter.by) == (1, cast.mona.id, site().today() + timedelta(days=30))
    assert set(charter.starting) == {"open", "not_open", "decides", "method"}
    assert board.read_groups == board.part_groups == GROUPS


@pytest.mark.parametrize("kind", ["brand", "product", "strategy"])
def test_each_kind_starts_with_words_that_say_so(app: Flask, cast: Cast, kind: str) -> None:
    board = a_draft(cast.emil, kind=kind, question=None)
    charter = charter_of(board.id)
    assert all([board.question, board.line, board.objective, charter.open, charter.not_open, charter.decides, charter.method])
    assert set(board.starting) == {"question", "line", "objective"}
    assert board.safe_dissent == (kind == "strategy")


def test_an_address_is_taken_once(app: Flask, cast: Cast, one_event: Any) -> None:
    assert [a_draft(cast.mona).slug for _ in range(3)] == ["what-should-they-expect", "what-should-they-expect-2", "what-should-they-expect-3"]
    a_draft(cast.mona, slug="promise")
    with one_event(), pytest.raises(Conflict, match="promise"):
        a_draft(cast.emil, slug="promise")
    assert db.session.scalar(select(func.count()).select_from(Board).where(Board.slug == "promise")) == 1


@pytest.mark.parametrize("question", ["¿Qué pasa?", "что делать", "???", "x" * 200])
def test_any_question_has_an_address(app: Flask, cast: Cast, question: str) -> None:
    slug = a_draft(cast.mona, question=question).slug
    assert slug
    assert len(slug) <= 60
    assert read_input(NewBoard, {"kind": "brand", "slug": slug}).slug == slug


def test_who_comes_from_outside_asks_somebody_inside(app: Flask, cast: Cast, one_event: Any) -> None:
    for person in (cast.cleo, cast.piet):
        with one_event(), pytest.raises(Refused):
            a_draft(person)
    board = a_draft(cast.emil, hosts=["cleo@example.org"])
    assert board.hosts == (cast.cleo.id,)
    assert board_by_id_as(cast.cleo, board.id).curates


def test_a_host_whom_nobody_knows_is_said(app: Flask, cast: Cast, one_event: Any) -> None:
    with one_event(), pytest.raises(BadInput) as said:
        a_draft(cast.mona, hosts=["cleo@example.org", "nobody@example.org"])
    assert list(said.value.errors) == ["hosts"]
    assert db.session.scalar(select(func.count()).select_from(Board)) == 0


# Its states


def test_a_draft_is_for_its_hosts_and_administrators(app: Flask, cast: Cast) -> None:
    board = a_draft(cast.mona, read_public=True)
    for person in (cast.emil, cast.cleo, cast.mira, cast.visitor):
        with pytest.raises(NotFound):
            board_as(person, board.slug)
        assert board.slug not in [each.board.slug for each in boards_as(person)]
    assert board_as(cast.mona, board.slug).hosts
    assert board_as(cast.ada, board.slug).reads


def test_it_opens_once_the_host_went_first(app: Flask, cast: Cast, one_event: Any) -> None:
    board = a_draft(cast.mona, context="")
    with one_event(), pytest.raises(BadInput) as said:
        move(cast.mona, board, "open")
    assert list(said.value.errors) == ["context"]
    edit_words(cast.mona, board.id, EditWords(context="We lost four customers in May."))
    with one_event("board.opened"):
        move(cast.mona, board, "open")
    with one_event():
        move(cast.mona, board, "open")
    assert board_as(cast.cleo, board.slug).takes_part
    assert told(board.id)[-1] == ("board.opened", {"before": "draft"})


def test_it_is_decided_and_closed_and_comes_back_with_a_reason(app: Flask, cast: Cast, one_event: Any) -> None:
    board = a_draft(cast.mona)
    for state in ("deciding", "closed"):
        with one_event(), pytest.raises(Conflict):
            move(cast.mona, board, state)
    move(cast.mona, board, "open")
    for state, kind in (("deciding", "board.deciding"), ("closed", "board.closed")):
        with one_event(kind):
            move(cast.mona, board, state)
    for state in ("open", "deciding"):
        with one_event(), pytest.raises(BadInput) as said:
            move(cast.mona, board, state)
        assert list(said.value.errors) == ["reason"]
    with one_event("board.opened"):
        move(cast.mona, board, "open", "The price list came out wrong.")
    again = board_facts(board.id)
    assert (again.state, again.looking_back) == ("open", "The price list came out wrong.")
    assert told(board.id)[-1] == ("board.opened", {"before": "closed"})
    row = db.session.get(Board, board.id)
    assert row is not None
    assert row.closed_at is None
    with pytest.raises(BadInput):
        move(cast.mona, board, "draft")


def test_only_hosts_move_it(app: Flask, cast: Cast, one_event: Any) -> None:
    board = a_draft(cast.mona)
    move(cast.mona, board, "open")
    for person in (cast.emil, cast.mira, cast.cleo):
        with one_event(), pytest.raises(Refused):
            move(person, board, "closed")
    assert board_facts(board.id).state == "open"


def test_the_open_table_is_laid_once_and_never_closes(app: Flask, cast: Cast, one_event: Any) -> None:
    made = make_open_table(Organisation())
    assert made is not None
    with one_event():
        assert make_open_table(Organisation()) is None
    table = board_facts(made)
    assert (table.state, table.is_open_table, charter_of(made).by) == ("open", True, None)
    for state in ("deciding", "closed"):
        with one_event(), pytest.raises(Conflict):
            move(Organisation(), table, state)
    newer = open_board("newer")
    assert [each.board.id for each in boards_as(cast.cleo)] == [newer, made]


# Its words


def test_words_are_edited_where_they_stand(app: Flask, cast: Cast, one_event: Any) -> None:
    board = a_draft(cast.mona)
    with one_event("board.edited"):
        edit_words(cast.mona, board.id, EditWords(line="I would stay if", answer_days=7))
    after = board_facts(board.id)
    assert (after.line, after.answer_days, set(after.starting)) == ("I would stay if", 7, {"objective"})
    assert told(board.id)[-1] == ("board.edited", {"fields": ["answer_days", "line"]})
    with one_event():
        edit_words(cast.mona, board.id, EditWords(line="I would stay if"))


def test_starting_words_that_are_saved_as_they_are_become_the_hosts_own(app: Flask, cast: Cast, one_event: Any) -> None:
    board = a_draft(cast.mona)
    with one_event("board.edited"):
        edit_words(cast.mona, board.id, EditWords(objective=board.objective))
    assert set(board_facts(board.id).starting) == {"line"}


def test_who_shares_the_context_is_named(app: Flask, cast: Cast) -> None:
    board = a_draft(cast.mona)
    change_host(cast.mona, board.id, ChangeHost(email="emil@example.org"))
    edit_words(cast.emil, board.id, EditWords(context="It was five."))
    assert board_facts(board.id).context_by == cast.emil.id


def test_each_version_of_how_this_works_stays(app: Flask, cast: Cast, one_event: Any) -> None:
    board = a_draft(cast.mona)
    first = charter_of(board.id)
    with one_event("charter.changed"):
        assert edit_charter(cast.mona, board.id, EditCharter(**CHARTER, by=date(2027, 3, 1))) == 2
    with one_event():
        assert edit_charter(cast.mona, board.id, EditCharter(**CHARTER, by=date(2027, 3, 1))) == 2
    with one_event("charter.changed"):
        assert edit_charter(cast.mona, board.id, EditCharter(**{**CHARTER, "decides": "Mona and Emil"}, by=date(2027, 3, 1))) == 3
    versions = charters_of(board.id)
    assert [each.version for each in versions] == [3, 2, 1]
    assert versions[2] == first
    assert versions[0].starting == ()
    (change,) = charter_changes(versions[1], versions[0])
    assert (change.field, [(how, words.strip()) for how, words in change.runs]) == ("decides", [("same", "Mona"), ("ins", "and Emil")])
    assert told(board.id)[-1] == ("charter.changed", {"version": 3})


def test_what_is_left_as_it_started_still_says_so(app: Flask, cast: Cast) -> None:
    board = a_draft(cast.mona)
    first = charter_of(board.id)
    edit_charter(cast.mona, board.id, EditCharter(open="Only this", not_open=first.not_open, decides=first.decides, method=first.method, by=first.by))
    assert charter_of(board.id).starting == ("not_open", "decides", "method")


def test_only_hosts_edit(app: Flask, cast: Cast, one_event: Any) -> None:
    board = a_draft(cast.mona)
    move(cast.mona, board, "open")
    acts = (
        lambda person: edit_words(person, board.id, EditWords(title="Mine")),
        lambda person: edit_charter(person, board.id, EditCharter(**CHARTER)),
        lambda person: edit_audience(person, board.id, EditAudience(part_groups=["customer"])),
        lambda person: change_host(person, board.id, ChangeHost(email="cleo@example.org")),
    )
    for act in acts:
        for person in (cast.emil, cast.mira, cast.cleo):
            with one_event(), pytest.raises(Refused):
                act(person)
    assert board_facts(board.id).title == board.title


# Who is on it


def test_who_takes_part_also_reads(app: Flask, cast: Cast, one_event: Any) -> None:
    board = a_draft(cast.mona)
    move(cast.mona, board, "open")
    with one_event("board.audience_changed"):
        edit_audience(cast.mona, board.id, EditAudience(part_groups=["customer", "management"], read_groups=["employee"]))
    with one_event():
        edit_audience(cast.mona, board.id, EditAudience(part_groups=["management", "customer"], read_groups=["employee", "customer"]))
    after = board_facts(board.id)
    assert (after.read_groups, after.part_groups) == (("management", "employee", "customer"), ("management", "customer"))
    assert told(board.id)[-1] == ("board.audience_changed", {"read": ["management", "employee", "customer"], "part": ["management", "customer"]})
    assert board_as(cast.emil, board.slug).takes_part is False
    with pytest.raises(NotFound):
        board_as(cast.piet, board.slug)


def test_voices_of_a_group_that_leaves_come_back_with_it(app: Flask, cast: Cast) -> None:
    board_id = open_board("here")
    ref = an_idea(cast.emil, board_id)
    for person in [*crowd("customer", 3), *crowd("partner", 3)]:
        cast_stance(person, ref, 1)
    assert idea_as(cast.emil, ref.id).tally.voices == 6
    edit_audience(Organisation(), board_id, EditAudience(part_groups=["management", "employee", "customer"], read_groups=list(GROUPS)))
    assert idea_as(cast.emil, ref.id).tally.voices == 3
    edit_audience(Organisation(), board_id, EditAudience(part_groups=list(GROUPS)))
    assert idea_as(cast.emil, ref.id).tally.voices == 6


def test_hosts_come_from_any_group_and_decide_unless_others_are_named(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board("here", cast.mona)
    with one_event("board.hosts_changed"):
        change_host(cast.mona, board_id, ChangeHost(email="cleo@example.org"))
    with one_event():
        change_host(cast.mona, board_id, ChangeHost(email="cleo@example.org"))
    assert told(board_id)[-1] == ("board.hosts_changed", {"person": cast.cleo.id, "duty": "host", "now": True})
    cleo = board_by_id_as(cast.cleo, board_id)
    assert (cleo.hosts, cleo.decides) == (True, True)
    change_host(cast.cleo, board_id, ChangeHost(email="emil@example.org", duty="decider"))
    assert board_by_id_as(cast.cleo, board_id).decides is False
    emil = board_by_id_as(cast.emil, board_id)
    assert (emil.hosts, emil.decides) == (False, True)
    change_host(cast.cleo, board_id, ChangeHost(email="mona@example.org", wanted=False))
    assert board_facts(board_id).hosts == (cast.cleo.id,)
    with one_event(), pytest.raises(BadInput) as said:
        change_host(cast.cleo, board_id, ChangeHost(email="nobody@example.org"))
    assert list(said.value.errors) == ["email"]


def test_an_administrator_names_hosts_where_all_have_left(app: Flask, cast: Cast) -> None:
    board_id = open_board("here", cast.emil)
    change_host(cast.ada, board_id, ChangeHost(email="emil@example.org", wanted=False))
    assert board_by_id_as(cast.ada, board_id).hosts
    change_host(cast.ada, board_id, ChangeHost(email="piet@example.org"))
    assert not board_by_id_as(cast.ada, board_id).hosts
    assert board_by_id_as(cast.piet, board_id).hosts
