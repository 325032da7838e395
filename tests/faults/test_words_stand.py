"""Whatever keeps a form from going, the answer holds every word that was typed. Forms are enumerated: none is forgotten."""

import re
import sqlite3
from typing import Any, NamedTuple

import pytest
from flask import Flask

from cocreate.boards.actions import edit_audience, move_board
from cocreate.boards.inputs import EditAudience, MoveBoard
from cocreate.core import db as database
from cocreate.entrypoints.forms import _saves
from cocreate.ideas.curation_actions import merge_idea
from cocreate.ideas.queries import idea_as
from cocreate.people.viewer import Organisation
from tests.attacks.scene import SECRET, Scene, addresses, lay_scene
from tests.cast import Cast
from tests.faults.test_bad_input import path_of_form
from tests.stage import propose

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TYPED = re.compile(r'<(?:textarea\b[^>]*?|input\b(?![^>]*type="(?:hidden|checkbox|radio|password|date)")[^>]*?)\sname="([^"]+)"')

FORM = re.compile(r'<form [^>]*method="post".*?</form>', re.DOTALL)


class Written(NamedTuple):
    """A form as somebody filled it in: where, by whom, and the words in each field, which say where they stand."""

    endpoint: str
    path: str
    client: Any
    fields: dict[str, str]

    def send(self, client: Any = None, **how: Any) -> Any:
        return (client or self.client).post(self.path, data=self.fields, **how)

    def stands_in(self, answer: Any) -> bool:
        return all(words in answer.text for words in self.fields.values())


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.emil, read_public=True)


@pytest.fixture
def written(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> list[Written]:
    """Every form with a field to type in, filled in while it could be."""
    found, clients = [], [client_of(person) for person in (cast.mona, cast.emil, cast.ada, cast.visitor)]
    for endpoint in sorted(name for name in _saves if name in app.view_functions):
        path = path_of_form(app, endpoint, scene)
        for client in clients:
            names = TYPED.findall(forms_of(client.get(path)))
            if names:
                found.append(Written(endpoint, path, client, {name: f"Typed in {name} of {endpoint}" for name in names if name != "look"}))
                break
    assert len(found) > 25
    return found


def forms_of(page: Any) -> str:
    """The forms of a page that are sent, without what is searched with."""
    return "".join(FORM.findall(page.text)) if page.status_code == 200 else ""


def lost(written: list[Written], **how: Any) -> list[str]:
    """Where words are neither taken nor in the answer."""
    answers = [(form, form.send(**how)) for form in written]
    return [f"{form.endpoint} {answer.status_code}" for form, answer in answers if answer.status_code != 303 and not form.stands_in(answer)]


def test_whatever_is_in_the_way(app: Flask, cast: Cast, scene: Scene, written: list[Written], monkeypatch: pytest.MonkeyPatch) -> None:
    """A token of another session, a database that does not answer, a group that only reads, an idea that was joined, a closed board."""
    board_id, idea = 1, scene.ids["idea"]
    assert lost(written, csrf=False) == []
    monkeypatch.setattr(database, "WRITE_WAIT", 0.0)
    with sqlite3.connect(database.db.engine.url.database or "", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert lost(written) == []
        other.execute("ROLLBACK")
    edit_audience(Organisation(), board_id, EditAudience(read_public=True, part_groups=["partner"], read_groups=["management", "employee"]))
    assert lost(written) == []
    merge_idea(cast.mona, idea, propose(cast.piet, board_id, "Lives on"))
    assert lost(written) == []
    move_board(Organisation(), board_id, MoveBoard(state="closed", reason="Done"))
    assert lost(written) == []
    assert {form.send().status_code for form in written if form.endpoint in ("ideas.edit", "ideas.new", "comments.new", "listening.new")} == {409}


def test_what_may_go_well_the_next_time_can_be_sent_again(cast: Cast, written: list[Written], monkeypatch: pytest.MonkeyPatch) -> None:
    idea = next(form for form in written if form.endpoint == "ideas.new")
    answer = idea.send(csrf=False)
    assert answer.status_code == 403
    assert again(answer)["title"] == idea.fields["title"]
    monkeypatch.setattr(database, "WRITE_WAIT", 0.0)
    with sqlite3.connect(database.db.engine.url.database or "", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = idea.send()
        other.execute("ROLLBACK")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Nothing that was saved is lost" in answer.text
    assert idea.client.post(idea.path, data=again(answer)).status_code == 303


def test_every_form_to_type_in_keeps_drafts(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    """Where scripts send it. A form that goes as a page is one that signs in, or is answered with a secret."""
    seen: set[str] = set()
    without: set[str] = set()
    for client in (client_of(cast.mona), client_of(cast.ada)):
        for address in addresses(app, scene):
            for form in FORM.findall(client.get(address.path).text):
                if TYPED.search(form) and "data-native" not in form.partition(">")[0]:
                    (seen if "data-draft" in form.partition(">")[0] else without).add(address.endpoint)
    assert without == set()
    assert len(seen) > 25


def again(answer: Any) -> dict[str, str]:
    """What the button "Send it again" sends."""
    form = re.search(r'<form class="again".*?</form>', answer.text, re.DOTALL)
    assert form, answer.text
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))


def test_what_another_site_sent_is_not_said_here(written: list[Written]) -> None:
    answer = written[0].send(headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert not any(words in answer.text for words in written[0].fields.values())


def test_a_secret_is_not_said_again(cast: Cast, client_of: Any) -> None:
    answer = client_of(cast.visitor).post("/sign-in/password", data={"email": "cleo@example.org", "password": "correct horse"}, csrf=False)
    assert (answer.status_code, "cleo@example.org" in answer.text) == (403, True)
    assert "correct horse" not in answer.text
    assert "Send it again" not in answer.text


def test_an_idea_that_was_changed_meanwhile(cast: Cast, scene: Scene, client_of: Any) -> None:
    """Both texts are seen side by side, and sending it again is meant so."""
    emil, path = client_of(cast.emil), f"/ideas/{scene.ids['idea']}/edit"
    answer = emil.post(path, data={"title": "Mine now", "body": "Typed meanwhile", "text_version": "1"})
    assert answer.status_code == 412
    for seen in ("Somebody changed this text", "Mine now", "Typed meanwhile", "It says now", f"{SECRET} idea"):
        assert seen in answer.text
    version = re.search(r'name="text_version" value="(\d+)"', answer.text)
    assert version
    assert emil.post(path, data={"title": "Mine now", "text_version": version[1]}).status_code == 303
    assert idea_as(cast.emil, scene.ids["idea"]).title == "Mine now"
