"""Hosts promise, with an owner and a day; what is late shows as late; keeping it is said, and can be taken back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cocreate.boards.actions import move_board
from cocreate.boards.inputs import MoveBoard
from cocreate.commitments.actions import finish_commitment, make_commitment, reopen_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.commitments.queries import late_promises, promise_as, promises_on
from cocreate.core.errors import BadInput, Conflict, NotFound, Refused
from cocreate.core.ids import Ref
from cocreate.eventlog.subjects import find_subjects
from tests.cast import Cast
from tests.stage import open_board

OneEvent = Callable[..., AbstractContextManager[None]]
ClientOf = Callable[[Any], Any]
TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def board(cast: Cast, clock: Any) -> int:
    clock.set(TODAY)
    return open_board("promises", cast.mona, read_public=True)


def promise(actor: Any, board: int, text: str = "We share the repair times", due: str = "2026-12-12", owner: str | None = None) -> int:
    return make_commitment(actor, board, NewCommitment(text=text, due=date.fromisoformat(due), owner=owner))


def states(board: int) -> list[tuple[str, str, str]]:
    return [(each.text, each.owner, each.state) for each in promises_on([board]).get(board, [])]


def test_a_host_promises_and_keeps_it(cast: Cast, board: int, one_event: OneEvent) -> None:
    with one_event("commitment.made"):
        made = promise(cast.mona, board)
    assert states(board) == [("We share the repair times", "Mona", "due")]
    with one_event("commitment.done"):
        finish_commitment(cast.mona, made)
    with one_event():
        finish_commitment(cast.mona, made)
    assert states(board)[0][2] == "done"
    with one_event("commitment.reopened"):
        reopen_commitment(cast.mona, made)
    with one_event():
        reopen_commitment(cast.mona, made)
    assert states(board)[0][2] == "due"


def test_late_from_the_day_after(cast: Cast, board: int, clock: Any) -> None:
    made = promise(cast.mona, board, due="2026-11-25")
    promise(cast.mona, board, "Later", due="2026-12-25")
    clock.set(datetime(2026, 11, 25, 23, 59, tzinfo=UTC))
    assert (states(board)[0][2], late_promises([board])) == ("due", [])
    clock.set(datetime(2026, 11, 26, 0, 1, tzinfo=UTC))
    assert [state for _text, _owner, state in states(board)] == ["late", "due"]
    assert [each.id for each in late_promises([board])] == [made]
    finish_commitment(cast.mona, made)
    assert (states(board)[0][2], late_promises([board])) == ("done", [])


def test_somebody_else_answers_for_it(cast: Cast, board: int) -> None:
    promise(cast.mona, board, "Emil does", due="2026-12-01", owner="emil@example.org")
    promise(cast.organisation, board, "We all do", due="2026-12-02")
    assert [owner for _text, owner, _state in states(board)] == ["Emil", "CoCreate"]
    with pytest.raises(BadInput) as caught:
        promise(cast.mona, board, owner="nobody@example.org")
    assert list(caught.value.errors) == ["owner"]


def test_a_day_that_has_passed_is_no_promise(cast: Cast, board: int) -> None:
    with pytest.raises(BadInput) as caught:
        promise(cast.mona, board, due="2026-11-22")
    assert list(caught.value.errors) == ["due"]
    promise(cast.mona, board, due="2026-11-23")


def test_only_hosts_promise(cast: Cast, board: int) -> None:
    made = promise(cast.mona, board)
    for other in (cast.emil, cast.cleo, cast.mira, cast.ada):
        for refused in (lambda: promise(other, board), lambda: finish_commitment(other, made), lambda: reopen_commitment(other, made)):  # noqa: B023
            with pytest.raises(Refused):
                refused()


def test_a_promise_outlives_its_board(cast: Cast, board: int) -> None:
    made = promise(cast.mona, board)
    move_board(cast.mona, board, MoveBoard(state="closed"))
    with pytest.raises(Conflict):
        promise(cast.mona, board, "One more")
    finish_commitment(cast.mona, made)
    assert states(board)[0][2] == "done"


def test_otto_hears_of_no_promise_on_a_board_that_is_not_his(cast: Cast, board: int) -> None:
    inside = open_board("inside", cast.mona, groups=("management", "employee"))
    made = promise(cast.mona, inside)
    for outside in (lambda: promise_as(cast.otto, made), lambda: promise(cast.otto, inside), lambda: finish_commitment(cast.otto, made)):
        with pytest.raises(NotFound):
            outside()
    ref = Ref("commitment", made)
    assert find_subjects(cast.otto, [ref]) == {}
    assert find_subjects(cast.emil, [ref])[ref].url == f"/boards/inside#commitment-{made}"


def test_the_board_carries_its_promises(cast: Cast, board: int, client_of: ClientOf) -> None:
    made = promise(cast.mona, board)
    found = client_of(cast.visitor).get("/api/v1/boards/promises").json
    assert found["commitments"] == [{"id": made, "text": "We share the repair times", "owner": "Mona", "due": "2026-12-12", "state": "due"}]
    open_board("empty", cast.mona)
    assert client_of(cast.cleo).get("/api/v1/boards/empty").json["commitments"] == []


def test_promising_by_forms(cast: Cast, board: int, client_of: ClientOf) -> None:
    mona, cleo = client_of(cast.mona), client_of(cast.cleo)
    answer = mona.post("/boards/promises/promises/new", data={"text": "<i>A decision</i>", "due": "2027-01-31", "owner": ""})
    made = int(answer.headers["Location"].rpartition("-")[2])
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/boards/promises#commitment-{made}")
    part = cleo.get("/boards/promises/promises").text
    assert "&lt;i&gt;A decision&lt;/i&gt;" in part
    assert "31 January 2027" in part
    assert "It is kept" not in part
    assert "It is kept" in mona.get("/boards/promises/promises").text
    assert mona.post(f"/promises/{made}/done").status_code == 303
    assert 'data-state="done"' in cleo.get("/boards/promises/promises").text
    assert mona.post(f"/promises/{made}/due").status_code == 303
    assert 'data-state="due"' in cleo.get("/boards/promises/promises").text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": "", "due": "2027-01-31"}, "text"),
        ({"text": "x" * 301, "due": "2027-01-31"}, "text"),
        ({"text": "a\x00b", "due": "2027-01-31"}, "text"),
        ({"text": "x", "due": "soon"}, "due"),
        ({"text": "x"}, "due"),
        ({"text": "x", "due": "2027-01-31", "owner": "not an address"}, "owner"),
    ],
)
def test_a_form_says_what_is_wrong_beside_its_field(cast: Cast, board: int, client_of: ClientOf, sent: dict[str, str], field: str) -> None:
    answer = client_of(cast.mona).post("/boards/promises/promises/new", data=sent)
    assert answer.status_code == 400
    assert f'id="f-{field}-error"' in answer.text


def test_who_may_not_is_told_so(cast: Cast, board: int, client_of: ClientOf) -> None:
    made = promise(cast.mona, board)
    assert client_of(cast.cleo).get("/boards/promises/promises/new").status_code == 403
    assert client_of(cast.cleo).post(f"/promises/{made}/done").status_code == 403
    assert client_of(cast.visitor).post(f"/promises/{made}/done").status_code == 401
    open_board("inside", cast.mona, groups=("management", "employee"))
    assert client_of(cast.emil).get("/boards/inside/promises").status_code == 200
    assert client_of(cast.otto).get("/boards/inside/promises").status_code == 404
