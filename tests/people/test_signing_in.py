"""Coming in by code, link and password, and going out."""

import re
from typing import Any

import pytest
from flask import render_template_string
from sqlalchemy import update

from cocreate.core.db import db
from cocreate.eventlog.record import action
from cocreate.people.actions import edit_organisation, set_password_of, suspend_person
from cocreate.people.inputs import EditOrganisation
from cocreate.people.models import Session
from cocreate.people.passwords import hash_password
from tests.people.comings import code_for, come_in, link_for, name_here, newest_mail


def test_a_code_lets_in_once(app: Any, cast: Any, client_of: Any) -> None:
    cleo, again = client_of(cast.visitor), client_of(cast.visitor)
    page = cleo.post("/sign-in", data={"email": " Cleo@Example.org "}, follow_redirects=True)
    assert "cleo@example.org" in page.text
    assert 'autocomplete="one-time-code"' in page.text
    assert 'inputmode="numeric"' in page.text
    code = code_for(app, "cleo@example.org")
    assert cleo.post("/sign-in/code", data={"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert name_here(cleo) == "Cleo"
    again.post("/sign-in", data={"email": "emil@example.org"})
    assert again.post("/sign-in/code", data={"code": code}).status_code == 400
    assert name_here(again) is None


def test_a_code_is_bound_to_the_browser_that_asked(app: Any, cast: Any, client_of: Any) -> None:
    cleo, thief = client_of(cast.visitor), client_of(cast.visitor)
    cleo.post("/sign-in", data={"email": "cleo@example.org"})
    code = code_for(app, "cleo@example.org")
    thief.get("/sign-in")
    assert thief.post("/sign-in/code", data={"code": code}).status_code == 400
    assert name_here(thief) is None
    assert cleo.post("/sign-in/code", data={"code": code}).status_code == 303


def test_the_sixth_try_is_dead(app: Any, cast: Any, client_of: Any) -> None:
    guesser = client_of(cast.visitor)
    guesser.post("/sign-in", data={"email": "cleo@example.org"})
    code = code_for(app, "cleo@example.org")
    wrong = "000000" if code != "000000" else "111111"
    for _try in range(5):
        assert guesser.post("/sign-in/code", data={"code": wrong}).status_code == 400
    assert guesser.post("/sign-in/code", data={"code": code}).status_code == 400
    assert name_here(guesser) is None


def test_a_code_grows_old_and_dies_when_another_is_asked_for(app: Any, cast: Any, client_of: Any, clock: Any) -> None:
    cleo = client_of(cast.visitor)
    cleo.post("/sign-in", data={"email": "cleo@example.org"})
    first = code_for(app, "cleo@example.org")
    cleo.post("/sign-in", data={"email": "cleo@example.org"})
    second = code_for(app, "cleo@example.org")
    if first != second:
        assert cleo.post("/sign-in/code", data={"code": first}).status_code == 400
    clock.forward(minutes=11)
    assert cleo.post("/sign-in/code", data={"code": second}).status_code == 400


def test_a_link_waits_for_a_person(app: Any, cast: Any, client_of: Any) -> None:
    asker, phone, scanner = client_of(cast.visitor), client_of(cast.visitor), client_of(cast.visitor)
    asker.post("/sign-in", data={"email": "cleo@example.org"})
    path = link_for(app, "cleo@example.org").removeprefix("http://localhost")
    for _look in range(3):
        assert scanner.get(path).status_code == 200
        assert scanner.head(path).status_code == 200
    page = phone.get(path)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "cleo@example.org" in page.text
    assert phone.post(path).status_code == 303
    assert name_here(phone) == "Cleo"
    assert name_here(asker) is None
    assert asker.post(path).status_code == 410


def test_somebody_new_gives_a_name(app: Any, cast: Any, client_of: Any, one_event: Any) -> None:
    edit_organisation(cast.ada, EditOrganisation(name="Org", customers_may_join=True))
    nina = client_of(cast.visitor)
    page = come_in(nina, "nina@example.net", next="/my-words")
    proof = re.search(r'name="proof" value="([^"]+)"', page.text)
    assert page.status_code == 200
    assert proof
    assert nina.post("/sign-in/name", data={"proof": proof[1], "name": " "}).status_code == 400
    assert name_here(nina) is None
    assert nina.post("/sign-in/name", data={"proof": "made up", "name": "Nina"}).headers["Location"] == "/sign-in"
    with one_event("person.joined"):
        answer = nina.post("/sign-in/name?next=/my-words", data={"proof": proof[1], "name": "Nina"})
    assert answer.headers["Location"] == "/my-words"
    assert nina.get("/api/v1/me").json["group"] == "customer"
    assert nina.post("/sign-in/name", data={"proof": proof[1], "name": "Nina"}).status_code == 409


def test_a_name_given_at_first_is_not_asked_again(app: Any, cast: Any, client_of: Any) -> None:
    edit_organisation(cast.ada, EditOrganisation(name="Org", employee_domains="staff.example.org"))
    nils = client_of(cast.visitor)
    assert come_in(nils, "nils@staff.example.org", name="Nils").status_code == 303
    assert nils.get("/api/v1/me").json["group"] == "employee"


@pytest.mark.parametrize("suspended", [False, True])
def test_who_may_not_come_in_looks_the_same(app: Any, cast: Any, client_of: Any, suspended: bool) -> None:
    if suspended:
        suspend_person(cast.ada, cast.otto.id)
    known, unknown = client_of(cast.visitor), client_of(cast.visitor)
    address = "otto@example.org" if suspended else "nobody@example.net"
    answers = [(known.post("/sign-in", data={"email": "cleo@example.org"}), known), (unknown.post("/sign-in", data={"email": address}), unknown)]
    assert answers[0][0].status_code == answers[1][0].status_code == 303
    assert answers[0][0].text == answers[1][0].text
    assert sorted(answers[0][0].headers.keys()) == sorted(answers[1][0].headers.keys())
    pages = [_neutral(client.get("/sign-in/code").text, who) for (_a, client), who in zip(answers, ("cleo@example.org", address), strict=True)]
    assert pages[0] == pages[1]
    tries = [_neutral(c.post("/sign-in/code", data={"code": "12"}).text, w) for (_a, c), w in zip(answers, ("cleo@example.org", address), strict=True)]
    assert tries[0] == tries[1]
    assert "code" not in newest_mail(app, address).subject
    assert name_here(unknown) is None


def _neutral(page: str, address: str) -> str:
    """The page without what is the asker's own: the address they typed and the token of their session."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page).replace(address, "ADDRESS")


def test_by_password(app: Any, cast: Any, client_of: Any) -> None:
    set_password_of(cast.organisation, cast.cleo.id, hash_password("several words in a row"))
    cleo, other = client_of(cast.visitor), client_of(cast.visitor)
    wrong = cleo.post("/sign-in/password", data={"email": "cleo@example.org", "password": "several words in a ro"})
    unknown = other.post("/sign-in/password", data={"email": "nobody@example.net", "password": "several words in a row"})
    assert wrong.status_code == unknown.status_code == 400
    assert _neutral(wrong.text, "cleo@example.org") == _neutral(unknown.text, "nobody@example.net")
    assert "several words" not in wrong.text
    assert name_here(cleo) is None
    assert (
        cleo.post("/sign-in/password?next=/boards", data={"email": "cleo@example.org", "password": "several words in a row"}).headers["Location"] == "/boards"
    )
    assert name_here(cleo) == "Cleo"


ELSEWHERE = [
    "//evil.test",
    "/\\evil.test",
    "https:evil.test",
    "https://evil.test/",
    "/\t/evil.test",
    "https://localhost@evil.test",
    "javascript:x()",
    "\\\\evil.test",
    "/" * 2048,
    "evil",
    "/sign-in",
]


def test_nobody_is_led_away(app: Any, cast: Any, client_of: Any) -> None:
    for elsewhere in ELSEWHERE:
        cleo = client_of(cast.visitor)
        cleo.post("/sign-in", data={"email": "cleo@example.org"}, query_string={"next": elsewhere})
        answer = cleo.post("/sign-in/code", data={"code": code_for(app, "cleo@example.org"), "next": elsewhere})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/"), elsewhere
        assert cleo.get("/sign-in", query_string={"next": elsewhere}).headers["Location"] == "/", elsewhere


def test_a_path_of_this_site_is_gone_on_to(app: Any, cast: Any, client_of: Any) -> None:
    cleo = client_of(cast.visitor)
    answer = cleo.post("/sign-in", data={"email": "cleo@example.org"}, query_string={"next": "/boards/x?sort=new"})
    assert answer.headers["Location"] == "/sign-in/code?next=/boards/x?sort%3Dnew"
    assert "next=/boards/x?sort%3Dnew" in link_for(app, "cleo@example.org")
    answer = cleo.post(answer.headers["Location"], data={"code": code_for(app, "cleo@example.org")})
    assert answer.headers["Location"] == "/boards/x?sort=new"


def test_links_in_mail_use_the_configured_address(app: Any, cast: Any, client_of: Any) -> None:
    cleo = client_of(cast.visitor)
    headers = {"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    cleo.post("/sign-in", data={"email": "cleo@example.org"}, headers=headers)
    body = newest_mail(app, "cleo@example.org").body
    assert "evil.test" not in body
    assert "http://localhost/sign-in/link/" in body
    assert cleo.post("/sign-in", data={"email": "emil@example.org"}, headers={"Host": "evil.test"}).status_code == 400


def test_signing_out_ends_a_copied_cookie(app: Any, cast: Any, client_of: Any, one_event: Any) -> None:
    cleo, thief = client_of(cast.cleo), client_of(cast.visitor)
    cookie = cleo.get_cookie("cocreate_80")
    assert cookie
    thief.set_cookie("cocreate_80", cookie.value)
    assert name_here(thief) == "Cleo"
    with one_event("session.ended"):
        answer = cleo.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert name_here(cleo) is None
    assert name_here(thief) is None
    thief.set_cookie("cocreate_80", cookie.value)
    assert thief.get("/account").status_code == 401
    assert client_of(cast.visitor).get("/sign-out").status_code == 405


def test_a_planted_cookie_is_worth_nothing(app: Any, cast: Any, client_of: Any) -> None:
    cleo = client_of(cast.visitor)
    cleo.get("/sign-in")
    with cleo.session_transaction() as session:
        session["_user_id"] = "chosen by somebody"
    before = cleo.get_cookie("cocreate_80")
    come_in(cleo, "cleo@example.org")
    planted, after = client_of(cast.visitor), cleo.get_cookie("cocreate_80")
    assert before
    assert after
    assert before.value != after.value
    planted.set_cookie("cocreate_80", before.value)
    assert name_here(planted) is None
    planted.set_cookie("cocreate_80", after.value[:-2] + ("AA" if after.value[-2:] != "AA" else "BB"))
    assert name_here(planted) is None


def test_a_session_is_a_row_and_nothing_else(app: Any, cast: Any, client_of: Any, query_count: Any) -> None:
    """Trap 9: no cookie that remembers beside it, no network or browser it depends on, and nobody looked up for a template that names nobody."""
    cleo = client_of(cast.visitor)
    set_password_of(cast.organisation, cast.cleo.id, hash_password("several words in a row"))
    answer = cleo.post("/sign-in/password", data={"email": "cleo@example.org", "password": "several words in a row"})
    assert sorted(cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")) == ["cocreate_80", "cocreate_device_80"]
    cleo.set_cookie("remember_token", f"{cast.mona.id}|{'0' * 128}")
    for peer, agent in (("203.0.113.7", "Firefox/140.0"), ("198.51.100.9", "curl/8"), ("2001:db8::1", "")):
        headers = {"X-Forwarded-For": peer, "User-Agent": agent}
        assert cleo.get("/api/v1/me", headers=headers, environ_overrides={"REMOTE_ADDR": peer}).json["name"] == "Cleo"
    for path, headers, status in (("/healthz", {}, 200), ("/", {"Host": "evil.example"}, 400)):
        with query_count() as statements:
            assert cleo.get(path, headers=headers).status_code == status
        assert [statement for statement in statements if "people" in statement] == [], path
    with app.test_request_context("/", headers={"Cookie": f"cocreate_80={cleo.get_cookie('cocreate_80').value}"}), query_count() as statements:
        assert render_template_string("{{ 1 + 1 }}") == "2"
    assert statements == []


def test_idle_and_old_sessions_end(app: Any, cast: Any, client_of: Any, clock: Any) -> None:
    cleo, ada = client_of(cast.cleo), client_of(cast.ada)
    clock.forward(hours=7)
    assert name_here(ada) == "Ada"  # in use: another eight hours from here
    clock.forward(hours=7)
    assert name_here(ada) == "Ada"
    clock.forward(hours=9)
    assert name_here(ada) is None
    assert name_here(cleo) == "Cleo"
    clock.forward(days=15)
    assert name_here(cleo) is None


def test_use_is_noted_now_and_then(app: Any, cast: Any, client_of: Any, clock: Any, query_count: Any) -> None:
    cleo = client_of(cast.cleo)
    clock.forward(minutes=9)
    with query_count() as statements:
        cleo.get("/api/v1/me")
    assert not [each for each in statements if each.startswith("UPDATE")]
    clock.forward(minutes=2)
    with query_count() as statements:
        cleo.get("/api/v1/me")
        cleo.get("/api/v1/me")
    assert len([each for each in statements if each.startswith("UPDATE sessions")]) == 1


def test_a_session_lasts_no_longer_than_its_role_allows(app: Any, cast: Any, client_of: Any, clock: Any) -> None:
    ada = client_of(cast.ada)
    for _hour in range(4):
        clock.forward(hours=7)
        ada.get("/api/v1/me")
    assert name_here(ada) is None
    action(lambda: db.session.execute(update(Session).values(used_at=clock.now)))()
    assert name_here(ada) is None
