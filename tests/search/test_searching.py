"""Who finds what: only what lists show, on boards one reads; nothing else is in a count, a snippet or a suggestion."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from cocreate.boards.actions import make_board, move_board
from cocreate.boards.inputs import MoveBoard, NewBoard
from cocreate.boards.queries import board_facts
from cocreate.comments.actions import edit_comment, post_comment, return_comment, withdraw_comment
from cocreate.comments.curation_actions import hide_comment, show_comment
from cocreate.comments.inputs import EditComment, NewComment
from cocreate.core.db import db
from cocreate.core.errors import BadInput
from cocreate.core.ids import Ref
from cocreate.ideas.actions import answer_ideas, edit_idea, paste_ideas, return_idea, take_answer_back, withdraw_idea
from cocreate.ideas.curation_actions import hide_idea, merge_idea, show_idea, unmerge_idea
from cocreate.ideas.inputs import EditIdea, ListIdeas, NewAnswer, PastedIdeas
from cocreate.ideas.listing_queries import list_ideas
from cocreate.people.viewer import Organisation, Viewer, Visitor
from cocreate.search.inputs import Search
from cocreate.search.queries import search
from cocreate.statements.actions import accept_amendment, start_statement, suggest_amendment
from cocreate.statements.inputs import Decision, NewAmendment, NewStatement
from cocreate.statements.queries import statements_on
from cocreate.transfer.doctor import examine, repair
from tests.cast import Cast
from tests.stage import open_board, propose
from tests.transfer.test_doctor import by_hand

INSIDE = ("management", "employee")


def found(viewer: Viewer | Visitor, words: str, **more: Any) -> list[str]:
    """What is found, newest first; the counts are those of what is found."""
    results = search(viewer, Search(q=words, limit=100, **more))
    refs = [str(hit.ref) for hit in results.items]
    if not more:
        kinds = [ref.partition(":")[0] for ref in refs]
        assert results.counts == {kind: kinds.count(kind) for kind in kinds}
    db.session.rollback()
    return refs


def comment(actor: Viewer, about: Ref, body: str) -> int:
    return post_comment(actor, about, NewComment(body=body), f"<p>{body}</p>")


def test_each_kind_is_found_as_it_is_now(app: Flask, cast: Cast) -> None:
    board = open_board("bikes", cast.mona)
    idea = propose(cast.emil, board, "Lend a Zürich bike", "For a week, when snow falls")
    said = comment(cast.cleo, Ref("idea", idea), "Snowed in last year")
    answered = answer_ideas(cast.mona, [idea], NewAnswer(status="planned", body="Before the snow comes"), "")
    text_id = start_statement(cast.mona, board, NewStatement(title="In winter", text="We clear the snow. We lend a bike."))
    everything = [f"statement:{text_id}", f"answer:{answered}", f"comment:{said}", f"idea:{idea}"]
    assert found(cast.cleo, "SNÖW") == everything
    assert found(cast.cleo, "snow", kind="answer") == [f"answer:{answered}"]
    assert found(cast.cleo, "snow falls") == found(cast.cleo, "zurich sno") == [f"idea:{idea}"]
    assert found(cast.cleo, "sno falls") == found(cast.cleo, "...") == found(cast.cleo, "") == []
    edit_idea(cast.emil, idea, EditIdea(body="When it rains"), "")
    edit_comment(cast.cleo, said, EditComment(body="Rained in"), "")
    assert found(cast.cleo, "snow") == everything[:2]
    assert found(cast.cleo, "rain") == [f"comment:{said}", f"idea:{idea}"]
    change = suggest_amendment(cast.emil, text_id, NewAmendment(before="We clear the snow.", after="We clear the ice.", reason="It is ice"))
    assert found(cast.cleo, "ice") == []
    accept_amendment(cast.mona, change, Decision(reason="It is"))
    assert found(cast.cleo, "snow") == [f"answer:{answered}"]
    assert found(cast.cleo, "ice winter") == [f"statement:{text_id}"]
    assert statements_on(board)
    page = list_ideas(cast.cleo, board_facts(board), ListIdeas(q="rains zürich"))
    assert [each.id for each in page.items] == [idea]
    with pytest.raises(BadInput):
        search(cast.cleo, Search(q="snow", kind="response"))
    with pytest.raises(BadInput):
        search(cast.cleo, Search(q="snow", cursor="x"))


def test_what_lists_do_not_show_is_not_found_by_anybody(app: Flask, cast: Cast) -> None:
    board = open_board("bikes", cast.mona)
    idea, twin = propose(cast.emil, board, "Quetzal one"), propose(cast.cleo, board, "Quetzal two")
    said = comment(cast.cleo, Ref("idea", idea), "A quetzal flew by")
    answered = answer_ideas(cast.mona, [idea], NewAnswer(status="planned", body="Quetzals will fly"), "")
    all_of_it = [f"answer:{answered}", f"comment:{said}", f"idea:{twin}", f"idea:{idea}"]
    without = [f"idea:{twin}"]
    steps: list[tuple[Any, tuple[Any, ...], list[str]]] = [
        (withdraw_comment, (cast.cleo, said), [all_of_it[0], *all_of_it[2:]]),
        (return_comment, (cast.cleo, said), all_of_it),
        (hide_comment, (cast.mira, said), [all_of_it[0], *all_of_it[2:]]),
        (show_comment, (cast.mira, said), all_of_it),
        (hide_idea, (cast.mira, idea), without),
        (show_idea, (cast.mira, idea), all_of_it),
        (withdraw_idea, (cast.emil, idea), without),
        (return_idea, (cast.emil, idea), all_of_it),
        (merge_idea, (cast.mira, idea, twin), without),
        (unmerge_idea, (cast.mira, idea), all_of_it),
        (take_answer_back, (cast.mona, idea, answered), all_of_it[1:]),
    ]
    for do, given, expected in steps:
        do(*given)
        for viewer in (cast.piet, cast.emil, cast.mira, cast.ada):
            assert found(viewer, "quetzal") == expected, do.__name__
    links = "quetzal https://a.example https://b.example"
    held = comment(cast.piet, Ref("idea", idea), links), propose(cast.piet, board, "Quetzal three", links)
    for viewer in (cast.piet, cast.mira, cast.mona):
        assert found(viewer, "quetzal") == all_of_it[1:]
    show_comment(cast.mona, held[0])
    show_idea(cast.mona, held[1])
    assert found(cast.cleo, "quetzal") == [f"idea:{held[1]}", f"comment:{held[0]}", *all_of_it[1:]]


def test_a_board_one_does_not_read_is_found_by_nothing(app: Flask, cast: Cast, client_of: Any, query_count: Any) -> None:
    board, public = open_board("inner", cast.mona, INSIDE), open_board("outer", cast.mona, read_public=True)
    draft = make_board(Organisation(), NewBoard.model_validate({"slug": "draft", "title": "Quetzal draft", "kind": "product", "hosts": [cast.mona.email]}))
    idea = propose(cast.emil, board, "Quetzalcoatl", "<b>Quetzalcoatl</b> & wings")
    comment(cast.emil, Ref("idea", idea), "Quetzalcoatl again")
    answer_ideas(cast.mona, [idea], NewAnswer(status="doing", body="Quetzalcoatl it is"), "")
    start_statement(cast.mona, board, NewStatement(title="Quetzalcoatl", text="Quetzalcoatl flies."))
    paste_ideas(cast.mona, draft, PastedIdeas(lines="Quetzalcoatl later"))
    shown = propose(cast.cleo, public, "Quince")
    assert len(found(cast.emil, "quetzal")) == len(found(cast.mira, "quetzal")) == 4
    assert len(found(cast.mona, "quetzal")) == 5
    inside = client_of(cast.emil).get("/search?q=quetzal")
    assert len(re.findall(r'<article class="hit"', inside.text)) == 4
    assert "&lt;b&gt;<mark>Quetzalcoatl</mark>&lt;/b&gt; &amp; wings" in inside.text
    for outsider in (cast.otto, cast.visitor):
        assert found(outsider, "quetzal") == []
        client = client_of(outsider)
        client.get("/search")
        there, nowhere = (client.get(f"/search?q={words}") for words in ("quetzal", "zzzzzzz"))
        assert there.status_code == nowhere.status_code == 200
        there, nowhere = (re.sub(r'(data-csrf|name="csrf_token" value)="[^"]+"', "", page.text) for page in (there, nowhere))  # signed anew each second
        assert there.replace("quetzal", "zzzzzzz") == nowhere
        assert "Quince" in unescape(re.sub("</?mark>", "", client.get("/search?q=qu").text))
        assert found(outsider, "qu") == [f"idea:{shown}"]
    with query_count() as few:
        found(cast.emil, "q")
    for number in range(12):
        about = Ref("idea", propose(cast.emil, board, f"Quagga {number}"))
        comment(cast.emil, about, f"Quokka {number}")
    with query_count() as many:
        found(cast.emil, "q")
    assert len(many) == len(few) <= 10
    move_board(Organisation(), draft, MoveBoard(state="open"))
    assert [ref.partition(":")[0] for ref in found(cast.otto, "quetzal")] == ["idea"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_goes_on_and_offers_another_way(app: Flask, cast: Cast, client_of: Any) -> None:
    board = open_board("bikes", cast.mona)
    ids = [propose(cast.emil, board, f"Lantern {number}", "dark " * 80 + "lantern " + "road " * 80) for number in range(43)]
    said = comment(cast.cleo, Ref("idea", ids[0]), "A lantern too")
    client = client_of(cast.piet)
    seen: list[int] = []
    address = "/search?q=lantern&kind=idea"
    while address:
        page = client.get(address).text
        assert ">All 44</a>" in page
        assert ">Comments 1</a>" in page
        seen += [int(id) for id in re.findall(r'<a href="/ideas/(\d+)">', page)]
        address = next(iter(re.findall(r'<a class="button" href="([^"]+)" rel="next"', page)), "").replace("&amp;", "&")
        if len(seen) == 20:
            propose(cast.emil, board, "Another lantern")  # what comes meanwhile moves nothing
            hide_comment(cast.mira, said)
            show_comment(cast.mira, said)
            withdraw_idea(cast.emil, ids[20])
            return_idea(cast.emil, ids[20])
            hide_idea(cast.mira, ids[22])
    assert seen == [id for id in reversed(ids) if id != ids[22]]
    assert re.search(r'<p class="own">…[dark ]+<mark>lantern</mark>[road ]+…</p>', page)
    assert f'href="/ideas/{ids[0]}#comment-{said}"' in client.get("/search?q=lantern+too").text
    assert 'href="/search?q=lanterns"' in client.get("/search?q=no+lanterns").text
    assert 'href="/boards">See the boards' in client.get("/search?q=lanternst").text
    assert "Nothing of this kind" in client.get("/search?q=lantern&kind=statement").text
    assert client.get("/search?q=lantern&kind=nothing").status_code == client.get("/search?q=lantern&cursor=x").status_code == 400


def test_the_doctor_sees_and_mends_the_index(app: Flask, cast: Cast) -> None:
    board = open_board("bikes", cast.mona)
    idea = propose(cast.emil, board, "Lend a bike")
    other = propose(cast.emil, board, "Sell a bell")
    broken = [
        f"UPDATE search_texts SET words = 'car' WHERE subject_kind = 'idea' AND subject_id = {idea}",
        f"DELETE FROM search_texts WHERE subject_kind = 'idea' AND subject_id = {idea}",
        f"INSERT INTO search_texts (subject_kind, subject_id, board_id, words) VALUES ('idea', 999, {board}, 'bike')",
    ]
    assert examine()["search"] == []
    for statement in broken:
        with by_hand():
            db.session.execute(text(statement))
        assert examine()["search"], statement
        repair()
        assert not any(examine().values())
        assert found(cast.cleo, "bike") == [f"idea:{idea}"]
        assert found(cast.cleo, "bell") == [f"idea:{other}"]
