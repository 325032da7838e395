"""Who tries too often waits; who owns the address does not wait for them."""

from collections.abc import Iterator
from typing import Any

import pytest

from cocreate.people.actions import set_password_of
from cocreate.people.devices_web import CODES, PASSWORDS
from cocreate.people.passwords import hash_password
from tests.people.comings import code_for, come_in, name_here

RIGHT = "several words in a row"


@pytest.fixture
def app(make_app: Any) -> Iterator[Any]:
    app = make_app(COCREATE_RATE_LIMITS="on")
    with app.app_context():
        yield app


@pytest.fixture
def passwords(cast: Any) -> None:
    set_password_of(cast.organisation, cast.cleo.id, hash_password(RIGHT))


def attempt(client: Any, address: str, password: str, peer: str = "203.0.113.7", headers: Any = None) -> Any:
    return client.post("/sign-in/password", data={"email": address, "password": password}, headers=headers, environ_overrides={"REMOTE_ADDR": peer}).status_code


def test_many_passwords_on_one_account(cast: Any, passwords: None, client_of: Any) -> None:
    thief, owner, here = client_of(cast.visitor), client_of(cast.visitor), client_of(cast.visitor)
    assert attempt(owner, "cleo@example.org", RIGHT) == 303
    owner.post("/sign-out")
    answers = [attempt(thief, "cleo@example.org", f"guess number {n}", peer=f"203.0.113.{n}") for n in range(20)]
    assert answers == [400] * (PASSWORDS.by_address - 1) + [429] * (20 - PASSWORDS.by_address + 1)
    assert attempt(thief, "cleo@example.org", RIGHT, peer="198.51.100.1") == 429
    assert attempt(owner, "cleo@example.org", RIGHT) == 303  # her own device is not locked out
    assert come_in(here, "cleo@example.org").status_code == 303  # and neither is the way by code


def test_many_accounts_from_one_network(cast: Any, passwords: None, client_of: Any) -> None:
    thief = client_of(cast.visitor)
    answers = [attempt(thief, f"cleo{n}@example.org", "password of the day") for n in range(20)]
    assert answers == [400] * PASSWORDS.by_peer + [429] * (20 - PASSWORDS.by_peer)


def test_a_forged_peer_resets_nothing(cast: Any, client_of: Any) -> None:
    thief = client_of(cast.visitor)
    answers = []
    for n in range(20):
        forged = {"X-Forwarded-For": f"10.0.0.{n}", "X-Real-IP": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}", "X-Client-IP": f"10.0.0.{n}"}
        answers.append(attempt(thief, f"cleo{n}@example.org", "password of the day", headers=forged))
    assert answers.index(429) == PASSWORDS.by_peer


def test_a_network_of_many_addresses_is_one(cast: Any, client_of: Any) -> None:
    thief = client_of(cast.visitor)
    answers = [attempt(thief, f"cleo{n}@example.org", "password of the day", peer=f"2001:db8:1:2::{n}") for n in range(20)]
    assert answers.index(429) == PASSWORDS.by_peer


def test_spelling_an_address_otherwise_resets_nothing(cast: Any, client_of: Any) -> None:
    thief = client_of(cast.visitor)
    spellings = ["cleo@example.org", "CLEO@example.org", " Cleo@Example.ORG "]
    answers = [attempt(thief, spellings[n % 3], "guess", peer=f"203.0.113.{n}") for n in range(12)]
    assert answers.index(429) == PASSWORDS.by_address


def test_codes_are_limited_for_an_address(app: Any, cast: Any, client_of: Any, outbox: Any) -> None:
    stranger, owner = client_of(cast.visitor), client_of(cast.visitor)
    assert come_in(owner, "cleo@example.org").status_code == 303
    owner.post("/sign-out")
    answers = [stranger.post("/sign-in", data={"email": "cleo@example.org"}) for _ask in range(CODES.by_address)]
    assert [answer.status_code for answer in answers][-2:] == [303, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "cleo@example.org" in answers[-1].text
    assert len(outbox("cleo@example.org")) == CODES.by_address
    owner.post("/sign-in", data={"email": "cleo@example.org"})
    assert owner.post("/sign-in/code", data={"code": code_for(app, "cleo@example.org")}).status_code == 303
    assert name_here(owner) == "Cleo"


def test_a_day_of_asking_is_limited_too(cast: Any, client_of: Any, clock: Any) -> None:
    stranger = client_of(cast.visitor)
    answers = []
    for _quarter in range(6):
        clock.forward(minutes=16)
        answers += [stranger.post("/sign-in", data={"email": "cleo@example.org"}).status_code for _ask in range(4)]
    assert answers == [303] * CODES.in_a_day + [429] * 4


def test_the_wait_ends(cast: Any, passwords: None, client_of: Any, clock: Any) -> None:
    cleo = client_of(cast.visitor)
    while attempt(cleo, "cleo@example.org", "guess") != 429:
        pass
    clock.forward(minutes=16)
    assert attempt(cleo, "cleo@example.org", RIGHT) == 303


@pytest.fixture
def behind_a_proxy(make_app: Any) -> Any:
    """A client of a site that stands behind one proxy; what the proxy saw is the last of the addresses."""
    return make_app(COCREATE_RATE_LIMITS="on", COCREATE_TRUSTED_PROXIES="1").test_client()


def through(client: Any, address: str, *hops: str) -> int:
    return int(attempt(client, address, "password of the day", peer="127.0.0.1", headers={"X-Forwarded-For": ", ".join(hops)}))


def test_the_proxy_says_who_asks_and_nobody_before_it(behind_a_proxy: Any) -> None:
    answers = [through(behind_a_proxy, f"cleo{n}@example.org", f"10.0.0.{n}", f"10.0.1.{n}", "203.0.113.7") for n in range(20)]
    assert answers == [400] * PASSWORDS.by_peer + [429] * (20 - PASSWORDS.by_peer)
    assert through(behind_a_proxy, "cleo@example.org", "203.0.113.7", "198.51.100.9") == 400


def test_the_host_that_the_proxy_names_is_checked_too(behind_a_proxy: Any) -> None:
    assert behind_a_proxy.get("/sign-in", headers={"X-Forwarded-Host": "localhost"}).status_code == 200
    for named in ("evil.example", "localhost, evil.example", "localhost:99999", "localhost@evil.example"):
        assert behind_a_proxy.get("/sign-in", headers={"X-Forwarded-Host": named}).status_code == 400, named
        assert behind_a_proxy.post("/sign-in", data={"email": "cleo@example.org"}, headers={"X-Forwarded-Host": named}).status_code == 400, named


def test_another_way_to_the_same_place_resets_nothing(cast: Any, passwords: None, client_of: Any) -> None:
    """S20: what is no try at all lets nobody in either, and an alias is an address of its own in the same network."""
    thief = client_of(cast.visitor)
    given = {"email": "cleo@example.org", "password": RIGHT}
    aside = {"REMOTE_ADDR": "203.0.113.7"}
    answers = [attempt(thief, f"cleo+{n}@example.org", "password of the day") for n in range(20)]
    assert answers.index(429) == PASSWORDS.by_peer
    for path in ("/sign-in/password", "/sign-in//password", "/sign-in/password/", "/sign-in/./password", "/Sign-in/password"):
        assert thief.post(path, data=given, environ_overrides=aside).status_code in (308, 404, 429), path
        assert thief.post(path, json=given, environ_overrides=aside).status_code in (308, 400, 404, 415, 429), path
    assert thief.get("/sign-in/password", query_string=given, environ_overrides=aside).status_code == 200
    assert name_here(thief) is None
