"""People's words through the doors: the API as the contract has it, pages and forms without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest

from cocreate.boards.actions import move_board
from cocreate.boards.inputs import MoveBoard
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from tests.cast import Cast
from tests.stage import open_board

ClientOf = Callable[[Any], Any]
API = "/api/v1/boards/why/responses"
LINKS = "see https://one.example and https://two.example"


@pytest.fixture
def board(cast: Cast) -> int:
    return open_board("why", cast.mona, kind="brand", read_public=True)


def say(actor: Any, board: int, body: str) -> int:
    return give_response(actor, board, NewResponse(body=body))


def test_saying_by_the_api(cast: Cast, client_of: ClientOf, board: int) -> None:
    cleo = client_of(cast.cleo)
    answer = cleo.post(API, json={"body": "they  remember\nmy bike", "named": True}, headers={"Idempotency-Key": "k"})
    made = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == made["url"]
    assert (made["body"], made["author"]["name"], made["group"]) == ("they remember my bike", "Cleo", "customer")
    assert made["created_at"].endswith("Z")
    assert cleo.post(API, json={"body": "they  remember\nmy bike", "named": True}, headers={"Idempotency-Key": "k"}).json["id"] == made["id"]
    listed = client_of(cast.visitor).get(API).json
    assert ([item["id"] for item in listed["items"]], listed["next_cursor"]) == ([made["id"]], None)


def test_newest_first_and_paged(cast: Cast, client_of: ClientOf, board: int) -> None:
    made = [say(cast.cleo, board, f"line {number}") for number in range(3)]
    first = client_of(cast.emil).get(f"{API}?limit=2").json
    rest = client_of(cast.emil).get(f"{API}?limit=2&cursor={first['next_cursor']}").json
    assert [item["id"] for item in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "body"),
        ({"body": ""}, "body"),
        ({"body": " "}, "body"),
        ({"body": None}, "body"),
        ({"body": 1}, "body"),
        ({"body": {}}, "body"),
        ({"body": "x" * 501}, "body"),
        ({"body": "a\x00b"}, "body"),
        (b'{"body": "\\udfff"}', "body"),
        ({"body": "x", "named": "perhaps"}, "named"),
        ({"body": "x", "named": None}, "named"),
        ({"body": "x", "named": []}, "named"),
        ({"body": "x", "group": "management"}, "group"),
    ],
)
def test_bad_input_names_its_field(cast: Cast, client_of: ClientOf, board: int, sent: Any, field: str) -> None:
    how = {"data": sent, "content_type": "application/json"} if isinstance(sent, bytes) else {"json": sent}
    answer = client_of(cast.emil).post(API, **how)
    assert (answer.status_code, answer.mimetype, list(answer.json["errors"])) == (400, "application/problem+json", [field])


@pytest.mark.parametrize("query", ["cursor=nonsense", "cursor=WzBd", "cursor=WzE4NDQ2NzQ0MDczNzA5NTUxNjE1XQ", "limit=0", "q=x"])
def test_a_bad_query_is_bad_input(cast: Cast, client_of: ClientOf, board: int, query: str) -> None:
    assert client_of(cast.emil).get(f"{API}?{query}").status_code == 400


def test_who_may_not_is_told_so(cast: Cast, client_of: ClientOf, board: int) -> None:
    open_board("inside", cast.mona, groups=("management", "employee"))
    assert client_of(cast.emil).get("/api/v1/boards/inside/responses").status_code == 200
    otto = client_of(cast.otto)
    assert otto.get("/api/v1/boards/inside").status_code == 404
    assert otto.get("/api/v1/boards/inside/responses").status_code == 404
    assert otto.post("/api/v1/boards/inside/responses", json={"body": "x"}).status_code == 404
    for page in ("words", "words/new", "words/quotes"):
        assert otto.get(f"/boards/inside/{page}").status_code == 404
    assert client_of(cast.visitor).post(API, json={"body": "x"}).status_code == 401
    for state in ("deciding", "closed"):
        move_board(cast.mona, board, MoveBoard(state=state))
        assert client_of(cast.cleo).post(API, json={"body": "x"}).status_code == 409
        assert client_of(cast.cleo).post("/boards/why/words/new", data={"body": "kept"}).status_code == 409


def test_a_visitor_reads_without_a_cookie_and_writes_first(cast: Cast, client_of: ClientOf, board: int) -> None:
    say(cast.cleo, board, "they remember my bike")
    visitor = client_of(cast.visitor)
    for page in ("/boards/why/words", "/boards/why/words/quotes"):
        answer = visitor.get(page)
        assert "they remember my bike" in answer.text
        assert "csrf_token" not in answer.text
        assert "Set-Cookie" not in answer.headers
    page = visitor.get("/boards/why/words").text
    assert 'href="/boards/why/words/new" rel="nofollow"' in page
    form = visitor.get("/boards/why/words/new").text
    assert "I come back because" in form
    assert "Shown with your group, not your name" in form
    assert visitor.post("/boards/why/words/new", data={"body": "of the coffee"}).headers["Location"].startswith("/sign-in")


def test_saying_and_taking_back_by_forms(cast: Cast, client_of: ClientOf, board: int) -> None:
    cleo = client_of(cast.cleo)
    answer = cleo.post("/boards/why/words/new", data={"body": "of the <b>coffee</b>", "named": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/boards/why")
    page = client_of(cast.emil).get("/boards/why/words").text
    assert "of the &lt;b&gt;coffee&lt;/b&gt;" in page
    assert "Cleo" in page
    assert "Take it back" not in page
    own = cleo.get("/boards/why/words").text
    assert own.count("Take it back") == 1
    made = cleo.get(API).json["items"][0]["id"]
    taken = cleo.post(f"/words/{made}/withdrawal", data={"back": "/boards/why/words"})
    assert taken.headers["Location"] == "/boards/why/words"
    assert f"/words/{made}/returning" in cleo.get("/boards/why/words").text
    assert "coffee" not in client_of(cast.emil).get("/boards/why/words").text
    assert cleo.post(f"/words/{made}/returning", data={"back": "//evil.example"}).headers["Location"] == "/boards/why"
    assert "coffee" in client_of(cast.emil).get("/boards/why/words").text


def test_what_waits_stands_for_its_author_only(cast: Cast, client_of: ClientOf, board: int) -> None:
    client_of(cast.cleo).post("/boards/why/words/new", data={"body": LINKS})
    assert "Waits to be looked at" in client_of(cast.cleo).get("/boards/why/words").text
    assert LINKS not in client_of(cast.emil).get("/boards/why/words").text


def test_a_form_keeps_what_was_typed(cast: Cast, client_of: ClientOf, board: int) -> None:
    answer = client_of(cast.cleo).post("/boards/why/words/new", data={"body": "x" * 501, "named": "yes"})
    assert answer.status_code == 400
    assert "x" * 501 in answer.text
    assert "checked" in answer.text


def test_an_address_of_words_leads_to_them(cast: Cast, client_of: ClientOf, board: int) -> None:
    made = [say(cast.cleo, board, f"line number {number}.") for number in range(33)]
    emil = client_of(cast.emil)
    first = emil.get("/boards/why/words").text
    assert "line number 3." in first
    assert "line number 2." not in first
    assert f"upto={made[2]}" in first
    rest = emil.get(f"/boards/why/words?upto={made[2]}").text
    assert f'id="response-{made[2]}"' in rest
    assert emil.get("/boards/why/words?upto=x").status_code == 200


def test_others_cannot_take_words_back(cast: Cast, client_of: ClientOf, board: int) -> None:
    made = say(cast.cleo, board, "mine")
    assert client_of(cast.mira).post(f"/words/{made}/withdrawal").status_code == 403
    assert client_of(cast.visitor).post(f"/words/{made}/withdrawal").status_code == 401
    assert client_of(cast.cleo).post("/words/4711/withdrawal").status_code == 404
