"""Unnamed words stay unnamed: on every page, in every answer, in every event and in its row, for everybody, staff included. And a small group is not told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select, text

from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.models import Event
from cocreate.listening.actions import give_response, return_response, withdraw_response
from cocreate.listening.curation_actions import hide_response, show_response
from cocreate.listening.inputs import NewResponse
from cocreate.people.actions import add_person, change_person, suspend_person
from cocreate.people.inputs import ChangePerson, NewPerson
from tests.cast import Cast
from tests.stage import open_board

ClientOf = Callable[[Any], Any]
WORDS = "they remember my bike"
LINKS = "see https://one.example and https://two.example"
PAGES = (
    "/boards/why",
    "/boards/why/words",
    "/boards/why/words/quotes",
    "/boards/why/words/new",
    "/boards/why/history",
    "/changes",
    "/queue",
    "/api/v1/boards/why/responses",
    "/api/v1/boards/why/events",
    "/api/v1/boards/why",
)


@pytest.fixture
def board(cast: Cast) -> int:
    return open_board("why", cast.mona, kind="brand", read_public=True)


def say(actor: Any, board: int, body: str = WORDS, named: bool = False) -> int:
    return give_response(actor, board, NewResponse(body=body, named=named))


def others(cast: Cast) -> list[Any]:
    return [cast.mona, cast.emil, cast.piet, cast.mira, cast.otto, cast.ada, cast.visitor]


@contextmanager
def nobody_learns(name: str, cast: Cast, client_of: ClientOf) -> Iterator[None]:
    """What happens inside tells nobody's reader this name, by any door; somewhere on it the words do stand."""
    yield
    for reader in others(cast):
        client = client_of(reader)
        for page in PAGES:
            answer = client.get(page)
            assert answer.status_code in ((200,) if page != "/queue" else (200, 401, 403)), f"{page}: {answer.status_code}"
            assert name not in answer.text, f"{reader.name or 'a visitor'} finds {name} on {page}"
            assert name.lower() + "@" not in answer.text


def test_the_author_is_told_to_nobody(cast: Cast, client_of: ClientOf, board: int) -> None:
    with nobody_learns("Cleo", cast, client_of):
        say(cast.cleo, board)
        gone = say(cast.cleo, board, "words that went")
        withdraw_response(cast.cleo, gone)
        back = say(cast.cleo, board, "words that came back")
        withdraw_response(cast.cleo, back)
        return_response(cast.cleo, back)
        say(cast.cleo, board, LINKS)
        hidden = say(cast.cleo, board, "words out of sight")
        hide_response(cast.mira, hidden)
        show_response(cast.mona, hidden)
    for reader in others(cast):
        assert WORDS in client_of(reader).get("/boards/why/words").text
    assert WORDS in client_of(cast.cleo).get("/boards/why/words").text


def test_the_name_of_who_chose_it_is_told(cast: Cast, client_of: ClientOf, board: int) -> None:
    """The twin of the test above: those pages would show a name if they had one."""
    say(cast.cleo, board, named=True)
    for reader in others(cast):
        assert "Cleo" in client_of(reader).get("/boards/why/words").text
        assert client_of(reader).get("/api/v1/boards/why/responses").json["items"][0]["author"] == {"id": cast.cleo.id, "name": "Cleo", "group": "customer"}


def test_no_event_and_no_row_of_one_names_the_author(cast: Cast, board: int) -> None:
    last = db.session.scalar(select(Event.id).order_by(Event.id.desc()).limit(1)) or 0
    made = say(cast.cleo, board)
    withdraw_response(cast.cleo, made)
    return_response(cast.cleo, made)
    held = say(cast.cleo, board, LINKS)
    show_response(cast.mona, held)
    rows = db.session.execute(select(Event).where(Event.id > last)).scalars().all()
    assert sorted(row.kind for row in rows) == ["response.given", "response.given", "response.held", "response.returned", "response.withdrawn"]
    assert {row.actor_id for row in rows} == {None}
    assert {row.data for row in rows} == {"{}", f'{{"board":{board},"why":"links"}}'}


def test_what_is_held_does_not_tell_its_moderator(cast: Cast, client_of: ClientOf, board: int) -> None:
    held = say(cast.cleo, board, LINKS)
    row = db.session.execute(text("SELECT * FROM holds")).mappings().one()
    assert cast.cleo.id not in [row[name] for name in row if name not in ("board_id", "subject_id")]
    queue = client_of(cast.mira).get("/queue").text
    assert LINKS in queue
    assert "Cleo" not in queue
    show_response(cast.mira, held)


def test_the_answer_to_posting_does_not_name_either(cast: Cast, client_of: ClientOf, board: int) -> None:
    made = client_of(cast.cleo).post("/api/v1/boards/why/responses", json={"body": WORDS}).json
    assert (made["author"], made["group"]) == (None, None)


def group_told_to(reader: Any, client_of: ClientOf) -> tuple[str | None, bool]:
    """The group by the API, and whether the page marks the words with it."""
    item = client_of(reader).get("/api/v1/boards/why/responses").json["items"][0]
    return item["group"], '<figure class="quote" data-group="customer"' in client_of(reader).get("/boards/why/words").text


def test_a_small_group_is_not_told_until_it_has_three_people(cast: Cast, client_of: ClientOf, board: int) -> None:
    say(cast.cleo, board)
    for reader in (*others(cast), cast.cleo):
        assert group_told_to(reader, client_of) == (None, False)
    assert "without your group while it has fewer than 3 people" in client_of(cast.cleo).get("/boards/why/words/new").text
    third = add_person(cast.ada, NewPerson(email="carla@example.org", name="Carla", group="customer"))
    for reader in (*others(cast), cast.cleo):
        assert group_told_to(reader, client_of) == ("customer", True)
    assert "Shown with your group, not your name." in client_of(cast.cleo).get("/boards/why/words/new").text
    suspend_person(cast.ada, third)
    for reader in (*others(cast), cast.cleo):
        assert group_told_to(reader, client_of) == (None, False)


def test_words_keep_the_group_their_author_had(cast: Cast, client_of: ClientOf, board: int) -> None:
    add_person(cast.ada, NewPerson(email="carla@example.org", name="Carla", group="customer"))
    add_person(cast.ada, NewPerson(email="carl@example.org", name="Carl", group="customer"))
    say(cast.cleo, board)
    change_person(cast.ada, cast.cleo.id, ChangePerson(group="employee"))
    assert group_told_to(cast.emil, client_of)[0] == "customer"


def test_a_subject_in_the_log_has_words_but_no_author(cast: Cast, client_of: ClientOf, board: int) -> None:
    made = say(cast.cleo, board)
    message = client_of(cast.mira).get("/api/v1/boards/why/events").json["items"][-1]
    assert (message["kind"], message["actor"], message["subject"], message["data"]) == ("response.given", None, str(Ref("response", made)), {})
