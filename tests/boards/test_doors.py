"""Boards by their pages and by the command line: what is typed, what comes back, and where it leads."""

import json
import re
from typing import Any

import pytest
from flask import Flask

from cocreate.boards.actions import edit_charter, edit_words, make_board
from cocreate.boards.inputs import EditCharter, EditWords, NewBoard
from cocreate.boards.queries import board_as, board_by_id_as, board_facts, boards_as, charters_of
from cocreate.people.viewer import Organisation
from tests.cast import Cast
from tests.stage import open_board

TYPED = {"kind": "brand", "question": "What should they expect?", "context": "We lost four customers in May."}


def page(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def made(viewer: Any) -> Any:
    (found,) = boards_as(viewer)
    return found.board


def test_three_things_typed_open_a_board_and_lead_to_its_link(app: Flask, cast: Cast, client_of: Any, one_event: Any) -> None:
    mona = client_of(cast.mona)
    with one_event("board.opened"):
        answer = mona.post("/boards/new", data=TYPED)
    assert (answer.status_code, answer.location) == (303, "/boards/what-should-they-expect/share")
    seen = page(mona, answer.location)
    assert "/boards/what-should-they-expect" in seen
    assert "<svg" in seen
    assert "Your board is open." in seen
    assert "What should they expect?" in page(client_of(cast.cleo), "/boards/what-should-they-expect")


def test_nothing_opens_before_the_host_went_first_and_nothing_typed_is_lost(app: Flask, cast: Cast, client_of: Any, one_event: Any) -> None:
    with one_event():
        answer = client_of(cast.mona).post("/boards/new", data={**TYPED, "context": " ", "hosts": "cleo@example.org, emil@example.org", "then": "open"})
    assert answer.status_code == 400
    assert "Share one sentence of your own first." in answer.text
    for typed in (">\nWhat should they expect?</textarea>", 'value="cleo@example.org, emil@example.org"'):
        assert typed in answer.text
    assert boards_as(cast.mona) == []


def test_a_host_whom_nobody_knows_is_said_beside_the_field(app: Flask, cast: Cast, client_of: Any) -> None:
    answer = client_of(cast.mona).post("/boards/new", data={**TYPED, "hosts": "nobody@example.org"})
    assert answer.status_code == 400
    assert "Nobody here has this address." in answer.text
    assert 'value="nobody@example.org"' in answer.text


def test_a_draft_stays_with_its_hosts(app: Flask, cast: Cast, client_of: Any) -> None:
    answer = client_of(cast.mona).post("/boards/new", data={**TYPED, "then": "draft", "context": ""})
    assert answer.location == "/boards/what-should-they-expect"
    page(client_of(cast.mona), answer.location)
    page(client_of(cast.emil), answer.location, 404)


@pytest.mark.parametrize(("then", "leads"), [("open", "/boards/what-should-they-expect/share"), ("draft", "/boards")])
def test_a_board_is_made_for_others_to_host(app: Flask, cast: Cast, client_of: Any, then: str, leads: str) -> None:
    emil = client_of(cast.emil)
    answer = emil.post("/boards/new", data={**TYPED, "then": then, "hosts": "cleo@example.org,piet@example.org"})
    assert (answer.status_code, answer.location) == (303, leads)
    page(emil, answer.location)
    assert made(cast.cleo).hosts == (cast.cleo.id, cast.piet.id)


def test_who_is_not_signed_in_signs_in_second(app: Flask, cast: Cast, client_of: Any) -> None:
    answer = client_of(cast.visitor).post("/boards/new", data=TYPED)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [("title", " ", "title"), ("question", "x" * 201, "question"), ("answer_days", "0", "answer_days"), ("answer_days", "soon", "answer_days")],
)
def test_a_word_that_does_not_fit_comes_back(app: Flask, cast: Cast, client_of: Any, field: str, wrong: str, said: str) -> None:
    open_board("here", cast.mona)
    answer = client_of(cast.mona).post(f"/boards/here/edit/{field}", data={field: wrong})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert board_as(cast.mona, "here").board.title == "Board here"


def test_one_word_is_edited_where_it_stands(app: Flask, cast: Cast, client_of: Any, one_event: Any) -> None:
    open_board("here", cast.mona)
    assert ">\nBoard here</textarea>" in page(client_of(cast.mona), "/boards/here/edit/title")
    with one_event("board.edited"):
        answer = client_of(cast.mona).post("/boards/here/edit/title", data={"title": "Renamed", "question": "Slipped in"})
    assert answer.location == "/boards/here"
    board = board_as(cast.emil, "here").board
    assert board.title == "Renamed"
    assert board.question != "Slipped in"
    page(client_of(cast.mona), "/boards/here/edit/slug", 404)
    page(client_of(cast.emil), "/boards/here/edit/title", 403)


def test_what_changed_between_versions_is_shown(app: Flask, cast: Cast, client_of: Any) -> None:
    board_id = open_board("here", cast.mona)
    mona = client_of(cast.mona)
    typed = {"open": "Every sentence of it", "not_open": "Prices", "decides": "Mona", "method": "Weigh, decide", "by": "2027-03-01", "text": ""}
    mona.post("/boards/here/how/edit", data=typed)
    mona.post("/boards/here/how/edit", data={**typed, "decides": "Mona and Emil"})
    assert [each.version for each in charters_of(board_id)] == [3, 2, 1]
    seen = page(client_of(cast.cleo), "/boards/here/how")
    for words in ("Version 3", "Version 2", "What changed", "taken out:", "added:", "1 March 2027"):
        assert words in seen
    assert "Edit how this works" not in seen
    mona.post("/boards/here/how/edit", data={**typed, "decides": "Everybody at the table", "by": "2027-04-02"})
    changed = re.sub(r"<[^>]+>", "", page(client_of(cast.cleo), "/boards/here/how").partition("Version 4 ·")[2])
    for words in ("Mona and Emil added: Everybody at the table", "1 March 2027 added: 2 April 2027"):  # in the reader's words, and none run together
        assert words in changed
    answer = mona.post("/boards/here/how/edit", data={**typed, "by": "soon"})
    assert answer.status_code == 400
    assert 'value="soon"' in answer.text or "soon" in answer.text


def test_starting_words_say_so_until_they_are_edited(app: Flask, cast: Cast, client_of: Any) -> None:
    board = board_facts(make_board(cast.mona, NewBoard(kind="brand", context="First."), opened=True))
    chip = "starting words"
    assert chip in page(client_of(cast.mona), f"/boards/{board.slug}")
    edit_words(cast.mona, board.id, EditWords(question="Ours?", line="I wish", objective="That."))
    edit_charter(cast.mona, board.id, EditCharter(open="A", not_open="B", decides="C", method="D"))
    assert chip not in page(client_of(cast.mona), f"/boards/{board.slug}/how")


def test_an_audience_takes_effect_at_once(app: Flask, cast: Cast, client_of: Any) -> None:
    open_board("here", cast.mona)
    cleo = client_of(cast.cleo)
    page(cleo, "/boards/here")
    sent = client_of(cast.mona).post("/boards/here/audience", data={"part_groups": ["management", "employee"], "hold_first": "yes"})
    assert sent.location == "/boards/here/how"
    page(cleo, "/boards/here", 404)
    board = board_as(cast.mona, "here").board
    assert (board.part_groups, board.hold_first) == (("management", "employee"), True)
    none = client_of(cast.mona).post("/boards/here/audience", data={"read_groups": ["customer"]})
    assert none.status_code == 400


def test_hosts_are_named_and_let_go(app: Flask, cast: Cast, client_of: Any) -> None:
    open_board("here", cast.mona)
    mona = client_of(cast.mona)
    mona.post("/boards/here/hosts", data={"email": "cleo@example.org", "duty": "host", "wanted": "yes"})
    assert board_as(cast.cleo, "here").hosts
    listed = page(mona, "/boards/here/hosts")
    assert "cleo@example.org" not in listed  # a host of another group does not learn addresses
    mona.post("/boards/here/hosts", data={"person": cast.cleo.id, "duty": "host"})
    assert not board_as(cast.cleo, "here").hosts
    wrong = mona.post("/boards/here/hosts", data={"email": "nobody@example.org", "duty": "host", "wanted": "yes"})
    assert wrong.status_code == 400
    assert "Nobody here has this address." in wrong.text
    assert 'value="nobody@example.org"' in wrong.text
    # Whoever takes it from themselves is led to a page that they may still read.
    assert mona.post("/boards/here/hosts", data={"person": cast.mona.id, "duty": "host"}).location == "/boards/here/how"
    assert client_of(cast.emil).post("/boards/here/hosts", data={"person": cast.mona.id, "duty": "host"}).status_code == 403


def test_a_board_comes_back_with_a_reason_that_all_read(app: Flask, cast: Cast, client_of: Any) -> None:
    open_board("here", cast.mona)
    mona = client_of(cast.mona)
    mona.post("/boards/here/state", data={"state": "closed"})
    seen = page(client_of(cast.cleo), "/boards/here")
    assert "closed" in seen.lower()
    without = mona.post("/boards/here/state", data={"state": "open"})
    assert without.status_code == 400
    assert "Say why; everybody on the board reads it." in without.text
    mona.post("/boards/here/state", data={"state": "open", "reason": "The prices came out wrong."})
    assert "The prices came out wrong." in page(client_of(cast.cleo), "/boards/here")


def test_a_board_from_a_terminal(app: Flask, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    done = run(
        args=[
            "boards",
            "add",
            "here",
            "--title",
            "Here",
            "--kind",
            "product",
            "--audience",
            "management,customer",
            "--host",
            "emil@example.org",
            "--open",
            "--json",
        ]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["slug"], told["state"], told["audience"]) == ("here", "open", {"read": ["management", "customer"], "take_part": ["management", "customer"]})
    board = board_as(Organisation(), "here").board
    assert board.hosts == (cast.emil.id,)
    again = run(args=["boards", "add", "here", "--title", "Here", "--kind", "product"])
    assert again.exit_code == 1
    assert "here" in again.output
    wrong = run(args=["boards", "add", "There!", "--title", "Here", "--kind", "product"])
    assert wrong.exit_code == 1
    assert run(args=["boards", "add", "there", "--title", "x", "--kind", "lunch"]).exit_code == 2
    assert len(boards_as(cast.ada)) == 1
    assert board_by_id_as(cast.emil, board.id).hosts
