"""The fixtures do what they promise; a test that trusts them is worth as much as they are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from cocreate.core.db import db
from cocreate.core.outbox import put_mail
from cocreate.eventlog.record import action
from cocreate.people.actions import add_person, suspend_person
from cocreate.people.inputs import NewPerson
from cocreate.people.models import Person


def test_the_cast_stands_where_it_should(cast: Any) -> None:
    assert (cast.mona.group, cast.emil.group, cast.cleo.group, cast.piet.group) == ("management", "employee", "customer", "partner")
    assert (cast.mira.role, cast.ada.role, cast.otto.role) == ("moderator", "admin", "member")


def test_a_site_without_people(make_app: Any) -> None:
    with make_app(people=False).app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 0


def test_settings_of_ones_own(make_app: Any) -> None:
    assert make_app(COCREATE_RATE_LIMITS="on").config["SETTINGS"].rate_limits


def test_one_event_counts(cast: Any, one_event: Any) -> None:
    with one_event("person.joined"):
        add_person(cast.ada, NewPerson(email="new@example.org", name="New", group="partner"))
    with pytest.raises(AssertionError), one_event():
        suspend_person(cast.ada, cast.otto.id)


def test_statements_are_counted(app: Any, query_count: Any) -> None:
    with query_count() as statements:
        db.session.scalar(select(func.count(Person.id)))
    assert len(statements) == 1


def test_the_clock_moves(clock: Any) -> None:
    clock.set(datetime(2026, 3, 1, tzinfo=UTC))
    clock.forward(days=1, hours=2)
    assert clock.now == datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_mail_is_read(outbox: Any) -> None:
    action(put_mail)("cleo@example.org", "Hello", "Words")
    assert [mail.subject for mail in outbox("cleo@example.org")] == ["Hello"]
    assert outbox("emil@example.org") == []


def test_two_people_do_not_mix(cast: Any, client_of: Any) -> None:
    mona, nobody, cleo = client_of(cast.mona), client_of(cast.visitor), client_of(cast.cleo)
    assert mona.get("/api/v1/me").json["name"] == "Mona"
    assert cleo.get("/api/v1/me").json["name"] == "Cleo"
    assert nobody.get("/api/v1/me").status_code == 401
    assert mona.get("/api/v1/me").json["name"] == "Mona"


def test_sockets_open(cast: Any, socket_of: Any) -> None:
    assert socket_of(cast.mona).is_connected()
    assert socket_of(cast.visitor).is_connected()
