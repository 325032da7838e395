"""Comments through the doors: the API as the contract has it, pages and forms without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest

from cocreate.boards.actions import move_board
from cocreate.boards.inputs import MoveBoard
from cocreate.comments.actions import post_comment, withdraw_comment
from cocreate.comments.inputs import NewComment
from cocreate.core.ids import Ref
from tests.cast import Cast
from tests.stage import open_board, propose

ClientOf = Callable[[Any], Any]
LINKS = "See https://one.example and https://two.example"


def post(actor: Any, idea: int, body: str, reply_to: int | None = None) -> int:
    return post_comment(actor, Ref("idea", idea), NewComment(body=body, reply_to=reply_to), f"<p>{body}</p>")


@pytest.fixture
def board(cast: Cast) -> int:
    return open_board("talk", cast.mona, read_public=True)


@pytest.fixture
def idea(cast: Cast, board: int) -> int:
    return propose(cast.cleo, board, "Tell us the truth")


def test_posting_by_the_api(cast: Cast, client_of: ClientOf, idea: int) -> None:
    emil = client_of(cast.emil)
    answer = emil.post(f"/api/v1/ideas/{idea}/comments", json={"body": "*We know* the day <b>before</b>"}, headers={"Idempotency-Key": "one"})
    made = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == made["url"] == f"http://localhost/ideas/{idea}#comment-{made['id']}"
    assert made["author"] == {"id": cast.emil.id, "name": "Emil", "group": "employee"}
    assert (made["idea"], made["body"], made["reply_to"], made["state"]) == (idea, "*We know* the day <b>before</b>", None, "shown")
    assert "<em>We know</em>" in made["body_html"]
    assert "<b>" not in made["body_html"]
    assert made["created_at"].endswith("Z")
    again = emil.post(f"/api/v1/ideas/{idea}/comments", json={"body": "*We know* the day <b>before</b>"}, headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json["id"]) == (201, made["id"])
    assert client_of(cast.visitor).get(f"/api/v1/ideas/{idea}").json["comment_count"] == 1


def test_the_list_is_flat_oldest_first_and_paged(cast: Cast, client_of: ClientOf, idea: int) -> None:
    tops = [post(cast.emil, idea, f"Top {number}") for number in range(3)]
    reply = post(cast.cleo, idea, "Reply", reply_to=tops[0])
    gone, held = post(cast.piet, idea, "Gone"), post(cast.piet, idea, LINKS)
    withdraw_comment(cast.piet, gone)
    withdraw_comment(cast.emil, tops[0])
    first = client_of(cast.visitor).get(f"/api/v1/ideas/{idea}/comments?limit=3").json
    rest = client_of(cast.visitor).get(f"/api/v1/ideas/{idea}/comments?limit=3&cursor={first['next_cursor']}").json
    found = first["items"] + rest["items"]
    assert (len(first["items"]), rest["next_cursor"]) == (3, None)
    assert [item["id"] for item in found] == [*tops, reply]
    assert (found[0]["state"], found[0]["body"], found[0]["body_html"]) == ("withdrawn", "", "")
    assert found[3]["reply_to"] == tops[0]
    staff = client_of(cast.mira).get(f"/api/v1/ideas/{idea}/comments").json["items"]
    assert staff[0]["body"] == ""
    assert held not in [item["id"] for item in staff]


def test_what_is_held_says_so_to_its_author(cast: Cast, client_of: ClientOf, idea: int) -> None:
    made = client_of(cast.piet).post(f"/api/v1/ideas/{idea}/comments", json={"body": LINKS}).json
    assert (made["state"], made["body"]) == ("held", LINKS)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "body"),
        ({"body": ""}, "body"),
        ({"body": " \n "}, "body"),
        ({"body": None}, "body"),
        ({"body": 7}, "body"),
        ({"body": ["x"]}, "body"),
        ({"body": "x" * 5001}, "body"),
        ({"body": "a\x00b"}, "body"),
        (b'{"body": "\\ud800"}', "body"),
        ({"body": "x", "reply_to": "first"}, "reply_to"),
        ({"body": "x", "reply_to": 0}, "reply_to"),
        ({"body": "x", "reply_to": 2**40}, "reply_to"),
        ({"body": "x", "reply_to": 4711}, "reply_to"),
        ({"body": "x", "state": "shown"}, "state"),
        ({"body": "x", "author": 1}, "author"),
    ],
)
def test_bad_input_names_its_field(cast: Cast, client_of: ClientOf, idea: int, sent: Any, field: str) -> None:
    how = {"data": sent, "content_type": "application/json"} if isinstance(sent, bytes) else {"json": sent}
    answer = client_of(cast.emil).post(f"/api/v1/ideas/{idea}/comments", **how)
    assert (answer.status_code, answer.mimetype, list(answer.json["errors"])) == (400, "application/problem+json", [field])


@pytest.mark.parametrize("query", ["cursor=nonsense", "cursor=WyJ4Il0", "cursor=WzE4NDQ2NzQ0MDczNzA5NTUxNjE1XQ", "limit=0", "limit=101", "sort=new"])
def test_a_bad_query_is_bad_input(cast: Cast, client_of: ClientOf, idea: int, query: str) -> None:
    assert client_of(cast.emil).get(f"/api/v1/ideas/{idea}/comments?{query}").status_code == 400


def test_who_may_not_is_told_so(cast: Cast, client_of: ClientOf, board: int, idea: int) -> None:
    inside = open_board("inside", cast.mona, groups=("management", "employee"))
    secret = propose(cast.emil, inside, "Among us")
    address = f"/api/v1/ideas/{secret}/comments"
    assert client_of(cast.emil).get(address).status_code == 200
    otto = client_of(cast.otto)
    assert otto.get(f"/api/v1/ideas/{secret}").status_code == 404
    assert (otto.get(address).status_code, otto.post(address, json={"body": "x"}).status_code) == (404, 404)
    assert [otto.get(page).status_code for page in (f"/comments/idea:{secret}", f"/comments/idea:{secret}/thread", f"/comments/idea:{secret}/new")] == [404] * 3
    assert client_of(cast.visitor).post(f"/api/v1/ideas/{idea}/comments", json={"body": "x"}).status_code == 401
    move_board(cast.mona, board, MoveBoard(state="closed"))
    assert client_of(cast.emil).post(f"/api/v1/ideas/{idea}/comments", json={"body": "x"}).status_code == 409
    assert client_of(cast.emil).get("/comments/nothing:1/thread").status_code == 404


def test_the_discussion_as_a_part(cast: Cast, client_of: ClientOf, idea: int) -> None:
    top = post(cast.emil, idea, "We know")
    post(cast.cleo, idea, "Thanks", reply_to=top)
    visitor = client_of(cast.visitor).get(f"/comments/idea:{idea}/thread")
    assert visitor.text.index("We know") < visitor.text.index("Thanks")
    assert "csrf_token" not in visitor.text
    assert "Set-Cookie" not in visitor.headers
    assert f'href="/comments/idea:{idea}/new"' in visitor.text
    own = client_of(cast.cleo).get(f"/comments/idea:{idea}/thread").text
    assert (own.count("Take it back"), own.count(">Edit<")) == (1, 1)
    assert f'action="/comments/idea:{idea}/new"' in own


def test_commenting_replying_editing_and_taking_back_by_forms(cast: Cast, client_of: ClientOf, idea: int) -> None:
    emil = client_of(cast.emil)
    answer = emil.post(f"/comments/idea:{idea}/new", data={"body": "By form"})
    assert answer.status_code == 303
    place = answer.headers["Location"]
    top = int(place.rpartition("-")[2])
    assert place == f"/ideas/{idea}#comment-{top}"
    reply = emil.get(f"/comments/idea:{idea}/new?reply_to={top}").text
    assert "By form" in reply
    assert f'name="reply_to" value="{top}"' in reply
    emil.post(f"/comments/idea:{idea}/new", data={"body": "A reply", "reply_to": str(top)})
    assert "By form" in emil.get(f"/comments/{top}/edit").text
    emil.post(f"/comments/{top}/edit", data={"body": "By form, better"})
    page = emil.get(f"/comments/idea:{idea}").text
    assert "By form, better" in page
    assert "changed since" in page
    emil.post(f"/comments/{top}/withdrawal")
    toast = client_of(cast.cleo).get(f"/comments/idea:{idea}").text
    assert "By form" not in toast
    assert "This comment was taken back." in toast
    emil.post(f"/comments/{top}/returning")
    assert "By form, better" in client_of(cast.cleo).get(f"/comments/idea:{idea}").text
    assert emil.get(f"/comments/{top}").headers["Location"] == place


def test_a_form_keeps_what_was_typed(cast: Cast, client_of: ClientOf, idea: int) -> None:
    answer = client_of(cast.emil).post(f"/comments/idea:{idea}/new", data={"body": "x" * 5001})
    assert answer.status_code == 400
    assert "x" * 5001 in answer.text
    assert client_of(cast.visitor).post(f"/comments/idea:{idea}/new", data={"body": "Written first"}).headers["Location"].startswith("/sign-in")


def test_others_cannot_edit_or_take_back(cast: Cast, client_of: ClientOf, idea: int) -> None:
    made = post(cast.emil, idea, "Mine")
    cleo = client_of(cast.cleo)
    assert cleo.get(f"/comments/{made}/edit").status_code == 403
    assert cleo.post(f"/comments/{made}/edit", data={"body": "x"}).status_code == 403
    assert cleo.post(f"/comments/{made}/withdrawal").status_code == 403
    assert client_of(cast.visitor).post(f"/comments/{made}/withdrawal").status_code == 401


def test_the_idea_page_holds_the_discussion(cast: Cast, client_of: ClientOf, idea: int) -> None:
    post(cast.emil, idea, "On the page")
    page = client_of(cast.cleo).get(f"/ideas/{idea}")
    assert page.status_code == 200
    assert "On the page" in page.text
