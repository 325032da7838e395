"""Ideas and boards by their calls and forms: field by field as others depend on them."""

from datetime import timedelta
from typing import Any

from flask import Flask

from cocreate.boards.queries import board_facts
from cocreate.core.ids import Ref
from cocreate.ideas.actions import answer_ideas, withdraw_idea
from cocreate.ideas.inputs import NewAnswer
from cocreate.ideas.queries import idea_as
from cocreate.people.queries import site
from cocreate.stances.actions import cast_stance
from tests.cast import Cast
from tests.stage import crowd, open_board, propose

IDEA = {
    "id", "url", "external_id", "board", "title", "body", "body_html", "author", "status", "state", "tags", "gives_people", "gives_organisation",
    "created_at", "updated_at", "comment_count", "answer", "text_version", "version", "voices", "tallies", "total", "common_ground", "contested", "my_stance",
}  # fmt: skip
BOARD = {
    "slug",
    "url",
    "title",
    "kind",
    "state",
    "question",
    "objective",
    "context",
    "charter",
    "commitments",
    "audience",
    "safe_dissent",
    "hosts",
    "idea_count",
    "voice_count",
}


def test_an_idea_by_a_call(app: Flask, cast: Cast, client_of: Any, one_event: Any) -> None:
    open_board("here", cast.mona)
    cleo = client_of(cast.cleo)
    typed = {"title": "Call first", "body": "*Before* five.", "gives_people": "Time", "gives_organisation": "Trust", "tags": ["Phone", "phone", "late"]}
    with one_event("idea.proposed"):
        made = cleo.post("/api/v1/boards/here/ideas", json=typed)
    assert (made.status_code, made.headers["Location"]) == (201, made.json["url"])
    idea = made.json
    assert set(idea) == IDEA
    told = {name: idea[name] for name in ("board", "title", "body", "body_html", "gives_people", "gives_organisation", "tags", "status", "state")}
    assert told == {
        "board": "here", "title": "Call first", "body": "*Before* five.", "body_html": "<p><em>Before</em> five.</p>", "gives_people": "Time",
        "gives_organisation": "Trust", "tags": ["late", "phone"], "status": "open", "state": "shown",
    }  # fmt: skip
    assert idea["author"] == {"id": cast.cleo.id, "name": "Cleo", "group": "customer"}
    assert (idea["text_version"], idea["voices"], idea["tallies"], idea["answer"], idea["my_stance"]) == (1, 0, None, None, None)
    for person in crowd("customer", 3):
        cast_stance(person, Ref("idea", idea["id"]), 1)
    seen = cleo.put(f"/api/v1/ideas/{idea['id']}/vote", json={"stance": "disagree"}).json
    assert seen["tallies"] == [{"groups": ["customer"], "agree": 3, "disagree": 1, "pass": 0}]
    assert seen["total"] == {"agree": 3, "disagree": 1, "pass": 0}
    assert (seen["voices"], seen["my_stance"]) == (4, "disagree")
    answered = client_of(cast.mona).put(f"/api/v1/ideas/{idea['id']}/answer", json={"status": "planned", "body": "From **March**."}).json
    assert (answered["status"], set(answered["answer"])) == ("planned", {"status", "body", "body_html", "author", "at"})
    assert answered["answer"]["author"]["name"] == "Mona"


def test_words_are_changed_by_a_call_where_they_are_known(app: Flask, cast: Cast, client_of: Any, one_event: Any) -> None:
    idea = propose(cast.cleo, open_board("here"), "First", "Body")
    cleo = client_of(cast.cleo)
    address = f"/api/v1/ideas/{idea}"
    assert cleo.patch(address, json={"title": "Second"}).status_code == 428
    with one_event("idea.edited"):
        changed = cleo.patch(address, json={"title": "Second"}, headers={"If-Match": "1"})
    assert (changed.status_code, changed.json["title"], changed.json["body"], changed.json["text_version"]) == (200, "Second", "Body", 2)
    with one_event():
        assert cleo.patch(address, json={"title": "Third"}, headers={"If-Match": "1"}).status_code == 412
        assert client_of(cast.emil).patch(address, json={"title": "Mine"}, headers={"If-Match": "2"}).status_code == 403
    page = client_of(cast.piet).get(f"/ideas/{idea}/history").text
    assert "First" in page
    assert "Second" in page


def test_a_list_is_narrowed_by_tag_status_and_words(app: Flask, cast: Cast, client_of: Any) -> None:
    board_id = open_board("here", cast.mona)
    cleo = client_of(cast.cleo)
    for title, tags in (("Öfen im Flur", ["warm"]), ("Call first", ["phone", "late"]), ("Call back", ["phone"]), ("Gone", [])):
        cleo.post("/api/v1/boards/here/ideas", json={"title": title, "tags": tags})
    answer_ideas(cast.mona, [3], NewAnswer(status="planned", body="Yes."), "<p>Yes.</p>")
    withdraw_idea(cast.cleo, 4)

    def titles(query: str) -> list[str]:
        return [idea["title"] for idea in cleo.get(f"/api/v1/boards/here/ideas?sort=new{query}").json["items"]]

    assert titles("") == ["Call back", "Call first", "Öfen im Flur"]
    assert titles("&tag=phone&tag=late") == ["Call first"]
    assert titles("&status=planned") == ["Call back"]
    assert titles("&status=planned&status=open") == ["Call back", "Call first", "Öfen im Flur"]
    assert titles("&q=OFEN") == titles("&q=im+ofe") == ["Öfen im Flur"]
    assert titles("&q=call+fir") == ["Call first"]
    assert titles("&q=first+call") == ["Call first"]
    assert titles("&q=ofe+im") == []  # only the last word may be a beginning
    assert board_facts(board_id).slug == "here"


def test_boards_by_a_call(app: Flask, cast: Cast, client_of: Any) -> None:
    open_board("one", cast.mona)
    propose(cast.cleo, open_board("two", cast.emil, read_public=True), "An idea")
    open_board("three", groups=("management",))
    cleo = client_of(cast.cleo)
    first = cleo.get("/api/v1/boards?limit=1").json
    (board,) = first["items"]
    assert set(board) == BOARD
    assert (board["slug"], board["hosts"], board["state"]) == ("two", [{"id": cast.emil.id, "name": "Emil", "group": "employee"}], "open")
    assert board["audience"] == {"read": "public", "take_part": ["management", "employee", "customer", "partner"]}
    assert set(board["charter"]) == {"version", "open", "not_open", "decides", "method", "by", "text"}
    second = cleo.get(f"/api/v1/boards?limit=1&cursor={first['next_cursor']}").json
    assert ([each["slug"] for each in second["items"]], second["next_cursor"]) == (["one"], None)
    assert [each["slug"] for each in client_of(cast.visitor).get("/api/v1/boards").json["items"]] == ["two"]
    assert cleo.get("/api/v1/boards/two").json == board
    assert cleo.get("/api/v1/boards/three").status_code == 404
    assert cleo.get("/api/v1/boards?cursor=x").status_code == 400


def test_a_host_hears_and_answers_several(app: Flask, cast: Cast, client_of: Any, one_event: Any) -> None:
    board_id = open_board("here", cast.mona)
    ideas = [propose(cast.cleo, board_id, title) for title in ("Call first", "Call back", "Write")]
    mona = client_of(cast.mona)
    day = site().today() + timedelta(days=3)
    with one_event("idea.heard"):
        assert mona.post(f"/ideas/{ideas[0]}/heard", data={"by": day.isoformat()}).status_code == 303
    assert idea_as(cast.cleo, ideas[0]).answer_due == day
    assert client_of(cast.emil).post(f"/ideas/{ideas[1]}/heard", data={}).status_code == 403
    form = mona.get("/boards/here/answers").text
    assert all(title in form for title in ("Call first", "Call back", "Write"))
    wrong = mona.post("/boards/here/answers", data={"ideas": [str(ideas[1])], "status": "planned", "body": " "})
    assert wrong.status_code == 400
    assert 'aria-invalid="true"' in wrong.text
    with one_event("idea.answered", "idea.answered"):
        mona.post("/boards/here/answers", data={"ideas": [str(ideas[0]), str(ideas[1])], "status": "planned", "body": "From March."})
    assert [idea_as(cast.cleo, idea).status for idea in ideas] == ["planned", "planned", "open"]
