"""The queue and its forms as people meet them: who gets in, what stands there, and that each step can be taken back."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cocreate.commitments.actions import make_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.ideas.actions import withdraw_idea
from cocreate.ideas.queries import idea_as
from cocreate.moderation.actions import report_thing
from cocreate.moderation.inputs import NewReport
from cocreate.moderation.models import Report
from cocreate.people.queries import site
from cocreate.people.viewer import Viewer, Visitor
from cocreate.people.waiting_queries import told_by_person
from tests.cast import Cast
from tests.clients import Client
from tests.stage import open_board, propose

ClientOf = Callable[[Viewer | Visitor], Client]
LINKS = "See https://one.example and https://two.example"


@pytest.mark.parametrize(
    ("name", "status"), [("mira", 200), ("ada", 200), ("emil", 200), ("mona", 403), ("cleo", 403), ("piet", 403), ("otto", 403), ("visitor", 401)]
)
def test_who_sees_the_queue(cast: Cast, client_of: ClientOf, name: str, status: int) -> None:
    board = open_board("inside", cast.emil, groups=("management", "employee", "customer"))
    propose(cast.cleo, board, "Words that wait", LINKS)
    answer = client_of(getattr(cast, name)).get("/queue")
    assert answer.status_code == status
    assert ("Words that wait" in answer.text) == (status == 200)


def test_an_empty_queue_teaches(cast: Cast, client_of: ClientOf) -> None:
    assert "Nothing waits for you" in client_of(cast.mira).get("/queue").text


def test_a_host_sees_only_their_own_boards_in_it(cast: Cast, client_of: ClientOf) -> None:
    propose(cast.cleo, open_board("one", cast.mona), "Waits on one", LINKS)
    propose(cast.cleo, open_board("two", cast.emil), "Waits on two", LINKS)
    text = client_of(cast.mona).get("/queue").text
    assert "Waits on one" in text
    assert "Waits on two" not in text


def test_hosts_find_their_queue_while_something_waits_in_it(cast: Cast, client_of: ClientOf) -> None:
    board, link = open_board("one", cast.mona), 'href="/queue"'
    mona, emil = client_of(cast.mona), client_of(cast.emil)
    assert link not in mona.get("/boards").text
    held = propose(cast.cleo, board, "Waits on one", LINKS)
    assert link in mona.get("/boards").text
    assert link not in emil.get("/boards").text
    told = {person: messages["queue"] for person, messages in told_by_person({cast.mona.id, cast.emil.id, cast.mira.id}).items() if "queue" in messages}
    assert {person: message["waiting"] for person, message in told.items()} == {cast.mona.id: 1, cast.mira.id: 1}
    mona.post(f"/curated/idea:{held}/hidden")
    assert link not in mona.get("/boards").text
    propose(cast.cleo, board, "Waits too", LINKS)
    other = told_by_person({cast.mona.id})[cast.mona.id]["queue"]
    assert other["waiting"] == 1
    assert other != told[cast.mona.id], "one was settled and another held: that is news"
    json.dumps(other)


def test_late_promises_wait_until_their_hosts_kept_them(cast: Cast, client_of: ClientOf, clock: Any) -> None:
    board = open_board("one", cast.mona)
    made = make_commitment(cast.mona, board, NewCommitment(text="Answer the phone", due=site().today() + timedelta(days=2)))
    clock.forward(days=2)
    assert "Answer the phone" not in client_of(cast.mira).get("/queue").text
    clock.forward(days=1)
    mona, mira = client_of(cast.mona), client_of(cast.mira)
    seen = mira.get("/queue").text
    assert "A promise is late" in seen
    assert "Its hosts say when it is kept: Mona" in seen
    assert "Its hosts answer" not in seen
    assert f"/promises/{made}/done" not in seen
    assert "/curated/commitment" not in seen
    assert 'href="/queue"' in mona.get("/boards").text
    done = re.search(rf'action="(/promises/{made}/done[^"]*)"', mona.get("/queue").text)
    assert done is not None
    assert mona.post(done[1]).location == "/queue"
    assert "Answer the phone" not in mira.get("/queue").text


def test_words_in_the_queue_are_shown_as_typed(cast: Cast, client_of: ClientOf) -> None:
    board = open_board("one", cast.mona)
    propose(cast.cleo, board, "<script>alert(1)</script>", f"{LINKS} [x](javascript:alert(1)) <b>bold</b>")
    text = client_of(cast.mira).get("/queue").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>bold" not in text
    assert "https://one.example" in text
    assert 'href="https://one.example' not in text


def test_showing_from_the_queue_and_taking_it_back(cast: Cast, client_of: ClientOf) -> None:
    board = open_board("one", cast.mona)
    held = propose(cast.cleo, board, "Wait for it", LINKS)
    mira = client_of(cast.mira)
    address = f"/curated/idea:{held}"
    answer = mira.post(f"{address}/shown")
    assert (answer.status_code, answer.location) == (303, "/queue")
    assert idea_as(cast.emil, held).state == "shown"
    page = mira.get("/queue").text
    assert f"{address}/waiting" in page.replace("%3A", ":")
    assert 'id="idea-' not in page
    mira.post(f"{address}/waiting")
    assert idea_as(cast.mira, held).state == "held"
    assert f'id="idea-{held}"' in mira.get("/queue").text
    mira.post(f"{address}/hidden")
    assert f'id="idea-{held}"' not in mira.get("/queue").text


def test_hiding_what_was_reported_and_taking_it_back(cast: Cast, client_of: ClientOf) -> None:
    idea = propose(cast.cleo, open_board("one", cast.mona), "A hard word")
    report_thing(cast.emil, Ref("idea", idea), NewReport(reason="Too hard"))
    mira = client_of(cast.mira)
    assert "“Too hard”" in mira.get("/queue").text
    mira.post(f"/curated/idea:{idea}/hidden")
    page = mira.get("/queue").text.replace("%3A", ":")
    assert f"/curated/idea:{idea}/reported" in page
    assert "Too hard" not in page
    mira.post(f"/curated/idea:{idea}/reported")
    assert idea_as(cast.otto, idea).state == "shown"
    assert "“Too hard”" in mira.get("/queue").text
    mira.post(f"/curated/idea:{idea}/shown")
    assert db.session.scalar(select(Report.settled_by)) == cast.mira.id
    mira.post(f"/curated/idea:{idea}/reported")
    assert "“Too hard”" in mira.get("/queue").text


@pytest.mark.parametrize(("name", "status"), [("mira", 303), ("ada", 303), ("emil", 303), ("mona", 403), ("cleo", 404), ("otto", 404), ("visitor", 404)])
def test_who_may_hide(cast: Cast, client_of: ClientOf, name: str, status: int) -> None:
    idea = propose(cast.mona, open_board("inside", cast.emil, groups=("management", "employee")), "Among us")
    assert client_of(getattr(cast, name)).post(f"/curated/idea:{idea}/hidden").status_code == status
    assert idea_as(cast.mira, idea).state == ("hidden" if status == 303 else "shown")


def test_curating_leads_back_only_within_the_site(cast: Cast, client_of: ClientOf) -> None:
    idea = propose(cast.cleo, open_board("one", cast.mona), "A hard word")
    mira = client_of(cast.mira)
    assert mira.post(f"/curated/idea:{idea}/hidden", data={"back": "//evil.example"}).location == "/queue"
    assert mira.post(f"/curated/idea:{idea}/shown?back=/boards/one/history").location == "/boards/one/history"
    assert mira.get(f"/curated/idea:{idea}/gone").status_code == 404
    assert mira.get("/curated/nonsense:1/hidden").status_code == 404
    assert "A hard word" in mira.get(f"/curated/idea:{idea}/hidden").text


def test_reporting_says_who_reads_it_and_keeps_what_was_typed(cast: Cast, client_of: ClientOf) -> None:
    idea = propose(cast.cleo, open_board("one", cast.mona), "A hard word")
    emil = client_of(cast.emil)
    page = emil.get(f"/reports/idea:{idea}").text
    assert "They do not see who wrote it" in page
    long = emil.post(f"/reports/idea:{idea}", data={"reason": "x" * 501})
    assert long.status_code == 400
    assert "x" * 501 in long.text
    assert emil.post(f"/reports/idea:{idea}", data={"reason": "Too hard"}).status_code == 303
    assert "You reported this" in emil.get(f"/reports/idea:{idea}").text
    mira = client_of(cast.mira)
    assert "Emil" not in mira.get("/queue").text.split('id="queue"')[1].split("</ol>")[0]
    mira.post(f"/curated/idea:{idea}/shown")
    assert "You reported this" not in emil.get(f"/reports/idea:{idea}").text
    assert emil.post(f"/reports/idea:{idea}", data={"reason": "Still too hard"}).status_code == 303
    assert "You reported this" in emil.get(f"/reports/idea:{idea}").text
    row = mira.get("/queue").text
    assert "“Still too hard”" in row
    assert "“Too hard”" not in row


def test_otto_finds_nothing_to_report_where_he_may_not_read(cast: Cast, client_of: ClientOf) -> None:
    idea = propose(cast.emil, open_board("inside", cast.mona, groups=("management", "employee")), "Among us")
    otto = client_of(cast.otto)
    assert otto.get("/boards/inside/history").status_code == 404
    assert otto.get(f"/reports/idea:{idea}").status_code == 404
    assert otto.post(f"/reports/idea:{idea}", data={"reason": "x"}).status_code == 404


def test_joining_by_the_form_offers_what_is_alike_and_parting_undoes_it(cast: Cast, client_of: ClientOf) -> None:
    board = open_board("one", cast.mona)
    one = propose(cast.cleo, board, "Open the workshop on Saturdays")
    alike = propose(cast.emil, board, "The workshop could open earlier on Saturdays")
    propose(cast.emil, board, "Pay suppliers on time")
    mona = client_of(cast.mona)
    page = mona.get(f"/ideas/{one}/merge").text
    assert "could open earlier" in page
    assert "suppliers" not in page
    assert re.search(r'name="into" value="\d+" autofocus>', page)
    several = re.findall(r'name="into" [^>]*>', mona.get(f"/ideas/{one}/merge?q=o").text)
    assert [("autofocus" in each, "checked" in each) for each in several] == [(True, False), (False, False)]
    assert "Pay suppliers on time" in mona.get(f"/ideas/{one}/merge?q=supplier").text
    missing = mona.post(f"/ideas/{one}/merge", data={})
    assert (missing.status_code, "Write something here" in missing.text) == (400, True)
    itself = mona.post(f"/ideas/{one}/merge", data={"into": one})
    assert (itself.status_code, "Choose another idea" in itself.text) == (400, True)
    done = mona.post(f"/ideas/{one}/merge", data={"into": alike, "back": "/queue"})
    assert (done.status_code, done.location) == (303, "/queue")
    assert idea_as(cast.mona, one).merged_into == alike
    assert f"/ideas/{one}/unmerge" in mona.get("/queue").text
    assert mona.get(f"/ideas/{one}/unmerge").status_code == 200
    assert mona.post(f"/ideas/{one}/unmerge?back=/queue").location == f"/queue#idea-{one}"
    assert idea_as(cast.mona, one).merged_into is None
    assert mona.get(f"/ideas/{one}/unmerge").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("mira", 200), ("emil", 403), ("cleo", 403), ("visitor", 404)])
def test_who_joins(cast: Cast, client_of: ClientOf, name: str, status: int) -> None:
    board = open_board("one", cast.mona)
    one, other = propose(cast.cleo, board, "One thing"), propose(cast.emil, board, "One more thing")
    assert client_of(getattr(cast, name)).get(f"/ideas/{one}/merge").status_code == status
    assert client_of(getattr(cast, name)).post(f"/ideas/{one}/merge", data={"into": other}).status_code == (303 if status == 200 else status)


def test_what_was_taken_back_waits_no_longer(cast: Cast, client_of: ClientOf) -> None:
    idea = propose(cast.cleo, open_board("one", cast.mona), "A hard word")
    report_thing(cast.emil, Ref("idea", idea), NewReport())
    withdraw_idea(cast.cleo, idea)
    assert "Nothing waits for you" in client_of(cast.mira).get("/queue").text
