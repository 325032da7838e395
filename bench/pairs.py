"""The ratios: the board's page and a vote by API beside their bare likes, and two sign-ins that must not differ."""

import json
import re
import subprocess
from collections.abc import Callable
from contextlib import closing
from itertools import cycle

from bench.arranging import BOARD, cookie_of, idea_ids, token_of
from bench.bare import ROWS, TOKEN
from bench.measuring import Knock, compare, compare_used
from bench.table import print_pair, print_value
from cocreate.people.actions import set_password_of
from cocreate.people.passwords import hash_password
from cocreate.people.viewer import Organisation
from tests.cast import address_of
from tests.sites import Site

PAGES = 40  # requests a round
VOTES = 80
CODES = 30
PASSWORDS = 6  # each takes two Argon2 hashes
PASSWORD = "known to the bench"


def pages(site: Site, bare: "tuple[int, subprocess.Popen[bytes]]") -> None:
    """The page that is opened most, for whoever is not signed in and for whoever is."""
    bare_port, bare_process = bare
    assert site.process is not None
    with closing(Knock(bare_port)) as plain:
        for who, headers in (("a visitor", {}), ("signed in", {"Cookie": cookie_of(site)})):
            with closing(Knock(site.port, headers)) as knock:
                ours, other = _get(knock, f"/boards/{BOARD}"), _get(plain, "/page")
                print_pair(f"board page, {who}: ms a request", compare(ours, other, PAGES))
                used = compare_used((site.process.pid, ours), (bare_process.pid, other), PAGES)
                print_pair(f"board page, {who}: processor ms of the server", used)
                print_value(f"board page, {who}: size", len(ours()) / 1024, "KiB", f"bare {len(other()) / 1024:.1f} KiB")


def _get(knock: Knock, path: str) -> Callable[[], bytes]:
    return lambda: knock.ask("GET", path)


def votes(site: Site, bare: "tuple[int, subprocess.Popen[bytes]]", kind: str) -> None:
    """A vote that changes something each time, by token."""
    headers = {"Content-Type": "application/json"}
    with (
        closing(Knock(site.port, headers | {"Authorization": f"Bearer {token_of(site)}"})) as knock,
        closing(Knock(bare[0], headers | {"Authorization": f"Bearer {TOKEN}"})) as plain,
    ):
        careful = plain.ask("GET", "/settings").decode()
        ids, bare_ids = idea_ids(site, ROWS), range(1, ROWS + 1)
        ours = _voting(knock, [f"/api/v1/ideas/{id}/vote" for id in ids], ("agree", "disagree"))
        other = _voting(plain, [f"/ideas/{id}/vote" for id in bare_ids], (1, -1))
        print_pair(f"vote by API, {kind} ({careful}): ms a request", compare(ours, other, VOTES))


def _voting(knock: Knock, paths: list[str], stances: tuple[object, object]) -> Callable[[], bytes]:
    """All ideas one way, then all the other way."""
    steps = cycle([(path, json.dumps({"stance": stance})) for stance in stances for path in paths])

    def vote() -> bytes:
        path, body = next(steps)
        return knock.ask("PUT", path, body)

    return vote


def sign_ins(site: Site) -> None:
    """Whether somebody has an address must not be told by the time that the answer takes."""
    with site.app.app_context():
        set_password_of(Organisation(), site.cast.cleo.id, hash_password(PASSWORD))
    known, unknown = address_of("cleo"), "nobody-here@example.org"
    asked = {"email": known}, {"email": unknown}
    tried = {"email": known, "password": "not this one"}, {"email": unknown, "password": "not this one"}
    for what, path, status, fields, times in (("code asked", "/sign-in", 303, asked, CODES), ("password refused", "/sign-in/password", 400, tried, PASSWORDS)):
        with closing(Knock(site.port)) as knock:
            send = _form(knock, path, status)
            pair = compare(lambda send=send, f=fields: send(f[0]), lambda send=send, f=fields: send(f[1]), times)  # type: ignore[misc]
        print_value(f"sign-in, {what}: known less unknown address", pair.ours - pair.other, "ms", f"{pair.ours:.1f} and {pair.other:.1f} ms")


def _form(knock: Knock, path: str, status: int) -> Callable[[dict[str, str]], bytes]:
    """Send the form at this path, with its page's token and cookie."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', knock.ask("GET", path).decode())
    assert found
    token, cookie = found[1], knock.cookies[0].partition(";")[0]

    def send(fields: dict[str, str]) -> bytes:
        body = "&".join(f"{name}={value.replace('@', '%40').replace(' ', '+')}" for name, value in {"csrf_token": token, **fields}.items())
        return knock.ask("POST", path, body, status, **{"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})

    return send
