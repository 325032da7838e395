"""What is measured: the site under gunicorn with one worker, 1,000 ideas, 50,000 votes and 2,000 people, and the bare application beside it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import insert, select

from bench.bare import IDEAS, fill_bare
from bench.load import CLIENTS
from bench.measuring import Knock
from cocreate.core import clock
from cocreate.core.db import db
from cocreate.eventlog.record import unguarded
from cocreate.ideas.models import Idea
from cocreate.people.actions import make_token
from cocreate.people.groups import GROUPS
from cocreate.people.inputs import NewToken
from cocreate.people.models import Person
from cocreate.people.queries import viewer_of
from cocreate.people.viewer import Viewer
from cocreate.stances.models import Stance
from cocreate.transfer.doctor import repair
from tests.cast import create_cast
from tests.databases import ROOT, fill
from tests.servers import Postgres, free_port
from tests.sites import Workers
from tests.stage import open_board, propose

VOICES = 50  # on each idea
CROWD = 2000  # people who give them
BOARD = "bench"
BODY = "What is meant, in the words of somebody who needs it. It takes two or three sentences to say so, and a reason. " * 2


class OneWorker(Workers):
    """The site as it is shipped for several processes, with one."""

    def __init__(self, data_dir: Path, database_url: str) -> None:
        super().__init__(data_dir, database_url, WEB_CONCURRENCY="1")

    @property
    def pid(self) -> int:
        """The worker's."""
        (pid,) = self.pids()
        return pid


def stocked(folder: Path, database_url: str) -> OneWorker:
    """A site with people, an open board that everybody reads, ideas and votes; not yet started."""
    fill("template_empty", database_url, folder)
    site = OneWorker(folder, database_url)
    create_cast(site.app)
    with site.app.app_context():
        board_id = open_board(BOARD, read_public=True)
        for n in range(IDEAS):
            propose(site.cast.emil, board_id, f"Idea number {n} of the bench", BODY)
        db.session.rollback()
        with unguarded("fifty thousand votes by actions would take longer than everything that is measured"):
            _vote(board_id)
            db.session.commit()
        repair()  # counts what they add up to
    return site


def _vote(board_id: int) -> None:
    """Rows as `cast_stance` leaves them: each idea is weighed by VOICES of the CROWD, who agree more or less by its number."""
    people = [{"email": f"crowd{n}@example.org", "name": f"Crowd {n}", "group": GROUPS[n % len(GROUPS)], "created_at": clock.now()} for n in range(CROWD)]
    db.session.execute(insert(Person), people)
    crowd = db.session.execute(select(Person.id, Person.group).where(Person.email.startswith("crowd")).order_by(Person.id)).all()
    stances = []
    for place, idea_id in enumerate(db.session.scalars(select(Idea.id).where(Idea.board_id == board_id).order_by(Idea.id)).all()):
        for n in range(VOICES):
            person = crowd[(place * 3 + n) % CROWD]
            stance = 1 if n % 7 < place % 7 else (-1 if n % 2 else 0)
            stances.append({"subject_kind": "idea", "subject_id": idea_id, "person_id": person.id, "stance": stance, "group": person.group})
    db.session.execute(insert(Stance), stances)


@contextmanager
def running(folder: Path, database_url: str) -> Iterator[OneWorker]:
    """The site, served."""
    site = stocked(folder, database_url)
    try:
        site.start()
        yield site
        site.end()
    finally:
        site.kill()


@contextmanager
def bare(database_url: str) -> Iterator[int]:
    """The bare application, served as the site is: its port."""
    fill_bare(database_url)
    port = free_port()
    command = (sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "1", "-b", f"127.0.0.1:{port}", "--log-level", "warning", "--no-control-socket")
    process = subprocess.Popen([*command, f"bench.bare:bare_app({database_url!r})"], cwd=ROOT)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 20
    while True:
        with closing(Knock(port)) as knock:
            try:
                knock.ask("GET", "/page")
                return
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
        time.sleep(0.05)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL with its own careful settings, with a database for the site and one for the bare application. Raises RuntimeError where there is none."""
    server = Postgres(careful=True)
    try:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE site")
            connection.execute("CREATE DATABASE bare")
        yield server
    finally:
        server.remove()


def voters(site: OneWorker) -> list[Viewer]:
    """As many people as there are clients, who gave some of the votes."""
    with site.app.app_context():
        ids = list(db.session.scalars(select(Person.id).where(Person.email.startswith("crowd")).order_by(Person.id).limit(CLIENTS)))
        return [viewer_of(id) for id in ids]


def cookie_of(site: OneWorker, person: Viewer) -> str:
    found = site.cookie_of(person)
    return f"{found['name']}={found['value']}"


def token_of(site: OneWorker, person: Viewer) -> str:
    with site.app.app_context():
        return make_token(person, person.id, NewToken(name="bench"))


def idea_ids(site: OneWorker, count: int) -> list[int]:
    with site.app.app_context():
        return list(db.session.scalars(select(Idea.id).order_by(Idea.id).limit(count)).all())
