"""The guard and the chain: no change without an event, no event without its place in its stream."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.eventlog.guard import writes_of
from cocreate.eventlog.record import BrokenGuard, action, record
from cocreate.eventlog.rooms import PUBLIC, STAFF
from cocreate.eventlog.tail import broken_links, entries_after, heads
from cocreate.people.events import ORGANISATION_EDITED, PERSON_CHANGED
from cocreate.people.models import Person
from tests.cast import Cast


def person_changed(cast: Cast, stream: str = STAFF) -> None:
    record(PERSON_CHANGED, cast.ada, stream, Ref("person", cast.cleo.id), group="customer", role="member")


STATEMENTS = [
    lambda: db.session.execute(text("UPDATE people SET name = 'X' WHERE id = 1")),
    lambda: db.session.execute(text('update "people" set name = :n, password_hash = NULL'), {"n": "X"}),
    lambda: db.session.execute(text("WITH gone AS (SELECT 1) DELETE FROM people WHERE id = 99 OR id = 1")),
    lambda: db.session.execute(update(Person).values(name="X")),
    lambda: db.session.add(Person(name="X", group="customer", role="member", created_at=db.session.get_one(Person, 1).created_at)),
    lambda: setattr(db.session.get_one(Person, 1), "name", "X"),
]


@pytest.mark.parametrize("change", STATEMENTS)
def test_a_change_without_an_event_is_refused_and_undone(app: Flask, cast: Cast, change: Any) -> None:
    names = list(db.session.scalars(select(Person.name).order_by(Person.id)))

    @action
    def quietly() -> None:
        change()

    with pytest.raises(BrokenGuard, match="people"):
        quietly()
    assert list(db.session.scalars(select(Person.name).order_by(Person.id))) == names


@pytest.mark.parametrize("change", STATEMENTS[:4])
def test_nothing_is_written_outside_an_action(app: Flask, cast: Cast, change: Any) -> None:
    with pytest.raises(BrokenGuard, match="outside an action"):
        change()


def test_columns_that_say_they_are_unlogged_need_no_event(app: Flask, cast: Cast, one_event: Any) -> None:
    @action
    def quietly() -> None:
        db.session.execute(update(Person).values(password_hash="x", keys=False))

    with one_event():
        quietly()


def test_one_event_a_subject_in_a_stream(app: Flask, cast: Cast) -> None:
    @action
    def twice() -> None:
        person_changed(cast)
        person_changed(cast)

    with pytest.raises(BrokenGuard, match="second event"):
        twice()


def test_an_event_goes_where_its_kind_says_with_the_data_it_names(app: Flask, cast: Cast) -> None:
    @action
    def to_everybody() -> None:
        person_changed(cast, PUBLIC)

    @action
    def with_prose() -> None:
        record(PERSON_CHANGED, cast.ada, STAFF, Ref("person", 1), group="customer", role="member", name="Cleo")

    for wrong in (to_everybody, with_prose):
        with pytest.raises(BrokenGuard, match="does not declare"):
            wrong()


def test_an_action_inside_an_action_is_refused(app: Flask, cast: Cast) -> None:
    @action
    def inner() -> None: ...

    @action
    def outer() -> None:
        inner()

    with pytest.raises(BrokenGuard, match="inside another action"):
        outer()


def test_what_fails_leaves_nothing(app: Flask, cast: Cast, one_event: Any) -> None:
    @action
    def fails() -> None:
        person_changed(cast)
        raise RuntimeError("after the event")

    with one_event(), pytest.raises(RuntimeError):
        fails()


def test_forty_writers_leave_no_hole_and_an_unbroken_chain(app: Flask, cast: Cast) -> None:
    before = heads([STAFF, PUBLIC])
    failures: list[BaseException] = []

    @action
    def both(staff_first: bool) -> None:
        if staff_first:
            person_changed(cast)
        record(ORGANISATION_EDITED, cast.ada, PUBLIC, Ref("organisation", 1))
        if not staff_first:
            person_changed(cast)

    def write(number: int) -> None:
        with app.app_context():
            try:
                for _ in range(5):
                    both(number % 2 == 0)
            except BaseException as failure:
                failures.append(failure)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    db.session.remove()  # what was read before is a snapshot of before
    after = heads([STAFF, PUBLIC])
    assert {name: after[name] - before.get(name, 0) for name in (STAFF, PUBLIC)} == {STAFF: 40, PUBLIC: 40}
    assert [entry.seq for entry in entries_after(STAFF, 0, 1000)] == list(range(1, after[STAFF] + 1))
    assert not list(broken_links())


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT * FROM people FOR UPDATE", []),
        ("SELECT 1 FROM people FOR NO KEY UPDATE", []),
        ("INSERT INTO people (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = 'x'", ["people"]),
        ("insert or replace into ideas values (1)", ["ideas"]),
        ("WITH a AS (DELETE FROM ideas RETURNING id) UPDATE boards SET title = ''", ["ideas", "boards"]),
        ('UPDATE ONLY public."people" SET name = 1', ["people"]),
        ("TRUNCATE TABLE votes", ["votes"]),
    ],
)
def test_what_a_statement_writes_is_read_from_its_text(statement: str, tables: list[str]) -> None:
    assert [write.table for write in writes_of(statement)] == tables
