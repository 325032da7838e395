"""`flask people add`: what contract.md promises to those who make people from a terminal."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cocreate.core.db import db
from cocreate.eventlog.models import Event
from cocreate.people.models import Person, Token
from cocreate.people.passwords import matches
from cocreate.people.queries import password_hash_of, viewer_by_email
from tests.cast import Cast
from tests.stage import rows_of

Run = Callable[..., Any]
KEYS = ["id", "email", "name", "group", "role", "team", "token"]
SAID = {"email": "nora@example.org", "name": "Nora", "group": "partner", "role": "member", "team": None, "token": None}


@pytest.fixture
def add(app: Flask) -> Run:
    """`people add …`, as a shell runs it; `typed` is its stdin."""
    runner = app.test_cli_runner()

    def run(*arguments: str, typed: str | None = None) -> Any:
        done = runner.invoke(args=["people", "add", *arguments], input=typed)
        db.session.rollback()  # what the test looks at next is what was committed
        return done

    return run


def told(done: Any) -> dict[str, Any]:
    """The one JSON value on stdout."""
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    assert list(found) == KEYS
    return found


def whose(app: Flask, token: str) -> Any:
    return app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json


def test_somebody_new_is_ready_to_use(app: Flask, add: Run, one_event: Any) -> None:
    with one_event("person.joined"):
        made = told(add(" Nora@Example.org", "--name", "Nora", "--group", "partner", "--json"))
    assert {**made, "id": None} == {"id": None, **SAID}
    viewer = viewer_by_email("nora@example.org")
    assert viewer is not None
    assert (viewer.id, viewer.name, viewer.group, viewer.role, viewer.team) == (made["id"], "Nora", "partner", "member", None)
    plain = add("otis@example.org", "--name", "Otis", "--group", "employee", "--role", "moderator", "--team", "North", "--token")
    assert plain.exit_code == 0
    assert plain.stdout.startswith("Otis <otis@example.org>, employee, moderator\ntoken: ")
    token = plain.stdout.split()[-1]
    me = whose(app, token)
    assert (me["name"], me["role"], me["team"]) == ("Otis", "moderator", "North")


def test_what_is_given_of_one_is_changed(cast: Cast, add: Run, one_event: Any) -> None:
    with one_event("person.changed"):
        assert told(add("CLEO@example.org", "--name", "Cleopatra", "--team", "South", "--json"))["id"] == cast.cleo.id
    with one_event("person.changed", "rights.changed"):
        changed = told(add("cleo@example.org", "--group", "partner", "--json"))
    assert changed == {**SAID, "id": cast.cleo.id, "email": "cleo@example.org", "name": "Cleopatra", "team": "South"}
    with one_event():
        assert told(add("cleo@example.org", "--group", "partner", "--json")) == changed


def test_each_token_is_one_more(app: Flask, cast: Cast, add: Run) -> None:
    tokens = [told(add("cleo@example.org", "--token", "--json"))["token"] for _ in range(2)]
    for token in tokens:
        assert whose(app, token)["id"] == cast.cleo.id
    assert [row.scope for row in db.session.scalars(select(Token))] == ["write", "write"]
    assert told(add("cleo@example.org", "--json"))["token"] is None


def test_a_password_comes_by_stdin(cast: Cast, add: Run) -> None:
    given = "several words in a row "
    assert told(add("cleo@example.org", "--password-stdin", "--json", typed=f"{given}\nmore\n"))["id"] == cast.cleo.id
    assert told(add("nora@example.org", "--name", "Nora", "--group", "partner", "--password-stdin", "--json", typed=given))["name"] == "Nora"
    for address in ("cleo@example.org", "nora@example.org"):
        assert matches(password_hash_of(address)[1], given)


NORA = ("nora@example.org", "--name", "Nora", "--group", "partner")
# What is refused, what is typed into it, the exit code, and a word that stderr says.
REFUSED: list[tuple[tuple[str, ...], str | None, int, str]] = [
    (("nora@example.org", "--group", "partner"), None, 1, "name"),
    (("nora@example.org", "--name", "Nora"), None, 1, "group"),
    (("nora", "--name", "Nora", "--group", "partner"), None, 1, "address"),
    (("nora@example.org", "--name", "", "--group", "partner"), None, 1, "name"),
    (("nora@example.org", "--name", "N" * 81, "--group", "partner"), None, 1, "name"),
    ((*NORA, "--password-stdin"), "short", 1, "characters"),
    ((*NORA, "--password-stdin"), "", 1, "characters"),
    ((*NORA, "--password-stdin", "--token"), "password\n", 1, "password"),
    (("cleo@example.org", "--name", "", "--token"), None, 1, "name"),
    (("ada@example.org", "--role", "member", "--name", "Eve"), None, 1, "only administrator"),
    (("nora@example.org", "--name", "Nora", "--group", "nobody"), None, 2, "--group"),
    ((*NORA, "--role", "owner"), None, 2, "--role"),
    ((*NORA, "--wings"), None, 2, "--wings"),
    ((), None, 2, "EMAIL"),
]


def test_what_is_refused_makes_nothing(cast: Cast, add: Run) -> None:
    before = [rows_of(table) for table in ("people", "tokens", "events", "sessions")]
    for arguments, typed, code, word in REFUSED:
        done = add(*arguments, "--json", typed=typed)
        assert done.exit_code == code, (arguments, done.output)
        assert done.stdout == ""
        assert word in done.stderr, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
    assert [rows_of(table) for table in ("people", "tokens", "events", "sessions")] == before


def test_help_is_there(add: Run) -> None:
    shown = add("--help")
    assert shown.exit_code == 0
    for option in ("--name", "--group", "--role", "--team", "--password-stdin", "--token", "--json"):
        assert option in shown.stdout
    assert db.session.scalar(select(func.count()).select_from(Person)) == 7
    assert db.session.scalar(select(func.count()).select_from(Event)) == 7
