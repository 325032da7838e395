"""What browser tests share: waits long enough for a busy machine, and one site with the demo's story for a whole file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text

from cocreate.core.db import db
from cocreate.people.queries import viewer_by_email
from cocreate.people.viewer import Viewer
from tests.databases import Databases
from tests.sites import Site

PATIENCE = 40_000  # milliseconds; only a test that fails waits that long
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def story(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site that tells the demo's story, shared by the tests of a file: each leaves the others their things."""
    data_dir = tmp_path_factory.mktemp("story")
    with databases.fresh("sqlite", data_dir, people=False) as url:
        site = Site(data_dir, url, COCREATE_DEMO="1")
        told = site.flask("demo")
        assert told.returncode == 0, told.stderr
        try:
            yield site.start()
        finally:
            site.kill()


Knocks = Callable[..., BrowserContext]


@pytest.fixture
def browser_of(browser: Browser) -> Iterator[Knocks]:
    """A browser of one's own, which holds what a person's browser holds: `browser_of(site, "cleo@halden.example")`, `browser_of(site)` for a visitor."""
    opened: list[BrowserContext] = []

    def make(site: Site, email: str = "", **how: Any) -> BrowserContext:
        context = browser.new_context(base_url=site.base_url, **how)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        if email:
            cookie = site.cookie_of(person_at(site, email))
            context.add_cookies([cookie])  # type: ignore[list-item]
        return context

    yield make
    for context in opened:
        context.close()


def person_at(site: Site, email: str) -> Viewer:
    with site.app.app_context():
        found = viewer_by_email(email)
    assert found is not None
    return found


TITLES = {
    "answered": "One message before we have to ask",
    "open": "Show what a repair costs before the first screw is loosened",
    "twin": "Tell us the day before when it will be late",
}


def where(site: Site, address: str, **more: Any) -> str:
    """An address with ideas of the story put in by what they are: `/ideas/{answered}`, `/ideas/{open}`, `/ideas/{twin}`; `more` things by name."""
    with site.app.app_context():
        found = {row.title: row.id for row in db.session.execute(text("SELECT id, title FROM ideas"))}
        db.session.rollback()
    return address.format(**{name: found[title] for name, title in TITLES.items()}, **more)


@contextmanager
def heard_errors(page: Page) -> Iterator[list[str]]:
    """What the browser complains about meanwhile: failed scripts, refused content, missing files."""
    heard: list[str] = []

    def note(message: Any) -> None:
        if message.type == "error":
            heard.append(f"{page.url}: {message.text}")

    def note_failure(error: Any) -> None:
        heard.append(f"{page.url}: {error}")

    page.on("console", note)
    page.on("pageerror", note_failure)
    yield heard
    page.remove_listener("console", note)
    page.remove_listener("pageerror", note_failure)
