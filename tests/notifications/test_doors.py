"""The inbox as people meet it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import text

from cocreate.core.db import db
from cocreate.ideas.actions import answer_ideas
from cocreate.ideas.inputs import NewAnswer
from cocreate.notifications.queries import wants_mail
from cocreate.notifications.reading import catch_up
from cocreate.people.viewer import Viewer, Visitor
from cocreate.people.waiting_queries import told_by_person
from tests.cast import Cast
from tests.clients import Client
from tests.stage import open_board, propose, rows_of

ClientOf = Callable[[Viewer | Visitor], Client]


def tell_cleo(cast: Cast, title: str = "Open <early>") -> int:
    idea = propose(cast.cleo, open_board("fast", cast.mona), title)
    answer_ideas(cast.mona, [idea], NewAnswer(status="planned", body="From March"), "<p>From March</p>")
    catch_up()
    return idea


def test_looking_changes_nothing_and_one_button_marks_all_as_read(cast: Cast, client_of: ClientOf) -> None:
    idea = tell_cleo(cast)
    cleo = client_of(cast.cleo)
    before = rows_of("inbox")
    page = cleo.get("/inbox").text
    assert "“Open &lt;early&gt;”" in page
    assert f'href="/ideas/{idea}"' in page
    assert 'class="inbox-row unread"' in page
    assert rows_of("inbox") == before
    newest = db.session.execute(text("SELECT max(id) FROM inbox")).scalar()
    answer = cleo.post("/inbox/read", data={"until": newest})
    assert (answer.status_code, answer.location) == (303, "/inbox")
    page = cleo.get("/inbox").text
    assert 'class="inbox-row"' in page
    assert "Mark all as read" not in page


def test_each_sees_their_own_and_a_visitor_is_asked_to_sign_in(cast: Cast, client_of: ClientOf) -> None:
    tell_cleo(cast)
    assert "Open" in client_of(cast.cleo).get("/inbox").text
    assert "Nothing yet" in client_of(cast.otto).get("/inbox").text
    client_of(cast.otto).post("/inbox/read", data={"until": 10**6})
    assert told_by_person({cast.cleo.id})[cast.cleo.id]["inbox"] == {"unread": 1}
    assert client_of(cast.visitor).get("/inbox").status_code == 401
    assert client_of(cast.visitor).post("/inbox/read", data={"until": 1}).status_code == 401


def test_bad_input_is_said(cast: Cast, client_of: ClientOf) -> None:
    cleo = client_of(cast.cleo)
    assert cleo.post("/inbox/read", data={}).status_code == 400
    assert cleo.get("/inbox?before=x").status_code == 400


def test_mail_is_a_choice_that_is_kept(cast: Cast, client_of: ClientOf) -> None:
    cleo = client_of(cast.cleo)
    assert "checked" in cleo.get("/inbox/settings").text
    assert cleo.post("/inbox/settings", data={}).status_code == 303
    assert not wants_mail(cast.cleo.id)
    assert wants_mail(cast.otto.id)
    assert "checked" not in cleo.get("/inbox/settings").text
    cleo.post("/inbox/settings", data={"mail": "yes"})
    assert wants_mail(cast.cleo.id)


def test_the_number_of_unread_is_asked_once_a_request(cast: Cast, client_of: ClientOf, query_count: Callable[[], AbstractContextManager[list[str]]]) -> None:
    tell_cleo(cast)
    cleo = client_of(cast.cleo)
    with query_count() as statements:
        cleo.get("/inbox")
    assert len([statement for statement in statements if "count(" in statement.lower() and "inbox" in statement]) == 1


def test_a_long_inbox_goes_on(cast: Cast, client_of: ClientOf) -> None:
    board = open_board("fast", cast.mona)
    ideas = [propose(cast.cleo, board, f"Idea number {number}.") for number in range(45)]
    for idea in ideas:
        answer_ideas(cast.mona, [idea], NewAnswer(status="planned", body="Yes"), "<p>Yes</p>")
    catch_up()
    cleo = client_of(cast.cleo)
    first = cleo.get("/inbox").text
    assert "Idea number 44." in first
    assert "Idea number 4." not in first
    following = first.split('href="/inbox?before=')[1].split('"')[0]
    assert "Idea number 4." in cleo.get(f"/inbox?before={following}").text


def test_one_message_is_marked_and_all_means_all_from_any_page(cast: Cast, client_of: ClientOf) -> None:
    board_id = open_board("long", cast.mona)
    ideas = [propose(cast.cleo, board_id, f"Idea {number}") for number in range(42)]
    answer_ideas(cast.mona, ideas, NewAnswer(status="planned", body="From March"), "<p>From March</p>")
    catch_up()
    cleo = client_of(cast.cleo)

    def unread() -> int:
        return told_by_person({cast.cleo.id})[cast.cleo.id]["inbox"]["unread"]

    newest = int(db.session.execute(text("SELECT max(id) FROM inbox")).scalar_one())
    first = cleo.get("/inbox").text
    assert first.count("Mark as read") == 40
    assert f'name="since" value="{newest}"' in first
    assert cleo.post("/inbox/read", data={"since": newest, "until": newest}).location == "/inbox"
    assert unread() == 41
    assert cleo.get("/inbox").text.count("Mark as read") == 39
    following = re.search(r'href="/inbox\?before=(\d+)"', first)
    assert following is not None
    second = cleo.get(f"/inbox?before={following[1]}").text
    one = re.search(r'name="since" value="(\d+)"', second)
    assert one is not None
    answer = cleo.post("/inbox/read", data={"since": one[1], "until": one[1], "before": following[1]})
    assert (answer.location, unread()) == (f"/inbox?before={following[1]}", 40)
    until = re.search(r'name="until" value="(\d+)"', second)
    assert until is not None
    cleo.post("/inbox/read", data={"until": until[1]})
    assert unread() == 0
