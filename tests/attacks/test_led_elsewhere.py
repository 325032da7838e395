"""Nobody is led to another site: by the way back or on that an address or a form carries along (S14), nor by a host that the request claims (S16)."""

import html
import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask

from cocreate.boards.queries import board_as
from cocreate.notifications.reading import catch_up
from cocreate.people import passwords
from cocreate.people.actions import make_invitation, set_password_of
from cocreate.people.inputs import NewInvitation
from cocreate.people.passwords import hash_password
from tests.attacks.scene import Scene, addresses, lay_scene
from tests.cast import Cast
from tests.faults.wire import Wire
from tests.people.comings import code_for, link_for
from tests.sites import Site
from tests.stage import propose

ELSEWHERE = (
    "//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/x", "/\t/evil.example", "https://localhost@evil.example", "javascript:x()",
    "\\\\evil.example", "http:///evil.example", "//evil.example\\@localhost", "/" * 2048,
)  # fmt: skip
EVERYBODY = ("management", "employee", "customer", "partner")
LYING = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Original-Host": "evil.example",
    "Forwarded": "host=evil.example;proto=https",
}


def leads_away(address: str) -> bool:
    """As a browser reads it: what is no path of this site; tabs and breaks are left out, and \\ is /."""
    plain = re.sub(r"[\t\r\n]", "", address).replace("\\", "/").strip()
    plain = plain.removeprefix("http://localhost/") if plain.startswith("http://localhost/") else plain
    return plain.startswith("//") or bool(re.match(r"[a-z][a-z0-9+.-]*:", plain, re.IGNORECASE)) or len(plain) > 600


def goals(answer: Any) -> list[str]:
    """Where an answer leads, and where the page's own links and forms lead that hold what was asked for."""
    named = [answer.headers[name] for name in ("Location", "X-Location", "Refresh") if name in answer.headers]
    return named + [html.unescape(found) for found in re.findall(r'(?:href|action|formaction|data-undo)="([^"]*evil\.example[^"]*)"', answer.text)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_way_back_leads_away(app: Flask, cast: Cast, client_of: Any) -> None:
    """Every page and every button of the site, with a hostile `back` and `next` in the address; and in the form, where one is taken there."""
    scene, away = lay_scene(cast.mona, cast.emil, "open-house", EVERYBODY, read_public=True), []
    clients = {name: client_of(getattr(cast, name)) for name in ("visitor", "mira", "mona", "emil")}
    for address in addresses(app, scene):
        for name, path in (("visitor", ELSEWHERE[0]), ("mira", ELSEWHERE[3])):
            answer = clients[name].get(address.path, query_string={"back": path, "next": path}, headers={"Referer": f"http://localhost/{path}"})
            away += [f"{address.path} as {name} to {goal}" for goal in goals(answer) if leads_away(goal)]
    other = propose(cast.emil, board_as(cast.mona, scene.slug).board.id, "What stays")
    for place, path in enumerate(ELSEWHERE):
        how = {"X-Requested-With": "fetch"} if place % 2 else {}
        for who, door, fields in doors(scene, other, path):
            sent = {"data": {**fields, "next": path}, "headers": {**how, "Referer": f"http://localhost/{quote(path)}"}}
            answer = clients[who].post(door, query_string={"back": path, "next": path}, **sent)
            assert answer.status_code == (204 if how else 303), f"{door} answers {answer.status_code}"
            away += [f"{door} to {goal} for {path[:40]}" for goal in goals(answer) if leads_away(goal)]
    assert not away, "\n".join(["", *away])


def doors(scene: Scene, other: int, back: str) -> list[tuple[str, str, dict[str, str]]]:
    """The doors that go back to where one came from, in an order in which they can be used again and again."""
    ids = scene.ids
    return [
        ("emil", f"/stances/idea:{ids['idea']}", {"stance": "agree", "back": back}),
        ("emil", f"/stances/idea:{ids['idea']}", {"stance": "none"}),
        ("emil", f"/words/{ids['response']}/withdrawal", {"back": back}),
        ("emil", f"/words/{ids['response']}/returning", {"back": back}),
        ("emil", f"/ideas/{ids['idea']}/withdrawal", {}),
        ("emil", f"/ideas/{ids['idea']}/returning", {}),
        ("emil", f"/amendments/{ids['amendment']}/withdrawal", {}),
        ("emil", f"/amendments/{ids['amendment']}/returning", {}),
        ("emil", f"/comments/{ids['comment']}/withdrawal", {}),
        ("emil", f"/comments/{ids['comment']}/returning", {}),
        ("mira", f"/ideas/{ids['idea']}/merge", {"into": str(other), "back": back}),
        ("mira", f"/ideas/{ids['idea']}/unmerge", {"back": back}),
        ("mira", f"/curated/idea:{ids['idea']}/hidden", {"back": back}),
        ("mira", f"/curated/idea:{ids['idea']}/shown", {"back": back}),
        ("mona", f"/promises/{ids['commitment']}/done", {}),
        ("mona", f"/promises/{ids['commitment']}/due", {}),
        ("mona", f"/statements/{ids['statement']}/adoption", {"reason": "Ours"}),
        ("mona", f"/statements/{ids['statement']}/setting-aside", {}),
    ]


PASSWORD = "several words in a row"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_way_in_leads_away(app: Flask, cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By password, by the link in the mail, by the page that asks a name, and by an invitation; each with and without a script."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    set_password_of(cast.organisation, cast.cleo.id, hash_password(PASSWORD))
    _id, secret = make_invitation(cast.ada, NewInvitation(group="customer", most_uses=1000))
    for place, path in enumerate(ELSEWHERE):
        how: dict[str, Any] = {"query_string": {"next": path}, "headers": {"X-Requested-With": "fetch"} if place % 2 else {}}
        cleo, piet, new, joined = (client_of(cast.visitor) for _ in range(4))
        piet.post("/sign-in", data={"email": "piet@example.org", "next": path}, **how)
        piets = link_for(app, "piet@example.org")
        assert "evil.example" not in piets
        new.post(f"/join/{secret}", data={"email": f"new{place}@example.org", "next": path}, **how)
        proof = re.search(
            r'name="proof" value="([^"]+)"', new.post("/sign-in/code", data={"code": code_for(app, f"new{place}@example.org"), "next": path}, **how).text
        )
        assert proof
        joined.post(f"/join/{secret}", data={"email": f"joined{place}@example.org", "name": "Jo", "next": path}, **how)
        ends = [
            cleo.post("/sign-in/password", data={"email": "cleo@example.org", "password": PASSWORD, "next": path}, **how),
            piet.post(urlsplit(piets).path, data={"next": path}, **how),
            new.post("/sign-in/name", data={"proof": proof[1], "name": "New", "next": path}, **how),
            joined.post("/sign-in/code", data={"code": code_for(app, f"joined{place}@example.org"), "next": path}, **how),
        ]
        assert [(answer.status_code, goals(answer)) for answer in ends] == [(204 if place % 2 else 303, ["/"])] * 4, path


def test_no_set_up_leads_away(make_app: Any) -> None:
    app = make_app(people=False)
    link, path = app.config["SETUP_LINK"](), "//evil.example"
    assert link.startswith("http://localhost/setup/")
    given = {"organisation": "Bakery", "sentence": "Bread.", "name": "Ada", "email": "ada@example.org", "next": path}
    answer = app.test_client().post(urlsplit(link).path, query_string={"next": path}, data=given, headers=LYING)
    assert (answer.status_code, goals(answer)) == (303, ["/"])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_link_is_made_of_a_claimed_host(app: Flask, cast: Cast, client_of: Any, outbox: Any) -> None:
    """On the page of an invitation, of a board's link, in the code's mail, in an invitation's, and in the letters of the inbox."""
    scene = lay_scene(cast.mona, cast.emil, "open-house", EVERYBODY, read_public=True)
    ada, nobody = client_of(cast.ada), client_of(cast.visitor)
    invited = ada.post("/people/invite", data={"group": "partner", "role": "member", "most_uses": "1", "days": "3"}, headers=LYING)
    link = re.search(r'value="(http://localhost/join/[\w-]{43})"', invited.text)
    assert link
    shared = nobody.get(f"/boards/{scene.slug}/share", headers=LYING)
    assert f"http://localhost/boards/{scene.slug}" in shared.text
    called = [nobody.get(path, headers=LYING) for path in ("/api/v1/boards", f"/api/v1/ideas/{scene.ids['idea']}", "/sign-in", "/")]
    asked = [nobody.post(urlsplit(link[1]).path, data={"email": "new@example.org"}, headers=LYING)]
    asked.append(nobody.post("/sign-in", data={"email": "cleo@example.org"}, headers=LYING))
    client_of(cast.mona).post(f"/comments/idea:{scene.ids['idea']}/new", data={"body": "Heard"}, headers=LYING)
    catch_up()
    mails = [mail for name in ("new", "cleo", "emil") for mail in outbox(f"{name}@example.org")]
    assert len(mails) == 3
    assert all("http://localhost/" in mail.body for mail in mails)
    for told in [*(answer.text + str(answer.headers) for answer in (invited, shared, *called, *asked)), *(mail.subject + mail.body for mail in mails)]:
        assert "evil.example" not in told


def test_on_the_wire(serving: Site) -> None:
    """Two hosts, or another one in the line that asks: refused, whatever the rest says; nobody behind it is asked."""
    own = f"localhost:{serving.port}"
    lines = {
        "two hosts": f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\n\r\n",
        "two hosts, the evil one first": f"GET / HTTP/1.1\r\nHost: evil.example\r\nHost: {own}\r\n\r\n",
        "an evil address": f"GET http://evil.example/ HTTP/1.1\r\nHost: {own}\r\n\r\n",
        "an evil address and host": "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "an evil host": "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "no host": "GET / HTTP/1.1\r\n\r\n",
        "somebody at a host": f"GET / HTTP/1.1\r\nHost: {own}@evil.example\r\n\r\n",
        "a host with a path": f"GET / HTTP/1.1\r\nHost: {own}/evil.example\r\n\r\n",
    }
    answers = {kind: Wire(serving).ask(line.encode()) for kind, line in lines.items()}
    assert {kind: answer.status for kind, answer in answers.items()} == {**dict.fromkeys(lines, 400), "an evil address": 404}
    assert not [kind for kind, answer in answers.items() if b"evil.example" in answer.body or "evil.example" in str(answer.headers)]
    lying = "".join(f"{name}: {value}\r\n" for name, value in LYING.items())
    answer = Wire(serving).ask(f"GET /inbox HTTP/1.1\r\nHost: {own}\r\n{lying}\r\n".encode())
    assert answer.status in (303, 401)
    assert "evil.example" not in str(answer.headers) + answer.body.decode()
