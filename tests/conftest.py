"""What every test may ask for: a fresh database of each kind, an app on it, the cast, clients, the clock, the mail, and whole sites with browsers."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from cocreate import create_app
from cocreate.config import read_settings
from cocreate.core import clock as site_clock
from cocreate.core.db import db
from cocreate.core.outbox import Mail, recent_mail
from cocreate.eventlog.models import Event
from cocreate.people import queries as people_queries
from cocreate.people.viewer import Viewer, Visitor
from tests.cast import Cast, find_cast
from tests.clients import Client, KeptTemplates, Socket, open_socket
from tests.databases import Databases, site_environment
from tests.servers import Shared
from tests.sites import Site

KEPT_TEMPLATES = KeptTemplates()
RUN = "COCREATE_TEST_RUN"
MEMORY = "/dev/shm"
MEMORY_NEEDED = 4 * 1024**3  # bytes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long fault and race tests, for as long as they need")
    parser.addoption("--screenshots", type=Path, help="a folder: keep there the pictures that browser tests take")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --soak the soak tests are left out, and counted as such in the closing line."""
    left_out = [] if config.getoption("soak") else [item for item in items if item.get_closest_marker("soak")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_configure(config: pytest.Config) -> None:
    """The process that ends last in this run: what is shared by its workers ends with it. Databases lie in memory where there is room, as on a slow disk
    every commit of every test would wait for it."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = str(os.getpid())
        if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
            os.environ["TMPDIR"] = MEMORY
            tempfile.tempdir = None


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Databases:
    own = tmp_path_factory.getbasetemp()
    return Databases(own.parent if hasattr(request.config, "workerinput") else own, int(os.environ[RUN]))


@pytest.fixture(scope="session")
def servers(databases: Databases) -> Shared:
    """The shared PostgreSQL and Redis. A test that stops one starts its own: `tests.servers.Postgres`, `Redis`."""
    return databases.servers


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database: what touches data runs on both. One of them: parametrize("database", ["sqlite"], indirect=True)."""
    return str(request.param)


MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(databases: Databases, database: str, tmp_path: Path) -> Iterator[MakeApp]:
    """Apps with other settings: `make_app(people=False, COCREATE_RATE_LIMITS="on")`, each on a fresh database, with the cast or without people."""
    with ExitStack() as ends:

        def make(people: bool = True, **environment: str) -> Flask:
            url = ends.enter_context(databases.fresh(database, tmp_path, people))
            app = create_app(read_settings(site_environment(tmp_path, url, **environment)))
            app.testing = False  # failures become answers, as they do for people
            app.test_client_class = Client
            app.jinja_env.bytecode_cache = KEPT_TEMPLATES
            ends.callback(_let_go, app)
            return app

        yield make


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(make_app: MakeApp) -> Iterator[Flask]:
    """The app on a fresh database with the cast, its context open, so that tests call actions and queries directly."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def cast(app: Flask) -> Cast:
    found = find_cast()
    db.session.rollback()  # leaves no snapshot of before the test
    return found


@pytest.fixture
def client_of(app: Flask) -> Callable[[Viewer | Visitor], Client]:
    """A client of the app: `client_of(cast.mona)` is signed in, `client_of(cast.visitor)` is nobody."""

    def make(person: Viewer | Visitor) -> Client:
        client = app.test_client()
        assert isinstance(client, Client)
        return client.sign_in(person) if isinstance(person, Viewer) else client

    return make


@pytest.fixture
def socket_of(client_of: Callable[[Viewer | Visitor], Client]) -> Iterator[Callable[[Viewer | Visitor], Socket]]:
    """A socket that is open as a person, or as nobody."""
    with ExitStack() as ends:

        def make(person: Viewer | Visitor) -> Socket:
            socket = open_socket(client_of(person))
            ends.callback(lambda: socket.is_connected() and socket.disconnect())
            return socket

        yield make


class MovedClock:
    """The site's clock under the test's hand, for this thread. It stands still once it was touched."""

    def __init__(self, ends: ExitStack) -> None:
        self._ends = ends

    @property
    def now(self) -> datetime:
        return site_clock.now()

    def set(self, moment: datetime) -> None:
        self._ends.enter_context(site_clock.at(moment))

    def forward(self, **span: float) -> None:
        """`clock.forward(days=2, minutes=1)`."""
        self.set(self.now + timedelta(**span))


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    with ExitStack() as ends:
        yield MovedClock(ends)


@pytest.fixture
def outbox(app: Flask) -> Callable[..., list[Mail]]:
    """The mail written so far, oldest first: `outbox()` all of it, `outbox("cleo@example.org")` what goes to her."""

    def read(address: str | None = None) -> list[Mail]:
        return [mail for mail in reversed(recent_mail(1000)) if address in (None, mail.address)]

    return read


@pytest.fixture
def one_event(app: Flask) -> Callable[..., AbstractContextManager[None]]:
    """`with one_event("idea.proposed"):` holds that inside, exactly this happened in the log; several names for several events, none for nothing."""

    def new_kinds(after: int) -> tuple[int, list[str]]:
        with app.app_context():
            rows = db.session.execute(select(Event.id, Event.kind).where(Event.id > after).order_by(Event.id)).all()
            return max([after, *(row.id for row in rows)]), sorted(row.kind for row in rows)

    @contextmanager
    def watch(*kinds: str) -> Iterator[None]:
        with app.app_context():
            last = db.session.scalar(select(func.max(Event.id))) or 0
        yield
        assert new_kinds(last)[1] == sorted(kinds)

    return watch


@pytest.fixture
def query_count(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with query_count() as statements:` collects the SQL statements run inside; transactions and pragmas do not count, and what the site keeps for a
    moment it keeps for the whole test, however slow the machine is."""
    monkeypatch.setattr(people_queries, "SITE_KEPT", 3600.0)

    @contextmanager
    def count() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")):
                statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return count


@pytest.fixture
def start_site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Real sites: `start_site()`, `start_site("postgresql", COCREATE_RATE_LIMITS="on")`, `start_site(like=site)` for a second process on the same database."""
    with ExitStack() as ends:

        def start(kind: str = "sqlite", people: bool = True, like: Site | None = None, **environment: str) -> Site:
            data_dir = like.data_dir if like else tmp_path_factory.mktemp("site")
            url = like.database_url if like else ends.enter_context(databases.fresh(kind, data_dir, people))
            site = Site(data_dir, url, **environment)
            ends.callback(site.kill)
            return site.start()

        yield start


@pytest.fixture
def serving(start_site: Callable[..., Site]) -> Site:
    """One running site on SQLite, with the cast."""
    return start_site()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync", "--no-first-run", "--mute-audio"]
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": quiet}


@pytest.fixture
def page_of(new_context: Callable[..., Any]) -> Callable[..., Any]:
    """A browser page of one's own: `page_of(site, site.cast.mona)`, `page_of(site)` for a visitor; more by name: viewport={"width": 390, "height": 844}."""

    def make(site: Site, person: Viewer | None = None, **how: Any) -> Any:
        context = new_context(base_url=site.base_url, **how)
        if person is not None:
            context.add_cookies([site.cookie_of(person)])
        return context.new_page()

    return make


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`picture(page, "board-390")` keeps a screenshot where `make screenshots` wants one, and costs nothing otherwise."""
    folder: Path | None = request.config.getoption("screenshots")

    def take(page: Any, name: str) -> None:
        if folder is not None:
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
