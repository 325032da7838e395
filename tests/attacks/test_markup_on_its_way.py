"""Script in people's words (S1) on its way: in a form that is refused, in a conflict, in what could not be sent, and in what comes into a page that is open."""

from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from playwright.sync_api import expect

from cocreate.boards.actions import move_board
from cocreate.boards.inputs import MoveBoard
from cocreate.boards.queries import board_as
from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.core.markdown import render
from cocreate.ideas.actions import answer_ideas, edit_idea, propose_idea
from cocreate.ideas.inputs import EditIdea, NewAnswer, NewIdea
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.people.actions import change_person
from cocreate.people.inputs import ChangePerson
from cocreate.people.viewer import Organisation
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.queries import statement_as
from tests.attacks.filled import FORMS
from tests.attacks.scene import Scene, addresses, lay_scene
from tests.attacks.test_markup import SCRIPT, watch
from tests.attacks.vectors import VECTORS, dangers
from tests.cast import Cast
from tests.people.comings import code_for
from tests.sites import Site

EVERYBODY = ("management", "employee", "customer", "partner")
ODD = ('"><img src=x onerror=__x()>', "</textarea></title></script><script>__x()</script>", "'><svg/onload=__x()> javascript:__x()")
COMING = VECTORS[::9]  # a sample, as each comes in by itself; tests/attacks/test_markup.py has pages with all of them
TALL: Any = {"width": 1280, "height": 2400}  # only what is in view is fetched again
PATIENCE = 60_000


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_form_that_is_refused_shows_words(app: Flask, cast: Cast, client_of: Any) -> None:
    """Every field of every form, with an unknown one beside it, so that the page comes back."""
    scene = lay_scene(cast.mona, cast.emil, "bait", EVERYBODY)
    paths, shown = {address.endpoint: address.path for address in addresses(app, scene, ("POST",))}, 0
    for name, form in FORMS.items():
        client = client_of(getattr(cast, form.who))
        for odd in ODD:
            answer = client.post(paths[name], data={**dict.fromkeys(form.fields, odd), "text_version": "1", odd: odd})
            assert dangers(answer.text) == [], paths[name]
            shown += str(escape(odd)) in answer.text
    assert shown > len(FORMS)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_conflict_shows_words(app: Flask, cast: Cast, client_of: Any) -> None:
    """Both texts, where two changed it; the sentence that is another by now; and what was suggested already."""
    scene = lay_scene(cast.mona, cast.emil, "bait", EVERYBODY)
    emil, cleo = client_of(cast.emil), client_of(cast.cleo)
    for number, odd in enumerate(ODD):
        edit_idea(cast.emil, scene.ids["idea"], EditIdea(title=f"{odd} {number}", body=odd), render(odd))
        fields = {"title": f"mine {odd}", "body": odd, "tags": odd[:30], "text_version": "1"}
        suggested = {"before": odd, "after": f"{odd} after", "reason": odd, "cites": odd}
        twice = {"before": "", "after": f"{odd} twice", "reason": odd}
        conflicts = [emil.post(f"/ideas/{scene.ids['idea']}/edit", data=fields)]
        conflicts += [cleo.post(f"/statements/{scene.ids['statement']}/changes/new", data=data) for data in (suggested, twice, twice)]
        assert [answer.status_code for answer in conflicts[:1] + conflicts[2:]] == [412, 303, 409]
        for answer in conflicts:
            assert dangers(answer.text) == []
            assert answer.status_code == 303 or str(escape(odd)) in answer.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_could_not_be_sent_is_shown_as_words(app: Flask, cast: Cast, client_of: Any) -> None:
    """Written by a visitor, kept, and refused when they had signed in, as the board had closed."""
    scene = lay_scene(cast.mona, cast.emil, "bait", EVERYBODY, read_public=True)
    board, nobody = board_as(cast.mona, scene.slug).board, client_of(cast.visitor)
    assert nobody.post(f"/boards/{scene.slug}/ideas/new", data=dict(zip(("title", "body", "gives_people"), ODD, strict=True))).status_code == 303
    assert nobody.post(f"/comments/idea:{scene.ids['idea']}/new", data={"body": " ".join(VECTORS)[:4_000]}).status_code == 303
    asking = nobody.get("/sign-in").text
    move_board(Organisation(), board.id, MoveBoard(state="closed"))
    nobody.post("/sign-in", data={"email": "cleo@example.org"})
    unsent = nobody.post("/sign-in/code", data={"code": code_for(app, "cleo@example.org")})
    for page in (asking, unsent.text):
        assert dangers(page) == []
    assert "Not sent yet" in unsent.text
    assert all(str(escape(odd)) in unsent.text for odd in ODD)


def happen(cast: Cast, scene: Scene) -> None:
    """What comes in while others look: of each kind of words a good part of the corpus."""
    board, idea = board_as(cast.mona, scene.slug).board.id, Ref("idea", scene.ids["idea"])
    change_person(cast.ada, cast.mona.id, ChangePerson(name="<svg/onload=__x()>"))
    statement = scene.ids["statement"]
    before = statement_as(cast.emil, statement).sentences[0]
    for number, vector in enumerate(COMING):
        propose_idea(cast.mona, board, NewIdea(title=f"{number} {vector}", body=vector), render(vector))
        if number % 3 == 0:
            post_comment(cast.mona, idea, NewComment(body=vector), render(vector))
            give_response(cast.cleo, board, NewResponse(body=vector, named=True))
            suggest_amendment(cast.mona, statement, NewAmendment(before=before, after=f"{number} {vector}.", reason=vector))
    answer_ideas(cast.mona, [idea.id], NewAnswer(status="planned", body="\n\n".join(COMING)[:9_000]), render("\n\n".join(COMING)[:9_000]))
    post_comment(cast.mona, idea, NewComment(body="the last of all"), "<p>the last of all</p>")
    suggest_amendment(cast.mona, statement, NewAmendment(before=before, after="The last of all.", reason="Why"))
    give_response(cast.cleo, board, NewResponse(body="the last of all"))


def test_what_comes_into_an_open_page_runs_nothing(start_site: Any, page_of: Any) -> None:
    """A board, an idea and a text are open, without the policy that would hide a broken cleaner, and the board once more with it."""
    site: Site = start_site()
    with site.app.app_context():
        scene = lay_scene(site.cast.mona, site.cast.emil, "bait", EVERYBODY)
        db.engine.dispose()
    refused: list[str] = []
    paths = ["/boards/bait?sort=new", f"/ideas/{scene.ids['idea']}", f"/statements/{scene.ids['statement']}", "/boards/bait?sort=new", "/boards/bait/ideas/new"]
    pages = [page_of(site, site.cast.mira, bypass_csp=number != 3, viewport=TALL) for number in range(len(paths))]
    for page, path in zip(pages, paths, strict=True):
        watch(page, refused)
        page.goto(path, wait_until="load")
        page.evaluate("window.__here = true")
    with site.app.app_context():
        happen(site.cast, scene)
        db.engine.dispose()
    board, idea, statement, guarded, writing = pages
    for page, count in ((board, len(COMING)), (guarded, len(COMING)), (statement, len(COMING[::3]) + 1)):
        new = page.locator("[data-new-kind] button:visible").first
        expect(new).to_contain_text(f"{count} new", timeout=PATIENCE)
        new.click()
    for page in (board, guarded):
        expect(page.locator("[data-item]").filter(has_text=f"{len(COMING) - 1} ").first).to_be_visible(timeout=PATIENCE)
        expect(page.locator("body")).to_contain_text("the last of all", timeout=PATIENCE)
    expect(idea.locator("#comments")).to_contain_text("the last of all", timeout=PATIENCE)
    expect(idea.locator("#answer")).to_be_visible(timeout=PATIENCE)
    expect(statement.locator("body")).to_contain_text("The last of all.", timeout=PATIENCE)
    writing.locator("[name=title]").press_sequentially("onerror script img onload")
    expect(writing.locator("#similar a").first).to_be_visible(timeout=PATIENCE)
    for page, path in zip(pages, paths, strict=True):
        page.evaluate(SCRIPT)
        assert page.evaluate("window.__here"), f"{path} was loaded anew, so nothing was tried"
        assert page.evaluate("window.__hit") == 0, path
        assert page.evaluate("typeof window.clobber") == "undefined", path
        assert dangers(page.content()) == [], path
    assert refused == []
