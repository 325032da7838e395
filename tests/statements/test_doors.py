"""The pages and calls of statements: what each person sees, and what comes back when something is not as it should be."""

from typing import Any

import pytest

from cocreate.boards.actions import change_host, make_board
from cocreate.boards.inputs import ChangeHost, NewBoard
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.statements.actions import accept_amendment, decline_amendment, suggest_amendment
from cocreate.statements.amendment_queries import amendment_as, open_amendments
from cocreate.statements.inputs import Decision, NewAmendment, Reason
from cocreate.statements.queries import statement_as
from tests.statements.conftest import BETTER, DAY

HOSTILE = "<img src=x onerror=__x()> </del><script>__x()</script> \"'><svg/onload=__x()> {{7*7}} [a](javascript:__x())"


def page(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def test_the_statement_in_large_letters(promise: Any, suggest: Any, cast: Any, client_of: Any) -> None:
    made = suggest(cast.emil)
    seen = page(client_of(cast.cleo), f"/statements/{promise.statement_id}")
    assert "What you can expect from us" in seen
    assert f'href="#amendment-{made}"' in seen
    assert "taken out:" in seen
    assert "added:" in seen
    assert f"/statements/{promise.statement_id}/changes/new?sentence=0" in seen
    assert "Accept and sign" not in seen
    mona = page(client_of(cast.mona), f"/statements/{promise.statement_id}")
    assert "Accept and sign" in mona
    assert "Signed as Mona" in mona


def test_starting_words_say_so(make_promise: Any, cast: Any, client_of: Any) -> None:
    promise = make_promise(text=None)
    assert "still in starting words" in page(client_of(cast.cleo), f"/statements/{promise.statement_id}")


def test_a_visitor_reads_a_public_text_without_a_token(make_promise: Any, cast: Any, client_of: Any) -> None:
    promise = make_promise(read_public=True)
    answer = client_of(cast.visitor).get(f"/statements/{promise.statement_id}")
    assert answer.status_code == 200
    assert "csrf" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "changes/new?sentence=0" in answer.text


@pytest.mark.parametrize("part", ["", "/text", "/changes", "/versions", "/changes/new", "/words", "/adoption"])
def test_the_outsider_finds_no_page(make_promise: Any, cast: Any, client_of: Any, part: str) -> None:
    inner = make_promise("inner", groups=["management", "employee"])
    page(client_of(cast.emil), f"/statements/{inner.statement_id}")
    for outsider in (cast.otto, cast.visitor):
        page(client_of(outsider), f"/statements/{inner.statement_id}{part}", 404)


@pytest.mark.parametrize("part", ["", "/card", "/accept", "/decline"])
def test_the_outsider_finds_no_change(make_promise: Any, cast: Any, client_of: Any, part: str) -> None:
    inner = make_promise("inner", groups=["management", "employee"])
    made = suggest_amendment(cast.emil, inner.statement_id, NewAmendment(before=DAY, after=BETTER, reason="Why."))
    page(client_of(cast.mona), f"/amendments/{made}{part}")
    page(client_of(cast.otto), f"/amendments/{made}{part}", 404)
    for act in ("accept", "decline", "withdrawal", "returning", "reopening"):
        assert client_of(cast.otto).post(f"/amendments/{made}/{act}", data={"reason": "Mine."}).status_code == 404
    assert amendment_as(cast.emil, made).status == "open"


def test_a_sentence_is_prefilled_and_suggested(promise: Any, cast: Any, client_of: Any) -> None:
    emil = client_of(cast.emil)
    form = page(emil, f"/statements/{promise.statement_id}/changes/new?sentence=1")
    assert form.count(DAY) >= 2
    assert "Whoever may read this board sees it, with your name." in form
    page(emil, f"/statements/{promise.statement_id}/changes/new?sentence=99", 404)
    page(emil, f"/statements/{promise.statement_id}/changes/new?sentence=x", 404)
    sent = emil.post(f"/statements/{promise.statement_id}/changes/new", data={"before": DAY, "after": BETTER, "reason": "Why.", "look": ""})
    assert sent.status_code == 303
    (change,) = open_amendments(cast.emil, statement_as(cast.emil, promise.statement_id))
    assert sent.location.endswith(f"/statements/{promise.statement_id}#amendment-{change.id}")
    assert "Your change is on the board" in page(emil, f"/statements/{promise.statement_id}")


def test_what_is_typed_comes_back(promise: Any, suggest: Any, cast: Any, client_of: Any) -> None:
    made, address = suggest(cast.cleo), f"/statements/{promise.statement_id}/changes/new"
    emil = client_of(cast.emil)
    twin = emil.post(address, data={"before": DAY, "after": BETTER, "reason": "My own reason."})
    assert twin.status_code == 409
    assert f"/amendments/{made}" in twin.text
    assert "My own reason." in twin.text
    empty = emil.post(address, data={"before": DAY, "after": "", "reason": "My own reason."})
    assert empty.status_code == 400
    assert "tick the box below" in empty.text
    out = emil.post(address, data={"before": DAY, "after": DAY, "takes_out": "yes", "reason": "It is not true."})
    assert out.status_code == 303


def test_a_sentence_that_changed_meanwhile_is_shown_beside(promise: Any, suggest: Any, cast: Any, client_of: Any) -> None:
    accept_amendment(cast.mona, suggest(cast.emil), Decision(reason="Yes."))
    answer = client_of(cast.cleo).post(
        f"/statements/{promise.statement_id}/changes/new", data={"before": DAY, "after": "We tell you an hour.", "reason": "Why."}
    )
    assert answer.status_code == 409
    for words in (DAY, BETTER, "We tell you an hour.", "You began from", "It says now"):
        assert words in answer.text
    assert f'name="before" value="{BETTER}"' in answer.text


def test_words_are_found_and_ticked(promise: Any, cast: Any, client_of: Any) -> None:
    first = give_response(cast.cleo, promise.board_id, NewResponse(body="Not hearing is what loses us."))
    give_response(cast.otto, promise.board_id, NewResponse(body="They know my bicycle."))
    emil, address = client_of(cast.emil), f"/statements/{promise.statement_id}/changes/new"
    assert "Not hearing is what loses us." in page(emil, address)
    typed = {"before": DAY, "after": "Half a sentence", "reason": "", "look": "bicycle", "looking": "yes", "cites": f"response:{first}"}
    found = emil.post(address, data=typed)
    assert found.status_code == 200
    assert "They know my bicycle." in found.text
    assert f'value="response:{first}" checked' in found.text
    assert "Half a sentence" in found.text
    assert emil.post(address, data={"before": DAY, "after": BETTER, "reason": "Why.", "cites": [f"response:{first}"]}).status_code == 303
    assert "Not hearing is what loses us." in page(client_of(cast.piet), f"/statements/{promise.statement_id}")


def test_a_visitors_words_are_kept_through_sign_in(make_promise: Any, cast: Any, client_of: Any) -> None:
    promise = make_promise(read_public=True)
    sent = client_of(cast.visitor).post(f"/statements/{promise.statement_id}/changes/new", data={"before": DAY, "after": BETTER, "reason": "Why."})
    assert sent.status_code == 303
    assert "/sign-in" in sent.location


def test_accepted_and_signed(promise: Any, suggest: Any, cast: Any, client_of: Any) -> None:
    made = suggest(cast.emil)
    mona = client_of(cast.mona)
    assert "Signed as Mona" in page(mona, f"/amendments/{made}/accept")
    refused = mona.post(f"/amendments/{made}/accept", data={"reason": "  "})
    assert refused.status_code == 400
    assert mona.post(f"/amendments/{made}/accept", data={"reason": "We hear you.", "adopt": "yes"}).status_code == 303
    seen = page(mona, f"/statements/{promise.statement_id}")
    assert f"/amendments/{made}/reopening" in seen
    assert BETTER in seen
    history = page(client_of(cast.cleo), f"/statements/{promise.statement_id}/versions")
    for words in ("We hear you.", "Mona", "Emil"):
        assert words in history
    assert mona.post(f"/amendments/{made}/reopening").status_code == 303
    assert DAY in page(client_of(cast.cleo), f"/statements/{promise.statement_id}/text")


def test_who_does_not_decide_has_no_form(promise: Any, suggest: Any, cast: Any, client_of: Any) -> None:
    made = suggest(cast.emil)
    for person in (cast.emil, cast.cleo, cast.mira):
        page(client_of(person), f"/amendments/{made}/accept", 403)
        assert client_of(person).post(f"/amendments/{made}/accept", data={"reason": "Mine."}).status_code == 403
    assert amendment_as(cast.emil, made).status == "open"


def test_declined_with_its_reason_for_everybody(promise: Any, suggest: Any, cast: Any, client_of: Any) -> None:
    made = suggest(cast.emil)
    assert client_of(cast.mona).post(f"/amendments/{made}/decline", data={"reason": "We cannot keep that."}).status_code == 303
    for person in (cast.emil, cast.cleo):
        assert "We cannot keep that." in page(client_of(person), f"/statements/{promise.statement_id}")
    assert "Take the decision back" in page(client_of(cast.mona), f"/amendments/{made}")


def test_it_is_talked_about(promise: Any, suggest: Any, cast: Any, client_of: Any, one_event: Any) -> None:
    made = suggest(cast.emil)
    with one_event("comment.posted"):
        assert client_of(cast.cleo).post(f"/comments/amendment:{made}/new", data={"body": "A call would do."}).status_code == 303
    assert "A call would do." in page(client_of(cast.piet), f"/amendments/{made}")


def test_another_host_starts_a_text(cast: Any, client_of: Any, promise: Any) -> None:
    board_id = make_board(cast.ada, NewBoard(kind="product", slug="lamps", context="We start.", hosts=["mona@example.org"]))
    change_host(cast.ada, board_id, ChangeHost(email="cleo@example.org"))
    cleo = client_of(cast.cleo)
    assert "What you can expect from us" in page(cleo, "/boards/lamps/statement/new")
    sent = cleo.post("/boards/lamps/statement/new", data={"title": "Lamps", "text": "They shine. They last."})
    assert sent.status_code == 303
    assert "They last." in page(cleo, sent.location)
    page(client_of(cast.emil), "/boards/lamps/statement/new", 404)
    page(client_of(cast.emil), f"/boards/{promise.slug}/statement/new", 403)


def test_hostile_words_lie_still(promise: Any, suggest: Any, cast: Any, client_of: Any) -> None:
    """In the diff, the quote, the reason, the decision and the conflict they stand as typed."""
    said = give_response(cast.cleo, promise.board_id, NewResponse(body=HOSTILE[:120]))
    first = suggest(cast.emil, DAY, HOSTILE, HOSTILE, cites=[said])
    second, third = suggest(cast.cleo, DAY, f"Other {HOSTILE}"), suggest(cast.cleo, "You decide.", f"No {HOSTILE}")
    mona = client_of(cast.mona)
    pages = [f"/statements/{promise.statement_id}", f"/amendments/{first}", f"/amendments/{first}/accept"]
    seen = [page(mona, address) for address in pages]
    accept_amendment(cast.mona, first, Decision(reason=HOSTILE, adopt=True))
    decline_amendment(cast.mona, third, Reason(reason=HOSTILE))
    pages = [f"/statements/{promise.statement_id}{part}" for part in ("", "/text", "/changes", "/versions")]
    seen += [page(mona, address) for address in (*pages, f"/amendments/{second}", f"/amendments/{second}/accept")]
    seen.append(mona.post(f"/amendments/{second}/accept", data={"reason": HOSTILE}).text)
    seen.append(client_of(cast.emil).post(f"/statements/{promise.statement_id}/changes/new", data={"before": DAY, "after": HOSTILE, "reason": HOSTILE}).text)
    for each in seen:
        assert "&lt;img src=x onerror=__x()&gt;" in each or "&lt;img" in each
        for alive in ("<img src=x", "<script>__x", "<svg/onload", 'href="javascript', "49 ["):
            assert alive not in each


def test_the_text_by_a_call(promise: Any, suggest: Any, cast: Any, client_of: Any) -> None:
    made = suggest(cast.emil)
    body = client_of(cast.cleo).get("/api/v1/boards/promise/statement").json
    assert body["text"].startswith("You reach a person. ")
    assert body["sentences"][1] == DAY
    assert (body["version"], body["adopted"]) == (2, False)
    (change,) = body["amendments"]
    assert (change["id"], change["before"], change["voices"], change["tallies"], change["my_stance"]) == (made, DAY, 0, None, None)


def test_suggesting_by_a_call(promise: Any, cast: Any, client_of: Any) -> None:
    emil, address = client_of(cast.emil), f"/api/v1/statements/{promise.statement_id}/amendments"
    given = {"before": DAY, "after": BETTER, "reason": "Why."}
    made = emil.post(address, json=given, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201
    assert made.headers["Location"] == made.json["url"]
    assert emil.post(address, json=given, headers={"Idempotency-Key": "one"}).json["id"] == made.json["id"]
    assert emil.post(address, json=given).status_code == 409
    assert emil.post(address, json={**given, "author_id": 1}).status_code == 400
    assert client_of(cast.visitor).post(address, json=given).status_code == 401


def test_the_outsider_by_a_call(make_promise: Any, cast: Any, client_of: Any) -> None:
    inner = make_promise("inner", groups=["management", "employee"])
    otto = client_of(cast.otto)
    assert otto.get("/api/v1/boards/inner/statement").status_code == 404
    given = {"before": DAY, "after": BETTER, "reason": "Why."}
    assert otto.post(f"/api/v1/statements/{inner.statement_id}/amendments", json=given).status_code == 404


def test_a_page_costs_the_same_however_many_changes(promise: Any, suggest: Any, cast: Any, client_of: Any, query_count: Any) -> None:
    cleo, counts = client_of(cast.cleo), []
    for number in range(3):
        suggest(cast.emil, DAY, f"Better number {number}.")
        with query_count() as statements:
            page(cleo, f"/statements/{promise.statement_id}")
        counts.append(len(statements))
    assert len(set(counts)) == 1
