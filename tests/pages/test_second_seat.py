"""In a demo two people sit in one browser: whatever the second one follows or presses stays in that seat."""

import re
from typing import Any

import pytest
from flask import Flask

from cocreate.people.signin_actions import start_session
from cocreate.transfer.demo_story import tell
from tests.attacks.scene import Scene, addresses, lay_scene
from tests.cast import find_cast
from tests.conftest import MakeApp

SEAT = "http://localhost/beside"
OF_BOTH = ("/static/", "/demo/")  # files, and the page that holds the two frames
LINK = re.compile(r'\s(?:href|action|formaction|src|data-part|data-similar|data-url)="(/[^"]*)"')


@pytest.fixture
def demo(make_app: MakeApp) -> Any:
    app = make_app(COCREATE_DEMO="1")
    with app.app_context():
        yield app


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_link_leads_out_of_it(demo: Flask) -> None:
    scene, client = _seated(demo)
    leaving: dict[str, list[str]] = {}
    for address in addresses(demo, scene):
        answer = client.get(address.path, base_url=SEAT)
        named = LINK.findall(answer.text) if answer.mimetype == "text/html" else []
        named += [answer.location] if answer.location else []
        leaving[address.path] = [link for link in named if link.startswith("/") and not link.startswith(("/beside/", *OF_BOTH))]
    assert {page: links for page, links in leaving.items() if links} == {}


def _seated(app: Flask) -> tuple[Scene, Any]:
    """Mona's client in the second seat, and a board of hers."""
    cast, client = find_cast(), app.test_client()
    with client.session_transaction(base_url=SEAT) as session:
        session.update(_user_id=start_session(cast.mona.id, "test").session_token, _fresh=True, _permanent=True)
    return lay_scene(cast.mona, cast.emil), client


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_said_there_leads_back_there(demo: Flask) -> None:
    scene, client = _seated(demo)
    form = client.get(f"/boards/{scene.slug}/words/new", base_url=SEAT).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    sent = client.post(f"/boards/{scene.slug}/words/new", base_url=SEAT, data={"body": "From the second seat", "csrf_token": token[1]}, csrf=False)
    assert (sent.status_code, sent.location) == (303, f"/beside/boards/{scene.slug}")
    assert "From the second seat" in client.get(f"/boards/{scene.slug}", base_url=SEAT).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_pair_is_told_what_to_try(make_app: MakeApp) -> None:
    app = make_app(people=False, COCREATE_DEMO="1")
    with app.app_context():
        tell()
    client = app.test_client()
    pairs = set(re.findall(r'href="(/demo/beside\?[^"]+)"', client.get("/demo").text))
    assert len(pairs) == 3
    told = {re.search(r'class="slim"><span>([^<]+)<', client.get(pair.replace("&amp;", "&")).text)[1] for pair in pairs}  # type: ignore[index]
    assert len(told) == 3
    assert all(sentence.startswith("First, on ") and " the right" in sentence for sentence in told)
