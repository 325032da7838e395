"""One's own account: what is changed there, and what ends with it."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from cocreate.core.db import db
from cocreate.core.errors import Refused
from cocreate.people.actions import make_token, restore_person, set_password_of, suspend_person
from cocreate.people.inputs import NewToken
from cocreate.people.models import Draft, Person, Session
from cocreate.people.passwords import hash_password, matches
from cocreate.people.signin_actions import end_session, revoke_token, start_session
from cocreate.people.viewer import Organisation
from tests.people.comings import name_here, newest_mail

OLD, NEW = "several words in a row", "other words in a row"


def test_name_and_keys(app: Any, cast: Any, client_of: Any, one_event: Any) -> None:
    cleo = client_of(cast.cleo)
    assert re.search(r'name="keys"[^>]* checked', cleo.get("/account").text)
    with one_event("person.changed"):
        assert cleo.post("/account", data={"name": "Cleopatra"}).status_code == 303
    page = cleo.get("/account").text
    assert "Cleopatra" in page
    assert not re.search(r'name="keys"[^>]* checked', page)
    with one_event():
        cleo.post("/account", data={"name": "Cleopatra", "keys": "yes"})
    assert cleo.post("/account", data={"name": " "}).status_code == 400


def test_a_visitor_has_no_account(cast: Any, client_of: Any) -> None:
    for path in ("/account", "/account/password", "/account/tokens"):
        assert client_of(cast.visitor).get(path).status_code == 401


@pytest.mark.parametrize("password", ["1234567", "password123", "CoCreate", "aaaaaaaaaaaaaaa", "x" * 129])
def test_passwords_that_are_guessed_first(cast: Any, client_of: Any, password: str) -> None:
    assert client_of(cast.cleo).post("/account/password", data={"password": password}).status_code == 400
    assert db.session.get_one(Person, cast.cleo.id).password_hash is None


@pytest.mark.parametrize("password", ["12ab56xy", "p" * 100 + "assword" * 4, "möwen  über dem meer 🐦"])
def test_passwords_are_kept_whole(cast: Any, client_of: Any, password: str) -> None:
    cleo = client_of(cast.cleo)
    assert cleo.post("/account/password", data={"password": password}).status_code == 303
    stored = db.session.get_one(Person, cast.cleo.id).password_hash
    assert matches(stored, password)
    assert not matches(stored, password[:-1])


def test_a_new_password_ends_everything_else(app: Any, cast: Any, client_of: Any, one_event: Any) -> None:
    before = client_of(cast.cleo)
    assert name_here(before) == "Cleo"
    with one_event("session.ended"):
        set_password_of(cast.organisation, cast.cleo.id, hash_password(OLD))
    assert name_here(before) is None
    here, elsewhere, thief = client_of(cast.cleo), client_of(cast.cleo), client_of(cast.visitor)
    stolen = here.get_cookie("cocreate_80")
    thief.set_cookie("cocreate_80", stolen.value)
    assert name_here(thief) == "Cleo"
    assert here.post("/account/password", data={"current": "wrong", "password": NEW}).status_code == 400
    assert here.post("/account/password", data={"password": NEW}).status_code == 400
    with one_event("session.ended"):
        assert here.post("/account/password", data={"current": OLD, "password": NEW}).status_code == 303
    assert name_here(here) == "Cleo"
    assert name_here(elsewhere) is None
    thief.set_cookie("cocreate_80", stolen.value)
    assert name_here(thief) is None
    assert "was changed" in newest_mail(app, "cleo@example.org").subject


def test_a_wrong_current_password_is_a_try(make_app: Any) -> None:
    app = make_app(COCREATE_RATE_LIMITS="on")
    with app.app_context():
        cleo_id = db.session.scalars(select(Person.id).where(Person.name == "Cleo")).one()
        set_password_of(Organisation(), cleo_id, hash_password(OLD))
        client = app.test_client().sign_in(start_session(cleo_id, "test"))
    answers = [client.post("/account/password", data={"current": f"guess {n}", "password": NEW}).status_code for n in range(12)]
    assert answers[-1] == 429
    assert answers[0] == 400


def test_a_password_is_never_kept_as_a_draft(cast: Any, client_of: Any) -> None:
    visitor = client_of(cast.visitor)
    assert visitor.post("/account/password", data={"password": NEW}).headers["Location"] == "/sign-in?next=/account/password"
    assert db.session.scalar(select(Draft.id)) is None


def test_devices_are_listed_and_ended(cast: Any, client_of: Any, one_event: Any, clock: Any) -> None:
    here, phone, tablet = client_of(cast.cleo), client_of(cast.cleo), client_of(cast.cleo)
    assert here.get("/account").text.count("Sign it out") == 3
    sessions = list(db.session.scalars(select(Session.id).where(Session.person_id == cast.cleo.id).order_by(Session.id)))
    with one_event("session.ended"):
        here.post(f"/account/sessions/{sessions[1]}/end")
    assert (name_here(here), name_here(phone), name_here(tablet)) == ("Cleo", None, "Cleo")
    with one_event("session.ended"):
        here.post("/account/sessions/end-others")
    assert (name_here(here), name_here(tablet)) == ("Cleo", None)
    with one_event():
        here.post("/account/sessions/end-others")
    other = client_of(cast.cleo)
    last = db.session.scalar(select(func.max(Session.id)))
    assert here.post(f"/account/sessions/{last}/end", data={"person": "9" * 5000}).location == "/account"
    assert name_here(other) is None
    here.post(f"/account/sessions/{sessions[0]}/end")
    assert name_here(here) is None
    assert client_of(cast.cleo).get("/account").text.count("Sign it out") == 1
    clock.forward(days=15)  # unused for so long, that one ended
    assert client_of(cast.cleo).get("/account").text.count("Sign it out") == 1


def test_nobody_ends_another_ones_session(cast: Any, client_of: Any) -> None:
    cleo, otto = client_of(cast.cleo), client_of(cast.otto)
    session = db.session.scalars(select(Session.id).where(Session.person_id == cast.cleo.id)).one()
    assert otto.post(f"/account/sessions/{session}/end").status_code == 403
    with pytest.raises(Refused):
        end_session(cast.mira, session)
    assert name_here(cleo) == "Cleo"
    assert client_of(cast.ada).post(f"/account/sessions/{session}/end", data={"person": cast.cleo.id}).headers["Location"] == f"/people/{cast.cleo.id}"
    assert name_here(cleo) is None


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_is_shown_once_and_ended(cast: Any, client_of: Any, one_event: Any) -> None:
    cleo, program = client_of(cast.cleo), client_of(cast.visitor)
    with one_event("token.made"):
        page = cleo.post("/account/tokens", data={"name": "Newsletter", "scope": "read"})
    found = re.search(r"<code>([\w-]{43})</code>", page.text)
    assert found
    assert program.get("/api/v1/me", headers=bearer(found[1])).json["name"] == "Cleo"
    assert found[1] not in cleo.get("/account/tokens").text
    assert "Newsletter" in cleo.get("/account/tokens").text
    token_id = re.search(r"/account/tokens/(\d+)/end", page.text)
    assert token_id
    assert client_of(cast.otto).post(token_id[0]).status_code == 403
    with one_event("token.revoked"):
        cleo.post(token_id[0])
    assert program.get("/api/v1/me", headers=bearer(found[1])).status_code == 401
    with one_event():
        revoke_token(cast.cleo, int(token_id[1]))


def test_a_token_opens_no_page(cast: Any, client_of: Any, one_event: Any) -> None:
    """One that may only read would else press every button, and make itself one that writes."""
    for scope in ("read", "write"):
        secret = make_token(cast.cleo, cast.cleo.id, NewToken.model_validate({"name": scope, "scope": scope}))
        program = client_of(cast.visitor)
        assert "Cleo" not in program.get("/account", headers=bearer(secret)).text
        with one_event():
            assert program.post("/account/tokens", data={"name": "more", "scope": "write"}, headers=bearer(secret)).status_code == 403
            assert program.post("/account/password", data={"password": "a whole new password"}, headers=bearer(secret)).status_code == 403


def test_tokens_are_made_in_ones_own_name(cast: Any) -> None:
    with pytest.raises(Refused):
        make_token(cast.ada, cast.cleo.id, NewToken(name="spy"))
    assert make_token(cast.organisation, cast.cleo.id, NewToken(name="by command"))


def test_suspension_is_felt_at_once(cast: Any, client_of: Any) -> None:
    otto, program = client_of(cast.otto), client_of(cast.visitor)
    secret = make_token(cast.otto, cast.otto.id, NewToken(name="program"))
    assert name_here(otto) == "Otto"
    suspend_person(cast.ada, cast.otto.id)
    assert name_here(otto) is None
    assert otto.get("/account").status_code == 401
    assert program.get("/api/v1/me", headers=bearer(secret)).status_code == 401
    restore_person(cast.ada, cast.otto.id)
    assert name_here(otto) is None
    assert program.get("/api/v1/me", headers=bearer(secret)).status_code == 200
