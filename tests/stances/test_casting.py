"""Casting stances: what the tally shows, who may, and that a hundred hands at once leave one each."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cocreate.boards.actions import edit_audience, make_board, move_board
from cocreate.boards.inputs import EditAudience, MoveBoard, NewBoard
from cocreate.boards.queries import board_facts
from cocreate.core.db import db
from cocreate.core.errors import Conflict, NotFound, NotSignedIn, Refused
from cocreate.core.ids import Ref
from cocreate.ideas.actions import withdraw_idea
from cocreate.ideas.curation_actions import merge_idea, unmerge_idea
from cocreate.ideas.listing_queries import needs_voice
from cocreate.ideas.queries import idea_as
from cocreate.people.actions import change_person
from cocreate.people.groups import Group
from cocreate.people.inputs import ChangePerson
from cocreate.people.queries import viewer_of
from cocreate.people.viewer import Organisation
from cocreate.stances import changes
from cocreate.stances.actions import cast_stance
from cocreate.stances.models import Stance
from cocreate.stances.queries import own_stances, tally_of
from cocreate.transfer.doctor import examine
from tests.cast import Cast
from tests.stage import an_idea, crowd


def open_board(kind: str = "brand", groups: list[Group] | None = None, slug: str = "b") -> int:
    board_id = make_board(Organisation(), NewBoard(kind=kind, slug=slug, title="B", groups=groups))  # type: ignore[arg-type]
    move_board(Organisation(), board_id, MoveBoard(state="open"))
    return board_id


def cells(ref: Ref, board_id: int) -> Any:
    shown = tally_of(ref, board_facts(board_id)).as_json()["tallies"]
    return None if shown is None else {"+".join(cell["groups"]): (cell["agree"], cell["pass"], cell["disagree"]) for cell in shown}


def test_results_show_from_three(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    for person in (cast.cleo, cast.otto):
        cast_stance(person, ref, 1)
    view = tally_of(ref, board_facts(board_id))
    assert (view.voices, view.cells, view.sentence) == (2, None, "2 voices are in; results show from 3.")
    cast_stance(crowd("customer", 1)[0], ref, -1)
    assert cells(ref, board_id) == {"customer": (2, 0, 1)}


def test_a_small_group_waits_and_the_sentence_says_so(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    for person in crowd("customer", 3):
        cast_stance(person, ref, 1)
    cast_stance(cast.mona, ref, 1)
    view = tally_of(ref, board_facts(board_id))
    assert cells(ref, board_id) == {"customer": (3, 0, 0)}
    assert view.voices == 4
    assert (view.sentence, view.waiting) == ("Customers agree.", {"management": 1})


def test_the_same_again_changes_nothing(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    with one_event():
        cast_stance(cast.cleo, ref, 1)
        version = tally_of(ref, board_facts(board_id)).version
        cast_stance(cast.cleo, ref, 1)
    assert tally_of(ref, board_facts(board_id)).version == version
    cast_stance(cast.cleo, ref, None)
    cast_stance(cast.cleo, ref, None)
    assert tally_of(ref, board_facts(board_id)).version == version + 1
    assert db.session.scalar(select(func.count()).select_from(Stance)) == 0


def test_who_may_and_who_may_not(app: Flask, cast: Cast) -> None:
    board_id = open_board(groups=["employee"])
    ref = an_idea(cast.emil, board_id)
    with pytest.raises(NotFound):
        cast_stance(cast.cleo, ref, 1)
    with pytest.raises(Refused):  # an administrator reads every board, and votes only with her group
        cast_stance(cast.ada, ref, 1)
    edit_audience(Organisation(), board_id, EditAudience(read_public=True, part_groups=["employee"]))
    with pytest.raises(NotSignedIn):
        cast_stance(cast.visitor, ref, 1)  # type: ignore[arg-type]
    move_board(Organisation(), board_id, MoveBoard(state="deciding"))
    cast_stance(cast.emil, ref, 1)
    move_board(Organisation(), board_id, MoveBoard(state="closed"))
    with pytest.raises(Conflict):
        cast_stance(cast.emil, ref, -1)
    assert own_stances(cast.emil, "idea", [ref.id]) == {ref.id: "agree"}


def test_nothing_is_weighed_that_was_taken_back(app: Flask, cast: Cast) -> None:
    ref = an_idea(cast.emil, open_board())
    withdraw_idea(cast.emil, ref.id)
    with pytest.raises(Conflict):
        cast_stance(cast.cleo, ref, 1)


def test_a_stance_keeps_its_group_until_cast_again(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    people = crowd("customer", 4)
    for person in people:
        cast_stance(person, ref, 1)
    change_person(Organisation(), people[0].id, ChangePerson(group="partner"))
    assert cells(ref, board_id) == {"customer": (4, 0, 0)}
    cast_stance(viewer_of(people[0].id), ref, 1)
    assert cells(ref, board_id) == {"customer+partner": (4, 0, 0)}


def test_a_group_that_leaves_takes_its_stances_along_and_brings_them_back(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    for person in crowd("customer", 3) + crowd("employee", 3):
        cast_stance(person, ref, 1)
    edit_audience(Organisation(), board_id, EditAudience(read_groups=["customer"], part_groups=["management", "employee"]))
    assert (cells(ref, board_id), tally_of(ref, board_facts(board_id)).voices) == ({"employee": (3, 0, 0)}, 3)
    edit_audience(Organisation(), board_id, EditAudience(part_groups=["management", "employee", "customer"]))
    assert cells(ref, board_id) == {"employee": (3, 0, 0), "customer": (3, 0, 0)}


def test_on_a_merged_idea_each_person_counts_once(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    stays, goes = an_idea(cast.emil, board_id, "Stays"), an_idea(cast.emil, board_id, "Goes")
    people = crowd("customer", 5)
    for person in people[:4]:
        cast_stance(person, goes, -1)
    for person in people[3:]:
        cast_stance(person, stays, 1)
    before = (cells(stays, board_id), cells(goes, board_id))
    merge_idea(Organisation(), goes.id, stays.id)
    assert (cells(stays, board_id), cells(goes, board_id)) == ({"customer": (2, 0, 3)}, None)
    cast_stance(people[0], stays, 1)
    assert cells(stays, board_id) == {"customer": (3, 0, 2)}
    unmerge_idea(Organisation(), goes.id)
    assert (cells(stays, board_id), cells(goes, board_id)) == ({"customer": (3, 0, 0)}, before[1])


def test_a_stance_given_before_the_merge_is_ones_own_after_it(app: Flask, cast: Cast) -> None:
    """Also where what it was merged into was merged further; taking it back takes it back, once."""
    board_id = open_board()
    last, middle, first = (an_idea(cast.emil, board_id, title) for title in ("Last", "Middle", "First"))
    people = crowd("customer", 4)
    for person in people:
        cast_stance(person, first, 1)
    for goes, into in ((first, middle), (middle, last)):
        merge_idea(Organisation(), goes.id, into.id)
    board = board_facts(board_id)
    assert idea_as(people[0], last.id).my_stance == "agree"
    assert [idea.id for idea in needs_voice(people[0], board, 9)] == []
    assert [idea.id for idea in needs_voice(cast.cleo, board, 9)] == [last.id]
    cast_stance(people[0], last, None)
    assert idea_as(people[0], last.id).my_stance is None
    assert (cells(last, board_id), tally_of(last, board).voices) == ({"customer": (3, 0, 0)}, 3)
    cast_stance(people[0], last, -1)
    cast_stance(people[0], last, None)
    assert cells(last, board_id) == {"customer": (3, 0, 0)}
    assert not any(examine().values())


def test_parting_an_inner_merge_counts_where_it_counted(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    last, middle, first = (an_idea(cast.emil, board_id, title) for title in ("Last", "Middle", "First"))
    people = crowd("customer", 9)
    for n, ref in enumerate((first, middle, last)):
        for person in people[3 * n : 3 * n + 3]:
            cast_stance(person, ref, 1)
    merge_idea(Organisation(), first.id, middle.id)
    merge_idea(Organisation(), middle.id, last.id)
    assert cells(last, board_id) == {"customer": (9, 0, 0)}
    unmerge_idea(Organisation(), first.id)
    found = [(cells(ref, board_id), tally_of(ref, board_facts(board_id)).voices) for ref in (first, middle, last)]
    assert found == [({"customer": (3, 0, 0)}, 3), (None, 0), ({"customer": (6, 0, 0)}, 6)]
    assert not any(examine().values())


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("meanwhile", ["merged", "audience"])
def test_a_stance_that_comes_while_all_is_counted_anew_is_counted(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, meanwhile: str) -> None:
    """On PostgreSQL two write at once. The stance is cast after the other has begun, and before it is done."""
    board_id = open_board()
    stays, goes = an_idea(cast.emil, board_id, "Stays"), an_idea(cast.emil, board_id, "Goes")
    for person in crowd("customer", 3):
        cast_stance(person, stays, 1)
    inside, failures = threading.Event(), []
    family_voices = changes.family_voices

    def stop_here(*given: Any) -> Any:
        found = family_voices(*given)
        if not inside.is_set():
            inside.set()
            late.join(1)  # it waits for the lock; if it did not, it would be done by now
        return found

    def cast_late() -> None:
        inside.wait(30)
        with app.app_context():
            try:
                cast_stance(cast.cleo, stays, 1)
            except BaseException as failure:
                failures.append(failure)
            finally:
                db.session.remove()

    late = threading.Thread(target=cast_late)
    monkeypatch.setattr(changes, "family_voices", stop_here)
    late.start()
    if meanwhile == "merged":
        merge_idea(Organisation(), goes.id, stays.id)
    else:
        edit_audience(Organisation(), board_id, EditAudience(part_groups=["employee", "customer"]))
    late.join(60)
    assert failures == []
    db.session.rollback()
    assert cells(stays, board_id) == {"customer": (4, 0, 0)}
    assert not any(examine().values())


def test_safe_dissent_holds_a_single_change_back(app: Flask, cast: Cast) -> None:
    board_id = open_board("strategy")
    ref = an_idea(cast.emil, board_id)
    people = crowd("employee", 6)
    for person in people[:3]:
        cast_stance(person, ref, 1)
    assert cells(ref, board_id) == {"employee": (3, 0, 0)}
    cast_stance(people[3], ref, -1)
    cast_stance(people[4], ref, -1)
    view = tally_of(ref, board_facts(board_id))
    assert (cells(ref, board_id), view.unshown, view.voices) == ({"employee": (3, 0, 0)}, 2, 5)
    cast_stance(people[5], ref, -1)
    assert cells(ref, board_id) == {"employee": (3, 0, 3)}
    cast_stance(people[0], ref, None)
    assert (cells(ref, board_id), tally_of(ref, board_facts(board_id)).voices) == ({"employee": (3, 0, 3)}, 5)


def test_thirty_votes_at_once_by_one_person_leave_one(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    failures: list[BaseException] = []

    def vote(stance: int) -> None:
        with app.app_context():
            try:
                cast_stance(cast.cleo, ref, stance)
            except BaseException as failure:
                failures.append(failure)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=vote, args=((-1, 0, 1)[n % 3],)) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    rows = db.session.execute(select(Stance.person_id, Stance.stance)).all()
    assert [row.person_id for row in rows] == [cast.cleo.id]
    assert tally_of(ref, board_facts(board_id)).voices == 1
