"""A board one may not read looks, by every door, as if it were not; and nothing on it moves by an outsider's hand (S3, S4)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cocreate.boards.actions import edit_audience, make_board
from cocreate.boards.inputs import EditAudience, NewBoard
from cocreate.boards.queries import board_as
from cocreate.commitments.actions import make_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.people.actions import make_token
from cocreate.people.inputs import NewToken
from cocreate.people.queries import site
from cocreate.people.viewer import Viewer, Visitor
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.queries import statement_as, statements_on
from tests.attacks.filled import BODIES
from tests.attacks.scene import KINDS, SECRET, Scene, addresses, everything, lay_scene, on_scene, told
from tests.cast import Cast

# What a form would send, so that no answer is a refusal of its fields alone.
FIELDS = {
    "title": "Mine now", "body": "Mine now", "reason": "Mine now", "stance": "agree", "back": "/", "text": "Mine now.", "before": "", "after": "Mine now.",
    "status": "declined", "state": "closed", "email": "otto@example.org", "duty": "host", "part_groups": "customer", "read_groups": "customer",
    "open": "x", "not_open": "x", "decides": "x", "method": "x", "lines": "Mine", "due": "2099-01-01", "into": "1", "ideas": "1",
}  # fmt: skip
WRITES = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def inner(app: Flask, cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.emil)


def outsiders(cast: Cast) -> list[Viewer | Visitor]:
    return [cast.otto, cast.visitor]


def test_inside_it_is_all_there(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    """What the other tests do not find is there to be found."""
    emil = client_of(cast.emil)
    pages = [emil.get(address.path) for address in on_scene(app, inner)]
    assert sum(page.status_code == 200 and SECRET in page.text for page in pages) > 20
    assert not [page for page in pages if page.status_code >= 500]


def test_outside_nothing_differs_from_what_never_was(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    real, never = on_scene(app, inner), on_scene(app, inner.nowhere)
    assert len(real) == len(never) > 30
    for outsider in outsiders(cast):
        client = client_of(outsider)
        client.get("/nowhere")  # its session's cookie is set once, by whichever page comes first
        for there, nowhere in zip(real, never, strict=True):
            answer = client.get(there.path)
            assert answer.status_code == 404, f"{there.path} says {answer.status_code}"
            assert told(answer, there.path) == told(client.get(nowhere.path), nowhere.path), there.path


def test_no_page_of_the_site_names_it(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    elsewhere = {address.path for address in addresses(app, inner)} - {address.path for address in on_scene(app, inner)}
    assert {"/", "/boards", "/changes", "/inbox", "/promise", "/api/v1/boards"} <= elsewhere
    asked = [f"/changes?board={inner.slug}", f"/boards?q={SECRET}", f"/sign-in?next=/boards/{inner.slug}"]
    for outsider in outsiders(cast):
        client = client_of(outsider)
        for path in sorted(elsewhere) + asked:
            answer = client.get(path)
            assert SECRET not in answer.text + str(answer.headers), path
        assert client.get(asked[0]).status_code == client.get("/changes?board=zzzzzzzzzzzz").status_code == 404


def test_an_outsider_writes_nothing(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    doors = on_scene(app, inner, WRITES)
    assert len(doors) > 40
    unknown = {door.endpoint for door in doors if door.endpoint.startswith("api.")} - set(BODIES)
    assert not unknown, "say in BODIES what these calls are sent"
    before = everything()
    for outsider in outsiders(cast):
        client = client_of(outsider)
        for door in doors:
            asks_a_token = outsider is cast.visitor and door.endpoint.startswith("api.")
            sent = {"json": BODIES[door.endpoint]} if door.endpoint in BODIES else {"data": FIELDS}
            answer = client.open(door.path, method=door.method, headers={"If-Match": "1"}, **sent)
            assert answer.status_code == (401 if asks_a_token else 404), f"{door.method} {door.path} says {answer.status_code}"
            assert SECRET not in answer.text
    now = everything()
    assert {name for name in before if before[name] != now[name]} == set()


def test_who_left_the_group_is_outside(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    """Piet is a partner: inside nothing here, though he has an account like Emil's."""
    piet = client_of(cast.piet)
    assert {piet.get(address.path).status_code for address in on_scene(app, inner)} == {404}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_was_inside_is_outside_at_once(app: Flask, cast: Cast, client_of: Any) -> None:
    """S6: Otto read it all, in his browser and with a token, and said things of his own there; from the next request on nothing of it ever was."""
    scene = lay_scene(cast.mona, cast.emil, "inner-circle", ("management", "employee", "customer"))
    otto, program, key = client_of(cast.otto), app.test_client(), {"Idempotency-Key": "one of Otto's"}
    bearer = {"Authorization": f"Bearer {make_token(cast.otto, cast.otto.id, NewToken(name='his program', scope='write'))}"}
    own = otto.post(f"/api/v1/boards/{scene.slug}/ideas", json={"title": "Otto's own"}, headers=key)
    assert own.status_code == 201
    assert otto.post(f"/stances/idea:{scene.ids['idea']}", data={"stance": "agree"}).status_code == 303
    there, nowhere = on_scene(app, scene, ("GET", "HEAD")), on_scene(app, scene.nowhere, ("GET", "HEAD"))
    calls = [address for address in there if address.endpoint.startswith("api.")]
    assert sum(otto.open(address.path, method=address.method).status_code == 200 for address in there) > 50
    assert {program.open(call.path, method=call.method, headers=bearer).status_code for call in calls} == {200}
    edit_audience(cast.mona, board_as(cast.mona, scene.slug).board.id, EditAudience(part_groups=["management", "employee"]))
    asked = [(otto, {}, there, nowhere), (program, bearer, calls, [address for address in nowhere if address.endpoint.startswith("api.")])]
    for client, headers, real, never in asked:
        for inside, gone in zip(real, never, strict=True):
            answer, other = (client.open(address.path, method=address.method, headers=headers) for address in (inside, gone))
            assert answer.status_code == 404, f"{inside.method} {inside.path} says {answer.status_code}"
            assert told(answer, inside.path) == told(other, gone.path), inside.path
    mine = f"/ideas/{own.json['id']}"
    assert {otto.get(path).status_code for path in (mine, f"{mine}/edit", f"{mine}/card", f"/api/v1{mine}", f"/comments/idea:{own.json['id']}")} == {404}
    assert otto.post(f"/api/v1/boards/{scene.slug}/ideas", json={"title": "Otto's own"}, headers=key).status_code == 404
    assert not [path for path in ("/", "/boards", "/changes", "/inbox", "/promise", "/my-words", "/api/v1/boards") if SECRET in otto.get(path).text]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_draft_is_its_hosts_alone(app: Flask, cast: Cast, client_of: Any) -> None:
    """Who will read it when it opens finds nothing yet, staff that does not administer included."""
    given = NewBoard(slug="a-draft", title=f"{SECRET} board", kind="brand", context=f"{SECRET} told first", hosts=["mona@example.org"], read_public=True)
    board = make_board(cast.organisation, given)
    due = site().today() + timedelta(days=9)
    ids = {"commitment": make_commitment(cast.mona, board, NewCommitment(text=f"{SECRET} promise", due=due)), "statement": statements_on(board)[0].id}
    draft = Scene(given.slug or "", {**dict.fromkeys(KINDS, 9), **ids})
    real, never = on_scene(app, draft, ("GET", "HEAD")), on_scene(app, draft.nowhere, ("GET", "HEAD"))
    mona = client_of(cast.mona)
    assert sum(SECRET in mona.get(address.path).text for address in real) > 10
    for outsider in (cast.emil, cast.mira, cast.visitor):
        client = client_of(outsider)
        client.get("/nowhere")
        for there, nowhere in zip(real, never, strict=True):
            answer, other = client.open(there.path, method=there.method), client.open(nowhere.path, method=nowhere.method)
            assert answer.status_code == 404, f"{there.method} {there.path} says {answer.status_code} to {outsider.name}"
            assert told(answer, there.path) == told(other, nowhere.path), there.path
        for path in ("/", "/boards", "/changes", "/promise", "/api/v1/boards"):
            assert SECRET not in client.get(path).text, path


def on_own_board(app: Flask, cast: Cast) -> Scene:
    """A board that Otto hosts and reads."""
    return lay_scene(cast.otto, cast.otto, "otto-s-own", ("customer",))


def test_parts_of_another_board_are_not_taken_along(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    """On a board of his own Otto names things of the inner one: the answer is that of things that never were."""
    own, never, otto = on_own_board(app, cast), inner.nowhere, client_of(cast.otto)
    before = everything(frozenset({"visits", "sessions"}))
    statement = statement_as(cast.otto, own.ids["statement"])

    def tries(there: Scene) -> list[Any]:
        change = {"before": statement.sentences[0], "after": "Another.", "reason": "Why."}
        return [
            otto.post(f"/api/v1/ideas/{own.ids['idea']}/comments", json={"body": "To it", "reply_to": there.ids["comment"]}),
            otto.post(f"/comments/idea:{own.ids['idea']}/new", data={"body": "To it", "reply_to": there.ids["comment"]}),
            otto.post(f"/ideas/{own.ids['idea']}/merge", data={"into": there.ids["idea"]}),
            otto.post(f"/boards/{own.slug}/answers", data={"ideas": [there.ids["idea"]], "status": "done", "body": "Done."}),
            *(otto.post(f"/api/v1/statements/{own.ids['statement']}/amendments", json={**change, "cites": [f"{kind}:{id}"]}) for kind, id in there.ids.items()),
            otto.get(f"/ideas/{own.ids['idea']}/merge?q={SECRET}&into={there.ids['idea']}"),
        ]

    for real, nowhere in zip(tries(inner), tries(never), strict=True):
        assert real.status_code == nowhere.status_code, real.request.path
        same = [
            answer.text.replace(str(id), "ID") for answer, scene in ((real, inner), (nowhere, never)) for id in sorted(scene.ids.values(), reverse=True)[:1]
        ]
        assert real.status_code >= 400 or real.request.method == "GET"
        assert len(real.text) <= len(nowhere.text), same
    now = everything()
    assert {name for name in before if before[name] != now[name]} == set()


def test_a_kind_is_no_key_to_another(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    """The number of a thing of the inner board, asked for as another kind of thing."""
    otto = client_of(cast.otto)
    for kind in inner.ids:
        for id in sorted(set(inner.ids.values())):
            for path in (f"/stances/{kind}:{id}", f"/comments/{kind}:{id}", f"/reports/{kind}:{id}", f"/comments/{kind}:{id}/thread"):
                answer = otto.get(path)
                assert answer.status_code == 404, path


def test_accepting_makes_nobody_an_author(app: Flask, cast: Cast, client_of: Any) -> None:
    """CVE-2026-40869: whoever decides signs; the words stay their author's."""
    scene = lay_scene(cast.mona, cast.emil)
    amendment = scene.ids["amendment"]
    for person in (cast.emil, cast.mira):
        assert client_of(person).post(f"/amendments/{amendment}/accept", data={"reason": "Mine"}).status_code == 403
    assert client_of(cast.mona).post(f"/amendments/{amendment}/accept", data={"reason": "Better"}).status_code == 303
    statement = client_of(cast.emil).get(f"/statements/{scene.ids['statement']}/versions").text
    assert "Mona" in statement
    author = suggest_amendment(cast.emil, scene.ids["statement"], NewAmendment(before=f"{SECRET} stands here now.", after="And now this.", reason="Why."))
    assert client_of(cast.mira).post(f"/amendments/{author}/withdrawal").status_code == 403
    row = client_of(cast.emil).get(f"/api/v1/boards/{scene.slug}/statement").json["amendments"][0]
    assert row["author"]["name"] == "Emil"


def test_another_ones_words_are_not_edited(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    """Mira reads the board and is no author: she may hide, not reword."""
    mira = client_of(cast.mira)
    before = everything()
    assert mira.patch(f"/api/v1/ideas/{inner.ids['idea']}", json={"title": "Mine"}, headers={"If-Match": "2"}).status_code == 403
    assert mira.post(f"/ideas/{inner.ids['idea']}/edit", data={"title": "Mine"}).status_code == 403
    assert mira.post(f"/ideas/{inner.ids['idea']}/withdrawal").status_code == 403
    assert mira.post(f"/comments/{inner.ids['comment']}/edit", data={"body": "Mine"}).status_code == 403
    assert mira.post(f"/comments/{inner.ids['comment']}/withdrawal").status_code == 403
    assert mira.post(f"/words/{inner.ids['response']}/withdrawal").status_code == 403
    assert mira.post(f"/amendments/{inner.ids['amendment']}/withdrawal").status_code == 403
    assert {name for name, found in everything().items() if found != before[name]} == set()


def test_order_tells_nothing(app: Flask, cast: Cast, inner: Scene, client_of: Any) -> None:
    """A sort by something secret is no sort; an idea of the inner board is no place to go on from."""
    own = on_own_board(app, cast)
    otto = client_of(cast.otto)
    for sort in ("author_id", "external_id", "email", "secret_field", "id; --"):
        assert otto.get(f"/api/v1/boards/{own.slug}/ideas", query_string={"sort": sort}).status_code == 400
