"""The first administrator: by a link that works once, however many try."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from cocreate.core.db import db
from cocreate.people import founding
from cocreate.people.actions import add_person
from cocreate.people.inputs import NewPerson
from cocreate.people.models import Organisation, Person
from cocreate.people.queries import needs_set_up, site
from cocreate.people.viewer import Organisation as TheOrganisation
from tests.people.comings import name_here

GIVEN = {"organisation": "Bakery", "sentence": "Bread that people come back for.", "name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def empty(make_app: Any) -> Any:
    return make_app(people=False)


@pytest.fixture
def link(empty: Any) -> str:
    return str(empty.config["SETUP_LINK"]())


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost")


def test_the_first_five_minutes(empty: Any, link: str, monkeypatch: Any) -> None:
    laid: list[str] = []
    monkeypatch.setattr(founding, "_steps", [lambda actor: laid.append(actor.name)])
    ada = empty.test_client()
    assert link.startswith("http://localhost/setup/")
    assert ada.get(path_of(link)).headers["Referrer-Policy"] == "same-origin"
    wrong = ada.post(path_of(link), data={**GIVEN, "email": "ada", "password": "1234"})
    assert wrong.status_code == 400
    assert "Bakery" in wrong.text
    assert ada.post(path_of(link), data={**GIVEN, "password": ""}).headers["Location"] == "/"
    assert name_here(ada) == "Ada"
    assert laid == ["Ada"]
    with empty.app_context():
        assert not needs_set_up()
        assert (site().name, site().sentence) == ("Bakery", "Bread that people come back for.")
    assert ada.post("/people/invite", data={"group": "customer"}).status_code == 200


def test_dead_afterwards(empty: Any, link: str) -> None:
    ada, eve = empty.test_client(), empty.test_client()
    ada.post(path_of(link), data=GIVEN)
    assert eve.get(path_of(link)).headers["Location"] == "/sign-in"
    eve.post(path_of(link), data={**GIVEN, "name": "Eve", "email": "eve@example.org"})
    assert name_here(eve) is None
    assert empty.config["SETUP_LINK"]() is None


def test_a_new_link_ends_the_older(empty: Any, link: str) -> None:
    newer = empty.config["SETUP_LINK"]()
    assert empty.test_client().get(path_of(link)).status_code == 410
    assert empty.test_client().get(path_of(newer)).status_code == 200


def test_an_administrator_by_command_ends_set_up(empty: Any, link: str) -> None:
    with empty.app_context():
        add_person(TheOrganisation(), NewPerson(email="emil@example.org", name="Emil", group="employee"))
        assert needs_set_up()
        add_person(TheOrganisation(), NewPerson(email="mona@example.org", name="Mona", group="management", role="admin"))
        assert not needs_set_up()
    eve = empty.test_client()
    eve.post(path_of(link), data=GIVEN)
    assert name_here(eve) is None


def test_five_at_once(empty: Any, link: str) -> None:
    together = Barrier(5)

    def race(number: int) -> str | None:
        client = empty.test_client()
        client.get(path_of(link))
        together.wait()
        answer = client.post(path_of(link), data={**GIVEN, "name": f"Ada {number}", "email": f"ada{number}@example.org"})
        assert answer.status_code == 303, answer.text
        return name_here(client)

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(race, range(5)))
    winner = [name for name in found if name]
    assert len(winner) == 1
    with empty.app_context():
        assert list(db.session.scalars(select(Person.name))) == winner
        assert db.session.scalar(select(func.count(Organisation.id))) == 1
