"""What every answer carries, whatever it answers; what writes only with the token of the page it came from; and looking, which changes nothing."""

import re
from typing import Any

import pytest
from flask import Flask

from cocreate.people.viewer import Viewer
from tests.attacks.scene import SECRET, Scene, addresses, everything, lay_scene
from tests.cast import Cast

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
EVIL = "https://evil.example"


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return lay_scene(cast.mona, cast.cleo, "open-house", ("management", "employee", "customer", "partner"), read_public=True)


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("planted")


def answers_of_each_kind(app: Flask, client: Any, scene: Scene) -> dict[str, Any]:
    static = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == "web.static_file").rule.replace("<version>", "0")
    app.view_functions["pages.why"] = app.view_functions["api.get_me"] = broken
    return {
        "a page": client.get(f"/boards/{scene.slug}"),
        "its head": client.head(f"/boards/{scene.slug}"),
        "a part": client.get(f"/ideas/{scene.ids['idea']}/card"),
        "a form": client.get("/sign-in"),
        "303": client.post(f"/stances/idea:{scene.ids['idea']}", data={"stance": "agree"}),
        "400": client.post(f"/boards/{scene.slug}/ideas/new", data={"title": ""}),
        "400 of the name": client.get("/", headers={"Host": "evil.example"}),
        "403": client.post("/sign-out", csrf=False),
        "404": client.get("/nowhere"),
        "405": client.put(f"/boards/{scene.slug}"),
        "413": client.post(f"/boards/{scene.slug}/ideas/new", data={"title": "x" * 300_000}),
        "500": client.get("/why"),
        "OPTIONS": client.options(f"/boards/{scene.slug}"),
        "static": client.get(static.replace("<path:name>", "css/tokens.css")),
        "static 404": client.get(static.replace("<path:name>", "nothing.js")),
        "alive": client.get("/healthz"),
        "API": client.get("/api/v1/boards"),
        "API 400": client.get(f"/api/v1/boards/{scene.slug}/ideas?cursor=x"),
        "API 401": client.get("/api/v1/boards", headers={"Authorization": "Bearer nobody"}),
        "API 404": client.get("/api/v1/boards/nowhere"),
        "API 405": client.delete("/api/v1/boards"),
        "API too much": client.post(f"/api/v1/boards/{scene.slug}/ideas", data=b"[" * 300_000, content_type="application/json"),
        "API 500": client.get("/api/v1/me"),
    }


@pytest.mark.parametrize("person", ["cleo", "visitor"])
def test_every_kind_of_answer_is_armoured(app: Flask, cast: Cast, scene: Scene, client_of: Any, person: str) -> None:
    found = answers_of_each_kind(app, client_of(getattr(cast, person)), scene)
    for kind, answer in found.items():
        number = re.search(r"\b[345]\d\d\b", kind)
        assert number is None or answer.status_code == int(number[0]), f"{kind}: {answer.status_code}"
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["object-src"] == policy["frame-ancestors"] == "'none'", kind
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", kind
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "no-referrer"), kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert answer.headers["Cache-Control"], kind
        assert answer.headers["X-Request-Id"], kind
        assert "charset=utf-8" in answer.headers["Content-Type"] or "json" in answer.headers["Content-Type"], f"{kind}: {answer.headers['Content-Type']}"
        if kind.startswith("API "):
            assert answer.headers["Content-Type"] == "application/problem+json", kind
            assert answer.json["status"] == answer.status_code
        for leak in ("Traceback", "RuntimeError", "planted", "sqlalchemy", "Werkzeug"):
            assert leak not in answer.text + str(answer.headers), f"{kind} tells {leak}"


def test_over_https_it_stays_so(make_app: Any) -> None:
    app = make_app(COCREATE_BASE_URL="https://board.example.org", COCREATE_RATE_LIMITS="on")
    answer = app.test_client().get("/sign-in", base_url="https://board.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert "wss://board.example.org" in answer.headers["Content-Security-Policy"]
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith("__Host-")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_processes_behind_one_address_share_their_sessions(make_app: Any) -> None:
    """Without https too, where the cookie tells sites of one machine apart by the port that browsers see."""

    def name(**settings: str) -> str:
        return str(make_app(people=False, COCREATE_RATE_LIMITS="on", **settings).config["SESSION_COOKIE_NAME"])

    assert name(PORT="5001", COCREATE_BASE_URL="http://board.example.org") == name(PORT="5002", COCREATE_BASE_URL="http://board.example.org")
    assert name(PORT="5001", COCREATE_BASE_URL="http://localhost:5001") != name(PORT="5002", COCREATE_BASE_URL="http://localhost:5002")


def test_what_is_known_of_a_person_is_not_stored(cast: Cast, scene: Scene, client_of: Any) -> None:
    """A shared cache never gives one person's page to another."""
    for path in (f"/boards/{scene.slug}", "/inbox", "/account", f"/ideas/{scene.ids['idea']}/card", "/api/v1/me", "/api/v1/boards"):
        assert client_of(cast.cleo).get(path).headers["Cache-Control"] == "no-store, private", path
        assert "private" in client_of(cast.visitor).get(path).headers["Cache-Control"], path


def test_no_other_site_reads_along(cast: Cast, scene: Scene, client_of: Any) -> None:
    """A27."""
    for path in ("/api/v1/boards", f"/api/v1/ideas/{scene.ids['idea']}", f"/boards/{scene.slug}", "/api/v1/me"):
        answer = client_of(cast.cleo).get(path, headers={"Origin": EVIL})
        assert "access-control" not in str(answer.headers).lower(), path


def test_a_visitor_gets_no_cookie_and_no_token(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    pages = ["/", "/boards", f"/boards/{scene.slug}", f"/ideas/{scene.ids['idea']}", f"/statements/{scene.ids['statement']}", "/promise", "/why", "/changes"]
    for path in pages:
        answer = client_of(cast.visitor).get(path)
        assert answer.status_code == 200, path
        assert "Set-Cookie" not in answer.headers, path
        assert "csrf" not in answer.text.lower(), path
    assert SECRET in client_of(cast.visitor).get(pages[2]).text


def unsafe(app: Flask, scene: Scene) -> list[Any]:
    found = addresses(app, scene, UNSAFE)
    assert len({address.endpoint for address in found}) > 60
    return found


def refused(person: Viewer, app: Flask, scene: Scene, client_of: Any, how: dict[str, Any]) -> None:
    client, before = client_of(person), everything()
    for door in unsafe(app, scene):
        answer = client.open(door.path, method=door.method, **how)
        assert answer.status_code == 403, f"{door.method} {door.path} answers {answer.status_code}"
    now = everything()
    assert {name for name in before if before[name] != now[name]} == set()


@pytest.mark.parametrize("name", ["ada", "mona"])
def test_without_its_token_nothing_is_written(app: Flask, cast: Cast, scene: Scene, client_of: Any, name: str) -> None:
    refused(getattr(cast, name), app, scene, client_of, {"csrf": False})


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:81"},
        {"Origin": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_from_another_site_nothing_is_written(app: Flask, cast: Cast, scene: Scene, client_of: Any, headers: dict[str, str]) -> None:
    """The token is right in each of these: it does not help."""
    refused(cast.ada, app, scene, client_of, {"headers": headers})


def test_anothers_token_is_no_token(cast: Cast, scene: Scene, client_of: Any) -> None:
    cleo, otto = client_of(cast.cleo), client_of(cast.otto)
    with otto.session_transaction() as session:
        session["csrf_token"] = "1" * 40
    token = otto.csrf_token()
    before = everything()
    assert cleo.post(f"/stances/idea:{scene.ids['idea']}", data={"stance": "agree"}, headers={"X-CSRF-Token": token}).status_code == 403
    assert cleo.post(f"/stances/idea:{scene.ids['idea']}", data={"stance": "agree", "csrf_token": token}, csrf=False).status_code == 403
    assert {name for name, found in everything().items() if found != before[name]} == set()


def test_a_visitor_is_asked_for_a_token_too(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    """Else others could sign a browser in, or have it keep words that it did not write. A program is asked who it is."""
    client = client_of(cast.visitor)
    for door in unsafe(app, scene):
        answer = client.open(door.path, method=door.method, csrf=False)
        assert answer.status_code == (401 if door.path.startswith("/api/") else 403), door.path
        assert ("WWW-Authenticate" in answer.headers) == (answer.status_code == 401)


def test_a_bearer_needs_no_token_and_a_cookie_beside_it_gives_no_rights(app: Flask, cast: Cast, scene: Scene, client_of: Any) -> None:
    mona = client_of(cast.mona)
    answer = mona.post(f"/api/v1/boards/{scene.slug}/ideas", json={"title": "x"}, headers={"Authorization": "Bearer nobody"})
    assert answer.status_code == 401
    assert mona.post("/sign-out", headers={"Authorization": "Bearer nobody"}).status_code in (401, 403)
    assert mona.get("/api/v1/me").json["name"] == "Mona"


@pytest.mark.parametrize("name", ["cleo", "mira", "ada", "visitor"])
def test_looking_changes_nothing(app: Flask, cast: Cast, scene: Scene, client_of: Any, name: str) -> None:
    """A32: links that are only looked at use nothing up."""
    client, before = client_of(getattr(cast, name)), everything()
    for method in ("GET", "HEAD"):
        for address in addresses(app, scene, (method,)):
            answer = client.open(address.path, method=method)
            assert answer.status_code < 500, f"{method} {address.path} answers {answer.status_code}"
    now = everything()
    assert {table for table in before if before[table] != now[table]} == set()
