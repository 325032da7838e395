"""Votes that say more than they may: forged fields, numbers, other people, other doors, and many at once (S5)."""

from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from cocreate.core.db import db
from cocreate.ideas.curation_actions import merge_idea
from cocreate.ideas.queries import idea_as
from cocreate.transfer.doctor import examine
from tests.attacks.scene import everything
from tests.cast import Cast
from tests.stage import open_board, propose

FORGED = [
    {"stance": "agree", "weight": 1_000_000_000},
    {"stance": "agree", "weight": -5},
    {"stance": "agree", "user_id": 1},
    {"stance": "agree", "person_id": 1},
    {"stance": "agree", "person": "mona@example.org"},
    {"stance": "agree", "group": "management"},
    {"stance": "agree", "voices": 100},
    {"stance": "agree", "version": 99},
    {"stance": 1},
    {"stance": True},
    {"stance": ["agree", "agree"]},
    {"stance": "AGREE"},
    {"stance": "agree "},
    {"stance": "none"},
    {"stance": None},
    {"stance": {"$gt": ""}},
    {},
    {"vote": "agree"},
]


def rows() -> list[tuple[Any, ...]]:
    found = [tuple(row) for row in db.session.execute(text('SELECT subject_id, person_id, stance, "group" FROM stances ORDER BY 1, 2'))]
    db.session.rollback()
    return found


@pytest.fixture
def idea(app: Flask, cast: Cast) -> int:
    return propose(cast.emil, open_board("votes"), "Weigh me")


@pytest.mark.parametrize("body", FORGED, ids=str)
def test_a_forged_vote_is_none(cast: Cast, idea: int, client_of: Any, body: dict[str, Any]) -> None:
    before = everything()
    answer = client_of(cast.cleo).put(f"/api/v1/ideas/{idea}/vote", json=body)
    assert answer.status_code == 400
    wrong = {name for name in body if name != "stance"} or {"stance"}
    assert wrong <= set(answer.json["errors"])
    assert {name for name, found in everything().items() if found != before[name]} == set()


def test_a_form_takes_no_more(cast: Cast, idea: int, client_of: Any) -> None:
    cleo = client_of(cast.cleo)
    for extra in ({"weight": "9"}, {"person_id": "1"}, {"group": "management"}, {"stance": "twice"}):
        assert cleo.post(f"/stances/idea:{idea}", data={"stance": "agree", **extra}).status_code == 400
    assert rows() == []


def test_each_door_leads_to_the_one_stance(cast: Cast, idea: int, client_of: Any) -> None:
    """A form, a call, another browser: one person, one row, the last word counts."""
    first, second = client_of(cast.cleo), client_of(cast.cleo)
    first.put(f"/api/v1/ideas/{idea}/vote", json={"stance": "agree"})
    second.put(f"/api/v1/ideas/{idea}/vote", json={"stance": "disagree"})
    first.post(f"/stances/idea:{idea}", data={"stance": "pass"})
    assert rows() == [(idea, cast.cleo.id, 0, "customer")]
    assert idea_as(cast.cleo, idea).tally.voices == 1
    second.delete(f"/api/v1/ideas/{idea}/vote")
    first.delete(f"/api/v1/ideas/{idea}/vote")
    assert rows() == []
    assert idea_as(cast.cleo, idea).tally.voices == 0


def test_a_merge_counts_nobody_twice(app: Flask, cast: Cast, idea: int, client_of: Any) -> None:
    other = propose(cast.emil, idea_as(cast.emil, idea).board.id, "The same in other words")
    for person in (cast.cleo, cast.otto, cast.piet):
        for each in (idea, other):
            client_of(person).put(f"/api/v1/ideas/{each}/vote", json={"stance": "agree"})
    merge_idea(cast.mira, other, idea)
    assert idea_as(cast.cleo, idea).tally.voices == 3
    assert client_of(cast.cleo).put(f"/api/v1/ideas/{other}/vote", json={"stance": "agree"}).status_code == 409
    assert not any(examine().values())


def test_thirty_at_once_leave_one(app: Flask, cast: Cast, idea: int, client_of: Any) -> None:
    """In threads of one process; tests/faults has two processes and a socket's last byte."""
    clients = [client_of(cast.cleo) for _ in range(30)]
    codes: list[int] = []

    def vote(number: int) -> None:
        codes.append(clients[number].put(f"/api/v1/ideas/{idea}/vote", json={"stance": ("agree", "disagree", "pass")[number % 3]}).status_code)

    threads = [Thread(target=vote, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 30
    assert len(rows()) == 1
    assert idea_as(cast.cleo, idea).tally.voices == 1
    assert not any(examine().values())


def test_the_database_itself_keeps_it_to_one(app: Flask) -> None:
    """I1: not only code stands between a person and a second vote."""
    assert inspect(db.engine).get_pk_constraint("stances")["constrained_columns"] == ["subject_kind", "subject_id", "person_id"]


def test_who_only_reads_or_is_nobody_does_not_count(app: Flask, cast: Cast, client_of: Any) -> None:
    board = open_board("theirs", groups=("customer", "partner"), read_public=True)
    idea = propose(cast.cleo, board, "Ours to weigh")
    assert client_of(cast.mira).put(f"/api/v1/ideas/{idea}/vote", json={"stance": "agree"}).status_code == 403
    assert client_of(cast.ada).post(f"/stances/idea:{idea}", data={"stance": "agree"}).status_code == 403
    assert client_of(cast.visitor).put(f"/api/v1/ideas/{idea}/vote", json={"stance": "agree"}).status_code == 401
    assert rows() == []
