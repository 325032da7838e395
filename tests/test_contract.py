"""What other programs rely on, name by name: every key of what the API gives, and what each status means."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask

from cocreate.boards.actions import make_board
from cocreate.boards.inputs import NewBoard
from cocreate.commitments.actions import make_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.core.ids import Ref
from cocreate.ideas.actions import withdraw_idea
from cocreate.ideas.curation_actions import hide_idea
from cocreate.people.actions import make_token
from cocreate.people.inputs import NewToken
from cocreate.people.queries import site
from cocreate.stances.actions import cast_stance
from tests.cast import Cast
from tests.stage import crowd, open_board, propose

NOTHING = type(None)
GROUPS = ["management", "employee", "customer", "partner"]


def time(value: Any) -> bool:
    """RFC 3339 in UTC."""
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None


def day(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("http://localhost/")


def group(value: Any) -> bool:
    return value in GROUPS


def ref(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z]+:\d+", value) is not None


def kind(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z_]+\.[a-z_]+", value) is not None


COUNTS = {"agree": int, "disagree": int, "pass": int}
WHO = {"id": int, "name": str, "group": group}
ME = {"id": int, "name": str, "email": str, "group": group, "role": str, "team": (str, NOTHING)}
CHARTER = {"version": int, "open": str, "not_open": str, "decides": str, "method": str, "by": (day, NOTHING), "text": str}
COMMITMENT = {"text": str, "owner": str, "due": day, "state": str}
BOARD = {
    "slug": str, "url": address, "title": str, "kind": str, "state": str, "question": str, "objective": str, "context": str, "charter": CHARTER,
    "commitments": [COMMITMENT], "audience": {"read": ("public", [group]), "take_part": [group]}, "safe_dissent": bool, "hosts": [WHO], "idea_count": int,
    "voice_count": int,
}  # fmt: skip
ANSWER = {"status": str, "body": str, "body_html": str, "author": WHO, "at": time}
IDEA = {
    "id": int, "url": address, "external_id": (str, NOTHING), "board": str, "title": str, "body": str, "body_html": str, "author": WHO, "status": str,
    "state": str, "tags": [str], "gives_people": str, "gives_organisation": str, "created_at": time, "updated_at": time, "comment_count": int,
    "answer": ANSWER, "text_version": int, "version": int, "voices": int, "tallies": [{"groups": [group], **COUNTS}], "total": COUNTS,
    "common_ground": (float, NOTHING), "contested": (float, NOTHING), "my_stance": ("agree", NOTHING),
}  # fmt: skip
COMMENT = {"id": int, "idea": int, "author": WHO, "body": str, "body_html": str, "reply_to": (int, NOTHING), "created_at": time, "state": str}
RESPONSE = {"id": int, "body": str, "author": (WHO, NOTHING), "group": (group, NOTHING), "created_at": time}
EVENT = {"seq": int, "board": str, "kind": kind, "at": time, "actor": (WHO, NOTHING), "subject": ref, "data": {}}
PROBLEM = {"type": str, "title": str, "status": int, "detail": str}


def holds(value: Any, shape: Any) -> bool:
    """Whether a value has the shape: every key of a dict, in a list at least one of it, one of a tuple's; more keys are no fault."""
    if isinstance(shape, tuple):
        return any(holds(value, each) for each in shape)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(name in value and holds(value[name], each) for name, each in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and bool(value) and all(holds(each, shape[0]) for each in value)
    if isinstance(shape, type):
        return isinstance(value, shape) and not (shape is int and isinstance(value, bool))
    return bool(shape(value)) if callable(shape) else value == shape


def wrong(value: Any, shape: dict[str, Any]) -> list[str]:
    """The names that are missing or hold something else."""
    return [name for name, each in shape.items() if name not in value or not holds(value[name], each)]


def bearer(person: Any, scope: str = "write") -> dict[str, str]:
    return {"Authorization": f"Bearer {make_token(person, person.id, NewToken.model_validate({'name': 'program', 'scope': scope}))}"}


@pytest.fixture
def ask(client_of: Callable[..., Any], cast: Cast) -> Callable[..., Any]:
    """A call as a program makes it; a problem is one to the letter."""
    program = client_of(cast.visitor)

    def call(method: str, path: str, headers: Any = None, status: int = 200, **more: Any) -> Any:
        answer = program.open(f"/api/v1{path}", method=method, headers=headers or {}, csrf=False, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        if status >= 400 and method != "HEAD":
            assert answer.content_type == "application/problem+json", path
            assert wrong(answer.json, PROBLEM) == [], path
            assert answer.json["status"] == status
            assert answer.json["detail"], f"{method} {path} does not say what is wrong"
            assert ("errors" in answer.json) == (status == 400), path
            assert status != 400 or holds(list(answer.json["errors"].values()), [[str]])
        return answer

    return call


def test_every_name_is_there(app: Flask, cast: Cast, ask: Callable[..., Any]) -> None:
    board_id = open_board("here", cast.mona, read_public=True)
    make_commitment(cast.mona, board_id, NewCommitment(text="We answer all", due=site().today()))
    mona, cleo = bearer(cast.mona), bearer(cast.cleo)
    assert wrong(ask("GET", "/me", cleo).json, ME) == []
    typed = {"title": "Call first", "body": "*Soon*", "gives_people": "Time", "gives_organisation": "Trust", "tags": ["phone"]}
    made = ask("POST", "/boards/here/ideas", cleo, 201, json=typed)
    assert made.headers["Location"] == made.json["url"] == f"http://localhost/ideas/{made.json['id']}"
    path = f"/ideas/{made.json['id']}"
    for person in crowd("customer", 3):
        cast_stance(person, Ref("idea", made.json["id"]), 1)
    ask("PUT", f"{path}/vote", cleo, json={"stance": "agree"})
    answered = ask("PUT", f"{path}/answer", mona, json={"status": "planned", "body": "Yes."}).json
    listed = ask("GET", "/boards/here/ideas", cleo).json
    for idea in (ask("GET", path, cleo).json, ask("GET", path).json, answered, *listed["items"]):
        assert wrong(idea, IDEA) == []
    comment = ask("POST", f"{path}/comments", cleo, 201, json={"body": "Why?"})
    reply = ask("POST", f"{path}/comments", mona, 201, json={"body": "So.", "reply_to": comment.json["id"]})
    assert (reply.json["reply_to"], reply.json["idea"]) == (comment.json["id"], made.json["id"])
    named = ask("POST", "/boards/here/responses", cleo, 201, json={"body": "In my words", "named": True})
    unnamed = ask("POST", "/boards/here/responses", cleo, 201, json={"body": "In other words"})
    assert (wrong(named.json["author"], WHO), unnamed.json["author"]) == ([], None)
    for answer in (comment, reply, named, unnamed):
        assert answer.headers["Location"] == answer.json["url"]
    lists = {"/boards": BOARD, f"{path}/comments": COMMENT, "/boards/here/responses": RESPONSE, "/boards/here/events": EVENT}
    for where, shape in lists.items():
        found = ask("GET", where).json
        assert found["items"], where
        assert holds(found["next_cursor"], (str, NOTHING)), where
        assert [wrong(item, shape) for item in found["items"]] == [[] for _ in found["items"]], where
    board = ask("GET", "/boards/here").json
    assert wrong(board, BOARD) == []
    assert (board["audience"], board["idea_count"], board["voice_count"]) == ({"read": "public", "take_part": GROUPS}, 1, 4)


def test_every_status_means_one_thing(app: Flask, cast: Cast, ask: Callable[..., Any], one_event: Any) -> None:
    board_id = open_board("here", cast.mona, read_public=True)
    idea = propose(cast.cleo, board_id, "An idea")
    gone = propose(cast.cleo, board_id, "Another")
    withdraw_idea(cast.cleo, gone)
    inside = propose(cast.mona, open_board("inside", groups=("management",)), "Ours")
    write, read, emil, path = bearer(cast.cleo), bearer(cast.cleo, "read"), bearer(cast.emil), f"/ideas/{idea}"
    bad = [
        ("POST", "/boards/here/ideas", {"title": "x", "surprise": 1}, "surprise"), ("POST", "/boards/here/ideas", {"title": "x" * 201}, "title"),
        ("POST", "/boards/here/ideas", {"title": "x", "body": "x" * 10_001}, "body"), ("POST", f"{path}/comments", {"body": "x" * 5001}, "body"),
        ("POST", "/boards/here/responses", {"body": "x" * 501}, "body"), ("PUT", f"{path}/vote", {"stance": 1}, "stance"),
        ("PUT", f"{path}/answer", {"status": "planned"}, "body"), ("PUT", f"{path}/answer", {"body": "Yes."}, "status"),
    ]  # fmt: skip
    writes = [*((method, where) for method, where, _body, _field in bad), ("DELETE", f"{path}/vote"), ("PATCH", path)]
    with one_event():
        for method, where, body, field in bad:
            assert list(ask(method, where, write, 400, json=body).json["errors"]) == [field]
        for where in ("/me", "/boards/here", path, "/boards/here/statement", "/boards", f"{path}/comments"):
            assert list(ask("GET", f"{where}?surprise=1", write, 400).json["errors"]) == ["surprise"]
        for where in ("/boards", "/boards/here/ideas", "/boards/here/responses", f"{path}/comments"):
            assert list(ask("GET", f"{where}?cursor=x", write, 400).json["errors"]) == ["cursor"]
            for limit in (0, 101):
                assert list(ask("GET", f"{where}?limit={limit}", write, 400).json["errors"]) == ["limit"]
        for method, where in writes:
            assert ask(method, where, {"Authorization": "Bearer nobody"}, 401, json={}).headers["WWW-Authenticate"] == "Bearer"
            ask(method, where, read, 403, json={})
        for where, headers in ((path, {"Authorization": "Bearer nobody"}), ("/me", None)):
            assert ask("GET", where, headers, 401).headers["WWW-Authenticate"] == "Bearer"
        ask("PATCH", path, {**emil, "If-Match": "1"}, 403, json={"title": "Mine"})
        ask("PUT", f"{path}/answer", write, 403, json={"status": "planned", "body": "Yes."})
        for where in (f"/ideas/{inside}", "/ideas/999", "/boards/inside", "/boards/inside/events", "/boards/no-such", "/no-such"):
            ask("GET", where, write, 404)
        assert ask("GET", f"/ideas/{inside}", write, 404).json == ask("GET", "/ideas/999", write, 404).json
        ask("PUT", f"/ideas/{gone}/vote", write, 409, json={"stance": "agree"})
        ask("PATCH", path, write, 428, json={"title": "x"})
        ask("PATCH", path, {**write, "If-Match": "7"}, 412, json={"title": "x"})
        ask("POST", "/boards/here/ideas", write, 413, data=b'{"title": "' + b"x" * 300_000, content_type="application/json")
        ask("POST", "/boards/here/ideas", write, 415, data=b'{"title": "x"}', content_type="text/plain")
        taken = {"GET", "HEAD", "OPTIONS", "PATCH"}
        for answer in (ask("DELETE", path, write, 405), ask("PUT", path, write, 405), ask("OPTIONS", path)):
            assert set(answer.headers["Allow"].split(", ")) == taken
        head = ask("HEAD", path)
        assert (head.data, head.content_length) == (b"", len(ask("GET", path).data))
        assert ask("HEAD", "/ideas/999", None, 404).data == b""


def test_the_same_again_is_the_same(app: Flask, cast: Cast, ask: Callable[..., Any], one_event: Any) -> None:
    open_board("here", cast.mona)
    open_board("there", cast.mona)
    cleo, emil, mona = bearer(cast.cleo), bearer(cast.emil), bearer(cast.mona)
    key = {**cleo, "Idempotency-Key": "one"}
    with one_event("idea.proposed"):
        first, again = (ask("POST", "/boards/here/ideas", key, 201, json={"title": "Once"}) for _ in range(2))
    assert (first.json, first.headers["Location"]) == (again.json, again.headers["Location"])
    with one_event():
        ask("POST", "/boards/here/ideas", key, 409, json={"title": "Twice"})
    with one_event("idea.proposed", "idea.proposed"):  # a key is one's own, and its route's
        ask("POST", "/boards/there/ideas", key, 201, json={"title": "Once"})
        ask("POST", "/boards/here/ideas", {**emil, "Idempotency-Key": "one"}, 201, json={"title": "Once"})
    path, versions = f"/ideas/{first.json['id']}", [first.json["version"]]
    for method, body in (("PUT", "agree"), ("PUT", "agree"), ("PUT", "pass"), ("DELETE", None), ("DELETE", None)):
        versions.append(ask(method, f"{path}/vote", cleo, **({"json": {"stance": body}} if body else {})).json["version"])
    steps = [later - earlier for earlier, later in pairwise(versions)]
    assert [step > 0 for step in steps] == [True, False, True, True, False]
    edited = ask("PATCH", path, {**cleo, "If-Match": '"1"'}, json={"title": "Better"}).json
    assert (edited["text_version"], edited["title"], edited["version"] > versions[-1]) == (2, "Better", True)
    answer = {"status": "planned", "body": "Yes."}
    with one_event("idea.answered"):
        told = [ask("PUT", f"{path}/answer", mona, json=answer).json for _ in range(2)]
    assert (told[0]["answer"], told[0]["version"] > edited["version"]) == (told[1]["answer"], True)


def test_lists_give_each_thing_once_and_nothing_that_is_not_for_the_reader(app: Flask, cast: Cast, ask: Callable[..., Any]) -> None:
    board_id = open_board("here", cast.mona, read_public=True)
    ideas = [propose(cast.cleo, board_id, f"Idea {n}") for n in range(5)]
    for n, idea in enumerate(ideas[:3]):
        for person in (cast.emil, cast.cleo, cast.otto, cast.piet, cast.mona, cast.mira)[: 3 + n]:
            cast_stance(person, Ref("idea", idea), 1 if n else -1)
    hidden = propose(cast.cleo, board_id, "Hidden")
    hide_idea(cast.mira, hidden)
    draft = NewBoard.model_validate({"slug": "draft", "title": "Draft", "kind": "product", "hosts": [cast.mona.email]})
    make_board(cast.organisation, draft)
    cleo, mona, mira, ada = (bearer(person, "read") for person in (cast.cleo, cast.mona, cast.mira, cast.ada))
    for sort in ("new", "common_ground", "support", "contested"):
        whole = [idea["id"] for idea in ask("GET", f"/boards/here/ideas?sort={sort}", cleo).json["items"]]
        assert sorted(whole) == ideas
        seen: list[int] = []
        cursor: str | None = ""
        while cursor is not None:  # and what begins in an order goes on in it, whatever is asked meanwhile
            page = ask("GET", f"/boards/here/ideas?limit=2&cursor={cursor}&sort={'new' if cursor else sort}", cleo).json
            seen, cursor = seen + [idea["id"] for idea in page["items"]], page["next_cursor"]
        assert seen == whole, sort
    begun = ask("GET", "/boards/here/ideas?sort=new&limit=3", cleo).json
    propose(cast.emil, board_id, "Meanwhile")
    rest = ask("GET", f"/boards/here/ideas?cursor={begun['next_cursor']}", cleo).json
    assert [idea["id"] for idea in [*begun["items"], *rest["items"]]] == ideas[::-1]
    for headers, status in ((None, 404), (cleo, 200), (mira, 200), (bearer(cast.emil), 404)):
        ask("GET", f"/ideas/{hidden}", headers, status)
        assert hidden not in [idea["id"] for idea in ask("GET", "/boards/here/ideas", headers).json["items"]]
    for headers, status in ((None, 404), (cleo, 404), (mira, 404), (mona, 200), (ada, 200)):
        ask("GET", "/boards/draft", headers, status)
        assert ("draft" in [board["slug"] for board in ask("GET", "/boards", headers).json["items"]]) == (status == 200)
    heard: list[int] = []
    since: str | None = "0"
    while since is not None:
        told = ask("GET", f"/boards/here/events?limit=4&since={since}").json
        heard, since = heard + [event["seq"] for event in told["items"]], told["next_cursor"]
        assert since in (None, str(heard[-1]))
    assert heard == list(range(1, len(heard) + 1))
    assert len(heard) > 8


def test_a_field_of_the_query_is_sent_once(app: Flask, cast: Cast, client_of: Any) -> None:
    """Else the caller would be answered by one of them, without being told which; what may be several may be."""
    open_board("here")
    client = client_of(cast.cleo)
    answer = client.get("/api/v1/boards/here/ideas?limit=3&sort=new&limit=5&sort=new")
    assert (answer.status_code, sorted(answer.json["errors"])) == (400, ["limit", "sort"])
    assert client.get("/api/v1/boards/here/ideas?tag=a&tag=b&status=open&status=planned").status_code == 200
