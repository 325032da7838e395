"""kill -9 in the middle of writing: what was acknowledged is there, what was not is whole or not at all (R4, I5)."""

import random
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any

import pytest
from sqlalchemy import func, select

from cocreate.comments.models import Comment
from cocreate.core.db import db
from cocreate.eventlog.models import Event
from cocreate.ideas.models import Idea
from cocreate.listening.models import Response
from cocreate.stances.models import Stance
from cocreate.transfer.doctor import examine
from tests.faults.wire import Wire, request, token_of
from tests.sites import Site
from tests.stage import open_board, propose

ROUNDS = 20
WRITERS = 8
LEAST = 5  # acknowledged writes before the kill, so that each round kills in the middle of something
NUMBERS = {"agree": 1, "pass": 0, "disagree": -1}


@dataclass
class Said:
    """What one writer was told is kept: `made` by table, `stances` by idea; `unsure` are ideas whose last vote got no answer."""

    made: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {"ideas": [], "comments": [], "responses": []})
    stances: dict[int, int] = field(default_factory=dict)
    unsure: set[int] = field(default_factory=set)
    count: int = 0


def write(site: Site, token: str, said: Said, ideas: list[int], begun: Callable[[], object], number: int) -> None:
    """Write until the connection dies."""
    wire, chance, step = Wire(site), random.Random(number), 0
    while True:
        step += 1
        words, idea = f"{number} says {step}", chance.choice(ideas)
        kind = chance.choice(("ideas", "comments", "responses", "vote", "vote"))
        if kind == "vote":
            stance = chance.choice(list(NUMBERS))
            said.unsure.add(idea)
            answer = wire.ask(request(site, "PUT", f"/api/v1/ideas/{idea}/vote", {"stance": stance}, token))
        else:
            path = f"/api/v1/ideas/{idea}/comments" if kind == "comments" else f"/api/v1/boards/kill/{kind}"
            answer = wire.ask(request(site, "POST", path, {"title" if kind == "ideas" else "body": words}, token))
        if answer.status == 0:
            return
        assert answer.status in (200, 201), answer
        if kind == "vote":
            said.stances[idea] = NUMBERS[stance]
            said.unsure.discard(idea)
        else:
            said.made[kind].append((answer.json["id"], words))
        said.count += 1
        begun()


def one_round(site: Site, tokens: list[str], said: list[Said], ideas: list[list[int]], number: int) -> None:
    """Start, have all write, kill in the middle."""
    site.start()
    enough, counted = Flag(), [0]

    def begun() -> None:
        counted[0] += 1
        if counted[0] >= LEAST:
            enough.set()

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, site, tokens[n], said[n], ideas[n], begun, number * WRITERS + n) for n in range(WRITERS)]
        begun_in_time = enough.wait(60)
        enough.clear()
        enough.wait(random.Random(number).uniform(0, 0.3))
        site.kill()  # whatever happened: they write until it does
        for each in writing:
            each.result(60)
    assert begun_in_time


def kept(model: Any, column: Any, ids: list[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(select(model.id, column).where(model.id.in_(ids)))}


def look(site: Site, people: list[int], said: list[Said]) -> None:
    """Everything that was acknowledged is there; nothing is half there."""
    models: dict[str, tuple[Any, Any]] = {"ideas": (Idea, Idea.title), "comments": (Comment, Comment.body), "responses": (Response, Response.body)}
    with site.app.app_context():
        for person, each in zip(people, said, strict=True):
            for kind, (model, column) in models.items():
                told = dict(each.made[kind])
                assert kept(model, column, list(told)) == told
            stored = {row[0]: row[1] for row in db.session.execute(select(Stance.subject_id, Stance.stance).where(Stance.person_id == person))}
            for idea in each.stances.keys() - each.unsure:
                assert stored[idea] == each.stances[idea]
            assert each.stances.keys() <= stored.keys()
        for kind, name in (("ideas", "idea"), ("comments", "comment")):
            rows = db.session.scalar(select(func.count()).select_from(models[kind][0]))
            assert db.session.scalar(select(func.count(Event.subject.distinct())).where(Event.subject.like(f"{name}:%"))) == rows
        assert not any(examine().values())
        db.engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_acknowledged_outlives_kill(kind: str, start_site: Callable[..., Site]) -> None:
    site = start_site(kind)
    cast = site.cast
    people = [cast.mona, cast.emil, cast.cleo, cast.piet, cast.mira, cast.otto, cast.ada, cast.cleo]
    with site.app.app_context():
        board = open_board("kill")
        ideas = [propose(cast.emil, board, f"Weigh {n}") for n in range(16)]
    tokens, said = [token_of(site, person) for person in people], [Said() for _ in people]
    site.kill()
    for number in range(ROUNDS):
        # two connections of Cleo weigh different ideas, so that the last word of each is known
        own = [ideas[:8]] * (WRITERS - 1) + [ideas[8:]]
        one_round(site, tokens, said, own, number)
        look(site, [person.id for person in people], said)
    assert sum(each.count for each in said) >= ROUNDS * LEAST
    doctor = site.flask("doctor")
    assert doctor.returncode == 0, doctor.stderr
    if kind == "sqlite":
        file = sqlite3.connect(site.database_url.removeprefix("sqlite:///"))
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        file.close()
