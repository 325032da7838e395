"""Small things that pages say, each found wrong once."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from cocreate.boards.actions import edit_audience, make_board, move_board
from cocreate.boards.inputs import EditAudience, MoveBoard, NewBoard
from cocreate.ideas.actions import hear_idea, paste_ideas
from cocreate.ideas.inputs import Heard, PastedIdeas
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.people.actions import edit_organisation
from cocreate.people.groups import GROUPS
from cocreate.people.inputs import EditOrganisation
from cocreate.people.queries import site
from cocreate.people.viewer import Organisation
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.curation_actions import hide_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.queries import statement_on
from tests.attacks.scene import lay_scene
from tests.cast import Cast
from tests.stage import open_board, propose

ClientOf = Callable[..., Any]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def suggested(cast: Cast, slug: str, after: str) -> int:
    of = statement_on(cast.cleo, slug)
    assert of is not None
    return suggest_amendment(cast.cleo, of.id, NewAmendment(before=of.sentences[0], after=after, reason="It is so."))


def test_my_words_lead_to_my_changes_and_say_what_nobody_else_sees(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    open_board("words", cast.mona, kind="brand")
    seen, hidden = suggested(cast, "words", "We answer today."), suggested(cast, "words", "We answer now.")
    hide_amendment(cast.mira, hidden)
    propose(cast.cleo, open_board("held", hold_first=True), "Look at me first")
    page = client_of(cast.cleo).get("/my-words").text
    told = {link: re.sub("<.*?>", "", rest).split()[0] for link, rest in re.findall(r'<p><a href="(.*?)">.*?<p class="soft small">(.*?)</p>', page, re.DOTALL)}
    assert told == {f"/amendments/{seen}": "Open", f"/amendments/{hidden}": "hidden", "/ideas/1": "waits"}


def test_home_counts_all_that_waits(app: Flask, cast: Cast, client_of: ClientOf, clock: Any) -> None:
    board_id = open_board("many", cast.mona)
    for lines in (range(50), range(50, 52)):
        paste_ideas(cast.mona, board_id, PastedIdeas(lines="\n".join(f"Line {number}" for number in lines)))
    move_board(Organisation(), board_id, MoveBoard(state="closed", reason="Enough."))
    clock.forward(days=20)
    mona = client_of(cast.mona)
    assert "52 things in the queue" in mona.get("/").text
    assert "52 things wait" in mona.get("/queue").text


def test_days_are_days_of_the_site_in_words(app: Flask, cast: Cast, client_of: ClientOf, clock: Any) -> None:
    board_id = open_board("days", cast.mona)
    edit_organisation(cast.ada, EditOrganisation(name="Halden", time_zone="Pacific/Auckland"))
    clock.set(datetime(2026, 12, 4, 22, 30, tzinfo=UTC))
    give_response(cast.cleo, board_id, NewResponse(body="it was already Saturday"))
    idea = propose(cast.cleo, board_id, "Ring twice")
    due = site().today() + timedelta(days=9)
    hear_idea(cast.mona, idea, Heard(by=due))
    client = client_of(cast.cleo)
    assert "5 December" in client.get("/boards/days/words").text
    assert "decides by <time" in client.get("/boards/days/history").text
    assert "14 December</time>" in client.get("/boards/days/history").text


def test_the_reason_why_an_idea_is_not_weighed_is_the_real_one(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    held = propose(cast.cleo, open_board("held", hold_first=True), "Look at me first")
    own = client_of(cast.cleo).get(f"/ideas/{held}").text
    assert "It is weighed once others see it." in own
    assert "does not take part" not in own
    draft_id = make_board(cast.mona, NewBoard(kind="product", slug="draft", title="Draft"))
    paste_ideas(cast.mona, draft_id, PastedIdeas(lines="Laid out"))
    assert "This board is not open yet." in client_of(cast.mona).get(f"/ideas/{held + 1}").text
    outside = open_board("inside", cast.mona, ("management",))
    edit_audience(cast.mona, outside, EditAudience(read_groups=list(GROUPS), part_groups=["management"]))
    reads = propose(cast.mona, outside, "Read this")
    assert "Your group reads here but does not take part." in client_of(cast.emil).get(f"/ideas/{reads}").text


def test_what_a_link_from_elsewhere_adds_breaks_nothing(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    scene = lay_scene(cast.mona, cast.emil, "stray")
    host, author, stray = client_of(cast.mona), client_of(cast.emil), "utm_source=mail&x=1"
    for page in ("/inbox", "/changes", "/boards/stray", "/boards/stray/history", "/boards/stray/list", "/boards", "/", "/my-words"):
        assert host.get(f"{page}?{stray}").status_code == 200, page
    forms = {
        f"/ideas/{scene.ids['idea']}/edit": (author, "Quetzalcoatl idea"),
        "/boards/stray/how/edit": (host, "name and with reasons"),
        "/boards/stray/audience": (host, "checked"),
        "/boards/stray/statement/new": (host, "</textarea>"),
        f"/statements/{scene.ids['statement']}/words": (host, "</textarea>"),
    }
    for form, (client, words) in forms.items():
        plain, with_stray = (re.sub(r'value="[\w.-]{30,}"', "", client.get(form + query).text) for query in ("", f"?{stray}"))
        if words in plain:
            fields = [re.findall(r"<textarea.*?</textarea>|<input[^>]*>", page, re.DOTALL) for page in (plain, with_stray)]
            assert fields[0] == fields[1], form
        else:
            assert client.get(form).status_code in (403, 409), form
