"""What can be curated besides ideas: comments, people's words, suggested changes; each from the same queue, by the same keys."""

from collections.abc import Callable

import pytest

from cocreate.comments.actions import post_comment, return_comment, withdraw_comment
from cocreate.comments.inputs import NewComment
from cocreate.core.ids import Ref
from cocreate.core.outbox import Mail
from cocreate.eventlog.subjects import find_subjects
from cocreate.ideas.actions import return_idea, withdraw_idea
from cocreate.ideas.curation_actions import merge_idea, unmerge_idea
from cocreate.listening.actions import give_response, return_response, withdraw_response
from cocreate.listening.inputs import NewResponse
from cocreate.moderation.actions import report_thing
from cocreate.moderation.counting_queries import waiting_count
from cocreate.moderation.curatables import curatable_kinds, curated
from cocreate.moderation.inputs import NewReport
from cocreate.moderation.queries import curated_boards, queue
from cocreate.notifications.reading import catch_up
from cocreate.people.viewer import Viewer, Visitor
from cocreate.people.waiting_queries import told_by_person
from cocreate.statements.actions import return_amendment, suggest_amendment, withdraw_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.queries import statements_on
from tests.cast import Cast
from tests.clients import Client
from tests.conftest import MovedClock
from tests.stage import open_board, propose

ClientOf = Callable[[Viewer | Visitor], Client]
LINKS = "See https://one.example and https://two.example"


def make(kind: str, author: Viewer, board: int, words: str) -> Ref:
    if kind == "idea":
        return Ref(kind, propose(author, board, words))
    if kind == "comment":
        return Ref(kind, post_comment(author, Ref("idea", propose(author, board, "About this")), NewComment(body=words), words))
    if kind == "response":
        return Ref(kind, give_response(author, board, NewResponse(body=words)))
    return Ref(kind, suggest_amendment(author, statements_on(board)[0].id, NewAmendment(after=words, reason="Because")))


@pytest.mark.parametrize("kind", ["idea", "comment", "response", "amendment"])
def test_each_kind_is_held_shown_and_hidden_from_the_queue(cast: Cast, client_of: ClientOf, outbox: Callable[..., list[Mail]], kind: str) -> None:
    assert kind in curatable_kinds()
    ref = make(kind, cast.cleo, open_board("brand", cast.mona, kind="brand"), LINKS)
    mira, otto = client_of(cast.mira), client_of(cast.otto)

    def waits() -> bool:
        return f'id="{ref.slug}"' in mira.get("/queue").text

    assert curated(ref).state == "held"
    assert ref not in find_subjects(cast.otto, [ref])
    assert waits()
    assert "https://one.example" in mira.get("/queue").text

    before = otto.get("/boards/brand/history").text.split("<main")[1]
    assert mira.post(f"/curated/{ref}/hidden").status_code == 303
    assert (curated(ref).state, waits()) == ("hidden", False)
    assert f"/curated/{ref}/shown" in mira.get("/boards/brand/history").text.replace("%3A", ":")
    assert otto.get("/boards/brand/history").text.split("<main")[1] == before
    mira.post(f"/curated/{ref}/waiting")
    assert (curated(ref).state, waits()) == ("held", True)

    mira.post(f"/curated/{ref}/shown")
    assert (curated(ref).state, waits()) == ("shown", False)
    assert ref in find_subjects(cast.otto, [ref])
    mira.post(f"/curated/{ref}/waiting")
    assert (curated(ref).state, waits()) == ("held", True)
    assert ref not in find_subjects(cast.otto, [ref])
    catch_up()
    assert "hidden" not in "".join(mail.body for mail in outbox("cleo@example.org"))
    mira.post(f"/curated/{ref}/shown")
    report_thing(cast.emil, ref, NewReport())
    page = mira.get("/queue").text
    assert f'id="{ref.slug}"' in page
    assert "Held" not in page
    mira.post(f"/curated/{ref}/shown")
    mira.post(f"/curated/{ref}/reported")
    page = mira.get("/queue").text
    assert f'id="{ref.slug}"' in page
    assert "Held" not in page
    mira.post(f"/curated/{ref}/hidden")
    assert (curated(ref).state, waits()) == ("hidden", False)


@pytest.mark.parametrize("kind", ["idea", "comment", "response", "amendment"])
def test_what_was_taken_back_is_neither_shown_nor_hidden(cast: Cast, client_of: ClientOf, kind: str) -> None:
    ref = make(kind, cast.cleo, open_board("brand", cast.mona, kind="brand"), LINKS)
    cleo, mira = client_of(cast.cleo), client_of(cast.mira)
    where = {"idea": "ideas", "comment": "comments", "response": "words", "amendment": "amendments"}[kind]
    assert cleo.post(f"/{where}/{ref.id}/withdrawal").status_code == 303
    for state in ("shown", "hidden", "waiting"):
        assert mira.post(f"/curated/{ref}/{state}").status_code == 409
    assert curated(ref).state == "withdrawn"


@pytest.mark.parametrize("kind", ["idea", "comment", "response", "amendment"])
def test_each_kind_is_reported_and_its_hide_undone_from_the_record(cast: Cast, client_of: ClientOf, kind: str) -> None:
    ref = make(kind, cast.cleo, open_board("brand", cast.mona, kind="brand"), "A hard word")
    report_thing(cast.emil, ref, NewReport(reason="Too hard"))
    mona = client_of(cast.mona)
    assert "“Too hard”" in mona.get("/queue").text
    mona.post(f"/curated/{ref}/hidden")
    assert "“Too hard”" not in mona.get("/queue").text
    record = mona.get("/boards/brand/history").text.replace("%3A", ":")
    assert f"/curated/{ref}/shown" in record
    mona.post(f"/curated/{ref}/shown")
    assert curated(ref).state == "shown"


def test_unnamed_words_stay_unnamed_in_the_queue(cast: Cast, client_of: ClientOf) -> None:
    ref = make("response", cast.piet, open_board("brand", cast.mona, kind="brand"), LINKS)
    assert (curated(ref).author_id, curated(ref).group) == (None, None)
    row = client_of(cast.mira).get("/queue").text.split('id="queue"')[1].split("</ol>")[0]
    assert "Piet" not in row
    assert "partner" not in row


def test_what_waits_no_longer_is_not_counted(cast: Cast, client_of: ClientOf) -> None:
    """As the queue leaves it out: taken back, or joined with another."""
    board, link = open_board("one", cast.mona, kind="brand"), 'href="/queue"'
    mona = client_of(cast.mona)

    def counted() -> tuple[int, int, bool]:
        told = told_by_person({cast.mona.id, cast.mira.id})
        return told[cast.mona.id]["queue"]["waiting"], told[cast.mira.id]["queue"]["waiting"], link in mona.get("/boards").text

    for kind, take_back, bring_back in (
        ("idea", withdraw_idea, return_idea),
        ("comment", withdraw_comment, return_comment),
        ("response", withdraw_response, return_response),
        ("amendment", withdraw_amendment, return_amendment),
    ):
        held = make(kind, cast.cleo, board, LINKS)
        assert counted() == (1, 1, True), kind
        take_back(cast.cleo, held.id)
        assert counted() == (0, 0, False), kind
        bring_back(cast.cleo, held.id)
        assert counted() == (1, 1, True), kind
        mona.post(f"/curated/{held}/shown")
        report_thing(cast.emil, held, NewReport())
        assert counted() == (1, 1, True), kind
        take_back(cast.cleo, held.id)
        assert counted() == (0, 0, False), kind
    joined, into = propose(cast.cleo, board, "Open early"), propose(cast.cleo, board, "Open at seven")
    report_thing(cast.emil, Ref("idea", joined), NewReport())
    merge_idea(cast.mona, joined, into)
    assert counted() == (0, 0, False)
    unmerge_idea(cast.mona, joined)
    assert counted() == (1, 1, True)


def test_what_waits_for_several_reasons_is_counted_once(cast: Cast, client_of: ClientOf, clock: MovedClock) -> None:
    """Reported twice and late with an answer; held; a comment reported: Home says as many as the queue shows."""
    board = open_board("one", cast.mona, kind="brand")
    clock.forward(days=-20)
    idea = make("idea", cast.cleo, board, "Lend a bike")
    clock.forward(days=20)
    for reporter in (cast.emil, cast.piet):
        report_thing(reporter, idea, NewReport(reason="Look."))
    make("response", cast.cleo, board, LINKS)
    report_thing(cast.emil, Ref("comment", post_comment(cast.cleo, idea, NewComment(body="No."), "No.")), NewReport())
    assert waiting_count([board]) == len(queue(cast.mira, curated_boards(cast.mira)).items) == 3
    assert "3 things in the queue" in client_of(cast.mira).get("/").text
