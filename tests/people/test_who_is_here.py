"""Who has an account here, and who is kept out, no answer tells somebody who is not signed in: not its words, its headers or its cookies (S10)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cocreate.people.actions import make_invitation, set_password_of, suspend_person
from cocreate.people.devices_web import CODES, PASSWORDS
from cocreate.people.inputs import NewInvitation
from cocreate.people.passwords import hash_password
from tests.attacks.scene import told

RIGHT = "several words in a row"
# with a password, with none, kept out, and nobody at all; as long as each other, as answers may say how long they are
ADDRESSES = ("cleo@example.org", "piet@example.org", "otto@example.org", "nils@example.org")


@pytest.fixture
def app(make_app: Any) -> Iterator[Any]:
    app = make_app(COCREATE_RATE_LIMITS="on")
    with app.app_context():
        yield app


def said(answer: Any, address: str) -> Any:
    """All of an answer but the address that was typed and the secrets it sets."""
    status, headers, text = told(answer, address)
    cookies = [re.sub(r"(?<==)[^;]+(?=;)", "SECRET", cookie, count=1) for cookie in answer.headers.getlist("Set-Cookie")]
    return status, {**headers, "Set-Cookie": cookies}, text


def test_nobody_finds_out(app: Any, cast: Any, client_of: Any, clock: Any) -> None:
    clock.set(clock.now)
    for person in (cast.cleo, cast.otto):
        set_password_of(cast.organisation, person.id, hash_password(RIGHT))
    suspend_person(cast.ada, cast.otto.id)
    _id, secret = make_invitation(cast.ada, NewInvitation(group="customer", most_uses=100))
    steps: list[tuple[str, Callable[[str], dict[str, str]]]] = [
        ("/sign-in/password", lambda address: {"email": address, "password": "several words in a ro"}),
        ("/sign-in", lambda address: {"email": address}),
        ("/sign-in/code", lambda address: {"code": "12"}),
        (f"/join/{secret}", lambda address: {"email": address}),
    ]
    for path, fields in steps:
        answers = []
        for place, address in enumerate(ADDRESSES):
            client = client_of(cast.visitor)
            before = client.post("/sign-in", data={"email": address}) if path == "/sign-in/code" else None
            assert before is None or before.status_code == 303
            answer = client.post(path, data=fields(address), environ_overrides={"REMOTE_ADDR": f"203.0.113.{place}"})
            answers.append((said(answer, address), said(client.get("/sign-in/code"), address)))
        assert all(found == answers[0] for found in answers), path
        assert answers[0][0][0] in (303, 400), path
    otto = client_of(cast.visitor).post("/sign-in/password", data={"email": ADDRESSES[2], "password": RIGHT})
    nobody = client_of(cast.visitor).post("/sign-in/password", data={"email": ADDRESSES[3], "password": RIGHT})
    assert said(otto, ADDRESSES[2]) == said(nobody, ADDRESSES[3])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_finds_out_by_trying_often(app: Any, cast: Any, client_of: Any, clock: Any) -> None:
    clock.set(clock.now)
    suspend_person(cast.ada, cast.otto.id)
    for path, most, fields in (("/sign-in", CODES.by_address, {}), ("/sign-in/password", PASSWORDS.by_address, {"password": "a guess of mine"})):
        answers = []
        for place, address in enumerate(ADDRESSES):
            client = client_of(cast.visitor)
            tries = [client.post(path, data={"email": address, **fields}, environ_overrides={"REMOTE_ADDR": f"203.0.113.{place}"}) for _ in range(most + 1)]
            assert [answer.status_code == 429 for answer in tries] == [False] * most + [True], address
            answers.append(said(tries[-1], address))
            assert answers[-1][1]["Retry-After"]
        assert all(found == answers[0] for found in answers), path


def test_a_link_that_never_was_says_no_more(app: Any, cast: Any, client_of: Any) -> None:
    """Whoever makes up links finds the same page, whatever is typed on it."""
    for secret in ("a" * 43, "x", "%00"):
        answers = [said(client_of(cast.visitor).post(f"/join/{secret}", data={"email": address}), address) for address in ADDRESSES]
        assert answers[0][0] == client_of(cast.visitor).get(f"/join/{secret}").status_code == 404
        assert answers == [answers[0]] * len(ADDRESSES)
