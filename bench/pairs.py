"""The ratios: the board's page, a list and a vote by API beside their bare likes under as many clients, and two sign-ins that must not differ."""

import json
import re
from collections.abc import Callable, Sequence
from contextlib import closing

from bench.arranging import BOARD, OneWorker, cookie_of, idea_ids, token_of, voters
from bench.bare import IDEAS, ROWS
from bench.load import CLIENTS, load, request
from bench.measuring import ROUNDS, Knock, compare
from bench.table import print_rates, print_value
from cocreate.people.actions import set_password_of
from cocreate.people.passwords import hash_password
from cocreate.people.viewer import Organisation
from tests.cast import address_of

WARM = 0.7  # seconds
TURN = 2.5
A_VOTER = 40  # ideas that one client weighs, one way and then the other
CODES = 30
PASSWORDS = 6  # each takes two Argon2 hashes
PASSWORD = "known to the bench"

Requests = Sequence[Sequence[bytes]]


def _pair(what: str, least: float, ours: tuple[int, Requests], other: tuple[int, Requests]) -> None:
    """Both under the same number of clients, turn by turn."""
    for port, requests in (ours, other):
        load(port, requests, WARM)
    print_rates(what, least, [(load(*ours, TURN), load(*other, TURN)) for _ in range(ROUNDS)])


def pages(site: OneWorker, bare: int) -> None:
    """The page that is opened most, for whoever is not signed in and for whoever is, and a list for programs."""
    plain = bare, [[request(bare, "GET", "/page")]] * CLIENTS
    path, people = f"/boards/{BOARD}", voters(site)
    _pair("board page, a visitor", 2.0, (site.port, [[request(site.port, "GET", path)]] * CLIENTS), plain)
    signed_in = [[request(site.port, "GET", path, {"Cookie": cookie_of(site, person)})] for person in people]
    _pair("board page, signed in", 1.2, (site.port, signed_in), plain)
    listed = f"/api/v1/boards/{BOARD}/ideas?limit={ROWS}"
    by_token = [[request(site.port, "GET", listed, {"Authorization": f"Bearer {token_of(site, person)}"})] for person in people]
    _pair(f"ideas by API, {ROWS}", 0.8, (site.port, by_token), (bare, [[request(bare, "GET", "/ideas")]] * CLIENTS))
    with closing(Knock(site.port)) as knock, closing(Knock(bare)) as other:
        for name, one, two in (("board page", path, "/page"), ("ideas by API", listed, "/ideas")):
            print_value(f"{name}: size", len(knock.ask("GET", one)) / 1024, "KiB", f"bare {len(other.ask('GET', two)) / 1024:.1f} KiB")


def votes(site: OneWorker, bare: int, kind: str, least: float) -> None:
    """Votes that change something each time, by token, over all ideas."""
    with closing(Knock(bare)) as knock:
        careful = knock.ask("GET", "/settings").decode()
    ids = idea_ids(site, IDEAS)
    ours = [_voting(site.port, place, "/api/v1/ideas/%d/vote", ids, token_of(site, person), ("agree", "disagree")) for place, person in enumerate(voters(site))]
    other = [_voting(bare, place, "/ideas/%d/vote", range(1, IDEAS + 1), f"token-{place}", (1, -1)) for place in range(CLIENTS)]
    _pair(f"vote by API, {kind} ({careful})", least, (site.port, ours), (bare, other))


def _voting(port: int, place: int, path: str, ids: Sequence[int], token: str, stances: tuple[object, object]) -> list[bytes]:
    """One client's ideas one way, then all the other way."""
    headers = {"Authorization": f"Bearer {token}"}
    own = [ids[(place * 31 + n * 7) % len(ids)] for n in range(A_VOTER)]
    return [request(port, "PUT", path % id, headers, json.dumps({"stance": stance})) for stance in stances for id in own]


def sign_ins(site: OneWorker) -> None:
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
