"""Ideas from their proposal to their answer: what happens, who may, and what each of the cast sees of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cocreate.boards.actions import move_board
from cocreate.boards.inputs import MoveBoard
from cocreate.boards.queries import board_facts
from cocreate.core.errors import BadInput, Conflict, NotFound, Outdated, Refused
from cocreate.core.fields import read_input
from cocreate.core.ids import Ref
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.eventlog.tail import entries_after
from cocreate.ideas.actions import answer_ideas, edit_idea, hear_idea, paste_ideas, propose_idea, return_idea, withdraw_idea
from cocreate.ideas.curation_actions import hide_idea, merge_idea, show_idea, unmerge_idea
from cocreate.ideas.finding_queries import similar_ideas
from cocreate.ideas.inputs import EditIdea, Heard, ListIdeas, NewAnswer, NewIdea, PastedIdeas
from cocreate.ideas.listing_queries import list_ideas, needs_voice
from cocreate.ideas.queries import earlier_texts, idea_as
from cocreate.links.queries import quotes_for, uses_of
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.people.queries import site
from cocreate.people.viewer import Organisation
from cocreate.stances.actions import cast_stance
from tests.cast import Cast
from tests.stage import an_idea, crowd
from tests.stances.test_casting import open_board


def titles(viewer: Any, board_id: int, **asked: Any) -> list[str]:
    return [idea.title for idea in list_ideas(viewer, board_facts(board_id), ListIdeas(**asked)).items]


def test_an_idea_is_proposed_and_everybody_on_the_board_sees_it(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    with one_event("idea.proposed"):
        made = propose_idea(cast.cleo, board_id, NewIdea(title="Say when it is late", body="*Call*", tags=["Service"]), "<p><em>Call</em></p>")
    seen = idea_as(cast.piet, made)
    assert (seen.title, seen.author, seen.tags) == ("Say when it is late", {"id": cast.cleo.id, "name": "Cleo", "group": "customer"}, ["service"])
    assert seen.answer_due == site().today() + timedelta(days=14)


def test_on_a_board_without_customers_otto_is_outside(app: Flask, cast: Cast) -> None:
    board_id = open_board(groups=["management", "employee"])
    ref = an_idea(cast.emil, board_id)
    for look in (lambda: idea_as(cast.otto, ref.id), lambda: propose_idea(cast.otto, board_id, NewIdea(title="x"), "")):
        with pytest.raises(NotFound):
            look()


@pytest.mark.parametrize(("state", "failure"), [("deciding", Conflict), ("closed", Conflict)])
def test_nothing_new_once_it_is_decided(app: Flask, cast: Cast, state: str, failure: Any) -> None:
    board_id = open_board()
    move_board(Organisation(), board_id, MoveBoard(state=state))  # type: ignore[arg-type]
    with pytest.raises(failure):
        an_idea(cast.emil, board_id)


def test_more_than_one_link_waits_and_only_author_and_staff_see_it(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    with one_event("idea.held"):
        made = propose_idea(cast.cleo, board_id, NewIdea(title="Look", body="https://a.example http://b.example"), "")
    assert entries_after(STAFF, 0, 1000)[-1].data == {"board": board_id, "why": "links"}
    assert titles(cast.cleo, board_id) == []
    assert idea_as(cast.cleo, made).state == idea_as(cast.mira, made).state == "held"
    for outside in (cast.emil, cast.otto):
        with pytest.raises(NotFound):
            idea_as(outside, made)
    with one_event("idea.proposed"):
        show_idea(cast.mira, made)
    assert entries_after(board_room(board_id), 0, 1000)[-1].actor_id == cast.cleo.id
    assert titles(cast.emil, board_id) == ["Look"]


def test_links_are_not_slipped_in_by_editing(cast: Cast) -> None:
    board_id = open_board()
    made = propose_idea(cast.cleo, board_id, NewIdea(title="Plain", tags=["service"]), "")
    one, two, other = "https://one.example", "https://two.example", "www.other.example"
    slipped: list[dict[str, Any]] = [{"body": f"{one} {two}"}, {"title": one, "gives_people": two}, {"gives_organisation": one, "tags": [other]}]
    for given in slipped:
        with pytest.raises(BadInput):
            edit_idea(cast.cleo, made, EditIdea(**given), "")
    assert (idea_as(cast.piet, made).body, idea_as(cast.piet, made).tags) == ("", ["service"])
    edit_idea(cast.cleo, made, EditIdea(body=f"See {one}"), "")
    held = propose_idea(cast.cleo, board_id, NewIdea(title="Linked", body=f"{one} {two}"), "")
    edit_idea(cast.cleo, held, EditIdea(body=f"{one} {two} {other}"), "")
    show_idea(cast.mira, held)
    edit_idea(cast.cleo, held, EditIdea(body=f"{two} {one}"), "")
    with pytest.raises(BadInput):
        edit_idea(cast.cleo, held, EditIdea(body=f"{one} https://two.example.evil.example"), "")


def test_words_change_in_the_open(app: Flask, cast: Cast, one_event: Any, client_of: Any) -> None:
    ref = an_idea(cast.cleo, open_board(), "First")
    with one_event("idea.edited"):
        edit_idea(cast.cleo, ref.id, EditIdea(title="Second"), None, 1)
    with one_event():
        edit_idea(cast.cleo, ref.id, EditIdea(title="Second"), None, 2)
    with pytest.raises(Outdated):
        edit_idea(cast.cleo, ref.id, EditIdea(title="Third"), None, 1)
    with pytest.raises(Refused):
        edit_idea(cast.emil, ref.id, EditIdea(title="Mine"), None)
    assert [(text.text_version, text.title) for text in earlier_texts(ref.id)] == [(1, "First")]
    with one_event("idea.edited"):
        edit_idea(cast.cleo, ref.id, EditIdea(gives_people="Time"), None, 2)
    with one_event("idea.edited"):
        edit_idea(cast.cleo, ref.id, EditIdea(gives_people="Much time", gives_organisation="Calm"), None, 3)
    assert (idea_as(cast.cleo, ref.id).gives_people, idea_as(cast.cleo, ref.id).text_version) == ("Much time", 4)
    kept = [(text.text_version, text.title, text.gives_people, text.gives_organisation) for text in earlier_texts(ref.id)]
    assert kept == [(1, "First", "", ""), (2, "Second", "", ""), (3, "Second", "Time", "")]
    last, before, first = client_of(cast.piet).get(f"/ideas/{ref.id}/history").text.split("<h2>")[1:]
    assert ("What it gives people" in last, "What it gives people" in before, "What it gives" in first) == (True, True, False)
    assert re.search(r"<del>.*Time.*<ins>.*Much time", last, re.DOTALL)
    assert re.search(r"What it gives [^<]+</h3>.*<ins>.*Calm", last, re.DOTALL)


def test_what_is_taken_back_has_no_words_and_keeps_its_voices(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    ref = an_idea(cast.cleo, board_id, "Said too soon")
    for person in crowd("customer", 3):
        cast_stance(person, ref, 1)
    with one_event("idea.withdrawn"):
        withdraw_idea(cast.cleo, ref.id)
    assert (idea_as(cast.emil, ref.id).title, titles(cast.emil, board_id)) == ("", [])
    with one_event("idea.returned"):
        return_idea(cast.cleo, ref.id)
    back = idea_as(cast.emil, ref.id)
    assert (back.title, back.status, back.tally.voices) == ("Said too soon", "open", 3)


def test_ten_lines_are_ten_ideas(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    with one_event("ideas.pasted"):
        made = paste_ideas(Organisation(), board_id, PastedIdeas(lines="\n".join(f" {n}. Line {n}" for n in range(1, 11)) + "\n\n- "))
    assert made == 10
    assert titles(cast.cleo, board_id)[-1] == "Line 1"
    with pytest.raises(Refused):
        paste_ideas(cast.emil, board_id, PastedIdeas(lines="One"))


def test_an_idea_stands_on_peoples_words(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    said = Ref("response", give_response(cast.cleo, board_id, NewResponse(body="Nobody says when it is late.", named=False)))
    elsewhere = Ref("response", give_response(cast.cleo, open_board(slug="other"), NewResponse(body="Other words.")))
    with one_event("idea.proposed"):
        made = propose_idea(cast.emil, board_id, NewIdea(title="Call first"), "", [said])
    (quote,) = quotes_for(cast.piet, board_facts(board_id), Ref("idea", made))
    assert (quote.text, quote.name) == ("Nobody says when it is late.", None)
    assert uses_of([said]) == {said: [("evidence", Ref("idea", made))]}
    for wrong in (elsewhere, Ref("response", 999), Ref("person", 1)):
        with one_event(), pytest.raises(BadInput) as refused:
            propose_idea(cast.emil, board_id, NewIdea(title="Call first"), "", [wrong])
        assert list(refused.value.errors) == ["cites"]


def test_an_idea_is_built_on_words_from_where_they_stand(app: Flask, cast: Cast, client_of: Any) -> None:
    board_id = open_board()
    said = [f"response:{give_response(cast.cleo, board_id, NewResponse(body=words))}" for words in ("Late again.", "Too dear.")]
    emil = client_of(cast.emil)
    assert f'href="/boards/b/ideas/new?cites={said[0]}"' in emil.get("/boards/b/words").text.replace("%3A", ":")
    form = emil.get(f"/boards/b/ideas/new?cites={said[0]}").text
    assert f'value="{said[0]}" checked' in form
    assert f'value="{said[1]}">' in form
    wrong = emil.post("/boards/b/ideas/new", data={"title": " ", "cites": said})
    assert wrong.status_code == 400
    assert all(f'value="{each}" checked' in wrong.text for each in said)
    sent = emil.post("/boards/b/ideas/new", data={"title": "Call first", "cites": said})
    seen = client_of(cast.piet).get(sent.location).text
    assert "Late again." in seen
    assert "Too dear." in seen


def test_one_answer_for_several(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    refs = [an_idea(cast.cleo, board_id, title) for title in ("A", "B")]
    given = NewAnswer(status="planned", body="From March.")
    with one_event("idea.answered", "idea.answered"):
        answer_ideas(Organisation(), [ref.id for ref in refs], given, "<p>From March.</p>")
    with one_event():
        answer_ideas(Organisation(), [ref.id for ref in refs], given, "<p>From March.</p>")
    answers = [idea_as(cast.otto, ref.id) for ref in refs]
    assert [(each.status, each.answer.body if each.answer else "") for each in answers] == [("planned", "From March.")] * 2
    with pytest.raises(Refused):
        answer_ideas(cast.emil, [refs[0].id], given, "")
    with pytest.raises(BadInput):
        read_input(NewAnswer, {"status": "planned", "body": ""})


def test_heard_says_by_when(app: Flask, cast: Cast, one_event: Any) -> None:
    ref = an_idea(cast.cleo, open_board())
    day = site().today() + timedelta(days=5)
    with one_event("idea.heard"):
        hear_idea(Organisation(), ref.id, Heard(by=day))
    assert idea_as(cast.cleo, ref.id).answer_due == day
    with pytest.raises(BadInput):
        hear_idea(Organisation(), ref.id, Heard(by=site().today() - timedelta(days=1)))


def test_hidden_is_in_no_list_and_comes_back_whole(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    ref = an_idea(cast.cleo, board_id)
    with one_event("idea.hidden"):
        hide_idea(cast.mira, ref.id)
    assert titles(cast.mira, board_id) == titles(cast.cleo, board_id) == []
    with pytest.raises(NotFound):
        idea_as(cast.otto, ref.id)
    with pytest.raises(NotFound):
        cast_stance(cast.emil, ref, 1)
    with one_event("idea.shown"):
        show_idea(cast.mira, ref.id)
    assert titles(cast.otto, board_id) == ["An idea"]


def test_merging_needs_two_of_one_board_and_no_circle(app: Flask, cast: Cast, one_event: Any) -> None:
    board_id = open_board()
    one, two = (an_idea(cast.cleo, board_id, title) for title in ("One", "Two"))
    elsewhere = an_idea(cast.cleo, open_board(slug="c"))
    for wrong in (one.id, elsewhere.id):
        with pytest.raises(BadInput):
            merge_idea(cast.mira, one.id, wrong)
    with pytest.raises(Refused):
        merge_idea(cast.emil, one.id, two.id)
    with one_event("idea.merged"):
        merge_idea(cast.mira, one.id, two.id)
    with one_event():
        merge_idea(cast.mira, one.id, two.id)
    with pytest.raises(Conflict):
        merge_idea(cast.mira, two.id, one.id)
    assert titles(cast.cleo, board_id) == ["Two"]
    with one_event("idea.unmerged"):
        unmerge_idea(cast.mira, one.id)
    assert titles(cast.cleo, board_id, sort="new") == ["Two", "One"]


def test_orders(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    liked, split, fresh = (an_idea(cast.cleo, board_id, title) for title in ("Liked", "Split", "Fresh"))
    customers, employees = crowd("customer", 6), crowd("employee", 6)
    for person in customers + employees:
        cast_stance(person, liked, 1)
        cast_stance(person, split, 1 if person.group == "customer" else -1)
    assert titles(cast.cleo, board_id, sort="common_ground") == ["Liked", "Split", "Fresh"]
    assert titles(cast.cleo, board_id, sort="contested") == ["Split", "Liked", "Fresh"]
    assert titles(cast.cleo, board_id, sort="support") == ["Liked", "Split", "Fresh"]
    assert titles(cast.cleo, board_id) == ["Fresh", "Split", "Liked"]  # 24 stances: newest first still
    for person in customers:
        cast_stance(person, fresh, 0)
    assert titles(cast.cleo, board_id)[0] == "Liked"
    assert [idea.title for idea in needs_voice(customers[0], board_facts(board_id), 5)] == []
    assert [idea.title for idea in needs_voice(employees[0], board_facts(board_id), 5)] == ["Fresh"]


@pytest.mark.parametrize("sort", ["new", "common_ground", "contested", "support"])
def test_pages_give_every_idea_once(app: Flask, cast: Cast, sort: Any) -> None:
    board_id = open_board()
    refs = [an_idea(cast.cleo, board_id, f"Idea {n}") for n in range(11)]
    for person in crowd("customer", 5):
        for ref in refs[: person.id % 9]:
            cast_stance(person, ref, 1 - person.id % 3)
    seen: list[int] = []
    cursor = ""
    while True:
        page = list_ideas(cast.cleo, board_facts(board_id), ListIdeas(sort=sort, limit=3, cursor=cursor))
        seen += [idea.id for idea in page.items]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert sorted(seen) == sorted(ref.id for ref in refs)
    assert seen == [idea.id for idea in list_ideas(cast.cleo, board_facts(board_id), ListIdeas(sort=sort)).items]


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WzEsMiwzXQ", "e30", "WyJuZXciLG51bGwsInh5eiJd"])
def test_a_bad_cursor_is_bad_input(app: Flask, cast: Cast, cursor: str) -> None:
    with pytest.raises(BadInput):
        list_ideas(cast.cleo, board_facts(open_board()), ListIdeas(cursor=cursor))


def test_finding_by_words(app: Flask, cast: Cast) -> None:
    board_id = open_board()
    for title in ("Zürich by night", "100% honest", "Call the day before", "A_b"):
        an_idea(cast.cleo, board_id, title)
    found = {q: titles(cast.cleo, board_id, q=q) for q in ("zurich", "ZÜR", "before call", "day bef", "da before", "%", "100", "a_b", "_", "nothing")}
    assert found == {
        "zurich": ["Zürich by night"],
        "ZÜR": ["Zürich by night"],
        "before call": ["Call the day before"],
        "day bef": ["Call the day before"],
        "da before": [],
        "%": [],
        "100": ["100% honest"],
        "a_b": ["A_b"],
        "_": [],
        "nothing": [],
    }
    assert [row.title for row in similar_ideas(board_facts(board_id), "Could you call me the day before?")] == ["Call the day before"]


def test_lists_take_the_same_number_of_statements_however_long(app: Flask, cast: Cast, query_count: Any) -> None:
    board_id = open_board()
    board = board_facts(board_id)
    counts = []
    for more in (1, 20):
        for n in range(more):
            an_idea(cast.cleo, board_id, f"Idea {n}")
        with query_count() as statements:
            list_ideas(cast.emil, board, ListIdeas(limit=100))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 4
